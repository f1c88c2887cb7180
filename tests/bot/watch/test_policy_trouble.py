"""What it makes of a task that nobody answers about, and what the clock alone makes of a watch."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.hazard import Durations
from bot.models import FollowedTask, Happening, Source
from bot.watch.policy import Decision, Reason, Rules, decide, decide_timer
from providers.errors import (
    AuthError,
    ClockSkewError,
    ConfigurationError,
    InvalidRequestError,
    MalformedResponseError,
    PermissionDeniedError,
    ProviderError,
    TaskNotFoundError,
    UnavailableError,
    UnreachableError,
)
from providers.models import Reason as ErrorReason
from providers.models import TaskState
from tests.bot.watch.samples import HOUR, MINUTE, NOW, SECOND, followed, seen, watch

RULES = Rules()
ERROR = UnreachableError("no answer")


def failing(
    task: FollowedTask, error: ProviderError, times: int, rules: Rules = RULES
) -> list[Decision]:
    """Poll a task again and again, as soon as it may be, and be answered with *error*."""
    decisions: list[Decision] = []
    now = NOW
    for _ in range(times):
        decisions.append(decide(task, seen(error, at=now), now, rules))
        task = decisions[-1].after
        now = task.poll_after or now
    return decisions


def pauses(decisions: list[Decision]) -> list[timedelta]:
    ends = [NOW, *(decision.after.poll_after or NOW for decision in decisions)]
    return [later - earlier for earlier, later in pairwise(ends)]


@pytest.mark.parametrize(
    "error", [ERROR, UnavailableError("busy"), MalformedResponseError("garbage")]
)
def test_without_an_answer_a_task_is_left_alone_twice_as_long_each_time(
    error: ProviderError,
) -> None:
    decisions = failing(followed(TaskState.RUNNING), error, 9)

    told = [decision.happenings for decision in decisions]
    assert [pause.total_seconds() for pause in pauses(decisions)] == [
        *(5, 10, 20, 40, 80, 160),
        *(300, 300, 300),
    ]
    assert told == [(), (), (), (), (), (Happening.UNREACHABLE,), (), (), ()]
    assert [decision.must_commit for decision in decisions] == [bool(news) for news in told]


def test_that_nobody_answers_is_told_with_the_reason_and_since_when() -> None:
    decision = failing(followed(TaskState.RUNNING), ERROR, 6)[-1]

    assert (decision.reason, decision.trouble) == (Reason.UNREACHABLE, ErrorReason.UNREACHABLE)
    assert decision.after.unreachable_since == NOW
    assert decision.redraw


@pytest.mark.parametrize(
    "error",
    [
        AuthError("refused"),
        ClockSkewError("an hour apart"),
        PermissionDeniedError("not enabled"),
        ConfigurationError("no such project"),
        InvalidRequestError("no such id"),
    ],
)
def test_what_only_an_operator_can_mend_is_asked_every_five_minutes(error: ProviderError) -> None:
    decisions = failing(followed(TaskState.RUNNING), error, 3)

    assert pauses(decisions) == [5 * MINUTE] * 3
    assert [decision.trouble for decision in decisions] == [None, error.reason, None]


def test_what_somebody_asks_while_a_task_is_left_alone_counts_as_no_further_error() -> None:
    task = failing(followed(TaskState.RUNNING), ERROR, 3)[-1].after

    decision = decide(task, seen(ERROR, source=Source.QUESTION), NOW, RULES)

    assert decision == Decision(task, task, Reason.UNCHANGED)


def test_a_clock_that_went_back_does_not_stop_the_count_of_errors() -> None:
    task = followed(TaskState.RUNNING, poll_after=NOW + HOUR, errors=1)

    decision = decide(task, seen(ERROR), NOW, RULES)

    assert decision.after.errors == 2
    assert decision.after.poll_after == NOW + 10 * SECOND


def test_errors_without_end_overflow_nothing() -> None:
    task = followed(TaskState.RUNNING, errors=100_000)

    decision = decide(task, seen(ERROR), NOW, RULES)

    assert decision.after.poll_after == NOW + 5 * MINUTE


def test_a_task_that_nobody_waits_for_has_no_trouble() -> None:
    task = followed(TaskState.FAILED, errors=30)

    decision = decide(task, seen(ERROR), NOW, RULES)

    assert decision.happenings == ()
    assert decision.after.errors == 30


@pytest.mark.parametrize(
    ("answer", "reason", "happenings"),
    [
        (TaskState.RUNNING, Reason.RECOVERED, (Happening.RECOVERED,)),
        (TaskState.PAUSED, Reason.RECOVERED, (Happening.PAUSED, Happening.RECOVERED)),
        (TaskState.QUEUED, Reason.RECOVERED, (Happening.RECOVERED,)),
        (TaskState.NOT_FOUND, Reason.RECOVERED, (Happening.RECOVERED,)),
        (TaskState.SUCCEEDED, Reason.FINISHED, (Happening.FINISHED,)),
    ],
)
def test_the_first_answer_after_silence_is_told_once_unless_it_is_the_end(
    answer: TaskState, reason: Reason, happenings: tuple[Happening, ...]
) -> None:
    task = failing(followed(TaskState.RUNNING), ERROR, 7)[-1].after

    first = decide(task, seen(answer, at=NOW + HOUR), NOW + HOUR, RULES)
    second = decide(first.after, seen(answer, at=NOW + HOUR), NOW + HOUR, RULES)

    assert (first.reason, first.happenings) == (reason, happenings)
    assert (first.after.errors, first.after.poll_after) == (0, None)
    assert first.after.unreachable_since is None
    assert second.happenings == ()


def test_a_task_nobody_knew_before_the_silence_is_still_missing_after_it() -> None:
    task = followed(TaskState.NOT_FOUND, unreachable_since=NOW - HOUR)

    decision = decide(task, seen(TaskNotFoundError("unknown")), NOW, RULES)

    assert (decision.reason, decision.happenings) == (Reason.MISSING, (Happening.RECOVERED,))


def test_what_is_too_long_is_learned_from_what_others_took() -> None:
    durations = Durations()
    for _ in range(40):
        durations.observe_end(0, 600, took_s=600)

    rules = RULES.learned(durations)

    assert rules.stalled_after is not None
    assert 18 * MINUTE < rules.stalled_after < 22 * MINUTE
    assert replace(rules, stalled_after=None) == RULES


@pytest.mark.parametrize("durations", [None, Durations()])
def test_without_a_history_nothing_takes_too_long(durations: Durations | None) -> None:
    assert RULES.learned(durations).stalled_after is None


LIMIT = NOW + 24 * HOUR


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (LIMIT - 3 * HOUR, None),
        (LIMIT - 2 * HOUR, Happening.LIMIT_NEAR),
        (LIMIT - SECOND, Happening.LIMIT_NEAR),
        (LIMIT, Happening.LIMIT_REACHED),
        (LIMIT + HOUR, Happening.LIMIT_REACHED),
    ],
)
def test_a_limit_is_announced_two_hours_before_it_ends_the_watch(
    at: datetime, expected: Happening | None
) -> None:
    assert decide_timer(watch(), followed(TaskState.RUNNING), at) is expected


def test_a_limit_is_announced_once() -> None:
    told = watch(limit_told_at=LIMIT - 2 * HOUR)

    assert decide_timer(told, followed(TaskState.RUNNING), LIMIT - HOUR) is None


def test_a_limit_that_was_near_from_the_start_is_not_announced() -> None:
    short = watch(created_at=LIMIT - 3 * HOUR)

    assert decide_timer(short, followed(TaskState.RUNNING), LIMIT - HOUR) is None


@pytest.mark.parametrize(
    ("state", "denied_at", "expected"),
    [
        (TaskState.NOT_FOUND, NOW, Happening.MISSING),
        (TaskState.NOT_FOUND, NOW - SECOND, None),
        (TaskState.NOT_FOUND, None, None),
        (TaskState.RUNNING, NOW, None),
        (None, None, None),
    ],
)
def test_missing_is_only_what_was_denied_after_its_grace(
    state: TaskState | None, denied_at: datetime | None, expected: Happening | None
) -> None:
    task = followed(state, seen_at=denied_at)

    assert decide_timer(watch(grace_until=NOW), task, NOW + MINUTE) is expected
