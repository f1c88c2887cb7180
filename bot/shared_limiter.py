"""Turns at the vendors that all replicas take together, at 95 % of the documented rate.

A turn is a slot of the lane's one schedule in the store. People may reserve slots as far ahead as
their question lives; what runs in the background only 60 ms ahead, so it goes only where people
leave room. A slot that is found much later than its time, by a process that slept, is not used.

Where the store does not answer, nothing is asked in the background, and people's questions go at a
tenth of the rate: ten replicas, each by itself, then still keep to it.
"""

import asyncio
import logging
from typing import Protocol

from bot.crashpoint import CrashPoint, reach
from bot.paces import Paces
from bot.store.errors import StoreError
from bot.store.paces import StoredPaces
from bot.store.store import Store
from providers.clock import Clock
from providers.errors import RateLimitError
from providers.limiter import MAX_HOLD_OFF_S, Limit, Limiter, Pace, refuse_if_late
from providers.registry import NewTurns

_BACKGROUND_AHEAD_S = 0.06
_ASK_AGAIN_S = 0.05
_STALE_S = 0.25
_SPARE_SHARE = 0.05
"""What the pace leaves of the documented window; slots used later than that could crowd it."""
_ALONE_SHARE = 10

log = logging.getLogger(__name__)


class SlowablePaces(Paces, Protocol):
    """Schedules that can be slowed down."""

    async def slow_down(self, name: str) -> None:
        """Give out a tenth fewer of a lane's slots for the next ten minutes."""
        ...


def turns_through(store: Store, clock: Clock) -> NewTurns | None:
    """Let all who use the store take turns at the vendors; None where nobody else can use it."""
    paces = store.paces
    if not isinstance(paces, StoredPaces):
        return None
    return lambda name, limit: SharedLimiter(name, limit, paces, clock)


class SharedLimiter:
    """The turns of one account's API."""

    def __init__(self, name: str, limit: Limit, paces: SlowablePaces, clock: Clock) -> None:
        self.interval_s = limit.interval_s
        """Seconds between two requests at the pace that is kept."""
        self._name = f"vendor:{name}"
        self._paces = paces
        self._clock = clock
        self._ours = Pace(limit)
        self._stale_s = min(_STALE_S, _SPARE_SHARE * limit.seconds)
        self._alone = Limiter(Limit(limit.requests, limit.seconds * _ALONE_SHARE), clock)
        self._background = asyncio.Lock()
        self._waiting = 0
        self._store_answers = True

    async def acquire(self, *, background: bool = False, deadline_in: float) -> None:
        """Wait for a turn and take it.

        Raises:
            RateLimitError: it would come more than *deadline_in* seconds from now, or nobody knows
                what the other replicas do and this is not urgent.
        """
        give_up_at = self._clock.monotonic() + deadline_in
        try:
            if background:
                await self._acquire_behind_people(give_up_at)
            else:
                await self._acquire_at_once(give_up_at)
        except StoreError as error:
            self._note_outage(error)
            await self._acquire_alone(give_up_at, error, background=background)
        self._ours.take(self._clock.monotonic())
        reach(CrashPoint.AFTER_SLOT)

    async def hold_off(self, seconds: float) -> None:
        """Stop all replicas for *seconds* (60 at most), and slow them down after that."""
        pause_s = min(max(seconds, 0), MAX_HOLD_OFF_S)
        self._ours.hold_off(self._clock.monotonic() + pause_s)
        await self._alone.hold_off(pause_s)
        try:
            await self._paces.hold_off(self._name, pause_s)
            await self._paces.slow_down(self._name)
        except StoreError as error:
            self._note_outage(error)

    def budget(self) -> float:
        """Tell which share of the documented number this replica leaves to the others."""
        return self._ours.budget(self._clock.monotonic())

    async def _acquire_at_once(self, give_up_at: float) -> None:
        """Reserve the next slot, whenever it is, and wait for it."""
        while True:
            left = give_up_at - self._clock.monotonic()
            wait_s = await self._take(left)
            if wait_s is None:
                refuse_if_late(left + self.interval_s, left)
            elif await self._wait_for_slot(wait_s):
                return

    async def _acquire_behind_people(self, give_up_at: float) -> None:
        """Take a slot when one is near; of those who wait in this process one asks at a time."""
        left = give_up_at - self._clock.monotonic()
        refuse_if_late(self._waiting * self.interval_s, left)
        self._waiting += 1
        try:
            async with self._background:
                while not await self._took_near_slot(give_up_at):
                    refuse_if_late(_ASK_AGAIN_S, give_up_at - self._clock.monotonic())
                    await self._clock.sleep(_ASK_AGAIN_S)
        finally:
            self._waiting -= 1

    async def _took_near_slot(self, give_up_at: float) -> bool:
        left = give_up_at - self._clock.monotonic()
        wait_s = await self._take(min(_BACKGROUND_AHEAD_S, left))
        return wait_s is not None and await self._wait_for_slot(wait_s)

    async def _take(self, ahead_s: float) -> float | None:
        wait_s = await self._paces.take(self._name, self.interval_s, ahead_s=ahead_s)
        if not self._store_answers:
            log.info("pace_shared_again lane=%s", self._name)
            self._store_answers = True
        return wait_s

    async def _wait_for_slot(self, wait_s: float) -> bool:
        """Wait until a slot's time; False where it was missed."""
        slot_at = self._clock.monotonic() + wait_s
        if wait_s > 0:
            await self._clock.sleep(wait_s)
        return self._clock.monotonic() - slot_at <= self._stale_s

    async def _acquire_alone(
        self, give_up_at: float, error: StoreError, *, background: bool
    ) -> None:
        if background:
            raise RateLimitError(
                "the store, which keeps the pace of all replicas, does not answer", retries=0
            ) from error
        await self._alone.acquire(deadline_in=give_up_at - self._clock.monotonic())

    def _note_outage(self, error: StoreError) -> None:
        if self._store_answers:
            log.warning("pace_not_shared lane=%s reason=%s", self._name, error)
            self._store_answers = False
