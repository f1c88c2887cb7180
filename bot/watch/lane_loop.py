"""The loop that polls one lane, for as long as this process holds its lease.

A request leaves at most every slot of the documented pace, and only as many are under way as the
vendor's latency needs, so that whose turn it is is decided late. Where polls are plenty nobody is
asked before their turn; where they are scarce every slot is used.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.crashpoint import CrashPoint, reach
from bot.models import FollowedTask
from bot.store.errors import StoreError
from bot.virtual_time import VirtualTime
from bot.watch.asking import Asked, Asking
from bot.watch.heads import Heads
from bot.watch.lanes import Lane
from providers.clock import Clock

MOST_UNDER_WAY = 32
_FEWEST_UNDER_WAY = 2
_FIRST_LATENCY_S = 0.5
_HEADS_FOR_S = 0.5
"""How long the tasks last that are read at once; what comes in between waits that much longer."""
_SOON_S = 1e-3
"""A turn this near is now; a pause this short would not end."""
_TROUBLE_S = 2.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class LaneLoop:
    """Polls one lane. *look_every_s* is how soon it notices what others put in its queue."""

    lane: Lane
    asking: Asking
    heads: Heads
    clock: Clock
    time: VirtualTime
    look_every_s: float = 1.0
    sent: int = 0
    """Requests since it began."""
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _look_at: float = 0.0
    _slot_at: float = 0.0
    _stepped_at: float = 0.0
    _is_idle: bool = False
    _is_down: bool = False

    def wake(self) -> None:
        """Look at the queue now: somebody was added."""
        self.heads.is_stale = True
        self._bell.set()

    async def run(self) -> None:
        """Poll until cancelled."""
        self._stepped_at = self.clock.monotonic()
        try:
            while True:
                await self._doze(await self._take_turn())
        finally:
            for poll in self._under_way:
                poll.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _take_turn(self) -> float:
        """Use one slot if there is somebody to ask for; give the seconds until there may be."""
        if (slot_in_s := self._slot_at - self.clock.monotonic()) > 0:
            await self.clock.sleep(slot_in_s)
        try:
            return await self._turn()
        except StoreError as error:
            log.warning("queue_not_read lane=%s reason=%s", self.lane.name, error)
        except Exception:
            log.exception("lane_failed lane=%s", self.lane.name)
        return _TROUBLE_S

    async def _turn(self) -> float:
        if len(self._under_way) >= self._most_under_way():
            return self.look_every_s
        self._notice_outage()
        await self._look()
        self._coast()
        wait_s = await self._wait_s()
        if wait_s > _SOON_S:
            self._is_idle = True
            return min(wait_s, self.look_every_s)
        self._ask_for_the_next()
        return 0.0

    async def _doze(self, seconds: float) -> None:
        """Wait, but not beyond the bell."""
        if seconds <= 0:
            return
        timer = asyncio.create_task(self.clock.sleep(seconds))
        timer.add_done_callback(self._ring)
        try:
            await self._bell.wait()
        finally:
            timer.cancel()
            self._bell.clear()

    def _ring(self, timer: "asyncio.Task[None]") -> None:
        if not timer.cancelled():
            self._bell.set()

    async def _look(self) -> None:
        now_s = self.clock.monotonic()
        if len(self.heads) and not self.heads.is_stale and now_s < self._look_at:
            return
        await self.heads.look(self.clock.now())
        self._look_at = self.clock.monotonic() + self.look_every_s
        reach(CrashPoint.AFTER_CLAIM)
        for task in self.heads.newcomers():
            await self._line_up_newcomer(task)

    async def _line_up_newcomer(self, task: FollowedTask) -> None:
        """Give a task whose state was told when somebody began to watch it a turn of its own."""
        left_s = await self.asking.time_left(task, self.time.price_s)
        if left_s > 0:
            self.heads.line_up(task, self.time.tag_for(left_s))

    def _coast(self) -> None:
        """Let virtual time catch up with a time in which nobody's turn was."""
        now_s = self.clock.monotonic()
        if self._is_idle and not self._is_down:
            self.time = self.time.idle(now_s - self._stepped_at)
            self._stepped_at = now_s
        self._is_idle = False

    async def _wait_s(self) -> float:
        """Tell when the first one's turn is."""
        first = self.heads.first
        if first is None:
            return self.look_every_s
        rest_s = self.heads.rest_s(self.clock.now())
        wait_s = 0.0 if self._is_down else self.time.wait_for(first.tag)
        if wait_s > max(rest_s, _SOON_S):
            wait_s = await self._hurry_up(first, wait_s)
        return max(rest_s, wait_s)

    async def _hurry_up(self, first: FollowedTask, wait_s: float) -> float:
        """Move virtual time on where a task would wait longer than it wants to.

        Tags outlive what they were counted in: a crash, or a pause, and virtual time is behind.
        """
        left_s = await self.asking.time_left(first, self.time.price_s)
        if left_s >= wait_s:
            return wait_s
        caught_up_s = first.tag - left_s * self.time.nominal_speed
        self.time = replace(self.time, virtual_s=max(self.time.virtual_s, caught_up_s))
        return left_s

    def _ask_for_the_next(self) -> None:
        """Send a request; what is free in it is filled with those who come next."""
        now_s, tasks = self.clock.monotonic(), self.heads.take(self.lane.batch)
        if not self._is_down:
            self.time = self.time.served(tasks[0].tag, now_s - self._stepped_at)
        self._stepped_at = now_s
        self._slot_at = max(self._slot_at, now_s) + self.lane.slot_s
        self.sent += 1
        poll = asyncio.create_task(self._poll(tasks))
        self._under_way.add(poll)
        poll.add_done_callback(self._came_back)

    async def _poll(self, tasks: Sequence[FollowedTask]) -> None:
        for asked in await self.asking.ask(tasks, self.time.price_s):
            self._line_up(asked)

    def _line_up(self, asked: Asked) -> None:
        if asked.is_void:
            self.heads.put_back(asked.task)
            self._slot_at = self.clock.monotonic() + _TROUBLE_S
        elif asked.interval_s is None:
            self.heads.line_up(asked.task, asked.task.tag)
        else:
            self.time = self.time.wanted(asked.interval_s)
            self.heads.line_up(asked.task, self.time.tag_for(asked.interval_s))

    def _came_back(self, poll: "asyncio.Task[None]") -> None:
        self._under_way.discard(poll)
        if self.heads.is_stale or len(self._under_way) + 1 >= self._most_under_way():
            self._bell.set()

    def _most_under_way(self) -> int:
        """Tell how many requests keep the pace although the vendor takes its time."""
        latency_s = self.lane.gate.health().latency_s or _FIRST_LATENCY_S
        return max(
            _FEWEST_UNDER_WAY,
            min(MOST_UNDER_WAY, math.ceil(latency_s / self.lane.slot_s) + 1),
        )

    def _notice_outage(self) -> None:
        """While a vendor is down the gate refuses at once; time stands still, and prices too."""
        was_down, self._is_down = self._is_down, not self.lane.gate.health().answering
        if was_down and not self._is_down:
            self._stepped_at = self.clock.monotonic()
            self.heads.forgive(self.clock.now())


def most_heads(lane: Lane) -> int:
    """Tell how many tasks to read from a lane's queue at once."""
    return lane.batch * max(2, math.ceil(_HEADS_FOR_S / lane.slot_s))
