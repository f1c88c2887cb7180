"""How fast an account may be asked, and whose turn it is.

The pace is GCRA (ITU-T I.371, the virtual scheduling form): one instant says when the next request
is due on a perfectly even schedule. It runs at 95 % of the documented rate with a burst of 5 %, so
no window of the documented length ever holds more than the documented number. A turn is taken at
the moment of sending and not reserved ahead, so a late event loop or a cancelled caller neither
sends too much nor wastes a turn. After a vendor said "too fast" it runs a tenth slower for ten
minutes: somebody else may be asking with the same account.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol, Self

from providers.clock import Clock
from providers.errors import RateLimitError

_PACED_SHARE = 0.95
_BURST_SHARE = 0.05
_SLOWED_SHARE = 0.9
_SLOWED_S = 600.0
_EARLY_S = 1e-6
"""A sleeper may wake this much early; waiting again would only spin."""
_ROUNDING = 1e-6

MAX_HOLD_OFF_S = 60.0
"""The longest documented window; after it one request finds out what the vendor says now."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *requests* in any *seconds*, as the vendor documents it."""

    requests: int
    seconds: float

    @classmethod
    def per_second(cls, rate: float, *, window_s: float = 1) -> Self:
        """Make it from requests a second, counted by the vendor over *window_s* seconds.

        A rate of less than one request in the window becomes one request in a longer window.
        """
        requests = max(1, int(rate * window_s + _ROUNDING))
        return cls(requests, requests / rate)

    @property
    def interval_s(self) -> float:
        """Seconds between two requests at the pace that is kept."""
        return self.seconds / (_PACED_SHARE * self.requests)


class Pace:
    """The schedule alone: when the next request is due. Instants are seconds of one clock."""

    def __init__(self, limit: Limit) -> None:
        burst = max(1, int(_BURST_SHARE * limit.requests + _ROUNDING))
        self._slack = (burst - 1) * limit.interval_s
        self._limit = limit
        self._due = float("-inf")
        self._slow_until = float("-inf")
        self._sent: deque[float] = deque(maxlen=limit.requests)

    def interval(self, now: float) -> float:
        """Tell the seconds between two requests."""
        return self._limit.interval_s / (_SLOWED_SHARE if now < self._slow_until else 1)

    def wait(self, now: float) -> float:
        """Tell the seconds until a request may go; 0 when it may now."""
        ahead = self._due - self._slack - now
        return ahead if ahead > _EARLY_S else 0.0

    def take(self, now: float) -> None:
        """Note that a request goes now."""
        self._due = max(self._due, now) + self.interval(now)
        self._sent.append(now)

    def hold_off(self, until: float) -> None:
        """Send nothing before *until*, no burst right after it, and less for ten minutes."""
        self._due = max(self._due, until + self._slack)
        self._slow_until = max(self._slow_until, until + _SLOWED_S)

    def budget(self, now: float) -> float:
        """Tell which share of the documented number the last window left; 0 while held off."""
        if self.wait(now) > self.interval(now):
            return 0.0
        since = now - self._limit.seconds
        return 1 - sum(sent > since for sent in self._sent) / self._limit.requests


class Turns(Protocol):
    """Whose turn it is to ask one account's API, of this process or of several."""

    @property
    def interval_s(self) -> float:
        """Seconds between two requests at the pace that is kept."""
        ...

    async def acquire(self, *, background: bool = False, deadline_in: float) -> None:
        """Wait for a turn and take it.

        Raises:
            RateLimitError: it would come more than *deadline_in* seconds from now.
        """
        ...

    async def hold_off(self, seconds: float) -> None:
        """Stop everybody for *seconds* (60 at most): the vendor said it was too much."""
        ...

    def budget(self) -> float:
        """Tell which share of the documented number is unused now, 0.0 to 1.0."""
        ...


@dataclass(slots=True)
class _Lane:
    """Those who wait with the same priority, first come first served."""

    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Limiter:
    """Lets requests go at the documented pace, interactive ones before background ones.

    A background request goes only when no interactive one waits, so an interactive one never
    stands behind more than the single request that went last.
    """

    def __init__(self, limit: Limit, clock: Clock) -> None:
        self.interval_s = limit.interval_s
        """Seconds between two requests at the pace that is kept."""
        self._pace = Pace(limit)
        self._clock = clock
        self._interactive = _Lane()
        self._background = _Lane()

    async def acquire(self, *, background: bool = False, deadline_in: float) -> None:
        """Wait for a turn and take it.

        Raises:
            RateLimitError: at once, where the turn would come more than *deadline_in* seconds from
                now; later, where those ahead or the vendor pushed it beyond that.
        """
        now = self._clock.monotonic()
        wait = self._expected_wait(now, background=background)
        if wait <= 0:
            self._pace.take(now)
            return
        refuse_if_late(wait, deadline_in)
        lane = self._background if background else self._interactive
        lane.waiting += 1
        try:
            async with lane.turn:
                await self._wait_at_the_head(now + deadline_in, background=background)
        finally:
            lane.waiting -= 1

    async def hold_off(self, seconds: float) -> None:
        """Stop everybody for *seconds* (60 at most): the vendor said it was too much."""
        pause = min(max(seconds, 0), MAX_HOLD_OFF_S)
        self._pace.hold_off(self._clock.monotonic() + pause)

    def budget(self) -> float:
        """Tell which share of the documented number is unused now, 0.0 to 1.0."""
        return self._pace.budget(self._clock.monotonic())

    async def _wait_at_the_head(self, give_up_at: float, *, background: bool) -> None:
        now = self._clock.monotonic()
        while (wait := self._head_wait(now, background=background)) > 0:
            refuse_if_late(wait, give_up_at - now)
            await self._clock.sleep(wait)
            now = self._clock.monotonic()
        refuse_if_late(0, give_up_at - now)
        self._pace.take(now)

    def _expected_wait(self, now: float, *, background: bool) -> float:
        ahead = self._background.waiting if background else self._interactive.waiting
        return self._head_wait(now, background=background) + ahead * self._pace.interval(now)

    def _head_wait(self, now: float, *, background: bool) -> float:
        passed_by = self._interactive.waiting if background else 0
        return self._pace.wait(now) + passed_by * self._pace.interval(now)


def refuse_if_late(wait: float, left: float) -> None:
    """Refuse a turn that comes in *wait* seconds to a question with only *left* seconds.

    Raises:
        RateLimitError: so it is.
    """
    if wait > left + _EARLY_S:
        raise RateLimitError(
            "too many questions wait for this vendor; at its documented pace this one's turn"
            " would come too late",
            retry_after=max(wait, 0),
            retries=0,
        )
