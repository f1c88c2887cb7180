"""Turns of two replicas on one schedule, in a time that only the test moves."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from bot.paces import MemoryPaces
from bot.shared_limiter import SharedLimiter, turns_through
from bot.store.errors import StoreError
from bot.store.store import open_store
from providers.errors import RateLimitError
from providers.limiter import Limit
from tests.fakes.clock import FakeClock

ZEGO = Limit.per_second(20)
SLOW = Limit.per_second(100 / 60, window_s=60)
INTERVAL = 1 / 19


class OversleepingClock(FakeClock):
    """A machine that stands still for a while, once."""

    async def sleep(self, seconds: float) -> None:
        stood_still = bool(self.slept)
        await super().sleep(seconds if stood_still else seconds + 0.3)


@dataclass(slots=True)
class SharedSchedule:
    """Schedules in memory that can be out of reach, as a store can."""

    clock: FakeClock
    answers: bool = True
    takes: int = 0
    slowed: list[str] = field(default_factory=list)
    _kept: MemoryPaces = field(init=False)

    def __post_init__(self) -> None:
        self._kept = MemoryPaces(self.clock)

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        self._answer()
        self.takes += 1
        return await self._kept.take(name, interval_s, ahead_s=ahead_s)

    async def hold_off(self, name: str, seconds: float) -> None:
        self._answer()
        await self._kept.hold_off(name, seconds)

    async def slow_down(self, name: str) -> None:
        self._answer()
        self.slowed.append(name)

    def _answer(self) -> None:
        if not self.answers:
            raise StoreError("PostgreSQL cannot be reached")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def schedule(clock: FakeClock) -> SharedSchedule:
    return SharedSchedule(clock)


@pytest.fixture
def replicas(schedule: SharedSchedule, clock: FakeClock) -> list[SharedLimiter]:
    return [SharedLimiter("media@main", ZEGO, schedule, clock) for _ in range(2)]


@dataclass(slots=True)
class Askers:
    """Questions that are all asked now; when each had its turn, by its name."""

    clock: FakeClock
    came: dict[str, float] = field(default_factory=dict)
    refused: dict[str, float] = field(default_factory=dict)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def ask(
        self, name: str, limiter: SharedLimiter, *, background: bool = False, within: float = 30
    ) -> None:
        async def wait() -> None:
            try:
                await limiter.acquire(background=background, deadline_in=within)
                self.came[name] = self.clock.monotonic()
            except RateLimitError:
                self.refused[name] = self.clock.monotonic()

        self.tasks.append(asyncio.create_task(wait()))


@pytest.fixture
def askers(clock: FakeClock) -> Askers:
    return Askers(clock)


async def test_two_replicas_together_go_at_95_percent_of_the_rate(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    for n in range(20):
        askers.ask(f"person {n}", replicas[n % 2])

    await clock.advance(2)

    came = sorted(askers.came.values())
    assert [later - earlier for earlier, later in pairwise(came)] == pytest.approx([INTERVAL] * 19)


async def test_people_of_any_replica_go_before_what_runs_in_the_background(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    for n in range(3):
        askers.ask(f"poll {n}", replicas[0], background=True)
    await clock.settle()
    for n in range(10):
        askers.ask(f"person {n}", replicas[1])

    await clock.advance(2)

    names = sorted(askers.came, key=askers.came.__getitem__)
    assert names == ["poll 0", "poll 1", *(f"person {n}" for n in range(10)), "poll 2"]


async def test_the_background_uses_every_slot_that_people_leave(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    for n in range(19):
        askers.ask(f"poll {n}", replicas[0], background=True)

    await clock.advance(1)

    assert len(askers.came) == 19


async def test_a_turn_beyond_the_deadline_is_refused_at_once(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    await replicas[0].hold_off(10)
    askers.ask("person", replicas[1], within=8)
    await clock.settle()

    assert askers.refused == {"person": 0}


async def test_polls_that_cannot_all_have_a_turn_are_refused(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    for n in range(30):
        askers.ask(f"poll {n}", replicas[0], background=True, within=1)

    await clock.advance(2)

    assert max(askers.came.values()) <= 1
    assert (len(askers.came) + len(askers.refused), len(askers.came)) == (30, 20)


async def test_a_poll_gives_up_when_its_time_is_over(
    replicas: list[SharedLimiter], askers: Askers, clock: FakeClock
) -> None:
    await replicas[0].hold_off(10)
    askers.ask("poll", replicas[1], background=True, within=1)

    await clock.advance(2)

    assert askers.refused == {"poll": pytest.approx(1, abs=0.1)}


async def test_a_slot_that_was_slept_through_is_left_and_another_taken() -> None:
    clock = OversleepingClock()
    schedule = SharedSchedule(clock)
    limiter, askers = SharedLimiter("media@main", ZEGO, schedule, clock), Askers(clock)
    await schedule.hold_off("vendor:media@main", 1)
    askers.ask("person", limiter)

    await clock.advance(2)

    assert askers.came == {"person": pytest.approx(1.3)}
    assert schedule.takes == 2


async def test_a_vendors_too_fast_stops_all_replicas_and_slows_them_down(
    replicas: list[SharedLimiter], schedule: SharedSchedule, askers: Askers, clock: FakeClock
) -> None:
    await replicas[0].hold_off(300)
    askers.ask("person", replicas[1], within=100)

    await clock.advance(100)

    assert askers.came == {"person": 60}
    assert schedule.slowed == ["vendor:media@main"]
    assert replicas[0].budget() == 1


async def test_the_budget_is_what_this_replica_leaves(
    replicas: list[SharedLimiter], clock: FakeClock
) -> None:
    await replicas[0].acquire(deadline_in=1)

    assert [replica.budget() for replica in replicas] == [0.95, 1]
    assert replicas[0].interval_s == pytest.approx(INTERVAL)
    assert clock.monotonic() == 0


async def test_without_the_store_people_are_served_at_a_tenth_of_the_rate(
    replicas: list[SharedLimiter],
    schedule: SharedSchedule,
    askers: Askers,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    schedule.answers = False
    for n in range(3):
        askers.ask(f"person {n}", replicas[0])

    await clock.advance(2)

    assert list(askers.came.values()) == pytest.approx([0, 10 * INTERVAL, 20 * INTERVAL])
    assert caplog.messages == [
        "pace_not_shared lane=vendor:media@main reason=PostgreSQL cannot be reached"
    ]


async def test_without_the_store_nothing_is_asked_in_the_background(
    replicas: list[SharedLimiter], schedule: SharedSchedule
) -> None:
    schedule.answers = False

    with pytest.raises(RateLimitError, match="does not answer"):
        await replicas[0].acquire(background=True, deadline_in=10)


async def test_a_hold_off_that_cannot_be_shared_holds_here(
    replicas: list[SharedLimiter], schedule: SharedSchedule, askers: Askers, clock: FakeClock
) -> None:
    schedule.answers = False
    await replicas[0].hold_off(3)
    askers.ask("person", replicas[0])

    await clock.advance(4)

    assert askers.came == {"person": 3}


async def test_that_the_store_is_back_is_said_once(
    replicas: list[SharedLimiter],
    schedule: SharedSchedule,
    caplog: pytest.LogCaptureFixture,
    clock: FakeClock,
) -> None:
    caplog.set_level("INFO")
    schedule.answers = False
    await replicas[0].acquire(deadline_in=1)
    schedule.answers = True

    for _ in range(2):
        await replicas[0].acquire(deadline_in=1)
        await clock.advance(1)

    assert caplog.messages[1:] == ["pace_shared_again lane=vendor:media@main"]


async def test_a_process_alone_with_its_store_takes_no_turns_with_others(clock: FakeClock) -> None:
    async with open_store("sqlite://", clock) as store:
        assert turns_through(store, clock) is None


async def test_processes_on_one_server_take_turns_together(postgres_url: str) -> None:
    clock = FakeClock()
    async with open_store(postgres_url, clock) as one, open_store(postgres_url, clock) as other:
        new_turns = [turns_through(store, clock) for store in (one, other)]
        assert new_turns[0]
        assert new_turns[1]
        first, second = (new("media@main", SLOW) for new in new_turns if new)
        await first.acquire(deadline_in=0.2)

        with pytest.raises(RateLimitError):
            await second.acquire(deadline_in=0.2)
