"""The paces that all replicas keep together, one row for each lane, by the database's clock.

GCRA as in ``bot.paces``. A grant does not wait for the disk: after a crash of the server it takes
longer to come back than what it may forget. No lane stands still because the server's clock was
set back: an instant farther ahead than anybody may have put it is none.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Double,
    Executable,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    select,
    update,
)

from bot.store.database import Database
from bot.store.delivery_tables import paces
from bot.store.statements import InsertInto

LONGEST_AHEAD_S = 120.0
"""The farthest ahead a slot may be reserved."""
LONGEST_PAUSE_S = 900.0
"""The longest anybody may hold a lane off at once."""
SLOWED_SHARE = 0.9
"""The pace of a lane that was slowed down."""
_SLOWED_S = 600.0

NOW: ColumnElement[float] = cast(extract("epoch", func.clock_timestamp()), Double)
"""PostgreSQL's clock, in seconds since 1970; it goes on within a transaction."""


@dataclass(frozen=True, slots=True)
class StoredPaces:
    """Schedules of all processes on one PostgreSQL database.

    Methods raise ``StoreError`` where the database fails.
    """

    database: Database

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        """Reserve the next slot, as ``Paces`` says; *ahead_s* is 120 at most."""
        ahead_s = min(ahead_s, LONGEST_AHEAD_S)
        rows = await self.database.change(
            take_slot(self.database.insert, name, interval_s, ahead_s)
        )
        return max(rows[0].wait_s, 0.0) if rows else None

    async def hold_off(self, name: str, seconds: float) -> None:
        """Push the next slot, as ``Paces`` says, by 900 seconds at most."""
        pause_s = min(seconds, LONGEST_PAUSE_S)
        await self.database.change(hold_off(self.database.insert, name, pause_s))

    async def slow_down(self, name: str) -> None:
        """Give out a tenth fewer of a lane's slots for the next ten minutes."""
        await self.database.change(slow_down(self.database.insert, name))


def take_slot(insert: InsertInto, name: str, interval_s: float, ahead_s: float) -> Executable:
    """Move a lane on by one slot; gives ``wait_s`` where the slot is near enough, else no row."""
    pace = paces.c
    step = interval_s / case((pace.slow_until > NOW, SLOWED_SHARE), else_=1.0)
    slot = func.greatest(
        NOW,
        _unless_beyond(LONGEST_AHEAD_S + 2 * interval_s, pace.due_at),
        _unless_beyond(LONGEST_PAUSE_S, pace.not_before),
    )
    moved = (
        update(paces)
        .where(pace.name == name, slot <= NOW + ahead_s)
        .values(due_at=slot + step)
        .returning((pace.due_at - step - NOW).label("wait_s"))
        .cte("moved")
    )
    first = select(literal(name), NOW + interval_s, literal(0.0), literal(0.0))
    added = (
        insert(paces)
        .from_select(list(paces.c), first.where(~exists().where(pace.name == name)))
        .on_conflict_do_nothing()
        .returning(literal(0.0).label("wait_s"))
        .cte("added")
    )
    unhurried = func.set_config("synchronous_commit", "off", True)  # in this transaction alone
    return select(moved.c.wait_s, unhurried).union_all(select(added.c.wait_s, unhurried))


def hold_off(insert: InsertInto, name: str, seconds: float) -> Executable:
    """Give out no slot of a lane for a while; a longer pause that was asked for before stays."""
    until = NOW + seconds
    row = insert(paces).values(name=name, due_at=0.0, not_before=until, slow_until=0.0)
    longer = func.greatest(until, _unless_beyond(LONGEST_PAUSE_S, paces.c.not_before))
    return row.on_conflict_do_update(index_elements=[paces.c.name], set_={"not_before": longer})


def slow_down(insert: InsertInto, name: str) -> Executable:
    """Slow a lane down from now on."""
    until = NOW + _SLOWED_S
    row = insert(paces).values(name=name, due_at=0.0, not_before=0.0, slow_until=until)
    return row.on_conflict_do_update(index_elements=[paces.c.name], set_={"slow_until": until})


def _unless_beyond(seconds: float, instant: ColumnElement[float]) -> ColumnElement[float | None]:
    return case((instant <= NOW + seconds, instant))
