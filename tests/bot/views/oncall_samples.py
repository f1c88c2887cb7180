"""Alerts, their tasks and their logs, subscriptions and silences, as the store would give them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.models import Watcher
from bot.oncall import (
    Alert,
    AlertContents,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Cause,
    Silence,
    Subscription,
    What,
)
from providers.models import TaskRef, format_instant
from tests.bot.views.samples import NOW, ago

FAILED: dict[str, Any] = {
    "kind": "recording",
    "state": "failed",
    "last_good": "running",
    "happened_at": format_instant(ago(minutes=6)),
    "started_at": format_instant(ago(hours=1)),
    "code": "1004",
    "message": "The recorder ran out of <storage> space.",
    "hint": "Start the recording again.",
    "request_id": "abcd123",
    "vendor_request_id": "v-1",
    "evidence_until": format_instant(NOW + timedelta(days=3)),
}
OUTAGE: dict[str, Any] = {
    "providers": ["record"],
    "since": format_instant(ago(minutes=6)),
    "unseen": 41,
}


def alert(**fields: Any) -> Alert:
    """An open alert of one failed recording."""
    known = {
        "id": 12,
        "team_id": "T0",
        "route": "0123456789ab",
        "cause": Cause.FAILED,
        "provider": "record",
        "account": "main",
        "code": "1004",
        "channel_id": "C0ONCALL",
        "card_id": 5,
        "version": 3,
        "revision": 7,
        "status": AlertStatus.OPEN,
        "opened_at": ago(minutes=5),
        "counts_from": ago(minutes=5),
        "changed_at": ago(minutes=5),
        "count": 1,
        "notified_at": ago(minutes=5),
        "told_at": ago(minutes=5),
    }
    return Alert(**{**known, **fields})


def struck(number: int = 0, **fields: Any) -> AlertTask:
    """A task an alert counts."""
    known = {
        "trouble_key": f"task:{number}:4",
        "ref": TaskRef("record", "main", f"X3CgNeE4I1qAAA{number:02}"),
        "joined_at": ago(minutes=5),
        "room": "lesson-7",
        "facts": FAILED,
        "ask_at": NOW + timedelta(minutes=10),
        "ask_until": NOW + timedelta(days=2),
    }
    return AlertTask(**{**known, **fields})


def event(what: What, at: datetime | None = None, **fields: Any) -> AlertEvent:
    """A line of the log, four minutes old unless said otherwise."""
    return AlertEvent(at or ago(minutes=4), what, **fields)


def contents(
    *events: AlertEvent, tasks: tuple[AlertTask, ...] | None = None, **fields: Any
) -> AlertContents:
    """An alert with its tasks, one unless given, and its log."""
    return AlertContents(alert(**fields), (struck(),) if tasks is None else tasks, events)


MANY = tuple(
    struck(
        number,
        room=f"lesson-{number % 7}" if number != 4 else None,
        recovered_at=ago(minutes=1) if number == 2 else None,
        ask_at=None if number == 3 else NOW + timedelta(minutes=10),
    )
    for number in range(10)
)
SNOOZED = contents(
    event(What.SNOOZED, by="U0BOB", facts={"until": format_instant(NOW + timedelta(hours=1))}),
    status=AlertStatus.SNOOZED,
    snoozed_until=NOW + timedelta(hours=1),
    assigned_to="U0ALICE",
)
RESOLVED = contents(
    event(What.OPENED, is_told=False),
    event(What.ESCALATED, mentions=("U0LEAD",)),
    event(What.PAGED, facts={"pager": "main"}),
    event(What.ACKNOWLEDGED, ago(minutes=2), by="U0BOB"),
    event(What.RESOLVED, ago(minutes=1), facts={"tasks": 1, "left": 0}),
    tasks=(struck(recovered_at=ago(minutes=1)),),
    status=AlertStatus.RESOLVED,
    resolved_at=ago(minutes=1),
    acknowledged_by="U0BOB",
    acknowledged_at=ago(minutes=2),
    paged=("main",),
    recovered=1,
    openings=2,
)
DOWN = contents(
    cause=Cause.OUTAGE,
    code="unreachable",
    tasks=(struck(ref=None, room=None, facts=OUTAGE, ask_at=None, ask_until=None),),
)
STUCK = contents(
    cause=Cause.STUCK,
    code="slow",
    tasks=(struck(facts={"kind": "recording", "state": "running"}),),
)
ON_CALL = {"media": ["U0EVE", "Dana"], "empty": []}


def silence(**fields: Any) -> Silence:
    """Somebody wants some rest."""
    known = {
        "id": 4,
        "team_id": "T0",
        "target": "room lesson-*",
        "created_by": "U0BOB",
        "channel_id": "C0ONCALL",
        "created_at": ago(minutes=20),
        "until": NOW + timedelta(hours=2),
        "because": "the <CDN> is moved",
        "hidden": 2,
    }
    return Silence(**{**known, **fields})


def subscription(**fields: Any) -> Subscription:
    """A channel that hears of failed recordings."""
    known = {
        "id": 9,
        "team_id": "T0",
        "channel_id": "C0MEDIA",
        "created_by": "U0ALICE",
        "created_at": ago(days=2),
        "provider": "record",
        "account": "main",
        "to": "failures",
        "room": "lesson-*",
        "watchers": (Watcher("S0ONCALL", "U0ALICE"),),
    }
    return Subscription(**{**known, **fields})


def several(**fields: Any) -> AlertContents:
    """An alert of forty-one tasks, with its first page."""
    return replace(contents(tasks=MANY), alert=alert(count=41, recovered=3, **fields))
