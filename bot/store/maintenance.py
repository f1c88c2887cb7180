"""The store seen by its operator: ``mediatask migrate``, and a line for ``mediatask doctor``."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import connect_database
from bot.store.errors import UnusableStoreError, explain
from bot.store.location import read_location
from bot.store.opening import open_database
from bot.store.schema import REVISIONS, read_revision

_LIBRARY = f"SQLite {sqlite3.sqlite_version}"


async def migrate_store(url: str) -> str:
    """Bring the store to this version and say what that took.

    Raises:
        UnusableStoreError: it cannot be opened, or a running bot has it.
    """
    async with open_database(url) as opened:
        return describe_migration(opened.found, REVISIONS[-1])


def describe_migration(found: str | None, wanted: str) -> str:
    """Say how a store came from the revision that was *found* to the one that was *wanted*."""
    if found is None:
        return f"a new store at schema {wanted}"
    if found == wanted:
        return f"the store is at schema {wanted} already"
    return f"migrated the store from schema {found} to {wanted}"


async def examine_store(url: str) -> str:
    """Say how the store is, changing nothing, also while a running bot has it.

    Raises:
        UnusableStoreError: the bot could not use it, in words for the operator.
    """
    path = read_location(url)
    if path is None:
        return f"{_LIBRARY}, in memory: everything is forgotten when the bot stops"
    _check_access(path)
    if not path.exists() or not path.stat().st_size:
        return f"{_LIBRARY}, {path} will be created"
    database = connect_database(path)
    try:
        async with database.reader.connect() as connection:
            return f"{_LIBRARY}, {path}, {await connection.run_sync(_examine)}"
    except SQLAlchemyError as error:
        raise UnusableStoreError(f"store.url: {explain(error)}") from error
    finally:
        await database.close()


def _check_access(path: Path) -> None:
    """Find out without a trace what ``serve`` will find out by writing."""
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
        raise UnusableStoreError(
            f"store.url: the directory {path.parent} does not exist or cannot be written"
        )
    if path.exists() and not os.access(path, os.W_OK, effective_ids=True):
        raise UnusableStoreError(f"store.url: {path} cannot be written")


def _examine(connection: Connection) -> str:
    found = read_revision(connection)
    damage = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if damage != "ok":
        raise UnusableStoreError(
            "store.url: the file is damaged; restore it from a backup, or move it away"
        )
    if found == REVISIONS[-1]:
        return f"schema {found}"
    return f"schema {found or 'none yet'}, which serve migrates to {REVISIONS[-1]}"
