"""A vendor on a loopback port that answers as it is told to, or breaks as it is told to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

_DRIP_S = 0.005

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    target: str
    """Path and query, still percent-encoded."""
    headers: Mapping[str, str]
    body: bytes
    peer: object
    """The other end of the connection it came over."""


@dataclass(frozen=True)
class Says:
    """An answer with a body: a document, or *body* as it is."""

    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"

    def padded(self, size: int) -> "Says":
        """Fill the body up to *size* bytes with blanks, which mean nothing in JSON."""
        return replace(self, body=json.dumps(self.document).encode().ljust(size))

    async def __call__(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=json.dumps(self.document).encode() if self.body is None else self.body,
            status=self.status,
            headers=self.headers,
            content_type=self.content_type,
        )


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def talks_nonsense(request: web.Request) -> web.StreamResponse:
    """Answer in another protocol."""
    assert request.transport is not None
    request.transport.write(f"220 mail {request.raw_path}\r\n\r\n".encode())
    request.transport.close()
    return web.Response()


class Cloud:
    """Notes what it is asked; the last of its answers is given again and again.

    Only requests whose path ends in *door* count; *beside* answers the others.
    """

    def __init__(self, door: str = "", beside: Answer | None = None) -> None:
        self.asked: list[Asked] = []
        self.asked_beside = 0
        self.arrived = asyncio.Event()
        self._door = door
        self._beside = beside or Says(status=404)
        self._answers: list[Answer] = []
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server(access_log=None)  # it would log what tests look for
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of whoever still waits, and refuse connections from now on."""
        self._closing.set()
        await self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def answers(self, *answers: Answer) -> None:
        self._answers = list(answers)

    async def hangs(self, _request: web.Request) -> web.StreamResponse:
        """Answer nothing before the end of the test."""
        await self._closing.wait()
        return web.Response()

    async def drips(self, request: web.Request) -> web.StreamResponse:
        """Send a byte now and then, for ever."""
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with suppress(ConnectionError):
            while not self._closing.is_set():
                await response.write(b" ")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _DRIP_S)
        return response

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not request.path.endswith(self._door):
            self.asked_beside += 1
            return await self._beside(request)
        peer = request.get_extra_info("peername")
        self.asked.append(Asked(request.method, request.raw_path, request.headers, body, peer))
        self.arrived.set()
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return await answer(request)
