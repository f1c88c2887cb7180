import asyncio
from datetime import timedelta

from bot.models import Wait
from bot.store.store import Store
from tests.bot.store.samples import NOW, REF

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def begin(store: Store, execution_id: str = "Fx1", *, after: timedelta = 0 * MINUTE) -> Wait:
    wait = await store.add_wait("T1", execution_id, REF, until=NOW + HOUR, at=NOW + after)
    assert wait is not None
    return wait


async def test_a_wait_is_due_at_once_and_comes_back_as_it_went_in(store: Store) -> None:
    begun = await begin(store)

    due = await store.due_waits(NOW, 10)

    assert due == [begun] == [Wait(begun.id, "T1", "Fx1", REF, NOW + HOUR, NOW, NOW)]


async def test_a_step_delivered_again_begins_no_second_wait(store: Store) -> None:
    await begin(store)

    again = await store.add_wait("T1", "Fx1", REF, until=NOW + HOUR, at=NOW + MINUTE)

    assert again is None
    assert len(await store.due_waits(NOW + HOUR, 10)) == 1


async def test_a_step_delivered_again_after_its_end_begins_no_second_wait(store: Store) -> None:
    begun = await begin(store)
    await store.end_wait(begun.id)

    again = await store.add_wait("T1", "Fx1", REF, until=NOW + HOUR, at=NOW + MINUTE)

    assert again is None
    assert await store.due_waits(NOW + HOUR, 10) == []


async def test_a_rescheduled_wait_is_due_when_its_time_has_come(store: Store) -> None:
    begun = await begin(store)

    assert await store.reschedule_wait(begun.id, NOW + MINUTE)

    assert await store.due_waits(NOW, 10) == []
    assert [wait.next_poll_at for wait in await store.due_waits(NOW + MINUTE, 10)] == [NOW + MINUTE]


async def test_the_longest_overdue_come_first_and_no_more_than_wanted(store: Store) -> None:
    for name, after in (("Fx1", 3 * MINUTE), ("Fx2", MINUTE), ("Fx3", 2 * MINUTE)):
        await begin(store, name, after=after)

    due = await store.due_waits(NOW + HOUR, 2)

    assert [wait.execution_id for wait in due] == ["Fx2", "Fx3"]


async def test_a_wait_past_its_limit_stays_due_until_it_is_ended(store: Store) -> None:
    begun = await begin(store)

    due = await store.due_waits(NOW + 24 * HOUR, 10)

    assert [wait.id for wait in due] == [begun.id]


async def test_of_many_who_end_a_wait_exactly_one_did(store: Store) -> None:
    begun = await begin(store)

    answers = await asyncio.gather(*(store.end_wait(begun.id) for _ in range(20)))

    assert answers.count(True) == 1
    assert await store.due_waits(NOW + HOUR, 10) == []


async def test_an_ended_wait_is_not_rescheduled(store: Store) -> None:
    begun = await begin(store)
    await store.end_wait(begun.id)

    assert not await store.reschedule_wait(begun.id, NOW)

    assert await store.due_waits(NOW + HOUR, 10) == []


async def test_a_wait_nobody_began_cannot_be_ended(store: Store) -> None:
    assert not await store.end_wait(4711)
