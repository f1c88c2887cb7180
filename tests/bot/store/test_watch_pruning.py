from datetime import timedelta

import pytest

from bot.store.store import Store
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import PLACE, finish, order, ref, start_one, task_of
from tests.fakes.clock import FakeClock

DAY = timedelta(days=1)


@pytest.mark.parametrize(("age", "is_kept"), [(29 * DAY, True), (31 * DAY, False)])
async def test_what_ended_is_remembered_for_thirty_days(
    store: Store,
    clock: FakeClock,
    age: timedelta,
    is_kept: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    watch = await start_one(store.watches)
    await store.watches.record(finish(await task_of(store.watches), watch, at=NOW))

    await store.prune(clock.now() + age)

    assert (await store.watches.watch(watch.id) is not None) is is_kept
    assert (await store.watches.card(watch.card_id) is not None) is is_kept
    assert bool(await store.watches.followed([ref("a")])) is is_kept


async def test_what_is_open_is_never_forgotten(store: Store) -> None:
    watch = await start_one(store.watches)

    await store.prune(NOW + 999 * DAY)

    assert await store.watches.watch(watch.id) is not None
    assert len(await store.deliveries.waiting("C1", 10)) == 1


async def test_a_card_is_kept_for_the_last_of_its_watches(store: Store) -> None:
    started = await store.watches.start(PLACE, [order("a"), order("b")], NOW)
    first, second = started.watches
    await store.watches.end(first.id, by="U1", at=NOW)

    await store.prune(NOW + 31 * DAY)

    contents = await store.watches.card(first.card_id)
    assert contents is not None
    assert [one.watch for one in contents.watches] == [second]
    assert await store.watches.followed([ref("a")]) == {}
