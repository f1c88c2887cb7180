"""The pace and the turns of the limiter, in a time that only the test moves."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import RateLimitError
from providers.limiter import Limit, Limiter, Pace
from providers.models import Reason
from tests.fakes.clock import FakeClock

ZEGO = Limit.per_second(20)
MPC = Limit.per_second(100 / 60, window_s=60)
INTERVAL = 1 / 19
SLOWED = 1 / 0.9

LIMITS = st.builds(
    Limit, requests=st.integers(1, 130), seconds=st.floats(0.1, 120, allow_nan=False)
)
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(0, 3, allow_nan=False)), min_size=1, max_size=200)


def busiest_window(sent: list[float], seconds: float) -> int:
    """Count the requests of the fullest half-open window of *seconds*."""
    return max(sum(start <= instant < start + seconds for instant in sent) for start in sent)


async def take_turns(limiter: Limiter, clock: FakeClock, count: int) -> list[float]:
    """Ask for *count* turns at once and tell when each came."""
    came: list[float] = []

    async def take() -> None:
        await limiter.acquire(deadline_in=1000)
        came.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(take())
        await clock.advance(1000)
    return came


def gaps_between(came: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(came)]


@pytest.mark.parametrize(
    ("rate", "window_s", "requests", "seconds"),
    [
        (20, 1, 20, 1),
        (10, 1, 10, 1),
        (100 / 60, 60, 100, 60),
        (2.5, 1, 2, 0.8),
        (0.5, 1, 1, 2),
    ],
)
def test_a_rate_becomes_whole_requests_in_a_window(
    rate: float, window_s: float, requests: int, seconds: float
) -> None:
    limit = Limit.per_second(rate, window_s=window_s)

    assert limit.requests == requests
    assert limit.seconds == pytest.approx(seconds)


@given(LIMITS, GAPS)
def test_no_window_holds_more_than_the_documented_number(limit: Limit, gaps: list[float]) -> None:
    pace = Pace(limit)
    now = 0.0
    sent = []

    for gap in gaps:
        now += gap * limit.seconds / 3
        now += pace.wait(now)
        pace.take(now)
        sent.append(now)

    assert busiest_window(sent, limit.seconds) <= limit.requests


@pytest.mark.parametrize(("limit", "burst"), [(ZEGO, 1), (MPC, 5), (Limit(1, 1), 1)])
def test_a_burst_is_a_twentieth_of_the_documented_number(limit: Limit, burst: int) -> None:
    pace = Pace(limit)
    sent = 0

    while pace.wait(0) == 0:
        pace.take(0)
        sent += 1

    assert sent == burst


async def test_many_at_once_leave_evenly_at_95_percent() -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)

    came = await take_turns(limiter, clock, 39)

    assert came == pytest.approx([place * INTERVAL for place in range(39)])
    assert busiest_window(came, 1) <= 20


async def test_a_minute_of_mpc_stays_under_the_documented_hundred() -> None:
    clock = FakeClock()
    limiter = Limiter(MPC, clock)

    came = await take_turns(limiter, clock, 110)

    assert busiest_window(came, 60) == 100


class LateClock(FakeClock):
    """A machine so busy that everybody wakes a fifth of a second late."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds + 0.2)


async def test_turns_missed_by_a_late_machine_are_not_made_up_for() -> None:
    clock = LateClock()
    limiter = Limiter(ZEGO, clock)

    came = await take_turns(limiter, clock, 30)

    gaps = [after - before for before, after in pairwise(came)]
    assert min(gaps) >= INTERVAL - 1e-6


async def test_an_interactive_question_goes_before_waiting_background_ones() -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)
    order: list[str] = []

    async def take(name: str, *, background: bool) -> None:
        await limiter.acquire(background=background, deadline_in=10)
        order.append(name)

    await take("first", background=True)
    async with asyncio.TaskGroup() as group:
        group.create_task(take("poll 1", background=True))
        group.create_task(take("poll 2", background=True))
        await clock.settle()
        group.create_task(take("person 1", background=False))
        group.create_task(take("person 2", background=False))
        await clock.advance(1)

    assert order == ["first", "person 1", "person 2", "poll 1", "poll 2"]


async def test_a_person_waits_for_no_more_than_the_request_that_just_went() -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)
    polls = [
        asyncio.create_task(limiter.acquire(background=True, deadline_in=10)) for _ in range(9)
    ]
    await clock.settle()
    asked_at = clock.monotonic()

    person = asyncio.create_task(limiter.acquire(deadline_in=10))
    await clock.advance(INTERVAL)

    assert person.done()
    assert clock.monotonic() - asked_at == pytest.approx(INTERVAL)
    await clock.advance(1)
    assert all(poll.done() for poll in polls)


async def test_a_turn_beyond_the_deadline_is_refused_at_once() -> None:
    clock = FakeClock()
    limiter = Limiter(Limit.per_second(1), clock)
    await limiter.acquire(deadline_in=1)

    with pytest.raises(RateLimitError) as caught:
        await limiter.acquire(deadline_in=1)

    assert clock.slept == []
    assert caught.value.reason is Reason.RATE_LIMITED
    assert caught.value.retry_after == pytest.approx(1 / 0.95)
    assert caught.value.retries == 0


async def test_those_already_waiting_count_against_the_deadline() -> None:
    clock = FakeClock()
    limiter = Limiter(Limit.per_second(1), clock)
    await limiter.acquire(deadline_in=1)
    waiter = asyncio.create_task(limiter.acquire(deadline_in=2))
    await clock.settle()

    late = asyncio.create_task(limiter.acquire(deadline_in=2))
    await clock.settle()

    assert late.done()
    assert isinstance(late.exception(), RateLimitError)
    await clock.advance(2)
    assert waiter.done()


async def test_a_background_question_overtaken_beyond_its_deadline_is_refused() -> None:
    clock = FakeClock()
    limiter = Limiter(Limit.per_second(1), clock)
    await limiter.acquire(deadline_in=1)
    poll = asyncio.create_task(limiter.acquire(background=True, deadline_in=1.5))
    await clock.settle()
    people = [asyncio.create_task(limiter.acquire(deadline_in=10)) for _ in range(3)]

    await clock.advance(10)

    assert isinstance(poll.exception(), RateLimitError)
    assert all(person.done() for person in people)


async def test_a_waiter_whose_predecessor_outlived_the_deadline_is_refused() -> None:
    clock = FakeClock()
    limiter = Limiter(Limit.per_second(1), clock)
    await limiter.acquire(deadline_in=1)
    patient = asyncio.create_task(limiter.acquire(deadline_in=30))
    hasty = asyncio.create_task(limiter.acquire(deadline_in=3))
    await clock.settle()
    await limiter.hold_off(10)

    await clock.advance(20)

    assert patient.exception() is None
    assert isinstance(hasty.exception(), RateLimitError)


async def test_a_turn_that_is_free_only_after_the_deadline_is_not_taken() -> None:
    clock = LateClock()
    limiter = Limiter(Limit.per_second(1), clock)
    await limiter.acquire(deadline_in=1)
    patient = asyncio.create_task(limiter.acquire(deadline_in=30))
    hasty = asyncio.create_task(limiter.acquire(deadline_in=3))
    await clock.settle()
    await limiter.hold_off(10)
    await clock.advance(10.1)

    patient.cancel()
    await clock.settle()

    assert isinstance(hasty.exception(), RateLimitError)


async def test_a_cancelled_waiter_wastes_no_turn() -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)
    await limiter.acquire(deadline_in=1)
    cancelled = asyncio.create_task(limiter.acquire(deadline_in=1))
    await clock.settle()

    cancelled.cancel()
    await clock.advance(INTERVAL)
    await limiter.acquire(deadline_in=0)

    assert cancelled.cancelled()


async def test_a_hold_off_stops_those_who_wait_already_and_allows_no_burst_after() -> None:
    clock = FakeClock()
    limiter = Limiter(MPC, clock)
    await limiter.hold_off(7)

    came = await take_turns(limiter, clock, 3)

    assert came == pytest.approx([7, 7 + SLOWED * 60 / 95, 7 + SLOWED * 120 / 95])


async def test_after_a_hold_off_the_pace_is_a_tenth_lower_for_ten_minutes() -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)
    await limiter.hold_off(5)

    during = await take_turns(limiter, clock, 3)  # which lasts longer than that
    after = await take_turns(limiter, clock, 3)

    assert gaps_between(during) == pytest.approx([SLOWED * INTERVAL] * 2)
    assert gaps_between(after) == pytest.approx([INTERVAL] * 2)


@pytest.mark.parametrize(("asked", "kept"), [(3600, 60), (-5, 0), (float("inf"), 60)])
async def test_a_hold_off_is_at_most_a_minute(asked: float, kept: float) -> None:
    clock = FakeClock()
    limiter = Limiter(ZEGO, clock)
    await limiter.hold_off(asked)

    came = await take_turns(limiter, clock, 1)

    assert came == pytest.approx([kept])


async def test_the_budget_is_what_the_last_window_left() -> None:
    clock = FakeClock()
    limiter = Limiter(MPC, clock)
    budgets = [limiter.budget()]

    await take_turns(limiter, clock, 5)
    await limiter.acquire(deadline_in=0)
    budgets.append(limiter.budget())
    await limiter.hold_off(5)
    budgets.append(limiter.budget())

    assert budgets == pytest.approx([1, 0.99, 0])
