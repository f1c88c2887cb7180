"""How long ``mediatask query`` and ``mediatask serve`` take, as whole processes."""

import resource
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.processes import run, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import (
    CLOUDS,
    SLACK,
    account_sections,
    serving,
    slack_section,
    write_config,
)

_IMPORTS = ("-c", "import slack_bolt, aiohttp, pydantic")
_TASK = "ghucnligqtgtvk2624mb"
_AS_LONG = 1.5
_READY_S = 1.5


@dataclass(slots=True)
class _Runs:
    """Whole runs of one command."""

    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    async def add(self, words: Sequence[str]) -> None:
        before, began = _children_cpu_s(), time.perf_counter()
        await run(words)
        self.seconds.append(time.perf_counter() - began)
        self.cpu_s.append(_children_cpu_s() - before)

    def figures(self) -> tuple[str, ...]:
        shown = (statistics.median(self.seconds), min(self.seconds), statistics.median(self.cpu_s))
        return tuple(f"{seconds * 1000:.0f}" for seconds in shown)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def measure_query(runs: int = 21) -> Table:
    """Alternate a query with the three imports it is held against."""
    theirs, ours = _Runs(), _Runs()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        _, clouds = await stack.enter_async_context(speaking(CLOUDS))
        config = write_config(folder / "query.toml", account_sections(clouds["accounts"]))
        query = ("-m", "bot", "query", "--config", str(config), "tiw", _TASK)
        await run(query)  # compiles what is not compiled yet
        for _ in range(runs):
            await theirs.add(_IMPORTS)
            await ours.add(query)
    ratio = statistics.median(ours.seconds) / statistics.median(theirs.seconds)
    best = min(ours.seconds) / min(theirs.seconds)
    rows = (
        Row("python -c 'import slack_bolt, aiohttp, pydantic'", theirs.figures()),
        Row("mediatask query tiw <id>", ours.figures()),
        Row("", (f"x{ratio:.2f}", f"x{best:.2f}", ""), f"at most x{_AS_LONG:g}", ratio <= _AS_LONG),
    )
    title = f"A query as a whole process, {runs} runs of each in turn"
    return Table(title, ("median ms", "min ms", "median CPU ms"), rows)


async def measure_serve(runs: int = 5) -> Table:
    """Start the bot against a local Slack and ask /readyz until it says yes."""
    rows = tuple([await _measure_mode(mode, runs) for mode in ("socket", "http")])
    return Table(f"mediatask serve, from exec to ready, {runs} starts", ("median s", "max s"), rows)


async def _measure_mode(mode: str, runs: int) -> Row:
    seconds: list[float] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(speaking(CLOUDS))
        sections = {**slack_section(slack, mode), **account_sections(clouds["accounts"])}
        for _ in range(runs):
            async with serving(folder, sections) as bot:
                seconds.append(bot.ready_after_s)
    middle = statistics.median(seconds)
    figures = (f"{middle:.2f}", f"{max(seconds):.2f}")
    return Row(f"{mode} mode", figures, f"within {_READY_S:g} s", middle <= _READY_S)
