"""While Slack does not take messages, one sender at a time finds out whether it does again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from providers.clock import Clock

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_MOST_DOUBLED = 6

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outage:
    """Lets everybody pass in good times, and one after a growing pause in bad ones."""

    clock: Clock
    _failures: int = 0
    _retry_at: float = 0.0
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def passage(self) -> AsyncIterator[None]:
        """Wait until an attempt makes sense; its end is to be told within the context."""
        if not self._failures:
            yield
            return
        async with self._alone:
            while self._failures and (wait := self._retry_at - self.clock.monotonic()) > 0:
                await self.clock.sleep(wait)
            yield

    def failed(self, reason: str, *, level: int = logging.WARNING) -> None:
        """Note that Slack took nothing; what fails during a pause began before it."""
        now = self.clock.monotonic()
        if not self._failures:
            log.log(level, "slack_takes_nothing reason=%s", reason)
        elif now < self._retry_at:
            return
        doubled = min(self._failures, _MOST_DOUBLED)
        self._failures += 1
        self._retry_at = now + min(_FIRST_PAUSE_S * 2**doubled, _LONGEST_PAUSE_S)

    def ended(self) -> None:
        """Note that Slack answered."""
        if self._failures:
            log.info("slack_takes_messages_again failures=%d", self._failures)
        self._failures = 0
