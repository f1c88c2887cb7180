"""The outbox as its operator reaches it, also while a running bot has the store.

The lock beside a SQLite file keeps a second bot out, whose memory would go stale. It does not keep
out one short change of a delivery, which no bot remembers: SQLite lets one program commit at a time
and the other wait, five seconds at most.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.store.deliveries import Deliveries
from bot.store.errors import UnusableStoreError, explain
from bot.store.location import Server, read_location
from bot.store.opening import require_driver
from bot.store.schema import REVISIONS, is_behind, read_revision
from bot.store.sqlite_file import connect_file


@asynccontextmanager
async def open_deliveries(url: str) -> AsyncIterator[Deliveries]:
    """Hold the outbox for as long as the context lasts; nothing is locked or migrated.

    Raises:
        UnusableStoreError: there is none, or it is of another version, in words for the operator.
    """
    location = read_location(url)
    if isinstance(location, Server):
        require_driver()
        from bot.store.server import open_server  # noqa: PLC0415  # not loaded for SQLite

        async with open_server(location) as (database, _):
            yield Deliveries(database)
        return
    async with _open_file(location) as deliveries:
        yield deliveries


@asynccontextmanager
async def _open_file(path: Path | None) -> AsyncIterator[Deliveries]:
    database = connect_file(_require_file(path))
    try:
        async with database.reader.connect() as connection:
            await connection.run_sync(_require_revision)
        yield Deliveries(database)
    except SQLAlchemyError as error:
        raise UnusableStoreError(f"store.url: {explain(error)}") from error
    finally:
        await database.close()


def _require_file(path: Path | None) -> Path:
    if path is None:
        raise UnusableStoreError("store.url: a store in memory is its bot's alone")
    if not path.is_file():
        raise UnusableStoreError(f"store.url: there is no {path} yet; serve creates it")
    return path


def _require_revision(connection: Connection) -> None:
    found = read_revision(connection)
    if is_behind(found):
        raise UnusableStoreError(
            f"store.url: the store is at schema {found or 'none yet'} and this version needs"
            f" {REVISIONS[-1]}; run mediatask migrate"
        )
