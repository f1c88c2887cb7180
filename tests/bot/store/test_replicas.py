"""What two processes on one PostgreSQL must agree about."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.models import Preferences, Scope
from bot.store.store import Store, open_store
from tests.bot.store.samples import NOW, REF, status
from tests.fakes.clock import FakeClock


@pytest.fixture
async def replicas(postgres_url: str, clock: FakeClock) -> AsyncIterator[tuple[Store, Store]]:
    async with open_store(postgres_url, clock) as one, open_store(postgres_url, clock) as other:
        yield one, other


async def test_what_slack_delivers_to_both_is_first_for_one(
    replicas: tuple[Store, Store],
) -> None:
    for n in range(20):
        answers = await asyncio.gather(*(one.is_first("T1", f"Ev{n}", NOW) for one in replicas))

        assert sorted(answers) == [False, True]


async def test_what_was_chosen_at_one_holds_at_the_other_at_once(
    replicas: tuple[Store, Store],
) -> None:
    one, other = replicas
    for thumbnails in (True, False):
        chosen = Preferences(thumbnails=thumbnails)
        assert await other.preferences("T1", Scope.CHANNEL, "C1") != chosen

        await one.save_preferences("T1", Scope.CHANNEL, "C1", chosen, by="U1", at=NOW)

        assert await other.preferences("T1", Scope.CHANNEL, "C1") == chosen


async def test_lookups_of_the_same_people_and_tasks_do_not_block_each_other(
    replicas: tuple[Store, Store],
) -> None:
    statuses = [status(f"task {n}") for n in range(20)]
    people = [("T1", f"U{n}") for n in range(5)]
    orders = [dict.fromkeys(people, statuses), dict.fromkeys(people[::-1], statuses[::-1])]

    for _ in range(10):
        await asyncio.gather(
            *(
                store.remember_everybodys_lookups(order, NOW)
                for store, order in zip(replicas, orders, strict=True)
            )
        )

    assert len(await replicas[0].recent_lookups("T1", "U4", 30)) == 20


async def test_a_wait_is_ended_by_one_of_them(replicas: tuple[Store, Store]) -> None:
    begun = await replicas[0].add_wait("T1", "Fx1", REF, until=NOW, at=NOW)
    assert begun is not None

    answers = await asyncio.gather(*(store.end_wait(begun.id) for store in replicas))

    assert sorted(answers) == [False, True]


async def test_who_has_a_file_to_itself_says_so(url: str, clock: FakeClock) -> None:
    async with open_store(url, clock) as store:
        assert not store.replicated


async def test_who_shares_a_server_says_so(replicas: tuple[Store, Store]) -> None:
    assert replicas[0].replicated
