"""One scheduler for everything that is sent to Slack: whose turn it is, and when.

A call goes when its lanes have a slot: that of its method, and for posting that of its channel.
Whoever waits in a lane is ordered by urgency, then by arrival; a lane reserves one slot at a time,
so what is urgent stands behind one slot at most, of each replica.
"""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.models import Priority
from bot.paces import Paces
from bot.slack_link import SlackRefusedError, ask_slack
from providers.clock import Clock

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
"""Slack's words for too many requests; nothing was done."""
POST = "chat.postMessage"

_CHANNEL_S = 1.1
"""Between two messages in one channel (Slack docs, Rate limits: one a second)."""
_POSTED_S = 0.0125
"""Between two messages in one workspace; Slack tells no figure, so its 429 has the last word."""
_TIER_3_S = 60 / 50 / 0.95
_TIER_4_S = 60 / 100 / 0.95
_INTERVAL_S = {
    POST: _POSTED_S,
    "chat.delete": _TIER_3_S,
    "chat.postEphemeral": _TIER_4_S,
    "chat.update": _TIER_3_S,
    "conversations.history": _TIER_3_S,
    "conversations.open": _TIER_3_S,
    "conversations.replies": _TIER_3_S,
}
"""Seconds between two calls of a method, at 95 % of its tier (Slack docs, Rate limits, 2026-11)."""

_AHEAD_S = 10.0
_AGAIN_S = 1.0
"""A lane held off for longer than it may reserve ahead asks again after this."""
_STALE_S = 0.25
"""A slot found this late, by a process that slept, is another's time."""
_DEFAULT_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 600.0
_ANSWER_WITHIN_S = 10.0

log = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class _Waiter:
    priority: Priority
    number: int
    since: float = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)


@dataclass(slots=True)
class _Lane:
    """Those who wait for the slots of one lane."""

    name: str
    interval_s: float
    paces: Paces
    clock: Clock
    waiting: list[_Waiter] = field(default_factory=list)
    held_until: float = float("-inf")
    giving: "asyncio.Task[None] | None" = None
    _numbers: "count[int]" = field(default_factory=count)

    async def turn(self, priority: Priority) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(priority, next(self._numbers), self.clock.monotonic(), turn)
        heapq.heappush(self.waiting, waiter)
        if self.giving is None or self.giving.done():
            self.giving = asyncio.create_task(self._give())
        await turn

    async def _give(self) -> None:
        """Give slots to those who wait; what the schedule itself fails with is theirs to know."""
        try:
            while self._someone_waits():
                if await self._reach_slot() and self._someone_waits():
                    heapq.heappop(self.waiting).turn.set_result(None)
        except Exception as error:  # noqa: BLE001  # handed to those who wait, each raises it
            self._fail(error)

    def _someone_waits(self) -> bool:
        """Tell so, after forgetting those who gave up."""
        while self.waiting and self.waiting[0].turn.done():
            heapq.heappop(self.waiting)
        return bool(self.waiting)

    async def _reach_slot(self) -> bool:
        """Reserve a slot and wait for it; False where it is to be done again."""
        wait = await self.paces.take(self.name, self.interval_s, ahead_s=_AHEAD_S)
        if wait is None:
            await self.clock.sleep(_AGAIN_S)
            return False
        due = self.clock.monotonic() + wait
        if wait > 0:
            await self.clock.sleep(wait)
        now = self.clock.monotonic()
        return now <= due + _STALE_S and now >= self.held_until

    def _fail(self, error: Exception) -> None:
        for waiter in self.waiting:
            if not waiter.turn.done():
                waiter.turn.set_exception(error)
        self.waiting.clear()


class Egress:
    """Gives turns to call Slack. Closed, it gives none any more."""

    def __init__(self, paces: Paces, clock: Clock) -> None:
        self._paces = paces
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}

    async def turn(self, *, method: str, channel_id: str, priority: Priority) -> None:
        """Wait for a turn to call *method* once; it is lost where it is not used.

        Raises what the schedules fail with, where they are shared through a store.
        """
        for name, interval_s in _lanes_of(method, channel_id):
            await self._lane(name, interval_s).turn(priority)

    async def turn_now(self, method: str) -> bool:
        """Take a turn if there is one at once and nobody waits for it; for what can be left out."""
        name = _method_lane(method)
        lane = self._lanes.get(name)
        if lane is not None and lane.waiting:
            return False
        return await self._paces.take(name, _INTERVAL_S[method], ahead_s=0) is not None

    async def hold_off(self, method: str, seconds: float | None) -> None:
        """Let nobody call *method* for *seconds*, as Slack asked; None: it did not say how long."""
        pause = min(max(seconds or _DEFAULT_PAUSE_S, 0), _LONGEST_PAUSE_S)
        log.warning("slack_rate_limited method=%s seconds=%.1f", method, pause)
        name = _method_lane(method)
        if (lane := self._lanes.get(name)) is not None:
            lane.held_until = max(lane.held_until, self._clock.monotonic() + pause)
        await self._paces.hold_off(name, pause)

    async def call(
        self,
        method: str,
        channel_id: str,
        priority: Priority,
        send: Callable[[], Awaitable[AsyncSlackResponse]],
        *,
        within_s: float = _ANSWER_WITHIN_S,
    ) -> AsyncSlackResponse:
        """Wait for a turn and call Slack; a 429 holds everybody off.

        Raises:
            SlackRefusedError: Slack said no; a 429 is such a no.
            SlackUnreachableError: nothing of Slack's came within *within_s* seconds.
        """
        await self.turn(method=method, channel_id=channel_id, priority=priority)
        return await self.send(method, send, within_s=within_s)

    async def send(
        self,
        method: str,
        send: Callable[[], Awaitable[AsyncSlackResponse]],
        *,
        within_s: float = _ANSWER_WITHIN_S,
    ) -> AsyncSlackResponse:
        """Call Slack with a turn taken before; otherwise as ``call``."""
        try:
            return await ask_slack(send(), within_s=within_s)
        except SlackRefusedError as refusal:
            if str(refusal) in RATE_LIMITED:
                await self.hold_off(method, refusal.retry_after)
            raise

    def oldest_wait_s(self) -> float:
        """Tell for how long the one has waited who waits longest; 0 where nobody does."""
        now = self._clock.monotonic()
        waits = (now - one.since for lane in self._lanes.values() for one in lane.waiting)
        return max(waits, default=0.0)

    async def close(self) -> None:
        """Stop giving turns; whoever waits is to be cancelled by its owner."""
        giving = [lane.giving for lane in self._lanes.values() if lane.giving is not None]
        for task in giving:
            task.cancel()
        await asyncio.gather(*giving, return_exceptions=True)

    def _lane(self, name: str, interval_s: float) -> _Lane:
        """Find a lane, or make it after forgetting those that are idle."""
        if name not in self._lanes:
            self._lanes = {key: lane for key, lane in self._lanes.items() if _is_used(lane)}
            self._lanes[name] = _Lane(name, interval_s, self._paces, self._clock)
        return self._lanes[name]


def _is_used(lane: _Lane) -> bool:
    return lane.giving is not None and not lane.giving.done()


def _lanes_of(method: str, channel_id: str) -> list[tuple[str, float]]:
    """Name the lanes a call goes through, the narrowest first."""
    own = (_method_lane(method), _INTERVAL_S[method])
    return [(f"slack:{POST}:{channel_id}", _CHANNEL_S), own] if method == POST else [own]


def _method_lane(method: str) -> str:
    return f"slack:{method}"
