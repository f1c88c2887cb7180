"""Which transitions are troubles, and when a trouble is over. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.oncall import AlertTask, Cause, Trouble
from bot.store.alerts import RoutedTransition
from providers.models import OutputStatus, TaskRef, TaskState, TaskStatus, format_instant

_CAUSES: Mapping[TaskState, Cause] = {
    TaskState.FAILED: Cause.FAILED,
    TaskState.PARTIAL: Cause.PARTIAL,
    TaskState.EMPTY: Cause.EMPTY,
}
_WINDOWS: Mapping[str, timedelta] = {"record": timedelta(days=3)}
"""How long after its start a vendor still tells of a task, where it says so.

ZEGO docs, DescribeRecordStatus, read 2026-11: only tasks whose start is within three days.
"""
_ASKED_FOR = timedelta(days=3)
"""How long a task is asked again where its vendor names no window."""
_BACKUP_KEPT = timedelta(days=3)
"""ZEGO docs, cloud recording, file status 4, read 2026-11: its backup storage keeps three days."""


def trouble_of(found: RoutedTransition) -> Trouble | None:
    """Make a trouble of a transition to a bad end; None of any other.

    What the vendor only claimed in a callback that covers no payload is none either: nobody is
    woken by what anybody could have sent.
    """
    transition, status = found.transition, found.status
    cause = _CAUSES.get(transition.after)
    if cause is None or not transition.confirmed:
        return None
    return Trouble(
        key=f"task:{transition.task_id}:{transition.version}",
        cause=cause,
        provider=found.ref.provider,
        account=found.ref.account,
        code=(status.error.code or "") if status and status.error else "",
        happened_at=transition.happened_at,
        seen_at=transition.seen_at,
        ref=found.ref,
        kind=found.kind,
        room=status.room if status else None,
        ask_until=asked_until(found),
        facts=_facts(found),
    )


def asked_until(found: RoutedTransition) -> datetime:
    """Say how long a task in trouble is asked again."""
    window = _WINDOWS.get(found.ref.provider)
    return found.born_at + window if window else found.transition.happened_at + _ASKED_FOR


def _facts(found: RoutedTransition) -> dict[str, Any]:
    """Write what an alert's message tells of a task; nothing in it is secret."""
    status, transition = found.status, found.transition
    told: dict[str, Any] = {
        "ref": str(found.ref),
        "kind": found.kind,
        "state": transition.after,
        "happened_at": format_instant(transition.happened_at),
        "last_good": transition.before,
        "source": transition.source,
    }
    if status is None:
        return told
    error = status.error
    return told | {
        "room": status.room,
        "code": error.code if error else None,
        "message": error.message if error else None,
        "hint": error.hint if error else None,
        "request_id": status.request_id,
        "vendor_request_id": status.vendor_request_id,
        "started_at": format_instant(status.started_at) if status.started_at else None,
        "evidence_until": _evidence_until(status, transition.happened_at),
    }


def _evidence_until(status: TaskStatus, ended_at: datetime) -> str | None:
    """Say until when a file can still be saved from the vendor's backup; None: there is none."""
    has_backup = any(output.status is OutputStatus.BACKUP for output in status.outputs)
    return format_instant(ended_at + _BACKUP_KEPT) if has_backup else None


def newest(found: Iterable[RoutedTransition]) -> list[RoutedTransition]:
    """Keep the last transition of each task: what came and went in between is nobody's trouble."""
    last: dict[TaskRef, RoutedTransition] = {}
    for one in found:
        known = last.get(one.ref)
        if known is None or known.transition.version < one.transition.version:
            last[one.ref] = one
    return list(last.values())


def is_over(task: AlertTask, state: TaskState) -> bool:
    """Tell whether a trouble is over now that its task is known to be in *state*.

    A stuck task is over with any end; another trouble with a better end than its own, which may be
    a trouble again, of its own cause.
    """
    if task.trouble_key.startswith("stuck:"):
        return state.is_terminal
    was = task.facts.get("state")
    return state.is_terminal and state != was
