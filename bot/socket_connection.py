"""One WebSocket to Slack: envelopes in, acknowledgements out, and whether it still hears us.

Pings are our own, because a connection can look open for hours while nothing passes. Only a pong
proves that both directions work. Missing pongs are counted, not timed: a process that stood still
for a minute finds them waiting when it goes on, and has missed none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp
from aiohttp import WSMsgType

from bot.socket_frames import Envelope, Goodbye, Hello, read_frame
from providers.clock import Clock

LOOK_EVERY_S = 5.0
_MOST_MISSED = 3
"""Pings without a pong; with the pause before the first, silence is noticed within 20 s."""
_SEND_WITHIN_S = 2.0
_LAST_ACKS_WITHIN_S = 3.0
_CLOSE_WITHIN_S = 3.0
_LINGER_S = 30.0
"""A connection that was warned ends some ten seconds later; after this it is ended for Slack."""
_OVER = frozenset((WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR))
_BROKEN = (aiohttp.ClientError, ConnectionError, TimeoutError)

log = logging.getLogger(__name__)


class Ending(StrEnum):
    """Why a connection wants a successor; a metric label."""

    REFRESH = "refresh"
    """Slack replaces it, as it does every few hours."""
    LINK_DISABLED = "link_disabled"
    """Somebody switched Socket Mode off in the app's settings."""
    CLOSED = "closed"
    """The other side, or the network, ended it."""
    DEAF = "deaf"
    """It looks open and answers no ping."""


Receive = Callable[["Connection", Envelope], Awaitable[None]]
"""Takes an envelope; it may answer over another connection than the one it came by."""


@dataclass(eq=False, slots=True)
class Connection:
    """A WebSocket that has been opened; ``start`` makes it work."""

    socket: aiohttp.ClientWebSocketResponse
    clock: Clock
    receive: Receive
    is_taking: bool = False
    """Whether Slack would send a request this way now."""
    heard_at: float = field(init=False)
    """When it last gave a sign of life, on the monotonic clock."""
    ending: "asyncio.Future[Ending]" = field(init=False)
    """Done as soon as it wants a successor, which may be before it ends."""
    refusal: str | None = None
    """Slack's reason for having no use for it; None where it has none."""
    _greeted: asyncio.Event = field(default_factory=asyncio.Event)
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nothing more will come."""
    _unanswered: int = 0
    _handling: set["asyncio.Task[None]"] = field(default_factory=set)
    _own: tuple["asyncio.Task[None]", ...] = ()

    def __post_init__(self) -> None:
        self.heard_at = self.clock.monotonic()
        self.ending = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """Begin to listen, and wait until Slack says hello or ends it."""
        self._own = (asyncio.create_task(self._listen()), asyncio.create_task(self._look()))
        await self._greeted.wait()

    async def _listen(self) -> None:
        while (message := await self.socket.receive()).type not in _OVER:
            match message.type:
                case WSMsgType.TEXT:
                    self._take(message.data)
                case WSMsgType.PING:
                    await self._send(self.socket.pong(message.data))
                case WSMsgType.PONG:
                    self._unanswered = 0
                    self.heard_at = self.clock.monotonic()
                case _:
                    pass
        self._end(Ending.CLOSED)

    def _take(self, text: str) -> None:
        match read_frame(text):
            case Hello():
                self.is_taking = not self._quiet.is_set()
                self._greeted.set()
            case Goodbye("warning"):
                self._want_successor(Ending.REFRESH)
            case Goodbye("refresh_requested"):
                self._end(Ending.REFRESH)
            case Goodbye(reason):
                self.refusal = reason
                is_off = reason == Ending.LINK_DISABLED
                self._end(Ending.LINK_DISABLED if is_off else Ending.CLOSED)
            case Envelope() as envelope:
                task = asyncio.create_task(self._handle(envelope))
                self._handling.add(task)
                task.add_done_callback(self._handling.discard)
            case _:
                pass

    async def _handle(self, envelope: Envelope) -> None:
        try:
            await self.receive(self, envelope)
        except Exception:
            log.exception("envelope_failed")

    async def _look(self) -> None:
        """Ping now and then, and notice where nobody answers."""
        while not self._quiet.is_set():
            await self.clock.sleep(LOOK_EVERY_S)
            if self._unanswered >= _MOST_MISSED:
                self._end(Ending.DEAF)
                break
            self._unanswered += 1
            await self._send(self.socket.ping())

    def _want_successor(self, ending: Ending) -> None:
        if not self.ending.done():
            self.ending.set_result(ending)

    def _end(self, ending: Ending) -> None:
        self.is_taking = False
        self._quiet.set()
        self._greeted.set()
        self._want_successor(ending)

    async def send(self, text: str) -> bool:
        """Send a text frame; False where it certainly did not go out."""
        return not self.socket.closed and await self._send(self.socket.send_str(text))

    async def _send(self, sending: Awaitable[None]) -> bool:
        """Send, but not for ever: a full pipe blocks."""
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await sending
        except _BROKEN:
            return False
        return True

    async def finish(self) -> None:
        """Wait until Slack sends nothing more this way, for half a minute at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                await self._quiet.wait()

    async def close(self) -> None:
        """Let acknowledgements that are under way go out, then close; bounded."""
        if self._handling:
            await asyncio.wait(self._handling, timeout=_LAST_ACKS_WITHIN_S)
        self._end(Ending.CLOSED)
        with suppress(*_BROKEN):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self.socket.close()
        tasks = (*self._own, *self._handling)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
