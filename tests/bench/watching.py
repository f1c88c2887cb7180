"""Ten thousand open watches on one account, polled at its full pace; and how soon news is told.

The vendor's stand-in and the local Slack are processes of their own and are not counted.
"""

import json
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from sqlalchemy import create_engine, text

from bot.models import CardOrder, WatchOrder
from bot.store.store import open_store
from providers.clock import SystemClock
from providers.models import Kind, TaskRef, TaskState, TaskStatus
from tests.bench.processes import PROJECT, BenchError, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK, account_sections, serving, slack_section

_DEMO = PROJECT / "bot/sandbox/scenario.toml"
"""Its keys are taken, not its stories."""
_LANE = "media@main"
_ON_ONE_CARD = 30
_CPU_SHARE = 0.08
_TOLD_P99_S = 0.25
_TEAM = "T0NORTHWIND"
_CHANNELS = ("C0MEDIA", "C0ONCALL", "C0RANDOM")
_CARD_EACH_S = 0.5
"""A channel takes a message a second, and there are three."""
_TICKS_PER_S = 100
"""Of /proc/<pid>/stat; what Linux tells user programs, whatever the kernel counts in."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """What runs."""

    bot: Process
    url: str
    session: aiohttp.ClientSession

    async def figures(self) -> dict[str, float]:
        """Read the bot's metrics."""
        async with self.session.get(f"{self.url}/metrics") as reply:
            lines = (await reply.text()).splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def cpu_s(self) -> float:
        """Tell the processor time the bot has used."""
        told = Path(f"/proc/{self.bot.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICKS_PER_S


async def measure_cpu(*, watches: int = 10_000, warm_s: float = 20, seconds: float = 30) -> Table:
    """Let the bot poll tasks that never end, and count its processor time."""
    tasks = [_task(number, [{"at": -60, "say": "running"}]) for number in range(watches)]
    clock = SystemClock()
    async with _stage(tasks) as stage:
        await clock.sleep(warm_s)
        before, began, used = await stage.figures(), clock.monotonic(), stage.cpu_s()
        await clock.sleep(seconds)
        took, spent, after = clock.monotonic() - began, stage.cpu_s() - used, await stage.figures()
    polls = (_polls(after) - _polls(before)) / took
    share = spent / took
    return Table(
        f"{watches:,} watches on one account",
        ("found",),
        (
            Row("polls a second", (f"{polls:.1f}",)),
            Row(
                "of one core, %",
                (f"{100 * share:.1f}",),
                f"under {_CPU_SHARE:.0%}",
                is_met=share < _CPU_SHARE,
            ),
            Row("resident, MiB", (f"{after['process_resident_memory_bytes'] / 2**20:.0f}",)),
        ),
    )


async def measure_dwell(*, ends: int = 60, seconds: float = 120) -> Table:
    """Let tasks end one after another, and tell how long news waits from its commit to Slack's ok.

    The commit is made in the moment a poll tells of the end. The first end comes when every card
    is posted.
    """
    step, first = seconds / ends, 3 + ends * _CARD_EACH_S
    tasks = [
        _task(
            number, [{"at": -60, "say": "running"}, {"at": first + number * step, "say": "failed"}]
        )
        for number in range(ends)
    ]
    clock = SystemClock()
    async with _stage(tasks, cards_of=1) as stage:
        await clock.sleep(first + seconds + 5)
        figures = await stage.figures()
    told = figures.get('mediatask_delivery_seconds_count{kind="news"}', 0)
    within = figures.get('mediatask_delivery_seconds_bucket{kind="news",le="0.25"}', 0)
    total = figures.get('mediatask_delivery_seconds_sum{kind="news"}', 0)
    if not told:
        raise BenchError("nothing was told")
    share = within / told
    return Table(
        f"{ends} ends, one after another, each on a card of its own",
        ("found",),
        (
            Row("told", (f"{told:.0f}",)),
            Row("from commit to Slack's ok, mean ms", (f"{1000 * total / told:.0f}",)),
            Row(
                f"within {_TOLD_P99_S * 1000:.0f} ms, %",
                (f"{100 * share:.1f}",),
                "at least 99",
                is_met=share >= 0.99,
            ),
        ),
    )


def _polls(figures: Mapping[str, float]) -> float:
    return sum(
        value for name, value in figures.items() if name.startswith("mediatask_watch_polls_")
    )


def _task(number: int, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"provider": "tencent", "id": _id_of(number), "event": "compose", "steps": list(steps)}


def _id_of(number: int) -> str:
    return f"1400341231-ComposeMedia-{number:032x}tt0"


@asynccontextmanager
async def _stage(
    tasks: Sequence[Mapping[str, Any]], *, cards_of: int = _ON_ONE_CARD
) -> AsyncIterator[_Stage]:
    """Run all of it over a store in which the tasks are watched already."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        scenario = folder / "scenario.toml"
        scenario.write_text(_as_toml(tasks), "utf-8")
        await _watch(folder / "serve.db", len(tasks), cards_of)
        if cards_of == _ON_ONE_CARD:
            _lose_cards(folder / "serve.db")
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(
            speaking([*CLOUDS, "--scenario", str(scenario)])
        )
        sections = {**slack_section(slack, "socket"), **account_sections(clouds["accounts"])}
        bot = await stack.enter_async_context(serving(folder, sections))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield _Stage(bot.process, f"http://127.0.0.1:{bot.port}", session)


def _as_toml(tasks: Sequence[Mapping[str, Any]]) -> str:
    keys, _, _ = _DEMO.read_text("utf-8").partition("[[stories]]")
    lines = [keys]
    for task in tasks:
        steps = ", ".join(
            "{ " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in step.items()) + " }"
            for step in task["steps"]
        )
        told = [f"{key} = {json.dumps(task[key])}" for key in ("provider", "id", "event")]
        lines += ["[[tasks]]", *told, f"steps = [{steps}]", ""]
    return "\n".join(lines)


async def _watch(path: Path, count: int, cards_of: int) -> None:
    clock = SystemClock()
    now = clock.now()
    async with open_store(f"sqlite:///{path}", clock) as store:
        for first in range(0, count, cards_of):
            wanted = [
                WatchOrder(
                    ref=TaskRef("tencent", "main", _id_of(number)),
                    lane=_LANE,
                    status=_running(_id_of(number), now),
                    ends_at=now + timedelta(days=7),
                    grace_until=now + timedelta(minutes=10),
                    watchers=(),
                )
                for number in range(first, min(first + cards_of, count))
            ]
            place = CardOrder(_TEAM, _CHANNELS[first % len(_CHANNELS)], None, "U0ALICE")
            await store.watches.start(place, wanted, now)


def _running(task_id: str, at: datetime) -> TaskStatus:
    """Say that it runs, as the vendor will: nothing is news but the ends."""
    return TaskStatus(
        provider="tencent",
        account="main",
        task_id=task_id,
        kind=Kind.MERGE,
        state=TaskState.RUNNING,
        vendor_status="PROCESSING",
        queried_at=at,
    )


def _lose_cards(path: Path) -> None:
    """Let nobody wait for the cards: that is about polling alone."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE delivery SET state = 5"))
        connection.execute(text("UPDATE card SET lost_at = 1"))
    engine.dispose()
