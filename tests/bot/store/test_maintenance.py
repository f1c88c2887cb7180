import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.store.errors import UnusableStoreError
from bot.store.maintenance import describe_migration, examine_store, migrate_store
from bot.store.opening import open_database
from bot.store.schema import REVISIONS
from bot.store.store import open_store
from tests.bot.store.samples import NOW, overwrite, write_garbage, write_receipts
from tests.fakes.clock import FakeClock

NEWEST = REVISIONS[-1]
NOBODY = 65534
PAGE = 4096


@contextmanager
def powerless() -> Iterator[None]:
    """Give up root's right to write everywhere, where the tests have it."""
    mighty = os.geteuid() == 0
    if mighty:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if mighty:
            os.seteuid(0)


def set_mode(name: str, mode: int) -> None:
    Path(name).chmod(mode)


async def test_migrating_says_what_it_took(url: str) -> None:
    assert await migrate_store(url) == f"a new store at schema {NEWEST}"
    assert await migrate_store(url) == f"the store is at schema {NEWEST} already"


def test_a_migration_says_from_where_to_where() -> None:
    assert describe_migration("0001", "0002") == "migrated the store from schema 0001 to 0002"


async def test_migrating_while_a_bot_runs_is_refused(url: str, clock: FakeClock) -> None:
    async with open_store(url, clock):
        with pytest.raises(UnusableStoreError, match="in use by another mediatask"):
            await migrate_store(url)


async def test_a_store_in_use_can_be_examined(url: str, path: Path, clock: FakeClock) -> None:
    async with open_store(url, clock):
        said = await examine_store(url)

    assert said == f"SQLite {sqlite3.sqlite_version}, {path}, schema {NEWEST}"


async def test_examining_a_store_that_is_not_there_makes_none(url: str, path: Path) -> None:
    said = await examine_store(url)

    assert said.endswith(f"{path} will be created")
    assert not list(path.parent.iterdir())


async def test_a_store_in_memory_is_said_to_forget() -> None:
    assert "forgotten when the bot stops" in await examine_store("sqlite://")


async def test_a_database_without_tables_is_said_to_be_migrated(url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode=wal")

    assert (await examine_store(url)).endswith(f"schema none yet, which serve migrates to {NEWEST}")


async def test_a_missing_directory_is_found(tmp_path: Path) -> None:
    with pytest.raises(UnusableStoreError, match="nowhere does not exist or cannot be written"):
        await examine_store(f"sqlite:///{tmp_path}/nowhere/m.db")


async def test_a_file_that_is_no_database_is_found(url: str, path: Path) -> None:
    write_garbage(path)

    with pytest.raises(UnusableStoreError, match="not a SQLite database"):
        await examine_store(url)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "said"),
    [
        (0o555, 0o444, "the directory .* cannot be written"),
        (0o777, 0o444, "m.db cannot be written"),
    ],
)
async def test_what_may_not_be_written_is_found(
    folder_mode: int, file_mode: int, said: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/m.db"
        os.close(os.open(f"{name}/m.db", os.O_CREAT, file_mode))
        set_mode(name, folder_mode)

        with powerless(), pytest.raises(UnusableStoreError, match=said):
            await examine_store(url)

        set_mode(name, 0o700)


async def test_damage_deep_in_the_file_is_found(url: str, path: Path) -> None:
    async with open_database(url) as opened:
        await write_receipts(opened.database, 500, NOW)
    overwrite(path, -3 * PAGE, PAGE)

    with pytest.raises(UnusableStoreError, match="the file is damaged"):
        await examine_store(url)
