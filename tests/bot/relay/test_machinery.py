"""The relay's small parts by themselves."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.paces import MemoryPaces
from bot.relay.outage import Outage
from bot.relay.rounds import Rounds
from bot.relay.steady_clock import SteadyClock
from bot.relay.steady_paces import SteadyPaces
from bot.store.errors import StoreError
from tests.fakes.clock import FakeClock
from tests.fakes.jumping_loop import JumpingClock, run_jumping

HOUR = timedelta(hours=1)


def test_a_steady_clock_goes_on_evenly_while_the_machines_is_set() -> None:
    clock = JumpingClock()

    async def main() -> None:
        steady = SteadyClock(clock)
        began = steady.now()
        clock.jump(HOUR)
        steady.follow(clock.now())
        await steady.sleep(30)
        steady.follow(clock.now())

        assert steady.now() - began == timedelta(seconds=30)
        assert steady.monotonic() == 30

        await steady.sleep(31)
        steady.follow(clock.now())

        assert steady.now() - began == HOUR + timedelta(seconds=61)

    run_jumping(main())


def test_a_steady_clock_forgets_a_jump_that_was_taken_back() -> None:
    clock = JumpingClock()

    async def main() -> None:
        steady = SteadyClock(clock)
        for hour in (HOUR, -HOUR, HOUR):
            clock.jump(hour)
            steady.follow(clock.now())
            await steady.sleep(50)

        assert clock.now() - steady.now() == HOUR

    run_jumping(main())


def test_a_steady_clock_follows_a_trifle_at_once() -> None:
    clock = FakeClock()
    steady = SteadyClock(clock)
    clock.jump(timedelta(milliseconds=300))

    steady.follow(clock.now())

    assert steady.now() == clock.now()


def test_in_an_outage_one_finds_out_after_growing_pauses_and_then_all_pass() -> None:
    async def main() -> list[float]:
        clock = JumpingClock()
        outage, tried = Outage(clock), []

        async def attempt() -> None:
            async with outage.passage():
                tried.append(clock.monotonic())
                await clock.sleep(0.1)
                if clock.monotonic() < 10:
                    outage.failed("no answer")
                else:
                    outage.ended()

        await asyncio.gather(*(attempt() for _ in range(3)))
        await asyncio.gather(*(attempt() for _ in range(4)))
        await asyncio.gather(*(attempt() for _ in range(2)))
        return [round(at, 1) for at in tried]

    tried = run_jumping(main())

    assert tried[:3] == [0, 0, 0]
    assert tried[3:7] == [1.1, 3.2, 7.3, 15.4]
    assert tried[7:] == [15.5, 15.5]


def test_what_failed_during_a_pause_does_not_make_it_longer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> float:
        clock = JumpingClock()
        outage = Outage(clock)
        for _ in range(50):
            outage.failed("no answer")
        async with outage.passage():
            return clock.monotonic()

    assert run_jumping(main()) == 1
    assert caplog.text.count("slack_takes_nothing") == 1


def test_rounds_are_made_when_rung_for_and_every_so_often_anyway() -> None:
    async def main() -> list[float]:
        clock, made = JumpingClock(), []

        async def work() -> None:
            made.append(clock.monotonic())

        rounds = Rounds("test", work, 10, clock)
        rounds.start()
        await clock.sleep(3)
        rounds.ring()
        await clock.sleep(12)
        await rounds.close()
        return made

    assert run_jumping(main()) == pytest.approx([0, 3, 13.02])


def test_a_round_rung_for_during_a_round_follows_it() -> None:
    async def main() -> list[float]:
        clock, made = JumpingClock(), []

        async def work() -> None:
            made.append(clock.monotonic())
            await clock.sleep(2)

        rounds = Rounds("test", work, 100, clock)
        rounds.start()
        await clock.sleep(1)
        rounds.ring()
        await clock.sleep(5)
        await rounds.close()
        return made

    assert run_jumping(main()) == pytest.approx([0, 2.02])


def test_a_thousand_rings_in_a_second_are_few_rounds() -> None:
    async def main() -> int:
        clock, made = JumpingClock(), 0

        async def work() -> None:
            nonlocal made
            made += 1

        rounds = Rounds("test", work, 100, clock)
        rounds.start()
        for _ in range(1000):
            rounds.ring()
            await clock.sleep(0.001)
        await rounds.close()
        return made

    assert run_jumping(main()) <= 51


def test_a_round_that_fails_is_followed_by_the_next(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int:
        clock, made = JumpingClock(), 0

        async def work() -> None:
            nonlocal made
            made += 1
            raise ZeroDivisionError

        rounds = Rounds("test", work, 1, clock)
        rounds.start()
        await clock.sleep(2.5)
        await rounds.close()
        return made

    assert run_jumping(main()) == 3
    assert "relay_failed rounds=test" in caplog.text
    caplog.clear()


async def test_rounds_that_never_began_can_be_closed() -> None:
    made: list[float] = []

    async def work() -> None:
        made.append(0)

    await Rounds("test", work, 1, FakeClock()).close()

    assert made == []


class FailingPaces:
    """Schedules in a store that is away, until it is back."""

    def __init__(self) -> None:
        self.is_away = True
        self.held: list[float] = []

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        del name, interval_s, ahead_s
        if self.is_away:
            raise StoreError("away")
        return 0.5

    async def hold_off(self, name: str, seconds: float) -> None:
        del name
        if self.is_away:
            raise StoreError("away")
        self.held.append(seconds)


async def test_without_the_store_a_process_keeps_its_own_pace_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared = FailingPaces()
    paces = SteadyPaces(shared, MemoryPaces(FakeClock()))

    waits = [await paces.take("lane", 2, ahead_s=10) for _ in range(3)]
    await paces.hold_off("lane", 9)
    shared.is_away = False

    assert waits == [0, 2, 4]
    assert await paces.take("lane", 2, ahead_s=10) == 0.5
    assert caplog.text.count("paces_not_shared reason=away") == 1


async def test_a_pause_is_kept_by_all_replicas_and_by_this_one_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared = FailingPaces()
    shared.is_away = False
    paces = SteadyPaces(shared, MemoryPaces(FakeClock()))

    with caplog.at_level(logging.WARNING):
        await paces.hold_off("lane", 9)
    shared.is_away = True

    assert shared.held == [9]
    assert await paces.take("lane", 2, ahead_s=10) == 9
