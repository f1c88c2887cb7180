from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store import migrations
from bot.store.database import connect_database
from bot.store.errors import UnusableStoreError
from bot.store.lock import create_private
from bot.store.opening import open_database
from bot.store.schema import REVISIONS, bring_up_to_date
from bot.store.tables import metadata


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def schema_sql(connection: Connection) -> dict[str, str]:
    """Read each table and index as SQLite keeps it, spaces and quotes aside."""
    told = "select name, sql from sqlite_master where sql is not null and name not like 'alembic%'"
    rows = connection.execute(text(told)).all()
    return {row.name: "".join(row.sql.split()).replace('"', "") for row in rows}


async def test_the_migrated_schema_is_the_one_the_code_believes_in(url: str) -> None:
    async with open_database(url) as opened, opened.database.reader.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_table_nobody_migrated_would_be_noticed(url: str) -> None:
    async with open_database(url) as opened:
        async with opened.database.writer.begin() as connection:
            await connection.execute(text("drop table heartbeat"))
        async with opened.database.reader.connect() as connection:
            assert len(await connection.run_sync(differences)) == 1


async def test_partial_indexes_and_keys_are_migrated_as_declared(url: str) -> None:
    """What Alembic's comparison does not look at: predicates, primary keys, AUTOINCREMENT."""
    async with open_database("sqlite://") as declared, open_database(url) as migrated:
        async with declared.database.writer.begin() as connection:
            await connection.run_sync(metadata.drop_all)
            await connection.run_sync(metadata.create_all)
            wanted = await connection.run_sync(schema_sql)
        async with migrated.database.reader.connect() as connection:
            assert await connection.run_sync(schema_sql) == wanted


async def test_migrating_again_changes_nothing(url: str) -> None:
    async with open_database(url) as opened:
        first = opened.found

    async with open_database(url) as opened:
        second = opened.found

    assert (first, second) == (None, REVISIONS[-1])


async def test_a_migration_that_fails_midway_leaves_the_store_as_it_was(path: Path) -> None:
    create_private(path)
    database = connect_database(path)
    async with database.writer.connect() as connection:
        await connection.execute(text("PRAGMA max_page_count = 8"))

    with pytest.raises(UnusableStoreError, match="the disk is full"):
        await bring_up_to_date(database)

    async with database.reader.connect() as connection:
        assert await connection.run_sync(schema_sql) == {}
    await database.close()


def test_every_migration_file_is_known_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")

    script = ScriptDirectory.from_config(config)

    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS
