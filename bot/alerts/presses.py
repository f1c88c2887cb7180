"""What a person does to an alert. Pure: a change, or why it comes too late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.machine import moved, pages_for
from bot.oncall import (
    Alert,
    AlertChange,
    AlertEvent,
    AlertStatus,
    NewTimer,
    TimerKind,
    What,
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button on an alert, as it was drawn."""

    what: What
    """``acknowledged``, ``assigned``, ``snoozed`` or ``resolved``."""
    by: str
    version: int
    """The version of the alert the button was drawn with."""
    to: str | None = None
    """The user it is assigned to."""
    lasting: timedelta | None = None
    """How long it is snoozed."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """Somebody, or something, was faster; *alert* says who did what and when."""

    alert: Alert


def press(alert: Alert, pressed: Press, now: datetime) -> AlertChange | TooLate | None:
    """Decide a press; None: it is so already, by the same person.

    A button drawn for an older version changes nothing: who pressed it saw another alert.
    """
    if _is_so_already(alert, pressed):
        return None
    if alert.version != pressed.version or alert.status is AlertStatus.RESOLVED:
        return TooLate(alert)
    return _DONE[pressed.what](alert, pressed, now)


def _is_so_already(alert: Alert, pressed: Press) -> bool:
    match pressed.what:
        case What.ACKNOWLEDGED:
            is_acknowledged = alert.status is AlertStatus.ACKNOWLEDGED
            return is_acknowledged and alert.acknowledged_by == pressed.by
        case What.RESOLVED:
            return alert.status is AlertStatus.RESOLVED and alert.resolved_by == pressed.by
        case What.ASSIGNED:
            is_resolved = alert.status is AlertStatus.RESOLVED
            return alert.assigned_to == pressed.to and not is_resolved
        case _:
            return False


def _acknowledge(alert: Alert, pressed: Press, now: datetime) -> AlertChange:
    taken = moved(alert, AlertStatus.ACKNOWLEDGED, now)
    after = replace(taken, acknowledged_by=pressed.by, acknowledged_at=now)
    return AlertChange(
        alert,
        after,
        events=(AlertEvent(now, What.ACKNOWLEDGED, pressed.by),),
        cancels=True,
        pages=pages_for(after, "acknowledge"),
    )


def _assign(alert: Alert, pressed: Press, now: datetime) -> AlertChange:
    """Name who looks after it; where it stands, and what is due, stays."""
    after = replace(
        alert,
        assigned_to=pressed.to,
        version=alert.version + 1,
        revision=alert.revision + 1,
        changed_at=now,
    )
    whom = (pressed.to,) if pressed.to and pressed.to != pressed.by else ()
    event = AlertEvent(now, What.ASSIGNED, pressed.by, {"to": pressed.to}, mentions=whom)
    return AlertChange(alert, after, events=(event,))


def _snooze(alert: Alert, pressed: Press, now: datetime) -> AlertChange:
    until = now + (pressed.lasting or timedelta(hours=1))
    after = replace(moved(alert, AlertStatus.SNOOZED, now), snoozed_until=until)
    event = AlertEvent(
        now, What.SNOOZED, pressed.by, {"until": until.isoformat(timespec="seconds")}
    )
    timer = NewTimer(TimerKind.SNOOZE_END, after.version, until)
    return AlertChange(alert, after, events=(event,), timers=(timer,), cancels=True)


def _resolve(alert: Alert, pressed: Press, now: datetime) -> AlertChange:
    after = replace(
        moved(alert, AlertStatus.RESOLVED, now), resolved_at=now, resolved_by=pressed.by
    )
    return AlertChange(
        alert,
        after,
        events=(AlertEvent(now, What.RESOLVED, pressed.by),),
        cancels=True,
        pages=pages_for(after, "resolve"),
    )


_DONE: Mapping[What, Callable[[Alert, Press, datetime], AlertChange]] = {
    What.ACKNOWLEDGED: _acknowledge,
    What.ASSIGNED: _assign,
    What.SNOOZED: _snooze,
    What.RESOLVED: _resolve,
}
