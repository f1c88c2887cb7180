"""What vendors pushed, kept before it is answered and until somebody has dealt with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, delete, func, select, update

from bot.oncall import Callback, NewCallback
from bot.store.database import Database
from bot.store.oncall_tables import callbacks
from bot.store.statements import InsertInto, Repeated

_KEY = (callbacks.c.account, callbacks.c.replay_key)
_IS_OPEN = callbacks.c.taken_at.is_(None)


def add_callbacks(insert: InsertInto, new: Sequence[NewCallback]) -> Repeated:
    """Keep what was pushed; gives the account and key of what had not come before.

    In the order of their keys, so that two who are sent the same do not wait for each other.
    """
    row = insert(callbacks).on_conflict_do_nothing(index_elements=_KEY).returning(*_KEY)
    ordered = sorted(new, key=_key)
    return Repeated(row, [_values(one) for one in ordered])


def select_open(limit: int) -> Executable:
    """Read what nobody has dealt with, in the order it came."""
    waiting = select(callbacks).where(_IS_OPEN)
    return waiting.order_by(callbacks.c.received_at, callbacks.c.id).limit(limit)


def take(ids: Sequence[int], at: datetime) -> Executable:
    """Note that callbacks were dealt with."""
    return update(callbacks).where(callbacks.c.id.in_(ids), _IS_OPEN).values(taken_at=at)


def count_open() -> Executable:
    """Count what nobody has dealt with, and tell since when the oldest waits: one row."""
    told = (func.count().label("open"), func.min(callbacks.c.received_at).label("oldest"))
    return select(*told).where(_IS_OPEN)


def forget_callbacks(before: datetime, limit: int) -> Executable:
    """Delete some that were dealt with long ago; gives a row for each."""
    old = (callbacks.c.received_at < before, ~_IS_OPEN)
    some = select(callbacks.c.id).where(*old).limit(limit)
    return delete(callbacks).where(callbacks.c.id.in_(some)).returning(callbacks.c.id)


class Inbox:
    """Callbacks in the store. Methods raise ``StoreError`` where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, new: Sequence[NewCallback]) -> list[bool]:
        """Keep callbacks, in one commit; False for each that came before.

        When this returns, those that are new are on the disk.
        """
        if not new:
            return []
        rows = await self._database.change(add_callbacks(self._database.insert, new))
        unclaimed = {(row.account, row.replay_key) for row in rows}
        return [_is_first(one, unclaimed) for one in new]

    async def open(self, limit: int) -> list[Callback]:
        """Tell what nobody has dealt with, in the order it came."""
        return [_read(row) for row in await self._database.fetch(select_open(limit))]

    async def taken(self, ids: Sequence[int], at: datetime) -> None:
        """Note that callbacks were dealt with: what follows from them is on the disk."""
        if ids:
            await self._database.change(take(sorted(ids), at))

    async def count_open(self) -> int:
        """Count what nobody has dealt with."""
        return int((await self._database.fetch(count_open()))[0].open)

    async def oldest_open(self) -> datetime | None:
        """Tell since when the oldest of it waits; None where nothing does."""
        oldest: datetime | None = (await self._database.fetch(count_open()))[0].oldest
        return oldest


def _key(one: NewCallback) -> tuple[str, str]:
    return one.account, one.replay_key


def _is_first(one: NewCallback, unclaimed: set[tuple[str, str]]) -> bool:
    """Tell whether it is the one that was kept; a twin in the same commit is not."""
    is_new = _key(one) in unclaimed
    unclaimed.discard(_key(one))
    return is_new


def _values(one: NewCallback) -> dict[str, object]:
    return {
        "account": one.account,
        "replay_key": one.replay_key,
        "received_at": one.received_at,
        "headers": dict(one.headers),
        "body": one.body,
    }


def _read(row: Row[Any]) -> Callback:
    return Callback(
        id=row.id,
        account=row.account,
        replay_key=row.replay_key,
        received_at=row.received_at,
        headers=row.headers,
        body=row.body,
        taken_at=row.taken_at,
    )
