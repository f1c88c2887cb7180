"""Acknowledgements go first: Slack waits three seconds for one, and half an hour for an answer.

Work on answers waits here for a turn. A turn is given when some passes of the event loop have
brought no request of Slack's, so between a request's arrival and its acknowledgement stands at
most one turn. While requests never cease, a turn is given every 25 ms nevertheless.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from providers.clock import Clock

_QUIET_PASSES = 4
"""A request is read, parsed and handed to its listener in as many passes of the event loop."""
_LONGEST_PAUSE_S = 0.025


@dataclass(slots=True)
class Turns:
    """Gives turns in the order they were asked for."""

    clock: Clock
    most_waiting: int = 20_000
    """While so many wait, memory is what is short, and a further one need not."""
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    _quiet_passes: int = 0
    _given_at: float = 0.0

    def note_request(self) -> None:
        """Note that Slack is busy asking."""
        self._quiet_passes = 0

    async def wait(self) -> None:
        """Wait for a turn; what is done before the next ``await`` is the turn."""
        if len(self._waiting) >= self.most_waiting:
            return
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        if not self._waiting:
            self._quiet_passes = 0
            loop.call_soon(self._pass)
        self._waiting.append(turn)
        await turn

    def _pass(self) -> None:
        """Go through one pass of the event loop; it reads what has arrived after each."""
        self._quiet_passes += 1
        now = self.clock.monotonic()
        if self._quiet_passes > _QUIET_PASSES or now - self._given_at >= _LONGEST_PAUSE_S:
            self._give(now)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._pass)

    def _give(self, now: float) -> None:
        self._quiet_passes, self._given_at = 0, now
        turn = self._waiting.popleft()
        if not turn.done():
            turn.set_result(None)
