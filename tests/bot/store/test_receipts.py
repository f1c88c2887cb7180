import asyncio

from bot.store.store import Store
from tests.bot.store.samples import NOW


async def test_a_delivery_is_first_once(store: Store) -> None:
    answers = [await store.is_first("T1", "Ev1", NOW) for _ in range(3)]

    assert answers == [True, False, False]


async def test_another_workspace_may_use_the_same_key(store: Store) -> None:
    await store.is_first("T1", "Ev1", NOW)

    assert await store.is_first("T2", "Ev1", NOW)


async def test_of_fifty_at_the_same_time_exactly_one_is_first(store: Store) -> None:
    answers = await asyncio.gather(*(store.is_first("T1", "Ev1", NOW) for _ in range(50)))

    assert answers.count(True) == 1


async def test_what_was_taken_back_may_come_again(store: Store) -> None:
    await store.is_first("T1", "Ev1", NOW)
    await store.is_first("T2", "Ev1", NOW)

    await store.forget_receipt("T1", "Ev1")

    assert [await store.is_first(team, "Ev1", NOW) for team in ("T1", "T2")] == [True, False]
