"""Leases among two processes on one PostgreSQL, by its clock."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from bot.store.database import Database
from bot.store.delivery_tables import leases
from bot.store.leases import SoleLeases, StoredLeases
from bot.store.opening import open_database
from bot.store.paces import NOW
from bot.store.store import open_store
from tests.fakes.clock import FakeClock

LONG = 1000.0
"""Seconds that do not pass during a test."""


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url) as opened:
        yield opened.database


@pytest.fixture
def one(database: Database, clock: FakeClock) -> StoredLeases:
    return StoredLeases(database, clock, owner="one")


@pytest.fixture
def other(database: Database, clock: FakeClock) -> StoredLeases:
    return StoredLeases(database, clock, owner="other")


async def test_a_lease_is_the_first_ones_and_no_others(
    one: StoredLeases, other: StoredLeases
) -> None:
    held = [await leases.hold("poll", LONG) for leases in (one, other, one, other)]

    assert held == [True, False, True, False]
    assert await other.hold("prune", LONG)


async def test_of_many_at_the_same_time_exactly_one_has_it(
    database: Database, clock: FakeClock
) -> None:
    owners = [StoredLeases(database, clock, owner=f"{n}") for n in range(20)]

    held = await asyncio.gather(*(owner.hold("poll", LONG) for owner in owners))

    assert held.count(True) == 1


async def test_a_lease_that_is_over_is_taken_over_and_its_holder_finds_out(
    one: StoredLeases, other: StoredLeases, database: Database, clock: FakeClock
) -> None:
    await one.hold("poll", LONG)
    await database.change(update(leases).values(until=NOW - 1))
    await clock.advance(LONG)

    held = [await owner.hold("poll", LONG) for owner in (other, one)]

    assert held == [True, False]


async def test_a_lease_is_renewed_when_half_of_it_is_over_and_not_before(
    one: StoredLeases, other: StoredLeases, database: Database, clock: FakeClock
) -> None:
    await one.hold("poll", LONG)
    await database.change(update(leases).values(owner="other"))

    await clock.advance(LONG / 2 - 1)
    early = await one.hold("poll", LONG)
    await clock.advance(2)
    late = await one.hold("poll", LONG)

    assert (early, late) == (True, False)
    assert await other.hold("poll", LONG)


async def test_a_lease_that_was_dropped_is_anybodys_at_once(
    one: StoredLeases, other: StoredLeases
) -> None:
    await one.hold("poll", LONG)

    await other.drop("poll")
    refused = await other.hold("poll", LONG)
    await one.drop("poll")

    assert not refused
    assert await other.hold("poll", LONG)
    assert not await one.hold("poll", LONG)


async def test_a_lease_from_before_the_servers_clock_was_set_back_is_over(
    one: StoredLeases, other: StoredLeases, database: Database
) -> None:
    await one.hold("poll", 30)
    await database.change(update(leases).values(until=NOW + 3600))

    assert await other.hold("poll", 30)


async def test_who_has_its_store_to_itself_holds_every_lease() -> None:
    sole = SoleLeases()

    await sole.drop("poll")

    assert await sole.hold("poll", LONG)


async def test_two_processes_on_one_server_are_two_owners(
    postgres_url: str, clock: FakeClock
) -> None:
    async with open_store(postgres_url, clock) as one, open_store(postgres_url, clock) as other:
        held = [await store.leases.hold("poll", LONG) for store in (one, other)]

    assert held == [True, False]
