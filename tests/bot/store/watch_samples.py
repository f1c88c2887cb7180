"""Watches the store's tests begin with."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.models import (
    CardOrder,
    Change,
    FollowedTask,
    Happening,
    NewDelivery,
    Priority,
    Source,
    Started,
    Transition,
    Watch,
    Watcher,
    WatchOrder,
)
from bot.store.store import Store
from bot.store.watches import WatchStore
from providers.models import TaskRef, TaskState, TaskStatus
from tests.bot.store.samples import NOW, status

LANE = "record@main"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
PLACE = CardOrder("T1", "C1", None, "U1")
ELSEWHERE = CardOrder("T1", "C2", "1700000000.000100", "U2")


def replica_of(store: Store) -> WatchStore:
    """Stand in for another process on the same database: it shares no memory with *store*."""
    return WatchStore(store._database, store._clock)  # noqa: SLF001  # a file is opened once only


def ref(task_id: str) -> TaskRef:
    return TaskRef("record", "main", task_id)


def order(
    task_id: str = "a",
    state: TaskState | None = TaskState.RUNNING,
    watchers: tuple[str, ...] = ("U1",),
    **changed: Any,
) -> WatchOrder:
    wanted = WatchOrder(
        ref=ref(task_id),
        lane=LANE,
        status=status(task_id, state),
        ends_at=NOW + 7 * 24 * HOUR,
        grace_until=NOW + timedelta(minutes=10),
        watchers=tuple(Watcher(who, "U1") for who in watchers),
    )
    return replace(wanted, **changed)


async def start_one(
    store: WatchStore, task_id: str = "a", place: CardOrder = PLACE, at: datetime = NOW
) -> Watch:
    return (await store.start(place, [order(task_id)], at)).watches[0]


async def start_many(store: WatchStore, count: int, at: datetime = NOW) -> Started:
    orders = [order(f"{number:04}") for number in range(count)]
    return await store.start(PLACE, orders, at)


async def task_of(store: WatchStore, task_id: str = "a") -> FollowedTask:
    return (await store.followed([ref(task_id)]))[ref(task_id)]


def answer(task_id: str = "a", **fields: Any) -> TaskStatus:
    return status(task_id).model_copy(update=fields)


def finish(task: FollowedTask, *watches: Watch, at: datetime = NOW + HOUR) -> Change:
    """Let a task succeed, and all of *watches* end with it and hear of it."""
    version = task.version + 1
    after = replace(
        task,
        state=TaskState.SUCCEEDED,
        version=version,
        changed_at=at,
        seen_at=at,
        status=answer(task.ref.task_id, state=TaskState.SUCCEEDED, queried_at=at),
    )
    return Change(
        before=task,
        after=after,
        transition=Transition(
            task.id, version, task.state, TaskState.SUCCEEDED, at, at, Source.POLL, confirmed=True
        ),
        ended=tuple((watch.id, Happening.FINISHED) for watch in watches),
        deliveries=tuple(news(watch, version, at) for watch in watches),
        cards=tuple({watch.card_id for watch in watches}),
    )


def news(watch: Watch, version: int, at: datetime) -> NewDelivery:
    return NewDelivery(
        key=f"news:{watch.id}:{version}:finished",
        team_id=watch.team_id,
        kind="news",
        channel_id=watch.channel_id,
        priority=Priority.TERMINAL,
        happened_at=at,
        card_id=watch.card_id,
        facts={"happening": "finished"},
    )
