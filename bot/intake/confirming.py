"""Confirms what SMN asks to be confirmed: that its topic may send here.

Topic and host were checked by the receiver. One GET, no redirects, tried again for as long as SMN
waits, which is 48 hours (SMN user guide, HTTP or HTTPS Message Format, read 2026-11).
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.fetch import Fetcher, FetchRefusedError
from bot.oncall import Callback
from providers.callbacks import Confirmation, Received
from providers.clock import Clock

_MOST = 64 << 10
"""Bytes of an answer that says no more than its status."""
_TRIED_FOR = timedelta(hours=48)
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Confirming:
    """Confirms subscriptions; what failed rests a while, twice as long each time."""

    fetcher: Fetcher
    clock: Clock
    _pauses: dict[int, float] = field(default_factory=dict)
    _rest_until: dict[int, float] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Count those that were tried in vain."""
        return len(self._rest_until)

    def rests(self, callback_id: int) -> bool:
        """Tell whether it is too early to try one again."""
        return self.clock.monotonic() < self._rest_until.get(callback_id, 0.0)

    async def confirm(self, asked: Iterable[tuple[Callback, Received]]) -> set[int]:
        """Confirm what is asked for; give the ids of the callbacks to come back to."""
        tries = (self._try(callback, received) for callback, received in asked)
        return {id_ for id_ in await asyncio.gather(*tries) if id_ is not None}

    async def _try(self, callback: Callback, received: Received) -> int | None:
        """Confirm one; give its id where it is to be tried again."""
        confirmation = received.confirmation
        if confirmation is None or await self._is_done(confirmation):
            self._forget(callback)
            return None
        if self.clock.now() - received.sent_at > _TRIED_FOR:
            log.error("subscription_not_confirmed topic=%s", confirmation.topic)
            self._forget(callback)
            return None
        self._put_off(callback)
        return callback.id

    async def _is_done(self, confirmation: Confirmation) -> bool:
        """Ask once; the address works as a password, so nothing of it is told."""
        try:
            await self.fetcher.fetch(confirmation.url, accept="*/*", most_bytes=_MOST, redirects=0)
        except FetchRefusedError as error:
            log.warning("subscription_unconfirmed topic=%s reason=%s", confirmation.topic, error)
            return False
        log.info("subscription_confirmed topic=%s", confirmation.topic)
        return True

    def _put_off(self, callback: Callback) -> None:
        pause_s = self._pauses.get(callback.id, _FIRST_PAUSE_S)
        self._rest_until[callback.id] = self.clock.monotonic() + pause_s
        self._pauses[callback.id] = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _forget(self, callback: Callback) -> None:
        self._pauses.pop(callback.id, None)
        self._rest_until.pop(callback.id, None)
