"""Named moments at which a test lets the process die, as ``kill -9`` would.

``MEDIATASK_CRASH_AT=after_claim`` ends the process where that point is reached first,
``after_claim:3`` where it is reached for the third time. Without it nothing ever happens here.
"""

import os
from dataclasses import dataclass
from enum import StrEnum

_KILLED = 137
"""The exit status a shell reports for a process that was killed."""


class CrashPoint(StrEnum):
    """Where a crash would leave something half done."""

    BEFORE_WATCH_COMMIT = "before_watch_commit"
    AFTER_WATCH_COMMIT = "after_watch_commit"
    AFTER_SLOT = "after_slot"
    """A vendor's or Slack's turn was taken and not used."""
    AFTER_CLAIM = "after_claim"
    AFTER_ANSWER = "after_answer"
    """A vendor answered, and nothing was committed."""
    INSIDE_FINISH = "inside_finish"
    AFTER_FINISH_COMMIT = "after_finish_commit"
    AFTER_SENDING_COMMIT = "after_sending_commit"
    AFTER_OK = "after_ok"
    """Slack took a message, and nothing was committed."""


@dataclass(slots=True)
class _Armed:
    """The one point of this process, and how often it may still be passed."""

    point: CrashPoint | None = None
    passes_left: int = 0


_armed = _Armed()


def arm(order: str) -> None:
    """Let the process die at the point *order* names; an empty order disarms it.

    Raises:
        ValueError: there is no such point, or the number behind it is none from 1 on.
    """
    name, _, times = order.partition(":")
    _armed.point = CrashPoint(name) if name else None
    _armed.passes_left = int(times or 1) - 1
    if _armed.passes_left < 0:
        raise ValueError(f"{times} is no number of times")


def reach(point: CrashPoint) -> None:
    """Die here if this is the point, without a goodbye to anybody."""
    if point is not _armed.point:
        return
    if _armed.passes_left:
        _armed.passes_left -= 1
        return
    os._exit(_KILLED)
