"""The bot as its supervisor runs it: a process that is started again, whatever ended it."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.crashpoint import CrashPoint
from providers.clock import SystemClock
from tests.bench.processes import BenchError, spawn

_PAUSE_S = 0.1
_LOOK_EVERY_S = 0.1
_READY_WITHIN_S = 60.0
_STOPS_WITHIN_S = 30.0
_GIVEN_UP_AFTER = 10
"""Ends in a row that nobody ordered."""
KILLED = -signal.SIGKILL
CRASHED = 137


@dataclass(slots=True)
class Replica:
    """One of the bot's processes."""

    config: Path
    log: Path
    url: str
    """Where its probes are."""
    within: Sequence[str] = ()
    """The command it is run by, where that is another place."""
    ends: Counter[int] = field(default_factory=Counter)
    """Exit statuses so far."""
    _pid: int | None = None
    _orders: list[str] = field(default_factory=list)
    """Where the processes to come will die, one each."""
    _is_wanted: bool = False
    _keeper: "asyncio.Task[None] | None" = None
    _strays: int = 0

    def start(self) -> None:
        """Keep it running from now on."""
        self.log.touch()
        self._is_wanted = True
        self._keeper = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """End it as an operator does, and leave it ended."""
        if self._keeper is None:
            return
        self._is_wanted = False
        self.resume()
        self._send(signal.SIGTERM)
        if not await _wait_for(lambda: self._pid is None, _STOPS_WITHIN_S):
            self.kill()
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self._keeper = None

    @property
    def is_running(self) -> bool:
        """Whether there is a process now."""
        return self._pid is not None

    def kill(self) -> None:
        """End it at once, as a lost machine would."""
        self._send(signal.SIGKILL)

    def pause(self) -> None:
        """Let it stand still."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def crash_at(self, orders: Iterable[tuple[CrashPoint, int]]) -> None:
        """Let the next processes die where these say: at a point, come to so many times."""
        self._orders += [f"{point}:{nth}" for point, nth in orders]

    async def has_crashed(self, times: int, within_s: float) -> bool:
        """Tell whether it has died at its crash points so often, after waiting for that."""
        return await _wait_for(lambda: self.ends[CRASHED] >= times, within_s)

    async def is_ready(self, session: aiohttp.ClientSession) -> bool:
        """Tell whether it is, after waiting for that."""
        clock = SystemClock()
        give_up_at = clock.monotonic() + _READY_WITHIN_S
        while clock.monotonic() < give_up_at:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(f"{self.url}/readyz") as reply:
                    if reply.ok:
                        return True
            await clock.sleep(_LOOK_EVERY_S)
        return False

    def check(self) -> None:
        """Refuse to go on with a bot that ends by itself again and again.

        Raises:
            BenchError: it does.
        """
        if self._strays >= _GIVEN_UP_AFTER:
            raise BenchError(f"the bot ends by itself: see {self.log}")

    def _send(self, number: signal.Signals) -> None:
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def _keep(self) -> None:
        nursery = await spawn(
            ["-m", "tests.reliability.nursery"], within=self.within, stdin=PIPE, stdout=PIPE
        )
        try:
            while self._is_wanted and self._strays < _GIVEN_UP_AFTER:
                status = await self._live(nursery)
                self.ends[status] += 1
                self._strays = 0 if status in {KILLED, CRASHED} else self._strays + 1
                await SystemClock().sleep(_PAUSE_S)
        finally:
            self._pid = None
            await nursery.communicate(b"")

    async def _live(self, nursery: Process) -> int:
        """Start one process, and give its status when it has ended."""
        if nursery.stdin is None or nursery.stdout is None:
            raise BenchError("no pipes")
        crash_at = self._orders.pop(0) if self._orders else ""
        order = {"config": str(self.config), "log": str(self.log), "crash_at": crash_at}
        nursery.stdin.write(json.dumps(order).encode() + b"\n")
        self._pid = int(await nursery.stdout.readline())
        status = int(await nursery.stdout.readline())
        self._pid = None
        return status


async def _wait_for(condition: Callable[[], bool], within_s: float) -> bool:
    clock = SystemClock()
    give_up_at = clock.monotonic() + within_s
    while not condition() and clock.monotonic() < give_up_at:
        await clock.sleep(_LOOK_EVERY_S)
    return condition()
