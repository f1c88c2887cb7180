"""Watches, their tasks and what is told of them, as the store would give them."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from bot.hazard import Expected
from bot.models import (
    Card,
    CardContents,
    Delivery,
    FollowedTask,
    Happening,
    Priority,
    Watch,
    WatchedTask,
    Watcher,
)
from bot.views.facts import Facts, read_facts
from providers.models import TaskState, TaskStatus, format_instant
from tests.bot.views.samples import NOW, STORIES, ago, task

ALICE = Watcher("U0ALICE", "U0ALICE")
BOB = Watcher("U0BOB", "U0ALICE", only_failures=True)
ONCALL = Watcher("S0ONCALL", "U0ALICE")
LONG_ID = "".join(sha256(bytes([number])).hexdigest() for number in range(60))
"""Longer than a button can carry, however it is packed."""
SOON = Expected(low_s=240, high_s=540, likely_within_s=480, slower_than=0.4)
SLOW = replace(SOON, slower_than=0.951)
CARD = Card(5, "T0", "watch", "C0MEDIA", None, "1763632800.000100", "U0ALICE", ago(minutes=9))


def followed(status: TaskStatus | None = None, **fields: Any) -> FollowedTask:
    """A task that is asked for, by its last answer."""
    shown = status or task(state=None)
    known = {
        "id": 11,
        "ref": shown.ref,
        "lane": "record@main",
        "kind": shown.kind,
        "state": shown.state,
        "version": 1,
        "status": status,
        "born_at": shown.started_at or shown.created_at or ago(minutes=9),
        "added_at": ago(minutes=9),
        "changed_at": ago(minutes=4),
        "seen_at": ago(seconds=20) if status else None,
        "polled_at": ago(seconds=20) if status else None,
    }
    return FollowedTask(**{**known, **fields})


def watch(on: FollowedTask, **fields: Any) -> Watch:
    """Somebody's wish to hear of it in ``#media``."""
    known = {
        "id": 7,
        "team_id": "T0",
        "task_id": on.id,
        "ref": on.ref,
        "card_id": CARD.id,
        "channel_id": "C0MEDIA",
        "created_by": "U0ALICE",
        "created_at": ago(minutes=9),
        "ends_at": NOW + timedelta(days=7),
        "grace_until": NOW + timedelta(minutes=1),
        "watchers": (ALICE, BOB),
    }
    return Watch(**{**known, **fields})


def watched(status: TaskStatus | None = None, **fields: Any) -> WatchedTask:
    """A watch beside its task; one whose task has ended has ended too."""
    on = followed(status)
    if on.state and on.state.is_terminal:
        fields = {"ended_at": ago(minutes=1), "ended_why": Happening.FINISHED, **fields}
    return WatchedTask(watch(on, **fields), on)


def contents(*watches: WatchedTask, **fields: Any) -> CardContents:
    """A card and what it shows."""
    return CardContents(replace(CARD, **fields), watches)


def told(shown: TaskStatus, happening: str = Happening.FINISHED, **fields: Any) -> dict[str, Any]:
    """What a delivery says happened, as it is stored."""
    return {
        "ref": str(shown.ref),
        "happening": happening,
        "before": TaskState.RUNNING,
        "after": shown.state,
        "status": shown.model_dump(mode="json", exclude={"details"}),
        "happened_at": format_instant(ago(minutes=1)),
        "mentions": ["U0ALICE"],
        "late": False,
        **fields,
    }


def facts(name: str, happening: str = Happening.FINISHED, **fields: Any) -> Facts:
    """The same of a story, read back."""
    return read_facts(told(STORIES[name], happening, **fields), NOW)


def dead(number: int = 1, **fields: Any) -> Delivery:
    """A message Slack would not take."""
    known = {
        "id": f"01JD{number:04}",
        "key": f"news:{number}:2:finished",
        "team_id": "T0",
        "kind": "news",
        "channel_id": "C0MEDIA",
        "priority": Priority.TERMINAL,
        "happened_at": ago(minutes=20),
        "created_at": ago(minutes=20),
        "attempts": 3,
        "error": "is_archived",
    }
    return Delivery(**{**known, **fields})


def batch() -> CardContents:
    """A card of every story, two of them no longer watched."""
    rows = [
        watched(status, id=number, grace_until=NOW)
        for number, status in enumerate(STORIES.values(), 1)
    ]
    rows[4] = WatchedTask(
        replace(rows[4].watch, ended_at=ago(minutes=2), ended_by="U0BOB"), rows[4].task
    )
    return contents(*rows)
