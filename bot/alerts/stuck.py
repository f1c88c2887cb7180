"""When a task takes so long that somebody should look. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.models import FollowedTask
from bot.oncall import Cause, Trouble
from providers.models import TaskState, format_instant

_WAITING = frozenset({TaskState.QUEUED, TaskState.RUNNING})
_ASKED_FOR = timedelta(days=3)
"""How long a task is asked again whose vendor names no window."""
RECORD_WINDOW = timedelta(days=3)
"""ZEGO docs, DescribeRecordStatus, read 2026-11: tasks whose start is within three days."""
WINDOW_NEAR = timedelta(hours=6)
"""How long before the end of ZEGO's three days a recording that still runs is told."""


def troubles_of_stuck(task: FollowedTask, now: datetime) -> Iterator[Trouble]:
    """Make a trouble of a task that runs or waits far longer than its kind ever did.

    Far longer is what the watch's own policy found (``stalled_at``): longer than 99 of 100 of its
    kind, from 20 samples on. Another one is a recording of which ZEGO will soon tell nothing any
    more.
    """
    if task.state not in _WAITING:
        return
    if task.stalled_at is not None:
        yield _trouble(task, "slow", task.stalled_at, now)
    if nears_window(task, now):
        yield _trouble(task, "window", now, now)


def nears_window(task: FollowedTask, now: datetime) -> bool:
    """Tell whether a recording comes to the end of the time ZEGO tells of it."""
    window_ends_at = task.born_at + RECORD_WINDOW
    return task.ref.provider == "record" and window_ends_at - WINDOW_NEAR <= now < window_ends_at


def _trouble(task: FollowedTask, code: str, happened_at: datetime, now: datetime) -> Trouble:
    status, is_recording = task.status, task.ref.provider == "record"
    window_ends_at = task.born_at + RECORD_WINDOW
    return Trouble(
        key=f"stuck:{task.id}:{int(task.born_at.timestamp())}:{code}",
        cause=Cause.STUCK,
        provider=task.ref.provider,
        account=task.ref.account,
        code=code,
        happened_at=happened_at,
        seen_at=now,
        ref=task.ref,
        kind=task.kind,
        room=status.room if status else None,
        ask_until=window_ends_at if is_recording else now + _ASKED_FOR,
        facts={
            "ref": str(task.ref),
            "lane": task.lane,
            "kind": task.kind,
            "state": task.state,
            "room": status.room if status else None,
            "happened_at": format_instant(happened_at),
            "started_at": format_instant(task.born_at),
            "window_ends_at": format_instant(window_ends_at) if code == "window" else None,
            "request_id": status.request_id if status else None,
            "vendor_request_id": status.vendor_request_id if status else None,
        },
    )
