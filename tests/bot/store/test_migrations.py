"""Migrating, on both dialects; and living with the next version's migration, made up here."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, String, bindparam, text

from bot.store import delivery_tables, migrations, oncall_tables, watch_tables
from bot.store.alerts import Alerts
from bot.store.database import Database
from bot.store.errors import UnusableStoreError
from bot.store.location import Server, read_location
from bot.store.lock import create_private
from bot.store.maintenance import examine_store, migrate_store
from bot.store.opening import open_database
from bot.store.postgres import connect_server
from bot.store.schema import REVISIONS, bring_up_to_date
from bot.store.sqlite_file import connect_file
from bot.store.store import open_store
from bot.store.tables import metadata
from tests.bot.store.samples import NOW, REF
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Databases

assert delivery_tables.deliveries.metadata is watch_tables.tasks.metadata is metadata
assert oncall_tables.alerts.metadata is metadata

NEXT = "9001"
PARTIAL = re.compile(r"\bWHERE\b")


@pytest.fixture
async def empty_postgres_url(databases: Databases) -> AsyncIterator[str]:
    name = await databases.create()
    yield databases.url(name)
    await databases.drop(name)


@asynccontextmanager
async def server_database(url: str) -> AsyncIterator[Database]:
    """Use a database whatever is in it."""
    server = read_location(url)
    assert isinstance(server, Server)
    database = connect_server(server)
    yield database
    await database.close()


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


def move_on(oldest: str) -> Callable[[Connection], None]:
    """Migrate as the version after this one might: a column more, which this one does not know."""

    def migrate(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        for table in ("wait", "task", "delivery"):
            operations.add_column(table, Column("next_idea", String))
        operations.execute(
            text("UPDATE alembic_version SET version_num = :next").bindparams(next=NEXT)
        )
        operations.execute(text("UPDATE compatibility SET oldest = :o").bindparams(o=oldest))

    return migrate


async def be_migrated_by_the_next_version(url: str, oldest: str) -> None:
    async with open_database(url) as opened:
        await opened.database.transact(lambda transaction: transaction.run_sync(move_on(oldest)))


async def test_the_migrated_schema_is_the_one_the_code_believes_in(store_url: str) -> None:
    async with (
        open_database(store_url) as opened,
        opened.database.reader.connect() as connection,
    ):
        assert await connection.run_sync(differences) == []


async def test_a_table_nobody_migrated_would_be_noticed(store_url: str) -> None:
    async with open_database(store_url) as opened:
        await opened.database.change(text("drop table heartbeat"))
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


async def test_an_index_is_partial_in_both_dialects_or_in_none(url: str, postgres_url: str) -> None:
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    postgres = "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname='public'"

    async def partial(address: str, told: str) -> set[str]:
        async with open_database(address) as opened:
            rows = await opened.database.fetch(text(told))
            return {row.name for row in rows if PARTIAL.search(row.sql)}

    assert await partial(url, sqlite) == await partial(postgres_url, postgres) != set()


async def test_rows_that_are_written_often_have_room_on_postgresql(postgres_url: str) -> None:
    told = text(
        "SELECT relname FROM pg_class WHERE 'fillfactor=80' = ANY(reloptions)"
        " OR 'fillfactor=10' = ANY(reloptions) ORDER BY relname"
    )
    async with open_database(postgres_url) as opened:
        rows = await opened.database.fetch(told)

    assert [row.relname for row in rows] == ["lease", "pace", "task"]


def migrate_to(revision: str) -> Callable[[Connection], None]:
    """Migrate as an older version did."""

    def migrate(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, revision)

    return migrate


async def see_a_task_end(database: Database, task_id: int) -> None:
    """Note what a version before alerts noted."""
    await database.change(
        text(
            "INSERT INTO task (id, provider, account, task_id, lane, is_open, tag, born_at,"
            " added_at, changed_at) VALUES (:id, 'mpc', 'main', 'task-' || :id, 'mpc@main',"
            " false, 0, 1, 1, 1)"
        ).bindparams(bindparam("id", task_id, Integer))
    )
    await database.change(
        text(
            "INSERT INTO transition (task_id, version, after, happened_at, seen_at, source,"
            " confirmed) VALUES (:id, 1, 'failed', 1, 2, 'poll', true)"
        ).bindparams(bindparam("id", task_id, Integer))
    )


async def test_nobody_is_alerted_of_what_ended_before_alerts_were_there(path: Path) -> None:
    create_private(path)
    database = connect_file(path)
    await database.transact(lambda transaction: transaction.run_sync(migrate_to("0003")))
    await see_a_task_end(database, 1)
    await bring_up_to_date(database)
    await see_a_task_end(database, 2)

    unrouted = await Alerts(database).unrouted(10)

    assert [one.transition.task_id for one in unrouted] == [2]
    await database.close()


async def test_opening_a_file_again_migrates_nothing(url: str) -> None:
    async with open_database(url) as opened:
        first = opened.found

    async with open_database(url) as opened:
        second = opened.found

    assert (first, second) == (None, REVISIONS[-1])


async def test_a_migration_that_fails_midway_leaves_the_store_as_it_was(path: Path) -> None:
    create_private(path)
    database = connect_file(path)
    async with database.writer.connect() as connection:
        await connection.execute(text("PRAGMA max_page_count = 8"))

    with pytest.raises(UnusableStoreError, match="the disk is full"):
        await bring_up_to_date(database)

    async with database.reader.connect() as connection:
        assert await connection.run_sync(schema_sql) == {}
    await database.close()


async def test_a_server_is_migrated_by_command_alone(
    empty_postgres_url: str, clock: FakeClock
) -> None:
    with pytest.raises(UnusableStoreError, match=r"none yet and .* run mediatask migrate"):
        async with open_store(empty_postgres_url, clock):
            pytest.fail("it opened")
    with pytest.raises(UnusableStoreError, match="none yet"):
        await examine_store(empty_postgres_url)

    said = [await migrate_store(empty_postgres_url) for _ in range(2)]

    newest = REVISIONS[-1]
    assert said == [f"a new store at schema {newest}", f"the store is at schema {newest} already"]
    async with open_store(empty_postgres_url, clock) as store:
        await store.check_writable()


async def test_two_who_migrate_a_server_at_once_migrate_it_once(empty_postgres_url: str) -> None:
    said = await asyncio.gather(*(migrate_store(empty_postgres_url) for _ in range(3)))

    newest = REVISIONS[-1]
    again = f"the store is at schema {newest} already"
    assert sorted(said) == [f"a new store at schema {newest}", again, again]


async def test_a_server_that_is_behind_is_refused_and_told_how_far(
    empty_postgres_url: str, clock: FakeClock
) -> None:
    await migrate_store(empty_postgres_url)
    async with server_database(empty_postgres_url) as database:
        await database.change(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(UnusableStoreError, match="at schema 0001 and this version needs"):
        async with open_store(empty_postgres_url, clock):
            pytest.fail("it opened")


async def test_another_programs_database_on_a_server_is_refused(empty_postgres_url: str) -> None:
    async with server_database(empty_postgres_url) as database:
        await database.change(text("CREATE TABLE song (title text)"))

    with pytest.raises(UnusableStoreError, match="belongs to another program"):
        await migrate_store(empty_postgres_url)


async def test_this_version_works_on_what_the_next_one_migrated(
    store_url: str, clock: FakeClock
) -> None:
    await be_migrated_by_the_next_version(store_url, oldest=REVISIONS[-1])

    async with open_store(store_url, clock) as store:
        begun = await store.add_wait("T1", "Fx1", REF, until=NOW, at=NOW)
        due = await store.due_waits(NOW, 10)
        first_slot = await store.paces.take("lane", 1.0, ahead_s=1.0)

    assert due == [begun]
    assert first_slot == 0
    assert (await examine_store(store_url)).endswith(f"schema {NEXT}")
    assert await migrate_store(store_url) == f"the store is at schema {NEXT} already"


async def test_what_the_version_after_the_next_migrated_is_refused(
    store_url: str, clock: FakeClock
) -> None:
    await be_migrated_by_the_next_version(store_url, oldest="9000")

    with pytest.raises(UnusableStoreError, match=f"at schema {NEXT}, which is too new"):
        async with open_store(store_url, clock):
            pytest.fail("it opened")


async def test_the_store_says_which_oldest_version_may_use_it(store_url: str) -> None:
    async with open_database(store_url) as opened:
        rows = await opened.database.fetch(text("SELECT id, oldest FROM compatibility"))

    assert len(rows) == 1
    assert rows[0].oldest in REVISIONS


def test_every_migration_file_is_known_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")

    script = ScriptDirectory.from_config(config)

    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS
