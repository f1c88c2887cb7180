"""Which version the tables are at, and how they get to this one.

Alembic's own table says it. Alembic itself is imported only where something is to be done.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, column, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database
from bot.store.errors import UnusableStoreError, explain

REVISIONS = ("0001",)
"""Every migration this version brings, oldest first; a test compares them with the files."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"


async def bring_up_to_date(database: Database) -> str | None:
    """Migrate to this version; give the revision that was found, None for an empty store.

    One transaction: either the store is at this version afterwards, or it is as it was.

    Raises:
        UnusableStoreError: not a database, not ours, of a newer version, or not to be written.
    """
    try:
        async with database.writer.begin() as connection:
            found = await connection.run_sync(read_revision)
            if found != REVISIONS[-1]:
                await connection.run_sync(_migrate)
    except SQLAlchemyError as error:
        raise UnusableStoreError(f"store.url: {explain(error)}") from error
    return found


def read_revision(connection: Connection) -> str | None:
    """Tell which of ``REVISIONS`` the tables are at; None where there are no tables.

    Raises:
        UnusableStoreError: somebody else's tables, or those of a newer version.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if _VERSION_TABLE not in tables:
        raise UnusableStoreError(
            "store.url: the database belongs to another program; name another file"
        )
    told: Select[Any] = select(column("version_num")).select_from(table(_VERSION_TABLE))
    found = str(connection.execute(told).scalar())
    if found not in REVISIONS:
        raise UnusableStoreError(
            f"store.url: the store is at schema {found}, and this version knows none after"
            f" {REVISIONS[-1]}; install the newer version of mediatask again, or restore the"
            " backup made before it"
        )
    return found


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # a tenth of a second, needed once per version
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
