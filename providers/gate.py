"""The one place that decides whether a vendor is asked, when, and whether again.

A question passes the breaker, waits for the limiter, makes its attempt within what is left of its
time, and makes at most two more where the error says they are worth it. The adapter signs every
attempt anew, so the gate only calls it again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from providers.breaker import Breaker, is_outage, probe_pauses
from providers.clock import Clock
from providers.errors import ProviderError, RateLimitError, UnreachableError
from providers.limiter import Limit, Limiter, Turns

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Attempt = Callable[[], Awaitable[Answer]]
Observe = Callable[[str, str, float], None]
"""Told of every attempt: the gate's name, ``ok`` or a ``Reason``, the seconds it took."""

MAX_RETRIES = 2
_BACKOFF_S = 0.5
_HOLD_OFF_S = 1.0
"""How long everybody waits where a vendor says "too fast" and no time (ZEGO's code 6 does)."""
_QUEUE_SHARE = 0.8
"""Of a question's time at most this much may pass before an attempt begins; the rest is for it."""
_LATENCY_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Health:
    """How one account's API is doing, as far as the questions so far tell."""

    answering: bool
    """False while it is believed to be down; a refusal is an answer."""
    since: datetime | None
    """Since when; None before the first answer."""
    latency_s: float | None
    """A running average of the latest answers; None before the first."""
    budget: float
    """The share of the documented rate that is unused now, 0.0 to 1.0."""


def _unobserved(_gate: str, _outcome: str, _seconds: float) -> None:
    """Observe nothing."""


class Gate:
    """What stands between everybody and one account's API.

    *limit* is the documented one, which this process keeps to by itself, or the turns that several
    processes take together; *timeout* is in seconds and covers a whole question; *random* gives
    0.0 to 1.0; *name* appears in logs and metrics (``record@main``).
    """

    def __init__(
        self,
        name: str,
        *,
        limit: Limit | Turns,
        timeout: float,
        clock: Clock,
        random: Callable[[], float],
        observe: Observe = _unobserved,
    ) -> None:
        self.name = name
        self._turns = Limiter(limit, clock) if isinstance(limit, Limit) else limit
        self.interval_s = limit.interval_s
        """Seconds between two requests at the documented pace."""
        self._breaker = Breaker(clock)
        self._timeout = timeout
        self._clock = clock
        self._random = random
        self._observe = observe
        self._latency_s: float | None = None
        self._probe: asyncio.Task[None] | None = None
        self._probed: Attempt[object] | None = None

    async def call(self, attempt: Attempt[Answer], *, background: bool = False) -> Answer:
        """Make *attempt* when it may be made, and again where that is worth it, within the timeout.

        Background questions stand behind interactive ones.

        Raises:
            ProviderError: the last attempt's; or the breaker's or limiter's, where none was made.
        """
        asked_at = self._clock.monotonic()
        await self._admit(attempt, asked_at, background=background)
        made = 1
        while True:
            try:
                return await self._send(attempt, asked_at)
            except ProviderError as error:
                pause = self._pause(error, made, asked_at)
                if pause is None:
                    raise
                await self._clock.sleep(pause)
                if not await self._is_admitted(attempt, asked_at, background=background):
                    raise
            made += 1

    def health(self) -> Health:
        """Tell how the vendor is doing, without asking it."""
        breaker = self._breaker
        return Health(not breaker.is_open, breaker.since, self._latency_s, self._turns.budget())

    async def aclose(self) -> None:
        """Stop probing; to be called when no question is under way any more."""
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.cancel()
            await asyncio.wait({probe})

    async def _admit(self, attempt: Attempt[Answer], asked_at: float, *, background: bool) -> None:
        """Pass the breaker and the limiter; the breaker may have opened during the wait."""
        self._pass_breaker(attempt)
        left = self._left(asked_at, _QUEUE_SHARE)
        await self._turns.acquire(background=background, deadline_in=left)
        self._pass_breaker(attempt)

    async def _is_admitted(
        self, attempt: Attempt[Answer], asked_at: float, *, background: bool
    ) -> bool:
        try:
            await self._admit(attempt, asked_at, background=background)
        except ProviderError:
            return False
        return True

    def _pass_breaker(self, attempt: Attempt[Answer]) -> None:
        refusal = self._breaker.refusal()
        if refusal is not None:
            # The latest question is the best probe: the one that failed may be odd by itself.
            self._probed = attempt
            raise refusal

    def _pause(self, error: ProviderError, made: int, asked_at: float) -> float | None:
        """Tell the seconds before the next attempt; None where there should be none."""
        if made > min(error.retries, MAX_RETRIES) or self._breaker.is_open:
            return None
        backoff = _BACKOFF_S * 2 ** (made - 1) * self._random()
        pause = max(backoff, error.retry_after or 0)
        return pause if pause < self._left(asked_at, _QUEUE_SHARE) else None

    def _left(self, asked_at: float, share: float = 1) -> float:
        return asked_at + share * self._timeout - self._clock.monotonic()

    async def _send(self, attempt: Attempt[Answer], asked_at: float) -> Answer:
        """Make one attempt and learn from how it ends."""
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(self._left(asked_at)):
                answer = await attempt()
        except TimeoutError:
            silence = UnreachableError(f"no answer within {self._timeout:g} s", retries=0)
            self._observe_since(began, silence.reason)
            if self._breaker.unanswered(silence, asked_at):
                self._went_down(attempt, silence)
            raise silence from None
        except ProviderError as error:
            await self._learn(error, attempt, began)
            raise
        self._answered(began, "ok")
        return answer

    async def _learn(self, error: ProviderError, attempt: Attempt[Answer], began: float) -> None:
        if isinstance(error, RateLimitError):
            pause = _HOLD_OFF_S if error.retry_after is None else error.retry_after
            await self._turns.hold_off(pause)
        if not is_outage(error):
            self._answered(began, error.reason)
            return
        self._observe_since(began, error.reason)
        if self._breaker.failed(error):
            self._went_down(attempt, error)

    def _observe_since(self, began: float, outcome: str) -> float:
        seconds = self._clock.monotonic() - began
        self._observe(self.name, outcome, seconds)
        return seconds

    def _answered(self, began: float, outcome: str) -> None:
        seconds = self._observe_since(began, outcome)
        before = seconds if self._latency_s is None else self._latency_s
        self._latency_s = before + _LATENCY_WEIGHT * (seconds - before)
        self._believe_it_is_up()

    def _believe_it_is_up(self) -> None:
        if self._breaker.answered():
            self._came_back()

    def _went_down(self, attempt: Attempt[object], error: ProviderError) -> None:
        _log.warning("vendor_unavailable gate=%s reason=%s", self.name, error.reason)
        self._probed = attempt
        self._probe = asyncio.create_task(self._probe_until_answered())

    def _came_back(self) -> None:
        _log.info("vendor_recovered gate=%s", self.name)
        probe, self._probe, self._probed = self._probe, None, None
        if probe is not None and probe is not asyncio.current_task():
            probe.cancel()

    async def _probe_until_answered(self) -> None:
        """Ask the latest question again and again, until anybody's attempt is answered."""
        pauses = probe_pauses(self._random)
        while self._probed is not None:
            await self._clock.sleep(next(pauses))
            await self._probe_once(self._probed)

    async def _probe_once(self, attempt: Attempt[object]) -> None:
        asked_at = self._clock.monotonic()
        try:
            await self._turns.acquire(deadline_in=self._timeout)
            await self._send(attempt, asked_at)
        except ProviderError:
            return
        except Exception:
            # Ours, not the vendor's: it must not keep the breaker open for ever.
            self._believe_it_is_up()
            raise
