"""Which version the tables are at, which versions of the program may use them, and migrating.

Alembic's own table says the first; ``compatibility`` says the second, because a table that was
migrated by the next version is still used by this one while replicas are replaced one by one.
Alembic itself is imported only where something is to be done.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, column, inspect, select, table

from bot.store.database import Database
from bot.store.errors import StoreError, UnusableStoreError

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every migration this version brings, oldest first; a test compares them with the files."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"
_COMPATIBILITY = "compatibility"

_Told = TypeVar("_Told")


async def bring_up_to_date(database: Database) -> str | None:
    """Migrate to this version; give the revision that was found, None for an empty store.

    One transaction: either the store is at this version afterwards, or it is as it was. A store
    that is newer already is left alone.

    Raises:
        UnusableStoreError: the database failed, or as for ``read_revision``.
    """
    return await ask(database, migrate)


async def ask(database: Database, question: Callable[[Connection], _Told]) -> _Told:
    """Run *question* in one transaction; where that fails, the operator has to do something.

    Raises:
        UnusableStoreError: the question's own, or the database failed.
    """
    try:
        return await database.transact(lambda transaction: transaction.run_sync(question))
    except UnusableStoreError:
        raise
    except StoreError as error:
        raise UnusableStoreError(f"store.url: {error}") from error


def migrate(connection: Connection) -> str | None:
    """Do what ``bring_up_to_date`` does, in the connection's transaction."""
    found = read_revision(connection)
    if is_behind(found):
        _migrate(connection)
    return found


def is_behind(revision: str | None) -> bool:
    """Tell whether this version's tables are not all there yet."""
    return revision is None or revision in REVISIONS[:-1]


def read_revision(connection: Connection) -> str | None:
    """Tell what the tables are at: one of ``REVISIONS``, a later one, None for no tables.

    Raises:
        UnusableStoreError: somebody else's tables, or too new for this version.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if _VERSION_TABLE not in tables:
        raise UnusableStoreError(
            "store.url: the database belongs to another program; name another one"
        )
    found = _read(connection, "version_num", _VERSION_TABLE)
    if found not in REVISIONS and not _is_compatible(connection, tables):
        raise UnusableStoreError(
            f"store.url: the store is at schema {found}, which is too new for a version that knows"
            f" {REVISIONS[-1]}; install the newer version of mediatask again, or restore the"
            " backup made before it"
        )
    return found


def _is_compatible(connection: Connection, tables: list[str]) -> bool:
    """Tell whether the later version that made the tables lets this one use them."""
    return _COMPATIBILITY in tables and _read(connection, "oldest", _COMPATIBILITY) in REVISIONS


def _read(connection: Connection, name: str, of: str) -> str:
    told: Select[Any] = select(column(name)).select_from(table(of))
    return str(connection.execute(told).scalar())


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # a tenth of a second, needed once per version
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
