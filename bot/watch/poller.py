"""Follows every lane whose lease this process holds, and writes behind what polls change.

A lane is polled by one process at a time, so that virtual time is one. A holder that was paused
and wakes up costs requests and no more: what it finds is recorded only where nobody was first.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from bot.store.errors import StoreError
from bot.store.leases import Leases
from bot.store.store import Store
from bot.virtual_time import PRICE_FLOOR_S, VirtualTime
from bot.watch.asking import Asking
from bot.watch.figures import LaneFigures
from bot.watch.heads import Heads
from bot.watch.lane_loop import LaneLoop, most_heads
from bot.watch.lanes import Lane
from bot.watch.observer import Observer
from providers.clock import Clock
from providers.lookup import Lookup

LEASE_S = 20.0
_SURE_S = LEASE_S / 2
"""How long a lease that was just granted is ours at least."""
_REFRESHED_EACH = 2
"""Of so many writings one is followed by having what was learned count."""
_COUNTED_EACH = 6


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a poller does what is not polling, in seconds."""

    look_s: float = 1.0
    """How soon it notices tasks that others put in a queue, or that need not rest any more."""
    renew_s: float = 5.0
    """A lane whose holder died has another one this much after its lease is over."""
    write_s: float = 10.0
    """What polls changed and a crash may cost."""


log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A lane that is ours."""

    loop: LaneLoop
    task: "asyncio.Task[None]"
    renewed_at: float
    kept_at_request: int = 0
    """How many requests had been sent when its virtual time was last kept."""
    counted_at_request: int = 0


@dataclass(slots=True)
class Poller:
    """Polls what is watched."""

    lanes: Sequence[Lane]
    lookup: Lookup
    store: Store
    leases: Leases
    observer: Observer
    clock: Clock
    rhythm: Rhythm = field(default_factory=Rhythm)
    _held: dict[str, _Held] = field(default_factory=dict)
    _running: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def lanes_held(self) -> tuple[str, ...]:
        """The lanes this process polls now."""
        return tuple(self._held)

    def start(self) -> None:
        """Begin; returns at once."""
        keepers = [self._keep(lane) for lane in self.lanes]
        self._running = [asyncio.create_task(work) for work in (*keepers, self._write_behind())]

    async def close(self) -> None:
        """Stop polling, write what is unwritten, and leave the lanes to others."""
        await asyncio.gather(*(_end(task) for task in self._running))
        await asyncio.gather(*(_end(held.task) for held in self._held.values()))
        await self._write()
        for name in tuple(self._held):
            await self._leave(name)
            await self._try("lease_not_dropped", self.leases.drop(_lease(name)))

    def wake(self) -> None:
        """Look at the queues now: somebody began to watch."""
        for held in self._held.values():
            held.loop.wake()

    async def _keep(self, lane: Lane) -> None:
        """Hold a lane's lease wherever that is possible, and poll it as long as it is held."""
        while True:
            is_ours = await self._is_ours(lane.name)
            if is_ours and lane.name not in self._held:
                await self._take(lane)
            elif not is_ours and lane.name in self._held:
                log.warning("lane_lost lane=%s", lane.name)
                await self._leave(lane.name)
            await self.clock.sleep(self.rhythm.renew_s)

    async def _is_ours(self, name: str) -> bool:
        """Take or renew a lane's lease; one that cannot be renewed is ours while it lasts."""
        held, now_s = self._held.get(name), self.clock.monotonic()
        try:
            is_ours = await self.leases.hold(_lease(name), LEASE_S)
        except StoreError as error:
            log.warning("lease_not_renewed lane=%s reason=%s", name, error)
            return held is not None and now_s < held.renewed_at + _SURE_S
        if held is not None:
            held.renewed_at = now_s
        return is_ours

    async def _take(self, lane: Lane) -> None:
        try:
            time = await self.store.watches.lane(lane.name)
        except StoreError as error:
            log.warning("lane_not_taken lane=%s reason=%s", lane.name, error)
            return
        now_s = self.clock.monotonic()
        histories, figures = self.observer.histories, self.observer.figures
        asking = Asking(lane.name, self.lookup, self.observer, histories, figures, self.clock)
        heads = Heads(self.store.watches, lane.name, most_heads(lane))
        if time == VirtualTime():
            # Nothing was learned: polls are taken for plenty until they turn out not to be.
            time = VirtualTime(price_s=PRICE_FLOOR_S)
        loop = LaneLoop(lane, asking, heads, self.clock, time, self.rhythm.look_s)
        self._held[lane.name] = _Held(loop, asyncio.create_task(loop.run()), now_s)

    async def _leave(self, name: str) -> None:
        held = self._held.pop(name)
        await _end(held.task)
        self.store.watches.drop_claims(name)
        self.observer.figures.forget_lane(name)

    async def _write_behind(self) -> None:
        for count in itertools.count(1):
            await self.clock.sleep(self.rhythm.write_s)
            await self._write()
            if count % _REFRESHED_EACH == 0:
                await self._try("durations_not_read", self.observer.histories.refresh())
            if count % _COUNTED_EACH == 0:
                await self._try("tasks_not_counted", self._count())

    async def _write(self) -> None:
        for name, held in self._held.items():
            if held.loop.sent != held.kept_at_request:
                self.store.watches.keep_lane(name, held.loop.time)
                held.kept_at_request = held.loop.sent
        await self._try("polls_not_written", self.store.watches.flush())

    async def _count(self) -> None:
        for name, held in self._held.items():
            sent = held.loop.sent - held.counted_at_request
            held.counted_at_request = held.loop.sent
            time, slot_s = held.loop.time, held.loop.lane.slot_s
            busy = min(sent * slot_s / (_COUNTED_EACH * self.rhythm.write_s), 1.0)
            self.observer.figures.set_lane(name, LaneFigures(time.price_s, 1 / time.speed, busy))
        self.observer.figures.set_tasks(await self.store.watches.count_by_state())

    async def _try(self, event: str, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreError as error:
            log.warning("%s reason=%s", event, error)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _lease(lane: str) -> str:
    return f"poll:{lane}"
