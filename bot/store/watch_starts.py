"""How watching begins: tasks, a card, watches, watchers and the card's delivery, in one commit.

Whoever begins takes the tasks' rows first, so of two who watch one task at once the second finds
what the first has done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.crashpoint import CrashPoint, reach
from bot.hazard import history_kind
from bot.models import Card, CardOrder, NewDelivery, Priority, Started, Watch, WatchOrder
from bot.store import start_statements as statements
from bot.store.database import Transaction
from bot.store.delivery_statements import add_deliveries
from bot.store.statements import InsertInto
from bot.store.watch_changes import save_answers, touch_cards
from bot.store.watch_rows import read_card, read_ref, read_watch, read_watchers, write_answer
from bot.store.watch_statements import select_watchers, select_watches
from providers.models import TaskRef, TaskState, TaskStatus


@dataclass(frozen=True, slots=True)
class Start:
    """One order to watch tasks, ready to be committed."""

    order: CardOrder
    wanted: Mapping[TaskRef, WatchOrder]
    at: datetime
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> Started:
        """Do as ``WatchStore.start`` says."""
        tasks = await self._follow(transaction)
        there = await transaction.run(statements.select_place(self.order, tasks))
        watches = {row.task_id: row.id for row in there}
        new = {task: order for task, order in tasks.items() if task not in watches}
        card = await self._post(transaction) if new else None
        if card is not None:
            added = await transaction.run(statements.add_watches(card, new, self.at))
            watches |= {row.task_id: row.id for row in added}
        if there:
            await transaction.run(touch_cards({row.card_id for row in there}))
        told = await self._tell(transaction, {watches[one]: tasks[one] for one in tasks})
        reach(CrashPoint.BEFORE_WATCH_COMMIT)
        started = tuple(watch for watch in told if watch.task_id in new)
        return Started(card, started, tuple(watch for watch in told if watch not in started))

    async def _follow(self, transaction: Transaction) -> dict[int, WatchOrder]:
        """Add the tasks, or open them again; give the order for each by our own id."""
        known = await transaction.run(statements.lock_tasks(self.wanted))
        are_open = {row.id for row in known if row.is_open}
        rows = [
            begin_task(ref, order.lane, order.status, self.at) for ref, order in self.wanted.items()
        ]
        added = await transaction.run(statements.add_tasks(self.insert, rows))
        ids = {read_ref(row): row.id for row in added}
        tasks = {ids[ref]: order for ref, order in self.wanted.items()}
        answers = [
            {"task_id": id_, "status": write_answer(order.status)}
            for id_, order in tasks.items()
            if id_ not in are_open and order.status and state_told(order.status)
        ]
        if answers:
            await transaction.run(save_answers(self.insert, answers))
        return tasks

    async def _post(self, transaction: Transaction) -> Card:
        card = read_card((await transaction.run(statements.add_card(self.order, self.at)))[0])
        post = NewDelivery(
            key=f"card:{card.id}",
            team_id=card.team_id,
            kind="card",
            channel_id=card.channel_id,
            priority=Priority.ANSWER,
            happened_at=self.at,
            card_id=card.id,
        )
        await transaction.run(add_deliveries(self.insert, [post], self.at))
        return card

    async def _tell(
        self, transaction: Transaction, watches: Mapping[int, WatchOrder]
    ) -> list[Watch]:
        """Add the watchers; give the watches as they are then, in the order they were wanted."""
        watchers = {id_: order.watchers for id_, order in watches.items() if order.watchers}
        if watchers:
            await transaction.run(
                statements.add_watchers(self.insert, self.order.team_id, watchers, self.at)
            )
        theirs = read_watchers(await transaction.run(select_watchers(watches)))
        rows = {row.id: row for row in await transaction.run(select_watches(watches))}
        return [read_watch(rows[id_], theirs.get(id_, ())) for id_ in watches]


def each_once(wanted: Iterable[WatchOrder]) -> dict[TaskRef, WatchOrder]:
    """Make one order of those for the same task, with everybody's watchers."""
    orders: dict[TaskRef, WatchOrder] = {}
    for order in wanted:
        first = orders.get(order.ref, order)
        watchers = {one.subject_id: one for one in (*first.watchers, *order.watchers)}
        orders[order.ref] = replace(first, watchers=tuple(watchers.values()))
    return orders


def begin_task(ref: TaskRef, lane: str, status: TaskStatus | None, at: datetime) -> dict[str, Any]:
    """Write a task as it begins; what its vendor told just now is where its story starts."""
    state = state_told(status)
    seen_at = status.queried_at if status and state else None
    born_at = (status.started_at or status.created_at) if status else None
    return {
        **asdict(ref),
        "lane": lane,
        "kind": history_kind(status) if state else None,
        "state": state,
        "version": 0,
        "is_open": True,
        "tag": 0.0,
        "born_at": min(born_at or at, at),
        "added_at": at,
        "changed_at": at,
        "seen_at": seen_at,
        "polled_at": seen_at,
    }


def state_told(status: TaskStatus | None) -> TaskState | None:
    """Give the state a task begins with; an end is left to be found, and told, by a poll."""
    state = status.state if status else None
    return None if state and state.is_terminal else state
