"""One WebSocket to the app, and the ways it can end."""

import json
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.entities import Json

GRACE_SECONDS = 10.0
"""From the warning to the refresh, and from the refresh to hanging up."""
_HEARTBEAT_SECONDS = 10.0
_CLOSE_SECONDS = 0.5


@dataclass(eq=False, slots=True)
class Connection:
    """A live WebSocket."""

    socket: web.WebSocketResponse
    request: web.Request
    is_routed: bool = True
    """Whether envelopes are still sent to it."""
    is_deaf: bool = False
    """Whether nothing gets through any more, either way, although it looks open."""

    @classmethod
    async def accept(cls, request: web.Request) -> "Connection":
        """Shake hands. Pings are answered by hand, because a deaf connection must not."""
        answer = web.WebSocketResponse(
            autoping=False, heartbeat=_HEARTBEAT_SECONDS, timeout=_CLOSE_SECONDS
        )
        await answer.prepare(request)
        return cls(answer, request)

    async def send(self, frame: Json) -> bool:
        """Send *frame*; False where the connection turns out to be gone."""
        if self.is_deaf:
            return True
        if self.socket.closed:
            return False
        try:
            await self.socket.send_str(json.dumps(frame))
        except ConnectionError:
            return False
        return True

    async def pong(self, payload: bytes) -> None:
        """Answer a ping with what it carried."""
        with suppress(ConnectionError):
            await self.socket.pong(payload)

    async def disconnect(self, reason: str) -> None:
        """Say why, and close."""
        self.is_routed = False
        await self.send(goodbye(reason))
        await self.socket.close()

    async def forget(self) -> None:
        """Send nothing more and hear nothing more, without a word."""
        self.is_routed = False
        self.is_deaf = True

    async def reset(self) -> None:
        """Break the TCP connection with a reset."""
        self.is_routed = False
        transport = self.request.transport
        if transport is None:
            return
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def goodbye(reason: str) -> Json:
    """Write the frame that announces the end: ``warning``, ``refresh_requested`` and so on."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "local-slack"}}
