"""Open the store's database: lock it, create it, bring it up to date; undone in reverse."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.store.database import Database, connect_database
from bot.store.location import read_location
from bot.store.lock import FileLock, create_private
from bot.store.schema import REVISIONS, bring_up_to_date

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database at this version's schema, which no other process has."""

    database: Database
    path: Path | None
    """None: in memory."""
    found: str | None
    """The revision it was at before; None: it was empty."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Opened]:
    """Hold the database for as long as the context lasts.

    Raises:
        UnusableStoreError: it cannot be opened, in words for the operator.
    """
    path = read_location(url)
    async with AsyncExitStack() as stack:
        if path is not None:
            stack.callback(FileLock.take(path).release)
            create_private(path)
        database = connect_database(path)
        stack.push_async_callback(database.close)
        found = await bring_up_to_date(database)
        if found != REVISIONS[-1]:
            log.info("store_migrated from=%s to=%s", found or "nothing", REVISIONS[-1])
        yield Opened(database, path, found)
