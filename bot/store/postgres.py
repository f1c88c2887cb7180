"""PostgreSQL as this bot uses it, where several of its processes share one store.

Reasoned in docs/decisions/0007. The address goes to the driver as it is, so hosts, TLS options and
password files are written as in PostgreSQL's own documentation.
"""

from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy import Connection, Row, event, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.store.database import Database, Dialect
from bot.store.errors import UnusableStoreError
from bot.store.location import Server

if TYPE_CHECKING:
    from bot.store.statements import InsertInto

_CONNECTIONS = 5
_FREE_S = 10.0
"""How long a statement waits for one of our own connections."""
ANSWER_S = 5.0
"""How long a statement may take; a cut link would keep it for ever."""
_IDLE = "SET idle_in_transaction_session_timeout = '60s'"
"""A process that was stopped midway must not hold the server's vacuum back for long."""
_OLDEST_MAJOR = 14

_ABOUT = text(
    "SELECT current_setting('server_version') AS version,"
    " current_setting('server_version_num')::int / 10000 AS major,"
    " pg_is_in_recovery() AS is_standby,"
    " current_setting('server_encoding') AS encoding"
)

POSTGRESQL = Dialect(
    # The same clauses by another class, which would be loaded for SQLite too if it were named.
    insert=cast("InsertInto", postgresql.insert),
    failures=(
        SQLAlchemyError,
        OSError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ),
    replicated=True,
)


def connect_server(server: Server, *, answer_s: float | None = ANSWER_S) -> Database:
    """Get ready to use the server; nothing is opened before the first statement.

    *answer_s* is what a statement may take, in seconds; None: as long as it needs.
    """

    async def connect() -> asyncpg.Connection:
        connection = await asyncpg.connect(
            server.address, timeout=ANSWER_S, command_timeout=answer_s
        )
        await connection.execute(_IDLE)  # not at the start, where PgBouncer refuses it
        return connection

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_FREE_S,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    # What is one statement is one round trip: no BEGIN before it, no COMMIT after it.
    return Database(engine, _without_begin(engine), POSTGRESQL)


def _without_begin(engine: AsyncEngine) -> AsyncEngine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _refuse_closed(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Let the pool open new connections where the server closed this one; it costs no question."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def describe_server(connection: Connection) -> str:
    """Say which server answers.

    Raises:
        UnusableStoreError: it is too old, cannot be written, or cannot keep every character.
    """
    about = connection.execute(_ABOUT).one()
    trouble = find_trouble(about)
    if trouble is not None:
        raise UnusableStoreError(f"store.url: {trouble}")
    return f"PostgreSQL {about.version.partition(' ')[0]}"


def find_trouble(about: Row[Any]) -> str | None:
    """Say why a server cannot keep the store; None where it can.

    *about* has its ``version``, the ``major`` one as a number, whether it ``is_standby``, and its
    ``encoding``.
    """
    if about.major < _OLDEST_MAJOR:
        return f"PostgreSQL {about.version} is too old; {_OLDEST_MAJOR} is the oldest that will do"
    if about.is_standby:
        return "PostgreSQL is a read-only standby; name the primary server in store.url"
    if about.encoding != "UTF8":
        return f"the database is encoded as {about.encoding}; create it with ENCODING 'UTF8'"
    return None
