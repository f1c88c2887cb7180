"""What an alert remembers of a trouble, read back from its JSON, last month's too.

Keys are only added; what is missing or not understood is left out of what is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.oncall import AlertTask
from bot.views.facts import read_count, read_instant, read_text, read_word
from providers.models import Reason, TaskError, TaskState


@dataclass(frozen=True, slots=True)
class TroubleFacts:
    """What is known of one task in trouble, or of an outage."""

    happened_at: datetime
    """When, as the vendor says; where it does not, when the alert heard of it."""
    kind: str | None = None
    state: TaskState | None = None
    """Where the task stood when it joined."""
    error: TaskError | None = None
    """What is wrong and what to do; None where nobody has told either."""
    request_id: str | None = None
    vendor_request_id: str | None = None
    evidence_until: datetime | None = None
    """Until when the vendor keeps what is left of it."""
    started_at: datetime | None = None
    last_good: TaskState | None = None
    """The state it was in before it went wrong."""
    window_ends_at: datetime | None = None
    """Of a stuck one: when its vendor stops to tell anything of it, where that is what is told."""
    unseen: int = 0
    """Of an outage: how many tasks nobody can see."""


def read_trouble(task: AlertTask) -> TroubleFacts:
    """Read what an alert remembers of one of its tasks."""
    told = task.facts
    return TroubleFacts(
        happened_at=_first_instant(told, "happened_at", "since") or task.joined_at,
        kind=read_text(told.get("kind")),
        state=read_word(TaskState, told.get("state")),
        error=_read_error(told),
        request_id=read_text(told.get("request_id")),
        vendor_request_id=read_text(told.get("vendor_request_id")),
        evidence_until=read_instant(told.get("evidence_until")),
        started_at=read_instant(told.get("started_at")),
        last_good=read_word(TaskState, told.get("last_good")),
        window_ends_at=read_instant(told.get("window_ends_at")),
        unseen=read_count(told.get("unseen")) or 0,
    )


def _read_error(told: Mapping[str, Any]) -> TaskError | None:
    message, hint = read_text(told.get("message")), read_text(told.get("hint"))
    code = read_text(told.get("code"))
    if not (message or hint or code):
        return None
    reason = read_word(Reason, told.get("reason")) or Reason.TASK_FAILED
    return TaskError(code=code, message=message or "", reason=reason, hint=hint)


def _first_instant(told: Mapping[str, Any], *keys: str) -> datetime | None:
    return next(filter(None, (read_instant(told.get(key)) for key in keys)), None)
