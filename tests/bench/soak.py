"""Fifty commands a second over two WebSockets, one of which is cut every twenty seconds.

The local Slack with its load, the vendors' clouds and the bot are processes of their own. The
cuts come in turn: a refresh, as Slack does it every few hours; a TCP reset; and silence, a
connection that stays open and through which nothing passes.
"""

import asyncio
import itertools
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from providers.clock import SystemClock
from tests.bench.memory import resident_mib
from tests.bench.processes import speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK, account_sections, serving, slack_section

_PER_SECOND = 50
_CUT_EVERY_S = 20.0
_CUTS = ("refresh", "reset", "silence")
_TASKS = 1000
_SETTLED_AFTER_S = 60.0
"""Memory is compared with what it was then; in a short run with what it was at half time."""
_ACK_P99_MS = 250.0
_GROWTH = 0.05
_UNPACED = 1_000_000
_COLUMNS = ("found",)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What runs."""

    control_url: str
    bot: Process
    bot_url: str
    session: aiohttp.ClientSession

    async def order(self, what: str, **given: object) -> dict[str, Any]:
        """Have the local Slack do something, and give its answer."""
        async with self.session.post(f"{self.control_url}{what}", json=given) as reply:
            reply.raise_for_status()
            answer: dict[str, Any] = await reply.json()
            return answer

    async def figures(self) -> dict[str, float]:
        """Read the bot's metrics."""
        async with self.session.get(f"{self.bot_url}/metrics") as reply:
            lines = (await reply.text()).splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}


@asynccontextmanager
async def _stage() -> AsyncIterator[_Stage]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(
            speaking([*CLOUDS, "--no-limits", "--wildcard"])
        )
        accounts = account_sections(clouds["accounts"], rate=_UNPACED)
        sections = {**slack_section(slack, "socket"), **accounts}
        bot = await stack.enter_async_context(serving(folder, sections))
        timeout = aiohttp.ClientTimeout(total=None)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        control_url = f"{slack['page_url']}control/"
        yield _Stage(control_url, bot.process, f"http://127.0.0.1:{bot.port}", session)


async def measure(minutes: float = 1) -> Table:
    """Let people type for *minutes*, and cut."""
    seconds = minutes * 60
    async with _stage() as stage:
        load = {"commands": int(seconds * _PER_SECOND), "per_second": _PER_SECOND}
        async with asyncio.TaskGroup() as both:
            typing = both.create_task(stage.order("load", text="tiw 10{n}", tasks=_TASKS, **load))
            cutting = both.create_task(_cut(stage, typing))
            sizes = both.create_task(_weigh(stage, seconds))
        figures = await stage.figures()
    title = f"{_PER_SECOND} commands/s for {minutes:g} min, one connection of two cut every 20 s"
    rows = _rows(typing.result(), sizes.result(), cutting.result(), figures)
    return Table(title, _COLUMNS, rows)


async def _cut(stage: _Stage, typing: asyncio.Task[Any]) -> int:
    """Cut until the typing is over; give how often."""
    done = 0
    for how in itertools.cycle(_CUTS):
        await asyncio.wait((typing,), timeout=_CUT_EVERY_S)
        if typing.done():
            break
        done += (await stage.order("cut", how=how, number=1))["cut"]
    return done


async def _weigh(stage: _Stage, seconds: float) -> tuple[float, float]:
    """Tell how much memory the bot holds once it has settled, and at the end."""
    clock, settled_after = SystemClock(), min(_SETTLED_AFTER_S, seconds / 2)
    await clock.sleep(settled_after)
    settled = resident_mib(stage.bot)
    await clock.sleep(seconds - settled_after)
    return settled, resident_mib(stage.bot)


def _rows(
    typed: Mapping[str, Any],
    sizes: tuple[float, float],
    cuts: int,
    figures: Mapping[str, float],
) -> tuple[Row, ...]:
    growth, ack = sizes[1] / sizes[0] - 1, typed["ack_ms"]
    told = sum(typed["errors"].values())
    reasons = ("refresh", "closed", "deaf")
    rebuilt = [
        figures.get(f'mediatask_socket_rebuilds_total{{reason="{one}"}}', 0) for one in reasons
    ]
    return (
        Row("commands typed", (f"{typed['commands']}",)),
        Row("connections cut", (f"{cuts}",)),
        Row(f"replaced: {', '.join(reasons)}", (", ".join(f"{one:.0f}" for one in rebuilt),)),
        Row(
            "seconds of a deaf or lost connection",
            (f"{figures['mediatask_socket_deaf_seconds_total']:.1f}",),
        ),
        _held("left without an answer", typed["unanswered"], 0),
        _held("answered twice", typed["answered_twice"], 0),
        _held("told by Slack that it failed", told, 0),
        Row("acknowledged, p50 ms", (f"{ack['p50']:.1f}",)),
        _held("acknowledged, p99 ms", round(ack["p99"], 1), _ACK_P99_MS),
        Row("resident memory, MiB", (f"{sizes[0]:.1f} -> {sizes[1]:.1f}",)),
        _held("its growth, %", round(growth * 100, 2), _GROWTH * 100),
    )


def _held(what: str, found: float, most: float) -> Row:
    return Row(what, (f"{found:g}",), f"at most {most:g}", found <= most)
