"""A server that says, in turn, what it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Said:
    """One answer."""

    body: str
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False


@dataclass
class ScriptedServer:
    """Says what is queued, one answer a request, and the last of it for ever."""

    url: str = ""
    heard: list[str] = field(default_factory=list)
    """The bodies that came."""
    _queue: deque[Said] = field(default_factory=deque)
    _hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    def will_say(
        self,
        body: Any = "ok",
        *,
        status: int = 200,
        content_type: str = "application/json",
        times: int = 1,
        **headers: str,
    ) -> None:
        """Queue an answer; what is no text is written as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self._queue.extend([Said(text, status, content_type, headers)] * times)

    def will_hang(self) -> None:
        """Queue no answer at all."""
        self._queue.append(Said("", hangs=True))

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.heard.append(await request.text())
        said = self._queue.popleft() if len(self._queue) > 1 else self._queue[0]
        if said.hangs:
            await self._hung_up.wait()
        headers = {name.replace("_", "-"): value for name, value in said.headers.items()}
        return web.Response(
            text=said.body, status=said.status, content_type=said.content_type, headers=headers
        )


@asynccontextmanager
async def scripted_server() -> AsyncIterator[ScriptedServer]:
    """Listen on a free port; whoever is left hanging is let go in the end."""
    server = ScriptedServer()
    runner = web.ServerRunner(
        web.Server(server._answer, access_log=None),  # noqa: SLF001  # its own handler
        shutdown_timeout=1,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield server
    finally:
        server._hung_up.set()  # noqa: SLF001  # its own event
        await runner.cleanup()
