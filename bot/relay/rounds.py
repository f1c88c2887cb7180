"""Something done again and again: when it is rung for, and every so often anyway."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.store.errors import StoreError
from providers.clock import Clock

_APART_S = 0.02
"""Between two rounds, so that a thousand rings a second are not a thousand rounds."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Rounds:
    """Does *work* in rounds; a round that fails is logged, and the next one tries again."""

    name: str
    work: Callable[[], Awaitable[None]]
    every_s: float
    clock: Clock
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _running: "asyncio.Task[None] | None" = None
    _trouble: str = ""

    def start(self) -> None:
        """Begin, with a round at once."""
        self._running = asyncio.create_task(self._run())

    def ring(self) -> None:
        """Ask for a round now; rung for during a round, another one follows it."""
        self._bell.set()

    async def close(self) -> None:
        """Stop where it is."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            await self._go_round()
            await self.clock.sleep(_APART_S)
            await self._wait()

    async def _go_round(self) -> None:
        try:
            await self.work()
        except StoreError as error:
            self._note(str(error))
        except Exception:
            log.exception("relay_failed rounds=%s", self.name)
        else:
            self._note("")

    def _note(self, trouble: str) -> None:
        """Log what keeps a round from its work once, and once that it is over."""
        if trouble and trouble != self._trouble:
            log.warning("relay_stopped rounds=%s reason=%s", self.name, trouble)
        elif self._trouble and not trouble:
            log.info("relay_goes_on rounds=%s", self.name)
        self._trouble = trouble

    async def _wait(self) -> None:
        waiting = [
            asyncio.create_task(self._bell.wait()),
            asyncio.create_task(self._sleep()),
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _sleep(self) -> None:
        await self.clock.sleep(self.every_s)
