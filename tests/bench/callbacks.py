"""Callbacks pushed at a running bot: how long they wait, what it weighs, what a crash costs."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from providers.clock import SystemClock
from tests.bench.memory import resident_mib
from tests.bench.processes import run_job, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK, Bot, account_sections, serving, slack_section

_SECRET = "bench-callback-secret"
_PER_SECOND = 500.0
_P99_MS = 50.0
_COLUMNS = ("a second", "p50 ms", "p99 ms", "max ms")


@dataclass(frozen=True, slots=True)
class _Called:
    """A bot to push at, and the file it keeps everything in."""

    bot: Bot
    store: Path
    app_id: int

    async def push(self, seconds: float, per_second: float) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.bot.port}/callbacks/main"
        about = {"url": url, "app_id": self.app_id, "secret": _SECRET}
        job = {**about, "seconds": seconds, "per_second": per_second}
        return await run_job("tests.bench.callback_load", job)


@asynccontextmanager
async def _called_bot() -> AsyncIterator[_Called]:
    with TemporaryDirectory() as name:
        async with speaking(SLACK) as (_, slack), speaking(CLOUDS) as (_, clouds):
            accounts = clouds["accounts"]
            accounts["main"]["callback_secret"] = _SECRET
            sections = {**slack_section(slack, "socket"), **account_sections(accounts)}
            async with serving(Path(name), sections) as bot:
                yield _Called(bot, Path(name) / "serve.db", accounts["main"]["app_id"])


async def measure(seconds: float = 30, per_second: float = _PER_SECOND) -> Table:
    """Push for *seconds*, then push once more and end the process in the middle."""
    async with _called_bot() as called:
        await called.push(min(seconds, 1), per_second / 10)
        before_mib = resident_mib(called.bot.process)
        found = await called.push(seconds, per_second)
        after_mib = resident_mib(called.bot.process)
    kept = await survive_kill(min(seconds, 5), per_second)
    waits = (f"{found[name]:.1f}" for name in ("p50_ms", "p99_ms", "max_ms"))
    refused = found["sent"] - len(found["accepted"])
    is_fast = found["p99_ms"] < _P99_MS and not refused
    aim = f"p99 < {_P99_MS:g} ms, none refused"
    rows = (
        Row(f"callbacks, {refused} refused", (f"{found['per_second']:.0f}", *waits), aim, is_fast),
        Row(f"resident memory, MiB, from {before_mib:.0f}", (f"{after_mib:.0f}", "", "", "")),
        Row(
            f"accepted and lost by kill -9, of {kept.accepted}",
            (str(kept.lost), "", "", ""),
            "0",
            kept.lost == 0,
        ),
    )
    title = f"Callbacks, {per_second:g} a second for {seconds:g} s"
    note = "The load, the bot, a local Slack and the vendor stand-ins share the machine's cores."
    return Table(title, _COLUMNS, rows, (note,))


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of callbacks whose bot was killed while they came."""

    accepted: int
    """Answered with 200."""
    lost: int
    """Of those, how many the store does not have."""


async def survive_kill(seconds: float, per_second: float) -> Kept:
    """Push for *seconds*, kill the bot halfway, and look into what it has kept."""
    async with _called_bot() as called:
        pushing = asyncio.create_task(called.push(seconds, per_second))
        while not _numbers_in(called.store) and not pushing.done():
            await SystemClock().sleep(0.02)
        await SystemClock().sleep(seconds / 2)
        called.bot.process.kill()
        found = await pushing
        await called.bot.process.wait()
        kept = _numbers_in(called.store)
    accepted = set(found["accepted"])
    return Kept(len(accepted), len(accepted - kept))


def _numbers_in(store: Path) -> set[int]:
    """Read from the file which callbacks it holds, by their sequence."""
    with closing(sqlite3.connect(store)) as connection:
        bodies = connection.execute("SELECT body FROM callback").fetchall()
    return {json.loads(body)["sequence"] for (body,) in bodies}
