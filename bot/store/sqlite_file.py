"""SQLite as this bot uses it: one connection that writes, two that read beside it.

Measured and reasoned in docs/decisions/0005: write-ahead log, every commit on the disk before it is
acknowledged, transactions that take the write lock when they begin.
"""

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.store.database import Database, Dialect
from bot.store.one_visit import connect

_READERS = 2
_BUSY_S = 5.0
"""How long a statement waits for another program's lock on the file."""
_FREE_S = 10.0
"""How long a statement waits for one of our own connections."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

SQLITE = Dialect(
    insert=sqlite.insert,
    # The second: half a surrogate pair, which JSON can carry and no database keeps.
    failures=(SQLAlchemyError, UnicodeEncodeError),
    replicated=False,
)


def connect_file(path: Path | None) -> Database:
    """Get ready to use the file at *path*, which exists; None: a database in memory.

    Nothing is opened before the first statement.
    """
    writer = _create_engine(path, "rw", connections=1)
    event.listen(writer.sync_engine, "connect", _set_up_writer)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    reader = _create_engine(path, "ro", connections=_READERS) if path else writer
    return Database(writer, reader, SQLITE)


def _create_engine(path: Path | None, mode: str, *, connections: int) -> AsyncEngine:
    query = {"mode": mode, "uri": "true"}
    url = URL.create("sqlite+aiosqlite", database=f"file:{quote(str(path))}", query=query)
    return create_async_engine(
        url if path else "sqlite+aiosqlite://",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_FREE_S,
        connect_args={"isolation_level": None, "timeout": _BUSY_S, "async_creator_fn": connect},
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
