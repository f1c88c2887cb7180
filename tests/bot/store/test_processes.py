"""What a process loads, and what ``mediatask migrate`` says to its shell."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.store.maintenance import migrate_store
from bot.store.schema import REVISIONS
from bot.store.store import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Databases

HEAVY = ("sqlalchemy", "aiosqlite", "alembic", "sqlalchemy.dialects.postgresql")
LOADED = "import sys; print(*(name for name in {heavy} if name in sys.modules))"
OPEN = """
import asyncio
from bot.store.store import open_store
from providers.clock import SystemClock
async def come_and_go():
    async with open_store({url!r}, SystemClock()):
        pass
asyncio.run(come_and_go())
"""
SETTINGS = """
[accounts.main]
vendor = "zego"
app_id = 1234567890
server_secret = "0123456789abcdef0123456789abcdef"
[store]
url = "{url}"
"""


async def run_python(*arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        answer, log = await process.communicate()
    return process.returncode, answer.decode(), log.decode()


@pytest.fixture
def config(tmp_path: Path, url: str) -> str:
    file = tmp_path / "mediatask.toml"
    file.write_text(SETTINGS.format(url=url))
    return str(file)


async def test_a_query_loads_no_database() -> None:
    code = "import bot.cli, bot.query, bot.models\n" + LOADED.format(heavy=HEAVY)

    assert await run_python("-c", code) == (0, "\n", "")


async def test_alembic_is_loaded_only_where_something_is_to_be_migrated(url: str) -> None:
    code = OPEN.format(url=url) + LOADED.format(heavy=HEAVY)

    new = await run_python("-c", code)
    again = await run_python("-c", code)

    assert new == (0, "sqlalchemy aiosqlite alembic sqlalchemy.dialects.postgresql\n", "")
    assert again == (0, "sqlalchemy aiosqlite\n", "")


async def test_the_migrate_command_makes_a_store(config: str, url: str) -> None:
    status, answer, _ = await run_python("-m", "bot", "migrate", "--config", config)

    assert (status, answer) == (0, f"ok: a new store at schema {REVISIONS[-1]}\n")
    assert await migrate_store(url) == f"the store is at schema {REVISIONS[-1]} already"


async def test_the_migrate_command_makes_a_servers_tables(
    tmp_path: Path, databases: Databases
) -> None:
    name = await databases.create()
    file = tmp_path / "mediatask.toml"
    file.write_text(SETTINGS.format(url=databases.url(name)))

    status, answer, log = await run_python("-m", "bot", "migrate", "--config", str(file))

    assert (status, answer, log) == (0, f"ok: a new store at schema {REVISIONS[-1]}\n", "")
    await databases.drop(name)


async def test_the_migrate_command_refuses_a_store_in_use(
    config: str, url: str, clock: FakeClock
) -> None:
    async with open_store(url, clock):
        status, answer, log = await run_python("-m", "bot", "migrate", "--config", config)

    assert (status, answer) == (2, "")
    assert "in use by another mediatask" in log
    assert "Traceback" not in log
