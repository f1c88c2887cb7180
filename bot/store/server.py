"""A PostgreSQL database as the store: opened for the bot, migrated and examined for its operator.

``mediatask migrate`` alone changes the tables, because replicas that are still of the version
before use them too.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, text

from bot.store.database import Database
from bot.store.errors import UnusableStoreError
from bot.store.location import Server
from bot.store.postgres import ANSWER_S, connect_server, describe_server
from bot.store.schema import REVISIONS, ask, is_behind, migrate, read_revision

_ONE_MIGRATION = text("SELECT pg_advisory_xact_lock(7216143200265)")
"""Whoever migrates at the same time waits here; the number is this program's alone."""


@asynccontextmanager
async def open_server(server: Server) -> AsyncIterator[tuple[Database, str]]:
    """Hold the database for as long as the context lasts; the text is the revision it is at.

    Raises:
        UnusableStoreError: it cannot be used, in words for the operator.
    """
    async with _connected(server, answer_s=ANSWER_S) as database:
        yield database, await ask(database, _find_usable)


async def migrate_server(server: Server) -> str | None:
    """Bring the tables up to date; give the revision that was found, None for an empty database.

    Raises:
        UnusableStoreError: it cannot be migrated, in words for the operator.
    """
    async with _connected(server, answer_s=None) as database:
        return await ask(database, _migrate_alone)


async def examine_server(server: Server) -> str:
    """Say which server and database it is, and how, changing nothing.

    Raises:
        UnusableStoreError: the bot could not use it, in words for the operator.
    """

    def examine(connection: Connection) -> str:
        return f"{describe_server(connection)}, {server.label}, schema {_find_usable(connection)}"

    async with _connected(server, answer_s=ANSWER_S) as database:
        return await ask(database, examine)


@asynccontextmanager
async def _connected(server: Server, *, answer_s: float | None) -> AsyncIterator[Database]:
    database = connect_server(server, answer_s=answer_s)
    try:
        yield database
    finally:
        await database.close()


def _migrate_alone(connection: Connection) -> str | None:
    describe_server(connection)
    connection.execute(_ONE_MIGRATION)
    return migrate(connection)


def _find_usable(connection: Connection) -> str:
    """Give the revision; refuse a server or a schema this version cannot work with."""
    describe_server(connection)
    found = read_revision(connection)
    if found is None or is_behind(found):
        raise UnusableStoreError(
            f"store.url: the database is at schema {found or 'none yet'} and this version needs"
            f" {REVISIONS[-1]}; run mediatask migrate"
        )
    return found
