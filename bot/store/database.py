"""SQLite as this bot uses it: one connection that writes, two that read beside it.

Measured and reasoned in docs/decisions/0005: write-ahead log, every commit on the disk before it is
acknowledged, transactions that take the write lock when they begin.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Executable, Row, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.store.errors import StoreError, explain
from bot.store.statements import Repeated

_READERS = 2
_BUSY_S = 5.0
"""How long a statement waits for another program's lock on the file."""
_FREE_S = 10.0
"""How long a statement waits for one of our own connections."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

_FAILURES = (SQLAlchemyError, UnicodeEncodeError)
"""The second: half a surrogate pair, which JSON can carry and no database keeps."""

_Result = TypeVar("_Result")


class Database:
    """Runs statements. What was begun is finished, also when whoever asked is cancelled.

    A cancelled statement would cost its connection, and the next one would open a second writer
    while the first still ends.
    """

    insert = staticmethod(sqlite.insert)
    """This dialect's ``INSERT``, which knows ``ON CONFLICT``."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.writer = writer
        self.reader = reader
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def fetch(self, statement: Executable) -> Sequence[Row[Any]]:
        """Read, without waiting for whoever writes.

        Raises:
            StoreError: the statement failed.
        """
        return await self._finish(self._fetch(statement))

    async def change(self, *changes: Executable | Repeated) -> Sequence[Row[Any]]:
        """Commit *changes* together; give the rows the last of them returns.

        When this returns, they are on the disk.

        Raises:
            StoreError: nothing was changed, or the disk failed while it was told to commit.
        """
        return await self._finish(self._change(changes))

    async def close(self) -> None:
        """Finish what is under way and close; the last connection empties the log."""
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self.reader.dispose()
        await self.writer.dispose()

    async def _finish(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        if self._closed:  # SQLAlchemy would open the file again, which may be another's by now
            work.close()
            raise StoreError("the store is closed")
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _fetch(self, statement: Executable) -> Sequence[Row[Any]]:
        try:
            async with self.reader.connect() as connection:
                return (await connection.execute(statement)).all()
        except _FAILURES as error:
            raise StoreError(explain(error)) from error

    async def _change(self, changes: Sequence[Executable | Repeated]) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = ()
        try:
            async with self.writer.begin() as connection:
                for change in changes:
                    result = await connection.execute(*_with_values(change))
                    rows = result.all() if result.returns_rows else ()
        except _FAILURES as error:
            raise StoreError(explain(error)) from error
        return rows


def _with_values(
    change: Executable | Repeated,
) -> tuple[Executable, Sequence[Mapping[str, object]] | None]:
    return change if isinstance(change, Repeated) else (change, None)


def connect_database(path: Path | None) -> Database:
    """Get ready to use the file at *path*, which exists; None: a database in memory.

    Nothing is opened before the first statement.
    """
    writer = _create_engine(path, "rw", connections=1)
    event.listen(writer.sync_engine, "connect", _set_up_writer)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    reader = _create_engine(path, "ro", connections=_READERS) if path else writer
    return Database(writer, reader)


def _create_engine(path: Path | None, mode: str, *, connections: int) -> AsyncEngine:
    query = {"mode": mode, "uri": "true"}
    url = URL.create("sqlite+aiosqlite", database=f"file:{quote(str(path))}", query=query)
    return create_async_engine(
        url if path else "sqlite+aiosqlite://",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_FREE_S,
        connect_args={"isolation_level": None, "timeout": _BUSY_S},
        hide_parameters=True,
    )


def _set_up_writer(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once; asking for it midway fails without waiting.

    SQLite documentation, Write-Ahead Logging, SQLITE_BUSY_SNAPSHOT, read 2026-11.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")
