"""What has to be done every hour, whether anybody asks or not, by one of all replicas."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_EVERY_S = 3600.0
_LEASE_S = 1800.0
"""Longer than pruning takes, and over before the next hour."""

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
                await self._prune()
            except StoreError as error:
                log.warning("store_not_pruned reason=%s", error)
            await self.clock.sleep(_EVERY_S)

    async def _prune(self) -> None:
        if await self.store.leases.hold("housekeeping", _LEASE_S):
            forgotten = await self.store.prune(self.clock.now())
            log.debug("store_pruned rows=%d", forgotten)
