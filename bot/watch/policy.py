"""What an observation makes of a followed task: its next poll, the news, and why. Pure.

Polls, people's questions, callbacks and sweeps are all observations. What came late or came twice
changes nothing, and so does a hint (what nobody proved), except that the vendor is asked at once.
Where a task may go is in ``moves``; its end is over for those who watch it, and only a better end
may still follow.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.hazard import Durations, history_kind
from bot.models import (
    LIMIT_NEAR,
    FollowedTask,
    Happening,
    Observation,
    Source,
    Transition,
    Watch,
)
from bot.watch.moves import ENDED, NEXT, born_at, happened_at, news_of, shown
from providers.errors import ProviderError, TaskNotFoundError
from providers.models import Reason as ErrorReason
from providers.models import TaskState, TaskStatus


class Reason(StrEnum):
    """Why an observation was decided as it was; a closed set, used as a metric label."""

    FIRST_SEEN = "first_seen"
    PROGRESSED = "progressed"
    FINISHED = "finished"
    IMPROVED = "improved"
    STALLED = "stalled"
    UNREACHABLE = "unreachable"
    RECOVERED = "recovered"
    MISSING = "missing"
    """The vendor does not know the task, and never did."""
    UNCHANGED = "unchanged"
    LATE = "late"
    """Something newer had been seen."""
    HINTED = "hinted"
    """Somebody who cannot prove it says that there is news."""


_NO_ANSWER = frozenset({ErrorReason.UNREACHABLE, ErrorReason.UNAVAILABLE, ErrorReason.MALFORMED})
"""Passes by itself; every other reason waits for an operator."""
_MAY_STALL = frozenset({TaskState.UNKNOWN, TaskState.QUEUED, TaskState.RUNNING})
"""In the other states a task waits for a person, however long."""
_UNSEEN = frozenset({None, TaskState.NOT_FOUND})
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers behind the decisions."""

    stalled_after: timedelta | None = None
    """The age from which a task of this sort takes far too long; None while nobody can tell."""
    unreachable_after: timedelta = timedelta(minutes=2)
    """How long nobody must have answered before that is news."""
    first_backoff: timedelta = timedelta(seconds=5)
    """How long a task is left alone after its first error; each further one doubles it."""
    longest_backoff: timedelta = timedelta(minutes=5)

    def learned(self, durations: Durations | None) -> "Rules":
        """Take what is too long from how long tasks of the same sort took."""
        seconds = durations.slow_after_s() if durations else None
        return replace(self, stalled_after=None if seconds is None else timedelta(seconds=seconds))

    def backoff(self, errors: int, reason: ErrorReason) -> timedelta:
        """Tell how long to leave a task alone after that many errors in a row."""
        if reason not in _NO_ANSWER:
            return self.longest_backoff
        doubled = self.first_backoff * (1 << min(errors - 1, _MOST_DOUBLINGS))
        return min(doubled, self.longest_backoff)

    def silence(self, errors: int, reason: ErrorReason) -> timedelta:
        """Tell how long the last of that many errors in a row is after the first, at least."""
        pauses = (self.backoff(count, reason) for count in range(1, errors))
        return sum(pauses, timedelta())


@dataclass(frozen=True, slots=True)
class Decision:
    """What an observation comes to."""

    before: FollowedTask
    after: FollowedTask
    """Equal to *before* where nothing came of it; of the next version where it must be stored."""
    reason: Reason
    happenings: tuple[Happening, ...] = ()
    transition: Transition | None = None
    poll_now: bool = False
    """Whether the vendor is to be asked at once, whoever's turn it is."""
    redraw: bool = False
    """Whether its cards have something else to show."""
    trouble: ErrorReason | None = None
    """Why nobody answers, where that is the news."""

    @property
    def must_commit(self) -> bool:
        """Whether more changed than what may be written late: when it was polled, seen, failed."""
        return self.after.version != self.before.version


def decide(task: FollowedTask, observation: Observation, now: datetime, rules: Rules) -> Decision:
    """Decide what *observation* makes of *task*."""
    if _is_late(task, observation, now):
        return Decision(task, task, Reason.LATE)
    state, trouble = _read(observation.seen)
    if observation.confirmed and trouble is not None:
        return _decide_trouble(task, observation, trouble, now, rules)
    if observation.confirmed and state is not None:
        return _decide_answer(task, observation, state, now, rules)
    return _decide_hint(task)


def decide_timer(watch: Watch, task: FollowedTask, now: datetime) -> Happening | None:
    """Tell what the clock alone means for an open watch: missing, limit near or limit reached.

    Missing is only what its vendor denied after the grace was over: a clock that jumps ends
    nothing that exists, and neither does a vendor that is away.
    """
    if now >= watch.ends_at:
        return Happening.LIMIT_REACHED
    denied_at = task.seen_at if task.state is TaskState.NOT_FOUND else None
    if denied_at is not None and denied_at >= watch.grace_until:
        return Happening.MISSING
    is_near = now >= watch.ends_at - LIMIT_NEAR and watch.limit_told_at is None
    is_long = watch.ends_at - watch.created_at >= 2 * LIMIT_NEAR
    return Happening.LIMIT_NEAR if is_near and is_long else None


def _is_late(task: FollowedTask, observation: Observation, now: datetime) -> bool:
    """Compare with what was seen last, unless the clock went back since."""
    return task.seen_at is not None and observation.at < task.seen_at <= now


def _read(seen: TaskStatus | ProviderError) -> tuple[TaskState | None, ErrorReason | None]:
    """Tell the state that was answered, or why none was; neither: the vendor is to be asked."""
    if isinstance(seen, TaskNotFoundError):
        return TaskState.NOT_FOUND, None
    if isinstance(seen, ProviderError):
        return None, seen.reason
    if seen.state is None and seen.error is not None:
        return None, seen.error.reason
    return seen.state, None


def _decide_hint(task: FollowedTask) -> Decision:
    if not NEXT[task.state]:
        return Decision(task, task, Reason.UNCHANGED)
    return Decision(task, replace(task, poll_after=None), Reason.HINTED, poll_now=True)


def _asked(task: FollowedTask, observation: Observation, now: datetime) -> FollowedTask:
    if observation.source is not Source.POLL:
        return task
    return replace(task, polled_at=min(observation.at, now), polls=task.polls + 1)


def _decide_trouble(
    task: FollowedTask,
    observation: Observation,
    trouble: ErrorReason,
    now: datetime,
    rules: Rules,
) -> Decision:
    """Leave the task alone for a while; too many questions at once are not its fault."""
    asked = _asked(task, observation, now)
    if not task.is_open or trouble is ErrorReason.RATE_LIMITED or _rests(task, now, rules):
        return Decision(task, asked, Reason.UNCHANGED)
    errors = task.errors + 1
    silence = rules.silence(errors, trouble)
    after = replace(asked, errors=errors, poll_after=now + rules.backoff(errors, trouble))
    if task.unreachable_since is not None or silence < rules.unreachable_after:
        return Decision(task, after, Reason.UNCHANGED)
    return Decision(
        task,
        replace(after, unreachable_since=now - silence, version=task.version + 1),
        Reason.UNREACHABLE,
        (Happening.UNREACHABLE,),
        redraw=True,
        trouble=trouble,
    )


def _rests(task: FollowedTask, now: datetime, rules: Rules) -> bool:
    """Whether it is left alone after an error; what somebody asked meanwhile says nothing new."""
    left = task.poll_after - now if task.poll_after else timedelta()
    return timedelta() < left <= rules.longest_backoff


def _decide_answer(
    task: FollowedTask, observation: Observation, state: TaskState, now: datetime, rules: Rules
) -> Decision:
    after = _answered(task, observation, state, now)
    happenings = _happenings(task, after, state, now, rules)
    has_moved = after.state is not task.state
    redraw = bool(happenings) or has_moved or shown(after.status) != shown(task.status)
    if redraw or (after.kind, after.born_at) != (task.kind, task.born_at):
        after = replace(
            after,
            version=task.version + 1,
            stalled_at=now if Happening.STALLED in happenings else after.stalled_at,
            is_open=after.is_open and Happening.FINISHED not in happenings,
        )
    return Decision(
        task,
        after,
        _reason(task, after, state, happenings, redraw=redraw),
        happenings,
        _transition(task, after, state, observation, now) if has_moved else None,
        redraw=redraw,
    )


def _answered(
    task: FollowedTask, observation: Observation, state: TaskState, now: datetime
) -> FollowedTask:
    """Take over what was answered, as far as it is no step back."""
    seen_at, seen = min(observation.at, now), observation.seen
    answered = replace(
        _asked(task, observation, now),
        seen_at=seen_at,
        errors=0,
        poll_after=None,
        unreachable_since=None,
    )
    has_moved = state in NEXT[task.state]
    if not has_moved and (state is not task.state or state in ENDED):
        return answered
    if isinstance(seen, TaskStatus) and state is not TaskState.NOT_FOUND:
        answered = replace(
            answered,
            status=seen,
            # For life: what was learned of its sort is of tasks that were it from first to last.
            kind=task.kind or history_kind(seen),
            born_at=born_at(task, seen, seen_at),
        )
    if not has_moved:
        return answered
    moved = replace(answered, state=state)
    return replace(moved, changed_at=happened_at(task, moved, seen_at))


def _happenings(
    task: FollowedTask, after: FollowedTask, state: TaskState, now: datetime, rules: Rules
) -> tuple[Happening, ...]:
    """Gather the news; a task that had ended already when it was watched anew ends once more."""
    news = news_of(task.state, state) if after.state is not task.state else ()
    ends_again = task.is_open and task.state in ENDED and state in ENDED
    has_recovered = task.unreachable_since is not None and after.state not in ENDED
    return (
        *news,
        *((Happening.FINISHED,) if ends_again else ()),
        *((Happening.STALLED,) if _stalls(after, now, rules) else ()),
        *((Happening.RECOVERED,) if has_recovered else ()),
    )


def _stalls(task: FollowedTask, now: datetime, rules: Rules) -> bool:
    may_stall = task.is_open and task.stalled_at is None and task.state in _MAY_STALL
    is_slow = rules.stalled_after is not None and now - task.born_at > rules.stalled_after
    return may_stall and is_slow


def _reason(
    task: FollowedTask,
    after: FollowedTask,
    state: TaskState,
    happenings: tuple[Happening, ...],
    *,
    redraw: bool,
) -> Reason:
    is_new = task.state in _UNSEEN and after.state not in _UNSEEN
    reasons = (
        (Reason.FINISHED, Happening.FINISHED in happenings),
        (Reason.IMPROVED, Happening.IMPROVED in happenings),
        (Reason.MISSING, state is after.state is TaskState.NOT_FOUND),
        (Reason.FIRST_SEEN, is_new),
        (Reason.STALLED, Happening.STALLED in happenings),
        (Reason.RECOVERED, Happening.RECOVERED in happenings),
        (Reason.PROGRESSED, redraw),
    )
    return next((reason for reason, holds in reasons if holds), Reason.UNCHANGED)


def _transition(
    task: FollowedTask,
    after: FollowedTask,
    state: TaskState,
    observation: Observation,
    now: datetime,
) -> Transition:
    return Transition(
        task_id=task.id,
        version=after.version,
        before=task.state,
        after=state,
        happened_at=after.changed_at,
        seen_at=min(observation.at, now),
        source=observation.source,
        confirmed=observation.confirmed,
    )
