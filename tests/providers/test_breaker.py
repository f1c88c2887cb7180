"""When a vendor is believed to be down, and when it is believed to be back."""

from datetime import timedelta
from itertools import islice

import pytest

from providers.breaker import Breaker, is_outage, probe_pauses
from providers.errors import (
    AuthError,
    InvalidRequestError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    TaskNotFoundError,
    UnavailableError,
    UnreachableError,
)
from tests.fakes.clock import FakeClock

BUSY = UnavailableError("HTTP 503", code="503", request_id="r-1")
SILENCE = UnreachableError("no answer within 10 s")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnreachableError("the connection to the vendor was refused"), True),
        (UnavailableError("HTTP 503"), True),
        (MalformedResponseError("HTTP 502, content type text/html", retries=2), True),
        (MalformedResponseError("HTTP 200, content type text/html"), False),
        (UnavailableError("request failed", code="1000", retries=1), False),
        (RateLimitError("too frequent"), False),
        (AuthError("signature"), False),
        (InvalidRequestError("bad id"), False),
        (TaskNotFoundError("no such task"), False),
    ],
)
def test_only_a_failure_of_the_vendor_as_a_whole_is_an_outage(
    error: ProviderError, *, expected: bool
) -> None:
    assert is_outage(error) is expected


def test_it_opens_after_the_threshold_of_failures_in_a_row() -> None:
    breaker = Breaker(FakeClock(), threshold=3)

    opened = [breaker.failed(BUSY) for _ in range(4)]

    assert opened == [False, False, True, False]
    assert breaker.is_open


def test_an_answer_in_between_starts_the_count_again() -> None:
    breaker = Breaker(FakeClock(), threshold=2)
    breaker.failed(BUSY)

    breaker.answered()

    assert not breaker.failed(BUSY)
    assert not breaker.is_open


def test_one_question_without_any_answer_opens_it() -> None:
    breaker = Breaker(FakeClock(), threshold=5)

    assert breaker.unanswered(SILENCE, asked_at=0)


async def test_a_lost_question_counts_once_where_others_were_answered_meanwhile() -> None:
    clock = FakeClock()
    breaker = Breaker(clock, threshold=2)
    await clock.advance(5)
    breaker.answered()

    opened = [breaker.unanswered(SILENCE, asked_at=1), breaker.unanswered(SILENCE, asked_at=1)]

    assert opened == [False, True]


async def test_the_refusal_keeps_the_kind_and_says_since_when() -> None:
    clock = FakeClock()
    breaker = Breaker(clock, threshold=2)
    breaker.failed(BUSY)
    await clock.advance(30)
    breaker.failed(BUSY)

    refusal = breaker.refusal()

    assert isinstance(refusal, UnavailableError)
    assert str(refusal) == (
        "down since 10:00:00 UTC (HTTP 503); it is being asked again in the background"
    )
    assert (refusal.code, refusal.request_id, refusal.retries) == ("503", "r-1", 0)


async def test_since_moves_only_when_it_opens_or_closes() -> None:
    clock = FakeClock()
    start = clock.now()
    breaker = Breaker(clock, threshold=1)
    seen = [breaker.since]

    for step in (breaker.answered, breaker.answered, lambda: breaker.failed(BUSY)):
        await clock.advance(1)
        step()
        seen.append(breaker.since)
    await clock.advance(1)
    closed = breaker.answered()

    assert seen == [None, *(start + timedelta(seconds=second) for second in (1, 1, 3))]
    assert closed
    assert breaker.since == start + timedelta(seconds=4)
    assert breaker.refusal() is None


def test_probe_pauses_double_from_two_seconds_to_a_minute() -> None:
    pauses = list(islice(probe_pauses(lambda: 0.0), 8))

    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_probe_pauses_are_up_to_a_quarter_shorter() -> None:
    pauses = list(islice(probe_pauses(lambda: 1.0), 2))

    assert pauses == [1.5, 3]
