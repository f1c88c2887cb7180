"""How often a vendor is asked for one question, and how long that may take."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from providers.errors import (
    AuthError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    UnavailableError,
    UnreachableError,
)
from providers.gate import Health
from providers.limiter import Limit
from tests.fakes.clock import FakeClock
from tests.fakes.vendor import GateMaker, Observed, SilentVendor, Vendor, ask, gates

REFUSED = UnreachableError("the connection to the vendor was refused")
BUSY = UnavailableError("HTTP 503")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def observed() -> Observed:
    return []


@pytest.fixture
async def open_gate(clock: FakeClock, observed: Observed) -> AsyncIterator[GateMaker]:
    async with gates(clock, observed) as make:
        yield make


async def test_an_answer_passes_through_and_is_observed(
    open_gate: GateMaker, clock: FakeClock, observed: Observed
) -> None:
    gate = open_gate()

    answer = await ask(gate, Vendor("finished"), clock)

    assert answer == "finished"
    assert observed == [("record@main", "ok", 0.0)]


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (REFUSED, 3),
        (BUSY, 3),
        (UnavailableError("request failed", code="1000", retries=1), 2),
        (UnavailableError("eager", retries=9), 3),
        (MalformedResponseError("HTTP 502", retries=2), 3),
        (MalformedResponseError("HTTP 200"), 1),
        (AuthError("signature"), 1),
        (AuthError("the token was dropped", retries=1), 2),
        (RateLimitError("too frequent", code="6"), 3),
    ],
)
async def test_it_is_asked_again_as_often_as_the_error_is_worth(
    open_gate: GateMaker, clock: FakeClock, error: ProviderError, attempts: int
) -> None:
    vendor = Vendor(error, error, error, error)

    answer = await ask(open_gate(), vendor, clock)

    assert answer is error
    assert vendor.asked == attempts


async def test_an_attempt_that_succeeds_after_failures_answers(
    open_gate: GateMaker, clock: FakeClock, observed: Observed
) -> None:
    answer = await ask(open_gate(), Vendor(REFUSED, BUSY), clock)

    assert answer == "done"
    assert [outcome for _, outcome, _ in observed] == ["unreachable", "unavailable", "ok"]


async def test_pauses_grow_and_give_way_to_what_the_vendor_asked_for(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    slow_down = UnavailableError("HTTP 503", retry_after=3)

    await ask(open_gate(), Vendor(REFUSED, REFUSED), clock)
    await ask(open_gate(), Vendor(slow_down), clock)

    assert clock.slept == [0.5, 1.0, 3]


@pytest.mark.parametrize("seconds", [1.0, 10.0])
async def test_a_pause_beyond_the_deadline_is_not_begun(
    open_gate: GateMaker, clock: FakeClock, seconds: float
) -> None:
    too_long = UnavailableError("HTTP 503", retry_after=0.8 * seconds)
    vendor = Vendor(too_long)

    answer = await ask(open_gate(timeout=seconds), vendor, clock)

    assert answer is too_long
    assert (vendor.asked, clock.slept) == (1, [])


async def test_where_the_pace_leaves_no_turn_for_a_retry_the_real_error_is_told(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    vendor = Vendor(REFUSED)

    answer = await ask(open_gate(limit=Limit(1, 60)), vendor, clock)

    assert answer is REFUSED
    assert vendor.asked == 1


async def test_a_refusal_for_speed_stops_everybody(open_gate: GateMaker, clock: FakeClock) -> None:
    gate = open_gate()
    hurried, other = Vendor(RateLimitError("too frequent", code="6")), Vendor()

    first = asyncio.create_task(gate.call(hurried.answer))
    await clock.settle()
    second = asyncio.create_task(gate.call(other.answer))
    await clock.advance(0.9)
    asked_early = hurried.asked + other.asked
    await clock.advance(0.2)

    assert asked_early == 1
    assert (await first, await second) == ("done", "done")


async def test_a_refusal_for_speed_stops_everybody_for_as_long_as_it_says(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate()

    first = await ask(gate, Vendor(RateLimitError("HTTP 429", retry_after=30)), clock)
    second = await ask(gate, Vendor(), clock)

    assert isinstance(first, RateLimitError)
    assert isinstance(second, RateLimitError)
    assert second.retry_after == pytest.approx(30, abs=1)


async def test_a_background_question_lets_a_persons_go_first(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(limit=Limit(20, 1))
    vendor = Vendor("first", "person", "poll")
    await gate.call(vendor.answer, background=True)
    poll = asyncio.create_task(gate.call(vendor.answer, background=True))
    await clock.settle()
    person = asyncio.create_task(gate.call(vendor.answer))

    await clock.advance(1)

    assert (await person, await poll) == ("person", "poll")


async def test_a_vendor_that_says_nothing_is_given_up_at_the_timeout(
    open_gate: GateMaker, observed: Observed
) -> None:
    vendor = SilentVendor()

    with pytest.raises(UnreachableError, match=r"no answer within 0\.05 s"):
        await open_gate(timeout=0.05).call(vendor.answer)

    assert vendor.asked == 1
    assert [outcome for _, outcome, _ in observed] == ["unreachable"]


async def test_a_fault_of_ours_reaches_who_asked(open_gate: GateMaker) -> None:
    with pytest.raises(KeyError):
        await open_gate().call(Vendor(KeyError("TaskId")).answer)


async def test_a_cancelled_question_is_no_failure_of_the_vendor(
    open_gate: GateMaker, clock: FakeClock, observed: Observed
) -> None:
    gate = open_gate()
    question = asyncio.create_task(gate.call(SilentVendor().answer))
    await clock.settle()

    question.cancel()
    await asyncio.wait({question})

    assert question.cancelled()
    assert gate.health().answering
    assert observed == []


async def test_health_tells_since_when_how_fast_and_what_is_left(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(limit=Limit(100, 60))
    start = clock.now()

    async def slow() -> str:
        await clock.sleep(2)
        return "done"

    before = gate.health()
    question = asyncio.create_task(gate.call(slow))
    await clock.advance(2)
    await question
    after = gate.health()

    assert before == Health(answering=True, since=None, latency_s=None, budget=1.0)
    assert (after.answering, after.since) == (True, start + timedelta(seconds=2))
    assert (after.latency_s, after.budget) == pytest.approx((2.0, 0.99))
