"""The store seen by its operator: ``mediatask migrate``, and a line for ``mediatask doctor``."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.errors import UnusableStoreError, explain
from bot.store.location import Server, read_location
from bot.store.opening import open_database, require_driver
from bot.store.schema import REVISIONS, is_behind, read_revision
from bot.store.sqlite_file import connect_file

_LIBRARY = f"SQLite {sqlite3.sqlite_version}"


async def migrate_store(url: str) -> str:
    """Bring the store to this version and say what that took.

    Raises:
        UnusableStoreError: it cannot be opened, or a running bot has the file.
    """
    location = read_location(url)
    if isinstance(location, Server):
        require_driver()
        from bot.store.server import migrate_server  # noqa: PLC0415  # not loaded for SQLite

        return describe_migration(await migrate_server(location), REVISIONS[-1])
    async with open_database(url) as opened:
        return describe_migration(opened.found, REVISIONS[-1])


def describe_migration(found: str | None, wanted: str) -> str:
    """Say how a store came from the revision that was *found* to the one that was *wanted*."""
    if found is None:
        return f"a new store at schema {wanted}"
    if not is_behind(found):
        return f"the store is at schema {found} already"
    return f"migrated the store from schema {found} to {wanted}"


async def examine_store(url: str) -> str:
    """Say how the store is, changing nothing, also while a running bot has it.

    Raises:
        UnusableStoreError: the bot could not use it, in words for the operator.
    """
    location = read_location(url)
    if isinstance(location, Server):
        require_driver()
        from bot.store.server import examine_server  # noqa: PLC0415  # not loaded for SQLite

        return await examine_server(location)
    if location is None:
        return f"{_LIBRARY}, in memory: everything is forgotten when the bot stops"
    return await _examine_path(location)


async def _examine_path(path: Path) -> str:
    if not _is_written(path):
        return f"{_LIBRARY}, {path} will be created"
    database = connect_file(path)
    try:
        async with database.reader.connect() as connection:
            return f"{_LIBRARY}, {path}, {await connection.run_sync(_examine)}"
    except SQLAlchemyError as error:
        raise UnusableStoreError(f"store.url: {explain(error)}") from error
    finally:
        await database.close()


def _is_written(path: Path) -> bool:
    """Find out without a trace what ``serve`` will find out by writing."""
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
        raise UnusableStoreError(
            f"store.url: the directory {path.parent} does not exist or cannot be written"
        )
    if path.exists() and not os.access(path, os.W_OK, effective_ids=True):
        raise UnusableStoreError(f"store.url: {path} cannot be written")
    return path.exists() and path.stat().st_size > 0


def _examine(connection: Connection) -> str:
    found = read_revision(connection)
    damage = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if damage != "ok":
        raise UnusableStoreError(
            "store.url: the file is damaged; restore it from a backup, or move it away"
        )
    if is_behind(found):
        return f"schema {found or 'none yet'}, which serve migrates to {REVISIONS[-1]}"
    return f"schema {found}"
