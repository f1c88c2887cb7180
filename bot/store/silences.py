"""Silences in the store: what nobody is to be notified of for a while."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, delete, select, update

from bot.models import NewDelivery
from bot.oncall import Silence
from bot.store.database import Database
from bot.store.delivery_statements import add_deliveries
from bot.store.oncall_tables import silences

_IS_OPEN = silences.c.ended_at.is_(None)


def add_silence(new: Silence) -> Executable:
    """Add a silence; gives its row."""
    values = asdict(new)
    del values["id"]
    return silences.insert().values(**values).returning(silences)


def end_silence(silence_id: int, by: str | None, at: datetime) -> Executable:
    """End a silence; gives its row to the one who ended it."""
    still = (silences.c.id == silence_id, _IS_OPEN)
    ended = update(silences).where(*still).values(ended_at=at, ended_by=by)
    return ended.returning(silences)


def count_hidden(silence_id: int, more: int) -> Executable:
    """Count what a silence has kept quiet; gives its row."""
    counted = update(silences).where(silences.c.id == silence_id)
    return counted.values(hidden=silences.c.hidden + more).returning(silences)


def select_open(*which: ColumnElement[bool]) -> Executable:
    """Read silences nobody has ended, those first that are over first."""
    return select(silences).where(_IS_OPEN, *which).order_by(silences.c.until, silences.c.id)


def select_silence(silence_id: int) -> Executable:
    """Read one silence, ended or not."""
    return select(silences).where(silences.c.id == silence_id)


def forget_silences(before: datetime, limit: int) -> Executable:
    """Delete some that ended long ago; gives a row for each."""
    old = select(silences.c.id).where(silences.c.ended_at < before).limit(limit)
    return delete(silences).where(silences.c.id.in_(old)).returning(silences.c.id)


class Silences:
    """Silences. Methods raise ``StoreError`` where the database fails.

    What is told of a change, *tell*, is committed with it, and not without it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Silence, tell: Sequence[NewDelivery] = ()) -> Silence:
        """Begin a silence; its id is given to it."""
        rows = await self._commit(add_silence(new), new.created_at, tell)
        return _silence(rows[0])

    async def end(
        self, silence_id: int, by: str | None, at: datetime, tell: Sequence[NewDelivery] = ()
    ) -> Silence | None:
        """End a silence; *by* None: its time is over. None where it had ended."""
        return await self._change(end_silence(silence_id, by, at), at, tell)

    async def count_hidden(
        self, silence_id: int, more: int, at: datetime, tell: Sequence[NewDelivery] = ()
    ) -> Silence | None:
        """Count what a silence has kept quiet; None: there is none."""
        return await self._change(count_hidden(silence_id, more), at, tell)

    async def find(self, silence_id: int) -> Silence | None:
        """Read a silence, ended or not; None: there is none any more."""
        found = await self._read(select_silence(silence_id))
        return found[0] if found else None

    async def active(self, team_id: str | None, now: datetime) -> list[Silence]:
        """List what is silenced now, what is over first; *team_id* None: in every workspace."""
        theirs = () if team_id is None else (silences.c.team_id == team_id,)
        return await self._read(select_open(silences.c.until > now, *theirs))

    async def expired(self, now: datetime) -> list[Silence]:
        """List silences whose time is over and that nobody has ended yet, in every workspace."""
        return await self._read(select_open(silences.c.until <= now))

    async def _read(self, statement: Executable) -> list[Silence]:
        return [_silence(row) for row in await self._database.fetch(statement)]

    async def _change(
        self, change: Executable, at: datetime, tell: Sequence[NewDelivery]
    ) -> Silence | None:
        rows = await self._commit(change, at, tell)
        return _silence(rows[0]) if rows else None

    async def _commit(
        self, change: Executable, at: datetime, tell: Sequence[NewDelivery]
    ) -> Sequence[Row[Any]]:
        told = (add_deliveries(self._database.insert, tell, at),) if tell else ()
        return await self._database.change_if(change, *told)


def _silence(row: Row[Any]) -> Silence:
    return Silence(**row._asdict())
