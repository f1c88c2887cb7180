"""Processes a benchmark starts: each is stopped by its own handle, whatever happens."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.settings.sources import PREFIX, environment

PROJECT = Path(__file__).parents[2]
_SPEAKS_WITHIN_S = 30.0
_STOPS_WITHIN_S = 20.0
_ENDS_WITHIN_S = 600.0
_KEPT_OUT = ("_proxy", "_PROXY")


class BenchError(Exception):
    """A process of the benchmark failed, so there is no figure."""


async def spawn(
    words: Sequence[str],
    *,
    told: Mapping[str, str] = MappingProxyType({}),
    within: Sequence[str] = (),
    **streams: Any,
) -> Process:
    """Start this Python with *words*; no proxy and no configuration of ours is inherited.

    *told* is added to its environment; *within* is a command that runs it in some other place.
    """
    inherited = {
        name: text
        for name, text in environment().items()
        if not name.endswith(_KEPT_OUT) and not name.startswith((PREFIX, "SLACK_"))
    }
    return await asyncio.create_subprocess_exec(
        *within, sys.executable, *words, cwd=PROJECT, env=inherited | dict(told), **streams
    )


@asynccontextmanager
async def running(words: Sequence[str]) -> AsyncIterator[Process]:
    """Keep a process for as long as the context lasts; its standard output is a pipe."""
    process = await spawn(words, stdin=PIPE, stdout=PIPE)
    try:
        yield process
    finally:
        await stop(process)


@asynccontextmanager
async def speaking(words: Sequence[str]) -> AsyncIterator[tuple[Process, Mapping[str, Any]]]:
    """Keep a process that says in one line of JSON when it is ready, and where.

    Raises:
        BenchError: it said nothing, or something else.
    """
    async with running(words) as process:
        if process.stdout is None:
            raise BenchError("no pipe")
        async with asyncio.timeout(_SPEAKS_WITHIN_S):
            line = await process.stdout.readline()
        if not line:
            raise BenchError(f"{words} ended before it was ready")
        yield process, json.loads(line)


async def stop(process: Process) -> None:
    """Ask it to end, and end it where it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOPS_WITHIN_S):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()


async def run(words: Sequence[str], *, expected: int = 0) -> str:
    """Run a process to its end and give what it printed.

    Raises:
        BenchError: it ended otherwise than *expected*.
    """
    process = await spawn(words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(_ENDS_WITHIN_S):
            printed, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != expected:
        raise BenchError(f"{words[:3]} ended with {process.returncode}:\n{complaints.decode()}")
    return printed.decode()


async def run_job(module: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Run a module of ours on a job, both told in JSON; give its result."""
    result: dict[str, Any] = json.loads(await run(["-m", module, json.dumps(job)]))
    return result
