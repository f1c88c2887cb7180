"""SQLite in memory without a thread: a statement is run where it is asked for.

The bot's own statements on the bot's own tables, only that nothing happens beside them, so that
what runs on it is the same every time.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.store.database import Database
from bot.store.schema import bring_up_to_date
from bot.store.sqlite_file import SQLITE


class _Waiting(Protocol):
    """Whoever waits for a statement."""

    def set_result(self, result: Any) -> None: ...
    def set_exception(self, exception: Exception) -> None: ...


class _NoThread:
    """Stands in for aiosqlite's worker thread."""

    daemon = True

    def start(self) -> None:
        """Begin nothing."""


class _AtOnce:
    """Stands in for the queue to that thread: whatever is put there is done."""

    def put_nowait(self, order: tuple[_Waiting | None, Callable[[], Any]]) -> None:
        future, work = order
        try:
            result = work()
        except Exception as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


async def _execute(work: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Stand in for aiosqlite's way to its thread and back."""
    return work(*args, **options)


def _connect(*args: Any, **options: Any) -> aiosqlite.Connection:
    connection = aiosqlite.connect(*args, **options)
    stand_ins = {"_thread": _NoThread(), "_tx": _AtOnce(), "_execute": _execute}
    for name, stand_in in stand_ins.items():
        setattr(connection, name, stand_in)
    return connection


@asynccontextmanager
async def open_inline_database(path: Path | None = None) -> AsyncIterator[Database]:
    """Open a database, with the bot's tables: the file at *path*, or one in memory.

    Nothing waits for the disk, so a file is only there to be opened a second time.
    """
    writer = _create_engine(path)
    event.listen(writer.sync_engine, "begin", _begin)
    reader = _create_engine(path) if path else writer
    database = Database(writer, reader, SQLITE)
    try:
        await bring_up_to_date(database)
        yield database
    finally:
        await database.close()


def _create_engine(path: Path | None) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}" if path else "sqlite+aiosqlite://",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"isolation_level": None, "async_creator_fn": _connect},
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    return engine


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
