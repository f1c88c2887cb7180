"""What a vendor's support asks for: one line on a card, the whole packet in the details."""

from collections.abc import Iterator
from datetime import datetime

from bot.views.layout import Block, copyable
from bot.views.text import plain
from bot.views.words import Words
from providers.models import TaskState, TaskStatus, format_instant

_IN_ORDER = frozenset(
    {
        TaskState.QUEUED,
        TaskState.RUNNING,
        TaskState.PAUSED,
        TaskState.REVIEW,
        TaskState.SUCCEEDED,
        TaskState.CANCELED,
    }
)
_ROOM = 600


def support_line(status: TaskStatus, words: Words) -> list[Block]:
    """Offer what a vendor's support asks for, wherever something is not as it should be."""
    if status.error is None and status.state in _IN_ORDER:
        return []
    line = " ".join(f"{name}={value}" for name, value in _said(status))
    return [copyable(words("support"), line)]


def support_packet(status: TaskStatus) -> str:
    """Write the same on a line each, with the vendor's message, for any task.

    It is in English in every language: the vendor's people read it.
    """
    error = status.error
    told = (
        *_said(status),
        ("state", status.state or "no answer"),
        ("reason", error.reason if error else ""),
        ("message", plain(error.message, _ROOM) if error else ""),
        ("room", plain(status.room or "", _ROOM)),
    )
    return "\n".join(f"{name}={value}" for name, value in told if value)


def _said(status: TaskStatus) -> Iterator[tuple[str, str]]:
    said = (
        ("task", str(status.ref)),
        ("request_id", status.request_id),
        ("vendor_request_id", status.vendor_request_id),
        ("code", status.error.code if status.error else None),
        ("vendor_status", status.vendor_status),
        *((key, format_instant(at) if at else None) for key, at in _instants(status)),
    )
    for name, value in said:
        if value:
            yield name, plain(value, _ROOM)


def _instants(status: TaskStatus) -> tuple[tuple[str, datetime | None], ...]:
    return (
        ("created", status.created_at),
        ("started", status.started_at),
        ("finished", status.finished_at),
        ("asked", status.queried_at),
    )
