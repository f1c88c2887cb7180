"""The paces of two processes on one PostgreSQL, by its clock; every margin is a wide one."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from bot.store.database import Database
from bot.store.delivery_tables import paces
from bot.store.opening import open_database
from bot.store.paces import NOW, SLOWED_SHARE, StoredPaces

MINUTE = 60.0
"""Between two slots: so long that no machine is slow enough to matter."""


@pytest.fixture
async def databases_of_two(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    async with open_database(postgres_url) as one, open_database(postgres_url) as other:
        yield one.database, other.database


@pytest.fixture
def two(databases_of_two: tuple[Database, Database]) -> tuple[StoredPaces, StoredPaces]:
    one, other = databases_of_two
    return StoredPaces(one), StoredPaces(other)


def about(seconds: float) -> object:
    return pytest.approx(seconds, abs=20)


async def test_the_first_slot_is_now_and_the_next_an_interval_later_whoever_takes_it(
    two: tuple[StoredPaces, StoredPaces],
) -> None:
    waits = [await one.take("lane", MINUTE, ahead_s=100) for one in (*two, two[0])]

    assert waits == [0, about(60), None]


async def test_a_slot_beyond_the_horizon_is_not_reserved(
    two: tuple[StoredPaces, StoredPaces],
) -> None:
    one, other = two
    await one.take("lane", MINUTE, ahead_s=0)

    waits = [await one.take("lane", MINUTE, ahead_s=ahead) for ahead in (0, 0, 100)]

    assert waits == [None, None, about(60)]
    assert await other.take("another lane", MINUTE, ahead_s=0) == 0


async def test_of_many_at_the_same_time_each_has_a_slot_of_its_own(
    two: tuple[StoredPaces, StoredPaces],
) -> None:
    await two[0].take("lane", 10, ahead_s=0)
    asked = [two[n % 2].take("lane", 10, ahead_s=90) for n in range(12)]

    waits = sorted(wait for wait in await asyncio.gather(*asked) if wait is not None)

    assert [round((later - waits[0]) / 10) for later in waits] == list(range(len(waits)))
    assert len(waits) >= 8


async def test_a_lane_that_nobody_used_has_no_burst(
    two: tuple[StoredPaces, StoredPaces], databases_of_two: tuple[Database, Database]
) -> None:
    await two[0].take("lane", MINUTE, ahead_s=0)
    await databases_of_two[0].change(update(paces).values(due_at=NOW - 1000))

    waits = [await two[0].take("lane", MINUTE, ahead_s=100) for _ in range(2)]

    assert waits == [0, about(60)]


async def test_a_hold_off_pushes_the_next_slot_for_everybody(
    two: tuple[StoredPaces, StoredPaces],
) -> None:
    one, other = two
    await one.hold_off("lane", 60)
    await other.hold_off("lane", 1)

    assert await other.take("lane", 1, ahead_s=10) is None
    assert await other.take("lane", 1, ahead_s=100) == about(60)


async def test_a_hold_off_is_a_quarter_of_an_hour_at_most(
    two: tuple[StoredPaces, StoredPaces], databases_of_two: tuple[Database, Database]
) -> None:
    await two[0].hold_off("lane", 100_000)

    rows = await databases_of_two[0].fetch(select((paces.c.not_before - NOW).label("left")))

    assert rows[0].left == about(900)


async def test_a_lane_that_was_slowed_down_gives_a_tenth_less(
    two: tuple[StoredPaces, StoredPaces],
) -> None:
    one, other = two
    await one.slow_down("lane")
    await one.slow_down("lane")

    waits = [await other.take("lane", 90, ahead_s=120) for _ in range(2)]

    assert waits == [0, pytest.approx(90 / SLOWED_SHARE, abs=9)]


async def test_a_slow_lane_recovers(
    two: tuple[StoredPaces, StoredPaces], databases_of_two: tuple[Database, Database]
) -> None:
    await two[0].slow_down("lane")
    await databases_of_two[0].change(update(paces).values(slow_until=NOW - 1))
    await two[0].take("lane", 1000, ahead_s=0)

    rows = await databases_of_two[0].fetch(select((paces.c.due_at - NOW).label("left")))

    assert rows[0].left == about(1000)


@pytest.mark.parametrize("column", [paces.c.due_at, paces.c.not_before])
async def test_a_server_whose_clock_was_set_back_an_hour_holds_nobody_up(
    two: tuple[StoredPaces, StoredPaces],
    databases_of_two: tuple[Database, Database],
    column: object,
) -> None:
    await two[0].take("lane", 1, ahead_s=0)
    await databases_of_two[0].change(update(paces).values({column: NOW + 3600}))

    assert await two[1].take("lane", 1, ahead_s=5) == about(0)
