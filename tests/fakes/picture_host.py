"""A host of pictures on a loopback port, some of whose pictures are traps."""

import asyncio
import gzip
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.sandbox.media import make_picture

_DRIP_S = 0.005
_CHUNK = bytes(1 << 16)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PictureHost:
    """Answers by the first part of the path, and notes who asked for what."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self._closing = asyncio.Event()
        self._answers: dict[str, Answer] = {
            "picture": self._picture,
            "status": self._status,
            "redirect": self._redirect,
            "hop": self._hop,
            "bytes": self._bytes,
            "endless": self._endless,
            "packed": self._packed,
            "drip": self._drip,
            "hang": self._hang,
            "break": self._break,
        }
        app = web.Application()
        app.router.add_route("*", "/{kind}", self._answer)
        app.router.add_route("*", "/{kind}/{rest:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self._server.close()

    @property
    def port(self) -> int:
        port = self._server.port
        assert port is not None
        return port

    def link(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self._answers[request.match_info["kind"]](request)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        """``picture/10.jpg`` shows second 10."""
        second = int(request.match_info["rest"].partition(".")[0])
        return web.Response(body=make_picture(second), content_type="text/plain")

    async def _status(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=int(request.match_info["rest"]), body=make_picture(0))

    async def _redirect(self, request: web.Request) -> web.StreamResponse:
        """``redirect?to=…`` leads there as it is written; without, nowhere."""
        headers = {"Location": request.query["to"]} if "to" in request.query else {}
        return web.Response(status=302, headers=headers | {"Set-Cookie": "canary=1; Path=/"})

    async def _hop(self, request: web.Request) -> web.StreamResponse:
        """``hop/3`` takes three redirects to a picture; they are relative."""
        left = int(request.match_info["rest"])
        to = f"/hop/{left - 1}" if left > 1 else "../picture/5.jpg"
        return web.Response(status=307, headers={"Location": to})

    async def _bytes(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=bytes(int(request.match_info["rest"])))

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        """Send for ever, as fast as it is taken, and never say how much."""
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while not self._closing.is_set():
                await response.write(_CHUNK)
        return response

    async def _packed(self, _request: web.Request) -> web.StreamResponse:
        body = gzip.compress(bytes(50_000_000), compresslevel=1)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while not self._closing.is_set():
                await response.write(b" ")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _DRIP_S)
        return response

    async def _hang(self, _request: web.Request) -> web.StreamResponse:
        await self._closing.wait()
        return web.Response()

    async def _break(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


class ScriptedResolver(AbstractResolver):
    """Gives a name's addresses in turn, and the last of them for ever.

    What nobody scripted is read as the C library reads numbers: ``0x7f.1`` is 127.0.0.1.
    """

    def __init__(self, **scripts: list[list[str]]) -> None:
        self._scripts = scripts
        self.resolved: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        self.resolved.append(host)
        script = self._scripts.get(host.partition(".")[0])
        if script is None:
            addresses = [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]
        else:
            addresses = script.pop(0) if len(script) > 1 else script[0]
        return [_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
