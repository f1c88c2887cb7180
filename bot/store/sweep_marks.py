"""How far the vendors' lists were looked through, and what they showed running."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, delete, select

from bot.models import CheckOrder
from bot.oncall import Swept
from bot.store.checks import Checks, Hurried, in_portions
from bot.store.database import Database, Transaction
from bot.store.oncall_tables import running, watermarks
from bot.store.statements import InsertInto, Repeated
from bot.store.watches import WatchStore

_AT_ONCE = 500
Order = Callable[[str], CheckOrder]
"""Says how a task, by the vendor's id, is to be asked about."""


def select_watermark(name: str) -> Executable:
    """Read how far a list was looked through: one row or none."""
    return select(watermarks.c.swept_until).where(watermarks.c.name == name)


def save_watermark(insert: InsertInto, name: str, until: datetime, at: datetime) -> Executable:
    """Note how far a list was looked through; it never goes back."""
    row = insert(watermarks).values(name=name, swept_until=until, changed_at=at)
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=watermarks.primary_key,
        set_={"swept_until": new.swept_until, "changed_at": new.changed_at},
        where=new.swept_until > watermarks.c.swept_until,
    )


def select_running(lane: str) -> Executable:
    """Read the ids of what was seen running."""
    return select(running.c.task_id).where(running.c.lane == lane)


def add_running(insert: InsertInto, lane: str, task_ids: Iterable[str], at: datetime) -> Repeated:
    """Note what was seen running for the first time."""
    rows = [{"lane": lane, "task_id": id_, "seen_at": at} for id_ in sorted(task_ids)]
    return Repeated(insert(running).on_conflict_do_nothing(), rows)


def forget_running(lane: str, task_ids: Iterable[str]) -> Executable:
    """Forget what runs no more; gives the id of each that was known to."""
    gone = (running.c.lane == lane, running.c.task_id.in_(list(task_ids)))
    return delete(running).where(*gone).returning(running.c.task_id)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a vendor's list of what runs, ready to be committed."""

    lane: str
    seen: frozenset[str]
    at: datetime
    order: Order | None
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> tuple[Swept, list[Hurried]]:
        rows = await transaction.run(select_running(self.lane))
        known = frozenset(row.task_id for row in rows)
        came = self.seen - known
        left = await self._forget(transaction, sorted(known - self.seen))
        if came:
            await transaction.run(add_running(self.insert, self.lane, came, self.at))
        hurried: list[Hurried] = []
        orders = map(self.order, sorted(left)) if self.order else ()
        for portion in in_portions(orders):
            hurried += await Checks(portion, self.at, self.insert).commit(transaction)
        return Swept(came, frozenset(left)), hurried

    async def _forget(self, transaction: Transaction, gone: list[str]) -> set[str]:
        """Forget them; give those nobody forgot at the same time, who asks for them then."""
        forgotten: set[str] = set()
        for start in range(0, len(gone), _AT_ONCE):
            some = forget_running(self.lane, gone[start : start + _AT_ONCE])
            forgotten |= {row.task_id for row in await transaction.run(some)}
        return forgotten


class SweepMarks:
    """What sweeps remember. Methods raise ``StoreError`` where the database fails."""

    def __init__(self, database: Database, watches: WatchStore) -> None:
        self._database = database
        self._watches = watches

    async def watermark(self, name: str) -> datetime | None:
        """Tell up to when a list was looked through; None: never."""
        rows = await self._database.fetch(select_watermark(name))
        until: datetime | None = rows[0].swept_until if rows else None
        return until

    async def move_watermark(self, name: str, until: datetime, at: datetime) -> None:
        """Note up to when a list was looked through; an earlier instant changes nothing."""
        await self._database.change(save_watermark(self._database.insert, name, until, at))

    async def running(self, lane: str) -> set[str]:
        """Tell what was running at the last look, by the vendor's ids."""
        rows = await self._database.fetch(select_running(lane))
        return {row.task_id for row in rows}

    async def replace_running(
        self, lane: str, seen: Iterable[str], at: datetime, *, order: Order | None = None
    ) -> Swept:
        """Note what runs now; give what came and what left since the last look.

        With *order*, what left is to be asked about, as ``WatchStore.check`` does, in the same
        commit: nothing leaves without being asked about.
        """
        look = _Look(lane, frozenset(seen), at, order, self._database.insert)
        swept, hurried = await self._database.transact(look.commit)
        self._watches.hurried(hurried)
        return swept
