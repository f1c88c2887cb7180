"""What happens to watches by the clock alone: a limit near or reached, a grace that is over."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.models import ENDS, Change, FollowedTask, Happening, Watch
from bot.store.errors import StoreError
from bot.store.leases import Leases
from bot.store.store import Store
from bot.watch.policy import decide_timer
from bot.watch.telling import delivery_for_timer
from providers.clock import Clock

_AT_ONCE = 100
_LEASE = "timers"
_LEASE_S = 20.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Timers:
    """Looks every *every_s* seconds whose time has come, in one process at a time."""

    store: Store
    leases: Leases
    clock: Clock
    wake: Callable[[], None]
    every_s: float = 5.0
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin; returns at once."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop, and leave the lease to others."""
        if self._running is None:
            return
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        try:
            await self.leases.drop(_LEASE)
        except StoreError as error:
            log.warning("timers_not_dropped reason=%s", error)

    async def look(self) -> None:
        """Look once, in portions, until nobody's time has come.

        Raises:
            StoreError: the store failed; what was recorded is, and the rest comes again.
        """
        if await self.leases.hold(_LEASE, _LEASE_S):
            while await self._end_some():
                pass

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.warning("timers_not_looked_at reason=%s", error)
            except Exception:
                log.exception("timers_failed")
            await self.clock.sleep(self.every_s)

    async def _end_some(self) -> bool:
        """Record what the time means for some watches; tell whether there may be more."""
        due = await self.store.watches.due_timers(self.clock.now(), _AT_ONCE)
        latest: dict[int, FollowedTask] = {}
        recorded = 0
        for watched in due:
            task = latest.get(watched.task.id, watched.task)
            if (after := await self._ring(watched.watch, task)) is not None:
                latest[task.id] = after
                recorded += 1
        return recorded > 0 and len(due) >= _AT_ONCE

    async def _ring(self, watch: Watch, task: FollowedTask) -> FollowedTask | None:
        """Record what the time means for one watch; give its task as it is then.

        None where it means nothing, or something else happened since it was read.
        """
        now = self.clock.now()
        happening = decide_timer(watch, task, now)
        if happening is None:
            return None
        after = replace(task, version=task.version + 1)
        told = delivery_for_timer(watch, after, happening, now)
        change = Change(
            before=task,
            after=after,
            ended=((watch.id, happening),) if happening in ENDS else (),
            limit_told=(watch.id,) if happening is Happening.LIMIT_NEAR else (),
            deliveries=(told,),
            cards=(watch.card_id,),
        )
        if not await self.store.watches.record(change):
            return None
        self.wake()
        return after
