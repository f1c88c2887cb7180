"""What the tables of alerts hold, as values and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from bot.oncall import (
    Alert,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Cause,
    Page,
    Timer,
    TimerKind,
    What,
)
from providers.models import TaskRef


def read_alert(row: Row[Any]) -> Alert:
    """Read a row of ``alert``."""
    told = {name: getattr(row, name) for name in _ALERT if name not in _CONVERTED}
    return Alert(
        **told,
        cause=Cause(row.cause),
        status=AlertStatus(row.status),
        paged=tuple(row.paged),
    )


_CONVERTED = frozenset({"cause", "status", "paged"})
_ALERT = tuple(Alert.__dataclass_fields__)


def write_alert(alert: Alert) -> dict[str, Any]:
    """Write a row of ``alert``, without its id."""
    return asdict(alert) | {"paged": list(alert.paged), "id": None}


def write_owner(alert: Alert) -> dict[str, Any]:
    """Write whose a row is that belongs to an alert."""
    return {"alert_id": alert.id, "team_id": alert.team_id}


def read_alert_task(row: Row[Any]) -> AlertTask:
    """Read a row of ``alert_task``."""
    return AlertTask(
        trouble_key=row.trouble_key,
        ref=TaskRef(row.provider, row.account, row.task_id) if row.task_id else None,
        joined_at=row.joined_at,
        room=row.room,
        facts=row.facts,
        recovered_at=row.recovered_at,
        asked=row.asked,
        ask_at=row.ask_at,
        ask_until=row.ask_until,
    )


def write_alert_task(alert: Alert, task: AlertTask) -> dict[str, Any]:
    """Write a row of ``alert_task``."""
    ref = asdict(task.ref) if task.ref else {"provider": None, "account": None, "task_id": None}
    return {
        **write_owner(alert),
        "trouble_key": task.trouble_key,
        **ref,
        "room": task.room,
        "facts": dict(task.facts),
        "joined_at": task.joined_at,
        "recovered_at": task.recovered_at,
        "asked": task.asked,
        "ask_at": task.ask_at,
        "ask_until": task.ask_until,
    }


def read_event(row: Row[Any]) -> AlertEvent:
    """Read a row of ``alert_event``."""
    return AlertEvent(
        at=row.at,
        what=What(row.what),
        by=row.by,
        facts=row.facts,
        mentions=tuple(row.mentions),
        is_told=row.is_told,
    )


def write_event(alert: Alert, event: AlertEvent) -> dict[str, Any]:
    """Write a row of ``alert_event``."""
    return {
        **write_owner(alert),
        "at": event.at,
        "what": event.what,
        "by": event.by,
        "facts": dict(event.facts),
        "mentions": list(event.mentions),
        "is_told": event.is_told,
    }


def read_timer(row: Row[Any]) -> Timer:
    """Read a row of ``timer``."""
    return Timer(
        id=row.id,
        alert_id=row.alert_id,
        kind=TimerKind(row.kind),
        number=row.number,
        due_at=row.due_at,
        done_at=row.done_at,
        canceled_at=row.canceled_at,
    )


def read_page(row: Row[Any]) -> Page:
    """Read a row of ``page``."""
    return Page(
        id=row.id,
        alert_id=row.alert_id,
        pager=row.pager,
        action=row.action,
        dedup_key=row.dedup_key,
        created_at=row.created_at,
        facts=_facts(row.facts),
        state=row.state,
        attempts=row.attempts,
        not_before=row.not_before,
        error=row.error,
    )


def _facts(facts: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return facts or {}
