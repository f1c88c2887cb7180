"""Open the store's database, and undo it in reverse.

Whoever opens a SQLite file locks, creates and migrates it; a server's database is only looked at.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.store.database import Database
from bot.store.errors import UnusableStoreError
from bot.store.location import Server, read_location
from bot.store.lock import FileLock, create_private
from bot.store.schema import REVISIONS, bring_up_to_date, is_behind
from bot.store.sqlite_file import connect_file

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database whose schema this version can use."""

    database: Database
    path: Path | None
    """None: in memory, or on a server."""
    found: str | None
    """The revision it was at before; None: it was empty."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Opened]:
    """Hold the database for as long as the context lasts.

    Raises:
        UnusableStoreError: it cannot be opened, in words for the operator.
    """
    location = read_location(url)
    if isinstance(location, Server):
        require_driver()
        from bot.store.server import open_server  # noqa: PLC0415  # not loaded for SQLite

        async with open_server(location) as (database, found):
            yield Opened(database, None, found)
    else:
        async with _open_file(location) as opened:
            yield opened


def require_driver() -> None:
    """Find out whether this installation can speak to PostgreSQL.

    Raises:
        UnusableStoreError: it cannot.
    """
    if find_spec("asyncpg") is None:
        raise UnusableStoreError(
            "store.url: PostgreSQL needs its driver: pip install 'mediatask[postgres]'"
        )


@asynccontextmanager
async def _open_file(path: Path | None) -> AsyncIterator[Opened]:
    async with AsyncExitStack() as stack:
        if path is not None:
            stack.callback(FileLock.take(path).release)
            create_private(path)
        database = connect_file(path)
        stack.push_async_callback(database.close)
        found = await bring_up_to_date(database)
        if is_behind(found):
            log.info("store_migrated from=%s to=%s", found or "nothing", REVISIONS[-1])
        yield Opened(database, path, found)
