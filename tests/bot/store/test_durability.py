import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.errors import StoreError, UnusableStoreError
from bot.store.maintenance import examine_store
from bot.store.opening import open_database
from bot.store.schema import REVISIONS
from bot.store.store import Store, open_store
from tests.bot.store.samples import NOW
from tests.fakes.clock import FakeClock

WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from itertools import count
from bot.store.store import open_store
from providers.clock import SystemClock

async def write(url):
    async with open_store(url, SystemClock()) as store:
        for n in count():
            await store.is_first("T1", f"Ev{n}", datetime(2026, 11, 20, tzinfo=UTC))
            print(n, flush=True)

asyncio.run(write(sys.argv[1]))
"""


@asynccontextmanager
async def writing_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a process that records receipts for ever and says each one it was promised."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, url, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def read_acknowledged(process: asyncio.subprocess.Process, until: int) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while int(await process.stdout.readline()) < until:
            pass


def move_away(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))


async def test_a_killed_writer_loses_nothing_it_acknowledged(
    store_url: str, clock: FakeClock
) -> None:
    for round_ in range(1, 4):
        async with writing_process(store_url) as process:
            await read_acknowledged(process, until=round_ * 20)
            process.send_signal(signal.SIGKILL)
            assert process.stdout is not None
            rest = await process.stdout.read()

        assert f"schema {REVISIONS[-1]}" in await examine_store(store_url)
        last = int(rest.split()[-1]) if rest else round_ * 20
        async with open_store(store_url, clock) as store:
            again = [await store.is_first("T1", f"Ev{n}", NOW) for n in range(last + 1)]
        assert not any(again)


async def test_a_store_another_process_writes_is_refused_until_that_ends(
    url: str, clock: FakeClock
) -> None:
    async with writing_process(url) as process:
        await read_acknowledged(process, until=0)
        with pytest.raises(UnusableStoreError, match=rf"\(process {process.pid}\)"):
            async with open_store(url, clock):
                pytest.fail("it opened")

    async with open_store(url, clock) as store:
        await store.check_writable()


async def test_a_full_disk_is_told_and_leaves_the_store_as_it_was(
    clock: FakeClock, url: str
) -> None:
    async with open_database(url) as opened:
        store = Store(opened.database, clock)
        await store.is_first("T1", "Ev1", NOW)
        async with opened.database.writer.connect() as connection:
            await connection.execute(text("PRAGMA max_page_count = 1"))

        with pytest.raises(StoreError, match="the disk is full"):
            await store.is_first("T1", "x" * 100_000, NOW)
        async with opened.database.writer.connect() as connection:
            await connection.execute(text("PRAGMA max_page_count = 1000000"))

        assert await store.is_first("T1", "x" * 100_000, NOW)
        assert not await store.is_first("T1", "Ev1", NOW)


async def test_whoever_is_cancelled_leaves_the_one_writer_intact(store: Store) -> None:
    impatient = [asyncio.create_task(store.is_first("T1", f"Ev{n}", NOW)) for n in range(50)]
    for turns, task in enumerate(impatient):
        for _ in range(turns % 7):
            await asyncio.wait(impatient, timeout=0)
        task.cancel()
    await asyncio.gather(*impatient, return_exceptions=True)

    answers = [await store.is_first("T1", f"Ev{n}", NOW) for n in range(50)]

    assert len(answers) == 50
    await store.check_writable()


async def test_what_was_begun_is_finished_before_the_store_closes(
    store_url: str, clock: FakeClock
) -> None:
    async with open_store(store_url, clock) as store:
        asked = asyncio.create_task(store.is_first("T1", "Ev1", NOW))
        await asyncio.wait({asked}, timeout=0)
        asked.cancel()

    async with open_store(store_url, clock) as store:
        assert not await store.is_first("T1", "Ev1", NOW)


async def test_a_closed_store_does_not_open_its_database_again(
    store_url: str, clock: FakeClock
) -> None:
    async with open_store(store_url, clock) as store:
        pass

    with pytest.raises(StoreError, match="the store is closed"):
        await store.is_first("T1", "Ev1", NOW)


async def test_text_that_no_database_keeps_is_told_and_harms_nobody(store: Store) -> None:
    with pytest.raises(StoreError, match="half a character"):
        await store.is_first("T1", "\ud800", NOW)
    with pytest.raises(StoreError, match="half a character"):
        await store.recent_lookups("T1", "\ud800")

    assert await store.is_first("T1", "Ev1", NOW)


async def test_reading_does_not_wait_for_whoever_writes(store_url: str, clock: FakeClock) -> None:
    async with open_database(store_url) as opened:
        store = Store(opened.database, clock)
        async with opened.database.writer.begin():
            async with asyncio.timeout(5):
                assert await store.recent_lookups("T1", "U1") == []


async def test_a_statement_that_cannot_be_read_is_told(url: str, clock: FakeClock) -> None:
    async with open_database(url) as opened:
        store = Store(opened.database, clock)
        async with opened.database.writer.begin() as connection:
            await connection.execute(text("drop table lookup"))

        with pytest.raises(StoreError, match="unexpected OperationalError") as caught:
            await store.recent_lookups("T1", "U-private")

    assert "U-private" not in f"{caught.value} {caught.value.__cause__}"


async def test_every_commit_waits_for_the_disk_and_the_write_lock_is_taken_at_once(
    url: str,
) -> None:
    async with open_database(url) as opened, opened.database.writer.begin() as connection:
        told = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        with (
            closing(sqlite3.connect(str(opened.path), timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")

    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_a_proof_that_the_store_can_be_written_lasts_a_second(
    url: str, path: Path, clock: FakeClock
) -> None:
    async with open_store(url, clock) as store:
        await store.check_writable()
        move_away(path)

        await store.check_writable()
        await clock.advance(1)
        with pytest.raises(StoreError, match="moved or deleted while in use"):
            await store.check_writable()


async def test_the_lock_file_says_who_has_the_store(url: str, path: Path, clock: FakeClock) -> None:
    async with open_store(url, clock):
        owner = path.with_name(path.name + ".lock").read_text()

    assert owner == f"{os.getpid()}\n"
