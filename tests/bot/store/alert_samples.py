"""Alerts the store's tests begin with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.oncall import (
    Alert,
    AlertChange,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Cause,
    NewPage,
    NewTimer,
    Timer,
    TimerKind,
    What,
)
from bot.store.alerts import Alerts
from bot.store.store import Store
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import ref

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STEP = NewTimer(TimerKind.STEP, 100, NOW + 10 * MINUTE)
LATER_STEP = NewTimer(TimerKind.STEP, 101, NOW + 20 * MINUTE)
CAUSE = {
    "team_id": "T1",
    "route": "r1",
    "provider": "record",
    "account": "main",
    "cause": "failed",
    "code": "1001",
}


def replica_of(store: Store) -> Alerts:
    """Stand in for another process on the same database: it shares no memory with *store*."""
    return Alerts(store._database)  # noqa: SLF001  # a file is opened once only


def new_alert(**changed: Any) -> Alert:
    alert = Alert(
        id=0,
        team_id="T1",
        route="r1",
        cause=Cause.FAILED,
        provider="record",
        account="main",
        code="1001",
        channel_id="C1",
        card_id=0,
        version=1,
        revision=1,
        status=AlertStatus.OPEN,
        opened_at=NOW,
        counts_from=NOW,
        changed_at=NOW,
        count=1,
    )
    return replace(alert, **changed)


def trouble(name: str = "a", **changed: Any) -> AlertTask:
    task = AlertTask(f"task:{name}", ref(name), NOW, room="lecture", facts={"code": "1001"})
    return replace(task, **changed)


def opening(alert: Alert | None = None, **parts: Any) -> AlertChange:
    """Open an alert of one task, with two steps to come."""
    change = AlertChange(
        None,
        alert or new_alert(),
        mentions=("S1",),
        joined=(trouble(),),
        events=(AlertEvent(NOW, What.OPENED, is_told=False),),
        timers=(STEP, LATER_STEP),
    )
    return replace(change, **parts)


async def open_one(alerts: Alerts, alert: Alert | None = None, **parts: Any) -> Alert:
    opened = await alerts.apply(opening(alert, **parts), NOW)
    assert opened is not None
    return opened


def move(alert: Alert, changed: dict[str, Any] | None = None, **parts: Any) -> AlertChange:
    """Change an alert; *changed* are its fields, *parts* what changes with it."""
    return AlertChange(
        alert, replace(alert, revision=alert.revision + 1, **(changed or {})), **parts
    )


def acknowledge(alert: Alert, by: str = "U1") -> AlertChange:
    changed = {
        "version": alert.version + 1,
        "status": AlertStatus.ACKNOWLEDGED,
        "acknowledged_by": by,
        "acknowledged_at": NOW,
    }
    event = AlertEvent(NOW, What.ACKNOWLEDGED, by=by)
    return move(alert, changed, events=(event,), cancels=True)


def resolve(alert: Alert, at: datetime = NOW) -> AlertChange:
    changed = {
        "version": alert.version + 1,
        "status": AlertStatus.RESOLVED,
        "resolved_at": at,
        "resolved_by": "U1",
    }
    return move(alert, changed, cancels=True)


def page(alert_id: int = 0, step: int = 0, pager: str = "main") -> NewPage:
    return NewPage(f"page:{alert_id}:1:{step}", pager, "trigger", {"summary": "a lecture failed"})


async def tasks_of(alerts: Alerts, alert: Alert) -> Sequence[AlertTask]:
    contents = await alerts.contents(alert.id)
    assert contents is not None
    return contents.tasks


async def due(alerts: Alerts, at: datetime = NOW + DAY) -> list[Timer]:
    return await alerts.due_timers(at, 10)
