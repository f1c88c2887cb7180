"""How news of a task is committed, and how a person ends a watch: the order of the statements.

The task's row comes first, then watches, cards and deliveries, always: so nobody waits for somebody
who waits for them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.crashpoint import CrashPoint, reach
from bot.models import Change
from bot.store import watch_changes as statements
from bot.store.check_statements import clear_check
from bot.store.database import Transaction
from bot.store.delivery_statements import add_deliveries
from bot.store.statements import InsertInto
from bot.store.watch_rows import says_the_same, write_answer, write_task, write_transition


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news, ready to be committed."""

    change: Change
    at: datetime
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> bool | None:
        """Write all of it; tell whether the task is still followed. None: it had changed."""
        before, after = self.change.before, self.change.after
        changed = statements.change_task(before.version, write_task(after))
        rows = await transaction.run(changed)
        if not rows:
            return None
        reach(CrashPoint.INSIDE_FINISH)
        if after.status is not None and not says_the_same(before.status, after.status):
            answer = {"task_id": after.id, "status": write_answer(after.status)}
            await transaction.run(statements.save_answers(self.insert, [answer]))
        if self.change.transition is not None:
            transition = write_transition(self.change.transition)
            await transaction.run(statements.add_transition(transition))
        is_open = await self._end_watches(transaction, is_open=rows[0].is_open)
        await self._tell(transaction)
        return is_open

    async def _end_watches(self, transaction: Transaction, *, is_open: bool) -> bool:
        change = self.change
        if change.limit_told:
            await transaction.run(statements.tell_limit(change.limit_told, self.at))
        if change.ended:
            await transaction.run(statements.end_watches(change.ended, self.at))
        if change.checked:
            await transaction.run(clear_check(change.before))
        if not change.ended and not change.checked:
            return is_open
        closed = await transaction.run(statements.close_task(change.before.id))
        return bool(closed[0].is_open)

    async def _tell(self, transaction: Transaction) -> None:
        change = self.change
        if change.cards:
            await transaction.run(statements.touch_cards(change.cards))
        if change.deliveries:
            await transaction.run(add_deliveries(self.insert, change.deliveries, self.at))
        learn = statements.learn(self.insert, change.learned) if change.learned else None
        if learn is not None and learn.rows:
            await transaction.run(learn)


class Parted(NamedTuple):
    """What a farewell left behind."""

    task_id: int
    is_task_open: bool
    """Whether anybody still watches the task."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """A person's wish to end a watch, or to be no longer mentioned by it."""

    watch_id: int
    by: str
    at: datetime
    team_id: str | None
    subject_id: str | None = None
    """Who leaves; None: the watch ends for everybody."""

    async def commit(self, transaction: Transaction) -> Parted | None:
        """Do it; None where the watch had ended."""
        touched = await transaction.run(statements.touch_task(self.watch_id, self.team_id))
        if not touched or not await transaction.run(statements.select_if_open(self.watch_id)):
            return None  # somebody ended it just now, or while we waited for the task's row
        if self.subject_id is not None:
            await transaction.run(statements.remove_watcher(self.watch_id, self.subject_id))
        unwatched = self.subject_id is not None
        ended = statements.end_watch(self.watch_id, self.by, self.at, if_unwatched=unwatched)
        await transaction.run(ended)
        closed = await transaction.run(statements.close_task(touched[0].id))
        await transaction.run(statements.touch_card_of(self.watch_id))
        return Parted(touched[0].id, closed[0].is_open)
