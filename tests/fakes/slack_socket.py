"""A Slack that says over its WebSockets what the test wants, also what Slack never would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

HELLO = '{"type": "hello", "num_connections": 1}'


@dataclass
class SlackSocket:
    """Opens connections, and says *greeting* on each; nothing else comes by itself."""

    url: str = ""
    greeting: tuple[str, ...] = (HELLO,)
    refuses: bool = False
    """Whether it answers a handshake with 403."""
    answer: dict[str, object] | None = None
    """What it says to whoever asks for an address; None names one."""
    addresses: int = 0
    """How many addresses were asked for."""
    asking: int = 0
    most_asking: int = 0
    """How many were asked for at the same time."""
    open: list[web.WebSocketResponse] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    pongs: list[bytes] = field(default_factory=list)

    async def say(self, text: str) -> None:
        """Send a text frame over the connection that was opened last."""
        await self.open[-1].send_str(text)

    async def _address(self, request: web.Request) -> web.Response:
        del request
        self.addresses += 1
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        for _ in range(20):  # turns of the loop: whoever asks meanwhile has arrived by then
            await _yield()
        self.asking -= 1
        address = f"{self.url}link?ticket=secret-{self.addresses}"
        return web.json_response(self.answer or {"ok": True, "url": address})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self.refuses:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(autoping=False, timeout=0.1)
        await socket.prepare(request)
        self.open.append(socket)
        for text in self.greeting:
            await socket.send_str(text)
        async for message in socket:
            if message.type is aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                self.pongs.append(message.data)
            else:
                self.heard.append(message.data)
        return socket


async def _yield() -> None:
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


@asynccontextmanager
async def slack_socket() -> AsyncIterator[SlackSocket]:
    """Listen on a free port until the end of the test."""
    slack = SlackSocket()
    app = web.Application()
    app.router.add_post("/apps.connections.open", slack._address)  # noqa: SLF001  # its own handler
    app.router.add_get("/link", slack._link)  # noqa: SLF001  # the same
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield slack
    finally:
        for socket in slack.open:
            await socket.close()
        await runner.cleanup()
