"""Checks: tasks somebody has news of, which are to be asked once although nobody watches them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Row

from bot.models import CheckOrder, FollowedTask, Source
from bot.store import check_statements as statements
from bot.store.database import Transaction
from bot.store.poll_statements import save_polled_answers
from bot.store.statements import InsertInto
from bot.store.turns import HEAD
from bot.store.watch_changes import save_answers
from bot.store.watch_rows import read_ref, write_answer
from bot.store.watch_starts import begin_task, state_told
from providers.models import TaskRef, TaskState

AT_ONCE = 200
"""Tasks in one statement; SQLite's limit is a condition nested a thousand deep."""
MAY_IMPROVE = frozenset({TaskState.FAILED, TaskState.EMPTY, TaskState.PARTIAL})
"""Ends a better one may still follow."""


class Hurried(NamedTuple):
    """A task that is at the head of its lane now."""

    task_id: int
    lane: str
    at: datetime
    """When it was wanted; no other time it was is the same."""
    ask_at: datetime | None


@dataclass(frozen=True, slots=True)
class Checks:
    """Some orders, at most ``AT_ONCE``, ready to be committed."""

    orders: Mapping[TaskRef, CheckOrder]
    at: datetime
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> list[Hurried]:
        """Let those be asked whose answer may tell something."""
        found = await transaction.run(statements.lock_checked(self.orders))
        known = {read_ref(row): row for row in found}
        wanted = [one for ref, one in self.orders.items() if wants_a_look(one, known.get(ref))]
        if not wanted:
            return []
        wanted_at = {one.ref: _later(self.at, known.get(one.ref)) for one in wanted}
        checks = [_row(one, wanted_at[one.ref]) for one in wanted]
        rows = await transaction.run(statements.add_checks(self.insert, checks))
        ids = {read_ref(row): row.id for row in rows}
        new = {ids[one.ref]: one for one in wanted if one.ref not in known}
        await self._keep_answers(transaction, new)
        return [Hurried(ids[one.ref], one.lane, wanted_at[one.ref], one.ask_at) for one in wanted]

    async def _keep_answers(self, transaction: Transaction, new: Mapping[int, CheckOrder]) -> None:
        answers = [
            {"task_id": id_, "status": write_answer(order.status)}
            for id_, order in new.items()
            if order.status and state_told(order.status)
        ]
        if answers:
            await transaction.run(save_answers(self.insert, answers))


@dataclass(frozen=True, slots=True)
class Hint:
    """News of a followed task from somebody who cannot prove it, ready to be committed."""

    task_id: int
    at: datetime
    ask_at: datetime | None

    async def commit(self, transaction: Transaction) -> Hurried | None:
        """Let the task be asked at once; None where nobody follows it."""
        followed = await transaction.run(statements.lock_followed(self.task_id))
        if not followed:
            return None
        at = _later(self.at, followed[0])
        await transaction.run(statements.hurry(self.task_id, at, self.ask_at))
        return Hurried(self.task_id, followed[0].lane, at, self.ask_at)


@dataclass(frozen=True, slots=True)
class Checked:
    """A task that was asked and has no news, ready to be committed."""

    task: FollowedTask
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> bool:
        """Keep what the poll changed; tell whether the task is still followed."""
        task = self.task
        rows = await transaction.run(statements.end_check(task))
        if task.status is not None:
            answer = {"task": task.id, "known": task.version, "status": write_answer(task.status)}
            await transaction.run(save_polled_answers(self.insert, [answer]))
        return bool(rows[0].is_open) if rows else True


def in_portions(orders: Iterable[CheckOrder]) -> Iterator[dict[TaskRef, CheckOrder]]:
    """Sort orders, one for each task, into portions of ``AT_ONCE``.

    In the order in which rows are changed everywhere, so that nobody waits for each other.
    """
    each = {order.ref: order for order in orders}
    remaining: Iterator[TaskRef] = iter(sorted(each))
    while portion := list(islice(remaining, AT_ONCE)):
        yield {ref: each[ref] for ref in portion}


def wants_a_look(order: CheckOrder, row: Row[Any] | None) -> bool:
    """Tell whether asking may bring news of a task, given its row, if it has one.

    An end that is known is asked about again where a list tells another one, or a callback says
    anything while it may still become better.
    """
    if row is None or row.is_open or order.again:
        return True
    state = TaskState(row.state) if row.state else None
    if state is None or not state.is_terminal:
        return True
    told = order.status.state if order.status else None
    is_news = order.source is Source.CALLBACK if told is None else told is not state
    return is_news and state in MAY_IMPROVE


def _later(at: datetime, row: Row[Any] | None) -> datetime:
    """Give an instant after the one at which a task was wanted before."""
    before: datetime | None = row.check_at if row else None
    return at if before is None else max(at, before + timedelta(microseconds=1))


def _row(order: CheckOrder, at: datetime) -> dict[str, Any]:
    return {
        **begin_task(order.ref, order.lane, order.status, at),
        "tag": HEAD,
        "poll_after": order.ask_at,
        "check_source": order.source,
        "check_at": at,
    }
