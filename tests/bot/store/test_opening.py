import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.errors import UnusableStoreError
from bot.store.store import open_store
from tests.bot.store.samples import NOW, overwrite, write_garbage
from tests.fakes.clock import FakeClock


async def refusal(path: Path) -> str:
    """Open what cannot be opened and give the sentence the operator reads."""
    with pytest.raises(UnusableStoreError) as caught:
        async with open_store(f"sqlite:///{path}", FakeClock()):
            pytest.fail("it opened")
    return str(caught.value)


def write_with_sqlite(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


async def test_what_was_remembered_is_there_after_a_restart(url: str, clock: FakeClock) -> None:
    async with open_store(url, clock) as store:
        await store.is_first("T1", "Ev1", NOW)

    async with open_store(url, clock) as store:
        assert not await store.is_first("T1", "Ev1", NOW)


async def test_a_store_in_memory_is_forgotten(clock: FakeClock) -> None:
    async with open_store("sqlite://", clock) as store:
        await store.is_first("T1", "Ev1", NOW)

    async with open_store("sqlite://", clock) as store:
        assert await store.is_first("T1", "Ev1", NOW)


async def test_only_its_owner_may_read_the_file(url: str, path: Path, clock: FakeClock) -> None:
    async with open_store(url, clock):
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == {0o600}


async def test_a_second_store_on_the_same_file_is_refused_with_the_first_ones_process(
    url: str, path: Path, clock: FakeClock
) -> None:
    async with open_store(url, clock):
        said = await refusal(path)

    assert f"in use by another mediatask (process {os.getpid()})" in said


async def test_a_refused_file_is_not_kept_locked(path: Path) -> None:
    write_garbage(path)

    refusals = [await refusal(path) for _ in range(2)]

    assert not any("in use" in said for said in refusals)


async def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    said = await refusal(tmp_path / "nowhere" / "m.db")

    assert f"the directory {tmp_path / 'nowhere'} does not exist" in said


async def test_a_file_where_a_directory_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = await refusal(tmp_path / "file" / "m.db")

    assert "cannot be written (Not a directory)" in said


async def test_a_directory_where_the_file_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.db").mkdir()

    said = await refusal(tmp_path / "m.db")

    assert f"{tmp_path / 'm.db'} cannot be written (Is a directory)" in said


async def test_a_link_that_leads_nowhere_but_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.db").symlink_to("m.db")

    said = await refusal(tmp_path / "m.db")

    assert "m.db cannot be written (Too many levels of symbolic links)" in said


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    write_garbage(path)

    assert "not a SQLite database" in await refusal(path)


async def test_a_damaged_database_is_refused(url: str, path: Path, clock: FakeClock) -> None:
    async with open_store(url, clock):
        pass
    overwrite(path, 100, 3000)

    assert "the file is damaged" in await refusal(path)


async def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    write_with_sqlite(path, "create table song (title text)")

    said = await refusal(path)

    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("select name from sqlite_master").fetchall()
    assert "belongs to another program" in said
    assert tables == [("song",)]


async def test_a_newer_versions_store_is_refused_and_left_alone(
    url: str, path: Path, clock: FakeClock
) -> None:
    async with open_store(url, clock):
        pass
    write_with_sqlite(
        path,
        "update alembic_version set version_num = '0099';update compatibility set oldest = '0098'",
    )

    said = await refusal(path)

    assert "at schema 0099, which is too new for a version that knows" in said
    assert "restore the backup" in said
