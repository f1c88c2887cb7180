"""What has to be done every hour, whether anybody asks or not."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_EVERY_S = 3600.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Housekeeping:
    """Forgets what the store has kept long enough, at the start and then hourly."""

    store: Store
    clock: Clock
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin; returns at once."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                forgotten = await self.store.prune(self.clock.now())
            except StoreError as error:
                log.warning("store_not_pruned reason=%s", error)
            else:
                log.debug("store_pruned rows=%d", forgotten)
            await self.clock.sleep(_EVERY_S)
