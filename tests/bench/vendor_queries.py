"""The same questions to the same local stand-in: ours against the vendors' official SDKs."""

from collections.abc import Mapping
from typing import Any

from tests.bench.processes import BenchError, run_job, speaking
from tests.bench.report import Row, Table

_FASTER = 5.0
_CHEAPER = 3.0
_COLUMNS = ("queries/s", "CPU ms/query", "requests")


async def measure(queries: int = 2000, in_flight: tuple[int, ...] = (1, 50)) -> Table:
    """Ask *queries* questions with every side, once for each number *in_flight*."""
    rows: list[Row] = []
    for provider in ("tiw", "mpc"):
        for together in in_flight:
            rows += await _compare(provider, queries, together)
    notes = (
        "Each side is a process of its own, alone on a fresh stand-in, which is another process;",
        "CPU is the asking side's. mpc: both sides ask one id a question; ours sends the ids of",
        "20 ms together, so that a question that is alone waits that long.",
    )
    return Table(f"{queries} queries, ours against the official SDKs", _COLUMNS, tuple(rows), notes)


async def _compare(provider: str, queries: int, in_flight: int) -> list[Row]:
    job = {"provider": provider, "queries": queries, "in_flight": in_flight}
    theirs = await _ask("tests.bench.ask_official", job)
    ours = await _ask("tests.bench.ask_ours", job)
    faster, cheaper = theirs["seconds"] / ours["seconds"], theirs["cpu_s"] / ours["cpu_s"]
    name = f"{provider}, {in_flight} in flight"
    wanted = _FASTER if in_flight > 1 else 0  # one question at a time is as fast as the vendor
    aim = f"x{wanted:g} queries/s, 1/{_CHEAPER:g} CPU" if wanted else f"1/{_CHEAPER:g} CPU"
    is_met = faster >= wanted and cheaper >= _CHEAPER
    return [
        Row(f"{name}: official SDK", _figures(theirs, queries)),
        Row(f"{name}: ours", _figures(ours, queries)),
        Row("", (f"x{faster:.1f}", f"1/{cheaper:.1f}", ""), aim, is_met),
    ]


async def _ask(module: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Let one side ask a stand-in that nobody has asked before."""
    words = ["-m", "bot.sandbox.clouds", "--no-limits", "--wildcard"]
    async with speaking(words) as (_, clouds):
        took = await run_job(module, {**job, "accounts": clouds["accounts"]})
    if took["failed"]:
        raise BenchError(f"{module}: {took['failed']} of {job['queries']} were not answered")
    return took


def _figures(took: Mapping[str, Any], queries: int) -> tuple[str, ...]:
    cpu_ms = took["cpu_s"] / queries * 1000
    return f"{queries / took['seconds']:.0f}", f"{cpu_ms:.2f}", str(took["requests"])
