"""Where a task may go from where it is, and when it did. Pure.

::

    (nothing) ─► not_found ─► unknown ─► queued ─► running ⇄ paused ⇄ review
         └───────────┴───────────┴─────────┴──────────┴─► failed ─► empty ─► partial ─► succeeded
                                                      └─► canceled

Along the arrows only, over as many at once as it likes. What a vendor says that points backwards is
behind the times; an undocumented word is no news of a task whose state was known.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.models import FollowedTask, Happening
from providers.models import TaskState, TaskStatus

LIVE = frozenset({TaskState.RUNNING, TaskState.PAUSED, TaskState.REVIEW})
ENDED = frozenset(state for state in TaskState if state.is_terminal)

NEXT: Mapping[TaskState | None, frozenset[TaskState]] = {
    None: frozenset(TaskState),
    TaskState.NOT_FOUND: frozenset({TaskState.UNKNOWN, TaskState.QUEUED}) | LIVE | ENDED,
    TaskState.UNKNOWN: frozenset({TaskState.QUEUED}) | LIVE | ENDED,
    TaskState.QUEUED: LIVE | ENDED,
    TaskState.RUNNING: LIVE - {TaskState.RUNNING} | ENDED,
    TaskState.PAUSED: LIVE - {TaskState.PAUSED} | ENDED,
    TaskState.REVIEW: LIVE - {TaskState.REVIEW} | ENDED,
    TaskState.FAILED: frozenset({TaskState.EMPTY, TaskState.PARTIAL, TaskState.SUCCEEDED}),
    TaskState.EMPTY: frozenset({TaskState.PARTIAL, TaskState.SUCCEEDED}),
    TaskState.PARTIAL: frozenset({TaskState.SUCCEEDED}),
    TaskState.SUCCEEDED: frozenset(),
    TaskState.CANCELED: frozenset(),
}
"""The states a task may have next, by the one it has; after the last two there is nothing."""

_ON_THE_WAY: Mapping[TaskState, Happening] = {
    TaskState.RUNNING: Happening.STARTED,
    TaskState.PAUSED: Happening.PAUSED,
    TaskState.REVIEW: Happening.REVIEW,
}

_OLDEST = timedelta(days=30)
"""A vendor that says a task was older when it was first watched has its date wrong."""
_PROGRESS_STEPS = 10


def news_of(before: TaskState | None, after: TaskState) -> tuple[Happening, ...]:
    """Name the news in a move; that a task runs when it is first seen is none."""
    if after in ENDED:
        return (Happening.IMPROVED if before in ENDED else Happening.FINISHED,)
    if after not in _ON_THE_WAY or (before is None and after is TaskState.RUNNING):
        return ()
    return (_ON_THE_WAY[after],)


def born_at(task: FollowedTask, status: TaskStatus, seen_at: datetime) -> datetime:
    """Tell when a task's work began, by its vendor unless that is plainly wrong."""
    told = (status.created_at, status.started_at)
    oldest = task.added_at - _OLDEST
    known = task.born_at if task.born_at >= oldest else task.added_at
    return min((at for at in told if at and oldest <= at <= seen_at), default=known)


def happened_at(before: FollowedTask, after: FollowedTask, seen_at: datetime) -> datetime:
    """Tell when *after* came to its state, by its vendor unless that is plainly wrong.

    A better end than the first has no time of its own at any vendor.
    """
    told = _told_at(before, after)
    return told if told is not None and after.born_at <= told <= seen_at else seen_at


def _told_at(before: FollowedTask, after: FollowedTask) -> datetime | None:
    if after.status is None or before.state in ENDED:
        return None
    if after.state in ENDED:
        return after.status.finished_at
    has_begun = after.state is TaskState.RUNNING and before.state not in LIVE
    return after.status.started_at if has_begun else None


def shown(status: TaskStatus | None) -> tuple[object, ...]:
    """Give what of an answer a card shows, beside the state; progress in tenths."""
    if status is None:
        return ()
    tenth = None if status.progress is None else int(status.progress * _PROGRESS_STEPS)
    code = status.error.code if status.error else None
    return (status.vendor_status, tenth, status.room, code, len(status.outputs))
