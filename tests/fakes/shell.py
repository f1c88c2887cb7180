"""A terminal in which ``mediatask`` is run as a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings.sources import environment

_ROOT = Path(__file__).parents[2]
_ENDS_WITHIN_S = 60


@dataclass(frozen=True)
class Done:
    """How a command went."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs commands in *folder*, with nothing of ours in the environment but *variables*."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    async def runs(self, *words: str) -> Done:
        """Run ``mediatask`` with *words* to its end."""
        async with self.running(*words) as process:
            return await finished(process)

    @asynccontextmanager
    async def running(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Start ``mediatask`` with *words*, in a process group of its own.

        It is killed if it still runs in the end.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            cwd=self.folder,
            env=_environment() | self.variables,
            start_new_session=True,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def finished(process: asyncio.subprocess.Process) -> Done:
    """Wait for the end and read what is still to be read."""
    async with asyncio.timeout(_ENDS_WITHIN_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


def _environment() -> dict[str, str]:
    """What a process needs to be found, and to be measured where this one is."""
    ours = environment()
    measuring = {name: ours[name] for name in ours if name.startswith("COVERAGE_")}
    return {"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin"} | measuring
