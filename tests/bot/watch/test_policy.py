"""What one observation makes of a task."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.models import FollowedTask, Happening, Source
from bot.watch.moves import NEXT
from bot.watch.policy import Decision, Reason, Rules, decide
from providers.errors import RateLimitError, TaskNotFoundError, UnreachableError
from providers.models import Kind, TaskError, TaskState, TaskStatus
from providers.models import Reason as ErrorReason
from tests.bot.watch.samples import HOUR, MINUTE, NOW, SECOND, followed, seen, status

S, H, R = TaskState, Happening, Reason
RULES = Rules()


def decided(task: FollowedTask, what: Any, rules: Rules = RULES, **known: Any) -> Decision:
    return decide(task, seen(what, **known), NOW, rules)


def test_every_state_says_where_it_may_go() -> None:
    assert NEXT.keys() == {None, *TaskState}


MOVES: tuple[tuple[TaskState | None, TaskState, Reason, tuple[Happening, ...]], ...] = (
    (None, S.NOT_FOUND, R.MISSING, ()),
    (None, S.UNKNOWN, R.FIRST_SEEN, ()),
    (None, S.QUEUED, R.FIRST_SEEN, ()),
    (None, S.RUNNING, R.FIRST_SEEN, ()),
    (None, S.REVIEW, R.FIRST_SEEN, (H.REVIEW,)),
    (None, S.SUCCEEDED, R.FINISHED, (H.FINISHED,)),
    (S.NOT_FOUND, S.QUEUED, R.FIRST_SEEN, ()),
    (S.NOT_FOUND, S.RUNNING, R.FIRST_SEEN, (H.STARTED,)),
    (S.NOT_FOUND, S.FAILED, R.FINISHED, (H.FINISHED,)),
    (S.UNKNOWN, S.QUEUED, R.PROGRESSED, ()),
    (S.UNKNOWN, S.SUCCEEDED, R.FINISHED, (H.FINISHED,)),
    (S.QUEUED, S.RUNNING, R.PROGRESSED, (H.STARTED,)),
    (S.QUEUED, S.CANCELED, R.FINISHED, (H.FINISHED,)),
    (S.RUNNING, S.PAUSED, R.PROGRESSED, (H.PAUSED,)),
    (S.RUNNING, S.REVIEW, R.PROGRESSED, (H.REVIEW,)),
    (S.PAUSED, S.RUNNING, R.PROGRESSED, (H.STARTED,)),
    (S.REVIEW, S.PAUSED, R.PROGRESSED, (H.PAUSED,)),
    (S.RUNNING, S.SUCCEEDED, R.FINISHED, (H.FINISHED,)),
    (S.RUNNING, S.PARTIAL, R.FINISHED, (H.FINISHED,)),
    (S.PAUSED, S.EMPTY, R.FINISHED, (H.FINISHED,)),
    (S.REVIEW, S.FAILED, R.FINISHED, (H.FINISHED,)),
    (S.FAILED, S.EMPTY, R.IMPROVED, (H.IMPROVED,)),
    (S.FAILED, S.PARTIAL, R.IMPROVED, (H.IMPROVED,)),
    (S.FAILED, S.SUCCEEDED, R.IMPROVED, (H.IMPROVED,)),
    (S.EMPTY, S.PARTIAL, R.IMPROVED, (H.IMPROVED,)),
    (S.PARTIAL, S.SUCCEEDED, R.IMPROVED, (H.IMPROVED,)),
)


@pytest.mark.parametrize(("before", "after", "reason", "happenings"), MOVES)
def test_a_move_along_the_arrows_is_recorded_once(
    before: TaskState | None, after: TaskState, reason: Reason, happenings: tuple[Happening, ...]
) -> None:
    task = followed(before)

    decision = decided(task, after)

    assert (decision.reason, decision.happenings) == (reason, happenings)
    assert decision.transition is not None
    assert (decision.transition.before, decision.transition.after) == (before, after)
    assert decision.transition.version == decision.after.version == task.version + 1
    assert decision.after.state is after
    assert decision.after.is_open is (not after.is_terminal)
    assert decision.redraw
    assert decision.must_commit


BACKWARDS = (
    (S.QUEUED, S.NOT_FOUND),
    (S.QUEUED, S.UNKNOWN),
    (S.RUNNING, S.QUEUED),
    (S.RUNNING, S.UNKNOWN),
    (S.RUNNING, S.NOT_FOUND),
    (S.PAUSED, S.QUEUED),
    (S.FAILED, S.RUNNING),
    (S.FAILED, S.CANCELED),
    (S.EMPTY, S.FAILED),
    (S.PARTIAL, S.EMPTY),
    (S.PARTIAL, S.CANCELED),
    (S.SUCCEEDED, S.RUNNING),
    (S.SUCCEEDED, S.FAILED),
    (S.SUCCEEDED, S.NOT_FOUND),
    (S.CANCELED, S.SUCCEEDED),
)


@pytest.mark.parametrize(("before", "after"), BACKWARDS)
def test_a_vendor_that_goes_backwards_changes_nothing(before: TaskState, after: TaskState) -> None:
    task = followed(before)

    decision = decided(task, after)

    assert decision.reason is Reason.UNCHANGED
    assert not decision.must_commit
    assert (decision.happenings, decision.transition, decision.redraw) == ((), None, False)
    assert (decision.after.state, decision.after.status) == (before, task.status)


@pytest.mark.parametrize("state", [state for state in TaskState if state is not S.NOT_FOUND])
def test_the_same_answer_again_changes_nothing_but_when_it_was_seen(state: TaskState) -> None:
    task = followed(state)

    decision = decided(task, state)

    assert decision.reason is Reason.UNCHANGED
    assert not decision.must_commit
    assert decision.after == replace(task, seen_at=NOW, polled_at=NOW, polls=1)


def test_a_task_that_nobody_knows_yet_stays_missing_without_news() -> None:
    decision = decided(followed(S.NOT_FOUND), TaskNotFoundError("unknown task"))

    assert decision.reason is Reason.MISSING
    assert not decision.must_commit


def test_what_was_seen_before_the_last_answer_is_late_and_changes_nothing() -> None:
    task = followed(S.RUNNING)

    decision = decided(task, S.SUCCEEDED, at=NOW - 2 * MINUTE)

    assert decision == Decision(task, task, Reason.LATE)


def test_what_was_seen_together_with_the_last_answer_is_not_late() -> None:
    decision = decided(followed(S.RUNNING), S.SUCCEEDED, at=NOW - MINUTE)

    assert decision.reason is Reason.FINISHED


def test_a_clock_that_went_back_an_hour_makes_nothing_late() -> None:
    task = followed(S.RUNNING, seen_at=NOW + HOUR)

    decision = decided(task, S.SUCCEEDED)

    assert decision.reason is Reason.FINISHED
    assert decision.after.seen_at == NOW


def test_an_observation_from_the_future_is_taken_for_one_of_now() -> None:
    decision = decided(followed(S.RUNNING), S.RUNNING, at=NOW + HOUR)

    assert decision.after.seen_at == NOW


@pytest.mark.parametrize("state", [S.RUNNING, S.FAILED, None])
def test_a_hint_only_makes_the_bot_ask_at_once(state: TaskState | None) -> None:
    task = followed(state, poll_after=NOW + MINUTE, errors=2)

    decision = decided(task, S.SUCCEEDED, confirmed=False, source=Source.CALLBACK)

    assert (decision.reason, decision.poll_now) == (Reason.HINTED, True)
    assert decision.after == replace(task, poll_after=None)
    assert not decision.must_commit


@pytest.mark.parametrize("state", [S.SUCCEEDED, S.CANCELED])
def test_a_hint_about_what_can_change_no_more_is_nothing(state: TaskState) -> None:
    task = followed(state)

    decision = decided(task, S.FAILED, confirmed=False)

    assert decision == Decision(task, task, Reason.UNCHANGED)


def test_an_end_without_a_state_is_to_be_asked_for() -> None:
    decision = decided(followed(S.RUNNING), status(None), source=Source.SWEEP)

    assert (decision.reason, decision.poll_now) == (Reason.HINTED, True)


def test_an_end_that_is_watched_anew_ends_once_more() -> None:
    task = followed(S.FAILED, is_open=True)

    decision = decided(task, S.FAILED)

    assert (decision.reason, decision.happenings) == (Reason.FINISHED, (Happening.FINISHED,))
    assert decision.transition is None
    assert not decision.after.is_open
    assert decision.after.version == task.version + 1


def test_a_better_end_ends_who_watches_anew_and_is_news_to_who_had_watched() -> None:
    decision = decided(followed(S.FAILED, is_open=True), S.SUCCEEDED)

    assert decision.happenings == (Happening.IMPROVED, Happening.FINISHED)


def test_progress_by_a_tenth_draws_the_card_anew_and_less_does_not() -> None:
    task = followed(S.RUNNING, status=status(S.RUNNING, progress=0.11))

    little, much = (decided(task, status(S.RUNNING, progress=done)) for done in (0.19, 0.2))

    assert (little.reason, little.must_commit) == (Reason.UNCHANGED, False)
    assert (much.reason, much.redraw, much.happenings) == (Reason.PROGRESSED, True, ())
    assert much.transition is None
    assert much.after.version == task.version + 1


@pytest.mark.parametrize(
    ("state", "told", "expected"),
    [
        (S.SUCCEEDED, {"finished_at": NOW - 5 * MINUTE}, NOW - 5 * MINUTE),
        (S.SUCCEEDED, {"finished_at": NOW + HOUR}, NOW),
        (S.SUCCEEDED, {"finished_at": NOW - 2 * HOUR}, NOW),
        (S.SUCCEEDED, {"started_at": NOW - 5 * MINUTE}, NOW),
        (S.RUNNING, {"started_at": NOW - 5 * MINUTE}, NOW - 5 * MINUTE),
        (S.RUNNING, {}, NOW),
        (S.PAUSED, {"started_at": NOW - 5 * MINUTE}, NOW),
    ],
)
def test_it_happened_when_the_vendor_says_unless_that_cannot_be(
    state: TaskState, told: dict[str, Any], expected: Any
) -> None:
    decision = decided(followed(S.QUEUED), status(state, **told))

    assert decision.transition is not None
    assert decision.transition.happened_at == decision.after.changed_at == expected
    assert decision.transition.seen_at == NOW


def test_that_a_task_goes_on_did_not_happen_when_it_started() -> None:
    decision = decided(followed(S.PAUSED), status(S.RUNNING, started_at=NOW - 10 * MINUTE))

    assert decision.after.changed_at == NOW


def test_a_better_end_happened_when_it_was_seen() -> None:
    decision = decided(followed(S.FAILED), status(S.SUCCEEDED, finished_at=NOW - 10 * MINUTE))

    assert decision.after.changed_at == NOW


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, NOW - 31 * MINUTE),
        ({"started_at": NOW - 2 * HOUR}, NOW - 2 * HOUR),
        ({"created_at": NOW - 3 * HOUR, "started_at": NOW - 2 * HOUR}, NOW - 3 * HOUR),
        ({"created_at": NOW + HOUR, "started_at": NOW - 2 * HOUR}, NOW - 2 * HOUR),
        ({"created_at": NOW - timedelta(days=9000)}, NOW - 31 * MINUTE),
    ],
)
def test_a_task_was_born_when_the_vendor_says_unless_that_cannot_be(
    told: dict[str, Any], expected: Any
) -> None:
    decision = decided(followed(S.RUNNING), status(S.RUNNING, **told))

    assert decision.after.born_at == expected
    assert decision.must_commit is bool(told and expected != NOW - 31 * MINUTE)


def test_a_birth_that_cannot_be_is_corrected() -> None:
    task = followed(S.RUNNING, born_at=NOW - timedelta(days=9000))

    decision = decided(task, S.RUNNING)

    assert decision.after.born_at == task.added_at


@pytest.mark.parametrize(
    ("known", "told", "expected"),
    [
        (None, Kind.MERGE, "merge"),
        (None, None, "other"),
        ("other", Kind.MERGE, "other"),
        ("merge", None, "merge"),
    ],
)
def test_its_history_is_named_when_it_is_first_seen_and_for_life(
    known: str | None, told: Kind | None, expected: str
) -> None:
    decision = decided(followed(S.QUEUED, kind=known), status(S.RUNNING, kind=told))

    assert decision.after.kind == expected


def test_a_person_who_asks_makes_no_poll() -> None:
    decision = decided(followed(S.RUNNING), S.RUNNING, source=Source.QUESTION)

    assert (decision.after.polls, decision.after.polled_at) == (0, None)
    assert decision.after.seen_at == NOW


@pytest.mark.parametrize("state", [S.UNKNOWN, S.QUEUED, S.RUNNING])
def test_a_task_that_takes_far_too_long_is_told_once(state: TaskState) -> None:
    rules, task = Rules(stalled_after=30 * MINUTE), followed(state)

    first = decided(task, state, rules)
    second = decided(first.after, state, rules, at=NOW + SECOND)

    assert (first.reason, first.happenings) == (Reason.STALLED, (Happening.STALLED,))
    assert first.after.stalled_at == NOW
    assert first.must_commit
    assert second.happenings == ()


@pytest.mark.parametrize(
    ("task", "after"),
    [
        (followed(S.PAUSED), S.PAUSED),
        (followed(S.REVIEW), S.REVIEW),
        (followed(S.RUNNING, is_open=False), S.RUNNING),
        (followed(S.RUNNING, born_at=NOW - 30 * MINUTE), S.RUNNING),
        (followed(S.NOT_FOUND), S.NOT_FOUND),
    ],
)
def test_what_waits_for_a_person_or_is_in_time_does_not_stall(
    task: FollowedTask, after: TaskState
) -> None:
    decision = decided(task, after, Rules(stalled_after=30 * MINUTE))

    assert decision.happenings == ()


def test_an_end_is_no_stall_however_long_it_took() -> None:
    decision = decided(followed(S.RUNNING), S.SUCCEEDED, Rules(stalled_after=MINUTE))

    assert decision.happenings == (Happening.FINISHED,)


def test_a_question_that_went_unanswered_is_read_from_its_status_too() -> None:
    error = TaskError(message="no answer", reason=ErrorReason.UNREACHABLE)
    unanswered: TaskStatus = status(None, error=error)

    as_status, as_error = (
        decided(followed(S.RUNNING), what) for what in (unanswered, UnreachableError("no answer"))
    )

    assert as_status == as_error
    assert as_status.after.errors == 1


def test_too_many_questions_at_once_are_not_the_tasks_fault() -> None:
    task = followed(S.RUNNING)

    decision = decided(task, RateLimitError("slow down"))

    assert decision.reason is Reason.UNCHANGED
    assert (decision.after.errors, decision.after.poll_after) == (0, None)
