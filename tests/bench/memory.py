"""How much memory an idle bot holds, in Socket Mode, against a bare Bolt app."""

import json
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from providers.clock import SystemClock
from tests.bench.processes import BenchError, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK, account_sections, serving, slack_section

_AS_MUCH = 1.6


async def measure(idle_s: float = 5) -> Table:
    """Start all, leave them alone for *idle_s* seconds, and read what the kernel says."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(speaking(CLOUDS))
        job = {"mode": "socket", "inline": False, **slack}
        words = ["-m", "tests.bench.bare_bolt", json.dumps(job)]
        bare, _ = await stack.enter_async_context(speaking(words))
        sections = {**slack_section(slack, "socket"), **account_sections(clouds["accounts"])}
        sizes = [await _weigh(folder, sections, idle_s) for _ in range(2)]
        theirs_mib = resident_mib(bare)
    made, opened = (size / theirs_mib for size in sizes)
    rows = (
        Row("bare Bolt app, Socket Mode", (f"{theirs_mib:.1f}", "")),
        Row("mediatask serve, its very first start", (f"{sizes[0]:.1f}", f"x{made:.2f}")),
        Row(
            "mediatask serve",
            (f"{sizes[1]:.1f}", f"x{opened:.2f}"),
            f"at most x{_AS_MUCH:g}",
            opened <= _AS_MUCH,
        ),
    )
    note = "The very first start makes the store's tables, for which Alembic is loaded."
    return Table(f"Resident memory, idle for {idle_s:g} s", ("MiB", ""), rows, (note,))


async def _weigh(folder: Path, sections: Mapping[str, Mapping[str, Any]], idle_s: float) -> float:
    async with serving(folder, sections) as ours:
        await SystemClock().sleep(idle_s)
        return resident_mib(ours.process)


def resident_mib(process: Process) -> float:
    """Read a process's resident set from the kernel.

    Raises:
        BenchError: the kernel does not tell; this needs Linux.
    """
    status = Path(f"/proc/{process.pid}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    for line in lines:
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchError("the kernel tells no resident memory")
