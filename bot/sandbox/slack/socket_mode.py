"""Delivery over the app's WebSockets (Slack docs, apis/events-api/using-socket-mode, read 2026-11).

Up to ten connections; each envelope goes to any one of them and waits three seconds for its ack,
which may come over another. Connections are refreshed after some hours.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import aiohttp
from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.slack import seed
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.changes import Change, Changes
from bot.sandbox.slack.connection import GRACE_SECONDS, Connection, goodbye
from bot.sandbox.slack.deadlines import Deadlines
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.envelopes import ACK_SECONDS, Ack, Envelope

MAX_CONNECTIONS = 10
LIFETIME_SECONDS = 18060.0
DEBUG_LIFETIME_SECONDS = 360.0
"""With ``debug_reconnects=true`` in the URL."""
TICKET_SECONDS = 30.0
_NOTICED_SECONDS = 20.0

Cut = Literal["warning", "refresh", "link_disabled", "reset", "silence", "blackhole"]
"""How a connection ends: with a frame (``warning`` some seconds ahead), by a TCP reset, or without
a word: ``silence`` is Slack forgetting it, ``blackhole`` a network that swallows both ways while
Slack goes on sending into it until it notices."""


@dataclass(slots=True)
class SocketMode:
    """The app's live connections and the envelopes they owe an ack for."""

    clock: Clock
    deadlines: Deadlines
    background: Background
    changes: Changes
    connections: list[Connection] = field(default_factory=list)
    _tickets: dict[str, float] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _owed: dict[str, "asyncio.Future[Json | None]"] = field(default_factory=dict)
    _turn: int = 0

    def issue_ticket(self) -> str:
        """Allow one connection within the next half minute."""
        ticket = f"ticket-{next(self._numbers):012x}"
        self._tickets[ticket] = self.clock.monotonic() + TICKET_SECONDS
        return ticket

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < self.clock.monotonic():
            raise web.HTTPForbidden(text="no such ticket")
        connection = await Connection.accept(request)
        if len(self.connections) >= MAX_CONNECTIONS:
            await connection.disconnect("too_many_websockets")
            return connection.socket
        self.connections.append(connection)
        debug = request.query.get("debug_reconnects") == "true"
        lifetime = DEBUG_LIFETIME_SECONDS if debug else LIFETIME_SECONDS
        await connection.send(_hello(len(self.connections), lifetime))
        self.changes.announce(Change("connection", connection))
        stop_retiring = self.background.start(self._retire(connection, lifetime - GRACE_SECONDS))
        try:
            await self._listen(connection)
        finally:
            stop_retiring()
            self._drop(connection)
        return connection.socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.is_deaf:
                continue
            if message.type is aiohttp.WSMsgType.PING:
                await connection.pong(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                self._settle(message.data)

    def _settle(self, text: str) -> None:
        with suppress(ValueError):
            ack = json.loads(text)
            owed = self._owed.get(str(ack.get("envelope_id"))) if isinstance(ack, dict) else None
            if owed is not None and not owed.done():
                owed.set_result(ack.get("payload") or None)

    def _drop(self, connection: Connection) -> None:
        self.connections.remove(connection)
        self.changes.announce(Change("connection", connection))

    async def deliver(self, envelope: Envelope) -> Ack:
        """Send it over a connection and wait for its ack."""
        began_at = self.clock.monotonic()
        envelope_id = f"00000000-0000-4000-8000-{next(self._numbers):012x}"
        owed: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._owed[envelope_id] = owed
        try:
            if not await self._send(_frame(envelope, envelope_id)):
                return Ack(0.0, error="dispatch_failed", retry_reason="connection_failed")
            async with self.deadlines.within(ACK_SECONDS):
                answer = await owed
        except TimeoutError:
            took = self.clock.monotonic() - began_at
            return Ack(took, error="operation_timeout", retry_reason="timeout")
        finally:
            del self._owed[envelope_id]
        payload = answer if envelope.accepts_response else None
        return Ack(self.clock.monotonic() - began_at, payload=payload)

    async def _send(self, frame: Json) -> bool:
        """Try the connections in turn; False where none took it."""
        for _ in range(len(self.connections)):
            self._turn += 1
            open_ones = [one for one in self.connections if one.is_routed]
            if not open_ones:
                return False
            if await open_ones[self._turn % len(open_ones)].send(frame):
                return True
        return False

    async def cut(self, how: Cut, number: int | None = None) -> int:
        """End the *number* oldest connections (None: all) that still take part; tell how many."""
        chosen = [one for one in self.connections if one.is_routed][:number]
        for connection in chosen:
            await self._cuts()[how](connection)
        return len(chosen)

    def _cuts(self) -> dict[Cut, Callable[[Connection], Awaitable[None]]]:
        return {
            "warning": self._warn,
            "refresh": lambda one: self._part(one, "refresh_requested"),
            "link_disabled": lambda one: self._part(one, "link_disabled"),
            "reset": Connection.reset,
            "silence": Connection.forget,
            "blackhole": self._swallow,
        }

    async def _warn(self, connection: Connection) -> None:
        self.background.start(self._retire(connection, 0))

    async def _retire(self, connection: Connection, after: float) -> None:
        await self.clock.sleep(after)
        await connection.send(goodbye("warning"))
        await self.clock.sleep(GRACE_SECONDS)
        await connection.disconnect("refresh_requested")

    async def _part(self, connection: Connection, reason: str) -> None:
        """Say goodbye, send nothing more, and hang up where the app has not after a while."""
        await connection.send(goodbye(reason))
        connection.is_routed = False
        self.background.start(self._hang_up(connection, GRACE_SECONDS))

    async def _swallow(self, connection: Connection) -> None:
        connection.is_deaf = True
        self.background.start(self._hang_up(connection, _NOTICED_SECONDS))

    async def _hang_up(self, connection: Connection, after: float) -> None:
        await self.clock.sleep(after)
        await connection.reset()

    async def close(self) -> None:
        """End every connection at once."""
        await asyncio.gather(*(connection.reset() for connection in tuple(self.connections)))


def _frame(envelope: Envelope, envelope_id: str) -> Json:
    frame: Json = {
        "envelope_id": envelope_id,
        "payload": envelope.payload,
        "type": envelope.kind,
        "accepts_response_payload": envelope.accepts_response,
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.retry_num, "retry_reason": envelope.retry_reason}
    return frame


def _hello(connections: int, lifetime: float) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": seed.APP_ID},
        "debug_info": {"host": "local-slack", "approximate_connection_time": int(lifetime)},
    }
