"""Watched tasks, and what happened to them, for the tests of what is said of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.announce import Announcements
from bot.models import (
    CardOrder,
    Delivery,
    Preferences,
    Priority,
    Scope,
    Started,
    Watcher,
    WatchOrder,
)
from bot.relay.letters import Letter
from bot.store.store import Store
from providers.models import TaskState, TaskStatus
from tests.bot.views.samples import NOW, task, video

PICTURES = tuple(f"https://cdn.example/{number}.jpg" for number in range(5))
ENDED = task(outputs=(video(),), thumbnails=PICTURES, finished_at=NOW)
RUNNING = task(state=TaskState.RUNNING)


async def watch(store: Store, channel: str = "C1", *statuses: TaskStatus) -> Started:
    """Let U2, who reads Chinese, watch tasks there."""
    orders = [
        WatchOrder(
            ref=status.ref,
            lane="record@main",
            status=status,
            ends_at=NOW + timedelta(days=7),
            grace_until=NOW + timedelta(minutes=10),
            watchers=(Watcher("U2", "U2"),),
        )
        for status in statuses or (RUNNING,)
    ]
    return await store.watches.start(CardOrder("T1", channel, None, "U2"), orders, NOW)


def facts_of(status: TaskStatus, **facts: Any) -> Mapping[str, Any]:
    told = {"ref": str(status.ref), "happening": "finished", "after": str(status.state)}
    return {**told, "status": status.model_dump(mode="json", exclude={"details"}), **facts}


def delivery(
    status: TaskStatus = ENDED, *, kind: str = "news", channel: str = "C1", **fields: Any
) -> Delivery:
    facts = fields.pop("facts", facts_of(status))
    return Delivery(
        id="d1",
        key="news:1:2:finished",
        team_id="T1",
        kind=kind,
        channel_id=channel,
        priority=Priority.TERMINAL,
        happened_at=NOW,
        created_at=NOW,
        facts=facts,
        **fields,
    )


async def choose(store: Store, channel: str, **chosen: Any) -> None:
    await store.save_preferences(
        "T1", Scope.CHANNEL, channel, Preferences(**chosen), by="U1", at=NOW
    )


async def drawn(announcements: Announcements, *told: Any) -> Letter:
    letter = await announcements.draw(*told)
    assert letter is not None
    return letter


def text_of(letter: Letter) -> str:
    return str(letter.view.blocks)


# ---- Cards ----
