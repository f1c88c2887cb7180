from datetime import timedelta

import pytest

from bot.store.opening import open_database
from bot.store.store import Store
from tests.bot.store.samples import NOW, REF, status, write_receipts
from tests.fakes.clock import FakeClock

DAY = timedelta(days=1)


@pytest.mark.parametrize(("age", "remembered"), [(2 * DAY, True), (4 * DAY, False)])
async def test_a_receipt_is_remembered_for_three_days(
    store: Store,
    age: timedelta,
    remembered: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    await store.is_first("T1", "Ev1", NOW - age)

    await store.prune(NOW)

    assert await store.is_first("T1", "Ev1", NOW) is not remembered


@pytest.mark.parametrize(("age", "count"), [(89 * DAY, 1), (91 * DAY, 0)])
async def test_a_lookup_is_remembered_for_three_months(
    store: Store, age: timedelta, count: int
) -> None:
    await store.remember_lookups("T1", "U1", [status()], NOW - age)

    await store.prune(NOW)

    assert len(await store.recent_lookups("T1", "U1")) == count


async def test_an_ended_wait_is_forgotten_after_a_week_and_an_open_one_never(
    store: Store, clock: FakeClock
) -> None:
    ended = await store.add_wait("T1", "Fx1", REF, until=NOW, at=NOW)
    await store.add_wait("T1", "Fx2", REF, until=NOW, at=NOW)
    assert ended is not None
    await store.end_wait(ended.id)

    early, late = await store.prune(clock.now() + 6 * DAY), await store.prune(clock.now() + 8 * DAY)

    assert (early, late) == (0, 1)
    assert [wait.execution_id for wait in await store.due_waits(NOW, 10)] == ["Fx2"]


async def test_the_id_of_a_forgotten_wait_is_not_given_again(
    store: Store, clock: FakeClock
) -> None:
    first = await store.add_wait("T1", "Fx1", REF, until=NOW, at=NOW)
    assert first is not None
    await store.end_wait(first.id)
    await store.prune(clock.now() + 8 * DAY)

    second = await store.add_wait("T1", "Fx2", REF, until=NOW, at=NOW)

    assert second is not None
    assert second.id > first.id


async def test_more_rows_than_fit_one_transaction_are_all_forgotten(clock: FakeClock) -> None:
    async with open_database("sqlite://") as opened:
        store = Store(opened.database, clock)
        await write_receipts(opened.database, 1001, NOW - 4 * DAY)

        assert await store.prune(NOW) == 1001
        assert await store.prune(NOW) == 0
