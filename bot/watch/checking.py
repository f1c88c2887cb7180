"""What an observation means for a task that was to be asked once. Pure.

A check is over with the first answer that is not older than the news it was ordered for, whatever
it says; an error leaves it open. It is given up where asking is hopeless: the vendor refuses the
very question, goes on refusing this one task, or has forgotten it by now.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.models import FollowedTask, Observation, Source
from bot.watch.policy import Decision
from providers.errors import ProviderError, TaskNotFoundError
from providers.models import Reason, TaskState, TaskStatus

GIVEN_UP_AFTER = timedelta(days=3)
"""ZEGO tells of recordings that began within three days (ZEGO docs, DescribeRecordStatus, read
2026-11); the other vendors name no time."""
_MOST_REFUSALS = 12
"""How often in a row a vendor may be unable to answer about one task; half an hour or more."""
_ABOUT_THE_TASK = frozenset({Reason.UNAVAILABLE, Reason.MALFORMED})
"""What may pass, and may be what a vendor says of an id that is none of its own (ZEGO's 1000)."""


def is_answered(task: FollowedTask, observation: Observation, now: datetime) -> bool:
    """Tell whether a task need not be asked any more for what it was to be asked for."""
    if task.check_source is None or not observation.confirmed:
        return False
    ordered_at = task.check_at
    if ordered_at is not None and observation.at < ordered_at <= now:
        return False
    reason = _why_unanswered(observation.seen)
    return reason is None or _is_hopeless(task, reason, now)


def _why_unanswered(seen: TaskStatus | ProviderError) -> Reason | None:
    if isinstance(seen, TaskNotFoundError):
        return None
    if isinstance(seen, ProviderError):
        return seen.reason
    return seen.error.reason if seen.state is None and seen.error else None


def _is_hopeless(task: FollowedTask, reason: Reason, now: datetime) -> bool:
    is_forgotten = task.check_at is not None and now - task.check_at > GIVEN_UP_AFTER
    is_refused = reason in _ABOUT_THE_TASK and task.errors + 1 >= _MOST_REFUSALS
    return is_forgotten or is_refused or reason is Reason.BAD_REQUEST


def is_denial(decision: Decision) -> bool:
    """Tell whether all that came of a check is that the vendor does not know the task."""
    transition = decision.transition
    is_check = decision.before.check_source is not None
    return is_check and transition is not None and transition.after is TaskState.NOT_FOUND


def hush(decision: Decision) -> Decision:
    """Make no news of a denial: whoever hinted at the task may have been wrong about it."""
    before = decision.before
    after = replace(
        decision.after,
        state=before.state,
        version=before.version,
        changed_at=before.changed_at,
        stalled_at=before.stalled_at,
        unreachable_since=before.unreachable_since,
    )
    return Decision(before, after, decision.reason)


def credit(decision: Decision, observation: Observation) -> Decision:
    """Name as the source of news whoever had the task asked, where it was asked because of that."""
    asked_by, transition = decision.before.check_source, decision.transition
    if transition is None or asked_by is None or observation.source is not Source.POLL:
        return decision
    return replace(decision, transition=replace(transition, source=asked_by))
