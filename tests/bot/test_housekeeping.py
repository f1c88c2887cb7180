from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.housekeeping import Housekeeping
from bot.store.store import Store, open_store
from tests.fakes.clock import FakeClock

HOUR_S = 3600


class Elsewhere:
    """Another replica holds every lease, until it dies."""

    is_dead = False

    async def hold(self, name: str, for_s: float) -> bool:
        assert (name, for_s) == ("housekeeping", 1800)
        return self.is_dead

    async def drop(self, name: str) -> None:
        raise AssertionError(name)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(clock: FakeClock) -> AsyncIterator[Store]:
    async with open_store("sqlite://", clock) as opened:
        yield opened


@pytest.fixture
async def housekeeping(store: Store, clock: FakeClock) -> AsyncIterator[Housekeeping]:
    made = Housekeeping(store, clock)
    yield made
    await made.close()


async def it_rests(clock: FakeClock) -> None:
    """Wait until it has done its work, which the disk takes real time for."""
    while not clock.sleepers:
        await clock.settle()


async def is_forgotten(store: Store, clock: FakeClock, key: str) -> bool:
    """Tell whether an old receipt is gone; whereupon it is there again."""
    return await store.is_first("T1", key, clock.now() - timedelta(days=9))


async def test_what_is_old_is_forgotten_at_the_start_and_every_hour(
    housekeeping: Housekeeping, store: Store, clock: FakeClock
) -> None:
    await is_forgotten(store, clock, "Ev1")
    housekeeping.start()
    await it_rests(clock)
    await clock.advance(1)

    at_the_start = await is_forgotten(store, clock, "Ev1")
    await clock.advance(HOUR_S - 2)
    within_the_hour = await is_forgotten(store, clock, "Ev1")
    await clock.advance(2)
    await it_rests(clock)
    after_it = await is_forgotten(store, clock, "Ev1")

    assert (at_the_start, within_the_hour, after_it) == (True, False, True)


async def test_one_replica_does_it_for_all(
    housekeeping: Housekeeping, store: Store, clock: FakeClock
) -> None:
    elsewhere = Elsewhere()
    store.leases = elsewhere
    await is_forgotten(store, clock, "Ev1")
    housekeeping.start()
    await clock.advance(HOUR_S + 1)

    left_to_others = not await is_forgotten(store, clock, "Ev1")
    elsewhere.is_dead = True
    await clock.advance(HOUR_S)

    assert left_to_others
    assert await is_forgotten(store, clock, "Ev1")


async def test_a_store_in_trouble_is_said_and_tried_again(
    housekeeping: Housekeeping,
    store: Store,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await is_forgotten(store, clock, "Ev1")
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.statements.forget_receipts", lambda *_: text("delete nothing"))
        housekeeping.start()
        await clock.advance(1)

    await clock.advance(HOUR_S)

    assert caplog.messages[0].startswith("store_not_pruned reason=")
    assert await is_forgotten(store, clock, "Ev1")


async def test_what_never_began_can_be_closed(store: Store, clock: FakeClock) -> None:
    await Housekeeping(store, clock).close()
