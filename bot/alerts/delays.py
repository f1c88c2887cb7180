"""Looks every minute for tasks that take far too long, or that ZEGO will soon forget."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.alerts.router import Router
from bot.alerts.stuck import RECORD_WINDOW, WINDOW_NEAR, troubles_of_stuck
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_LOOK_EVERY_S = 60.0
_AT_ONCE = 200

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delays:
    """Raises what is stuck among the tasks that are followed."""

    router: Router
    store: Store
    clock: Clock
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop looking."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.warning("delays_not_looked_for reason=%s", error)
            await self.clock.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Look through all that is slow, some at a time; what an alert counts, it keeps counting.

        Nothing is looked at twice: what is raised once has its key for ever.
        """
        now, after = self.clock.now(), 0
        born = (now - RECORD_WINDOW, now - RECORD_WINDOW + WINDOW_NEAR)
        while tasks := await self.store.watches.slow(born, after, _AT_ONCE):
            troubles = [trouble for task in tasks for trouble in troubles_of_stuck(task, now)]
            await self.router.raise_troubles(troubles)
            after = tasks[-1].id
