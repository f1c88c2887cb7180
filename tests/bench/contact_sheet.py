"""Contact sheets: how long one takes, and what it costs everybody else in the process."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.draw_sheets import LARGE
from tests.bench.processes import run_job, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK

_SECONDS, _BUSY_MS, _MIB = 1.5, 20.0, 200.0
_COLUMNS = ("seconds", "loop busy, ms", "loop late, ms", "MiB more")


async def measure(rounds: int = 8, pictures: int = 30) -> Table:
    """Make *rounds* sheets of so many pictures in each way; the costliest counts."""
    async with AsyncExitStack() as stack:
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(speaking((*CLOUDS, "--no-limits")))
        folder = f"{clouds['media_url']}/pictures"
        small = [f"{folder}/sampleSnapshot_10_{number}.jpg" for number in range(pictures)]
        large = [LARGE] * pictures
        job = {"rounds": rounds, "api_url": slack["api_url"], "bot_token": slack["bot_token"]}
        rows = [
            await _measure("320x180, from a server", job, small, is_aimed_at=True),
            await _measure("4K", job, large),
            await _measure("320x180, drawn in a thread", job | {"way": "thread"}, small),
            await _measure("4K, drawn in a thread", job | {"way": "thread"}, large),
        ]
    notes = (
        f"Fetched, decoded, drawn and uploaded; the costliest of {rounds} sheets counts. Busy: the",
        "longest stretch of the event loop. Late: the longest anybody waited for it, which other",
        "processes add to, and a thread that holds the interpreter. Each row is a process of its",
        "own; memory is by how much that one grew, and its largest worker.",
    )
    title = f"A contact sheet of {pictures} thumbnails, drawn in another process and in a thread"
    return Table(title, _COLUMNS, tuple(rows), notes)


async def _measure(
    what: str, job: dict[str, Any], links: Sequence[str], *, is_aimed_at: bool = False
) -> Row:
    took = await run_job("tests.bench.draw_sheets", {"way": "process", **job, "links": [*links]})
    seconds, busy_ms, mib = took["seconds"], took["busy_s"] * 1000, took["more_mib"]
    late_ms = took["late_s"] * 1000
    figures = (f"{seconds:.2f}", f"{busy_ms:.1f}", f"{late_ms:.1f}", f"{mib:.0f}")
    if not is_aimed_at:
        return Row(what, figures)
    is_met = seconds < _SECONDS and busy_ms < _BUSY_MS and mib < _MIB
    aim = f"{_SECONDS:g} s, {_BUSY_MS:g} ms busy, {_MIB:g} MiB"
    return Row(what, figures, aim, is_met)
