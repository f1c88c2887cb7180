"""Routes, troubles and alerts the tests of on-call begin with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.alerts.machine import Place, open_alert
from bot.oncall import Alert, AlertChange, Cause, Silence, Timer, TimerKind, Trouble
from bot.settings.sections import AlertRoute
from providers.models import TaskRef

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TEAM = "T1"
ONCALL, LEAD, ALICE, BOB = "S0ONCALL", "U0LEAD", "U1ALICE", "U2BOB"


def route(**changed: Any) -> AlertRoute:
    """A route with two steps: the lead after ten minutes, the pager after twenty."""
    told: dict[str, Any] = {
        "channel": "C0ONCALL",
        "notify": (ONCALL,),
        "escalate": (
            {"after": "10m", "notify": (LEAD,)},
            {"after": "20m", "pager": "main"},
        ),
    }
    return AlertRoute.model_validate(told | changed)


NIGHTS = "23:00-07:00 UTC"
ROUTE = route()
QUIET = route(quiet=NIGHTS)


def ref(task_id: str = "a", provider: str = "record") -> TaskRef:
    return TaskRef(provider, "main", task_id)


def trouble(task_id: str = "a", **changed: Any) -> Trouble:
    made = Trouble(
        key=f"task:{task_id}:2",
        cause=Cause.FAILED,
        provider="record",
        account="main",
        code="5",
        happened_at=NOW - MINUTE,
        seen_at=NOW,
        ref=ref(task_id),
        kind="recording",
        room="room-1",
        ask_until=NOW + timedelta(days=3),
        facts={"state": "failed", "room": "room-1"},
    )
    return replace(made, **changed)


def opened(
    *troubles: Trouble, on: AlertRoute = ROUTE, at: datetime = NOW, silenced_by: int | None = None
) -> AlertChange:
    place = Place(TEAM, on)
    return open_alert(place, troubles or (trouble(),), at, silenced_by=silenced_by)


def alert(on: AlertRoute = ROUTE, at: datetime = NOW, **changed: Any) -> Alert:
    """An open alert, as the store keeps it."""
    return replace(opened(on=on, at=at).after, **({"id": 1, "card_id": 1} | changed))


def timer(kind: TimerKind, number: int = 100, due_at: datetime = NOW, **changed: Any) -> Timer:
    return replace(Timer(1, 1, kind, number, due_at), **changed)


def silence(target: str = "all", lasts: timedelta = HOUR, **changed: Any) -> Silence:
    made = Silence(
        id=0,
        team_id=TEAM,
        target=target,
        created_by=ALICE,
        channel_id="C9",
        created_at=NOW,
        until=NOW + lasts,
    )
    return replace(made, **changed)
