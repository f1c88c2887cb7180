"""An app that only listens, on a URL: it keeps what Slack sends and answers what it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack.server import LocalSlack

Reply = Callable[[], Awaitable[web.Response]]


@dataclass(frozen=True)
class Heard:
    headers: dict[str, str]
    body: str
    payload: dict[str, Any]


@dataclass
class ListeningBot:
    """``will_answer`` queues replies; without any it acknowledges with an empty 200."""

    heard: list[Heard] = field(default_factory=list)
    _answers: deque[Reply] = field(default_factory=deque)
    _runner: web.AppRunner | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, slack: LocalSlack) -> None:
        app = web.Application()
        app.router.add_post("/slack/events", self._hear)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        slack.deliver_to(f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events")

    async def stop(self) -> None:
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def will_answer(self, answer: Any = None, status: int = 200, **headers: str) -> None:
        async def reply() -> web.Response:
            text = answer if isinstance(answer, str) else json.dumps(answer) if answer else ""
            return web.Response(text=text, status=status, headers=headers)

        self._answers.append(reply)

    def will_hang(self) -> None:
        async def never() -> web.Response:
            await self._stopping.wait()
            return web.Response()

        self._answers.append(never)

    async def hears(self, number: int = 1) -> Heard:
        """Wait until it has heard *number* deliveries, and look at the last of them."""
        async with asyncio.timeout(5):
            while len(self.heard) < number:
                self._came.clear()
                await self._came.wait()
        return self.heard[number - 1]

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1].payload

    async def _hear(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.heard.append(Heard(dict(request.headers), body, _payload(request, body)))
        self._came.set()
        return await self._answers.popleft()() if self._answers else web.Response()


def _payload(request: web.Request, body: str) -> dict[str, Any]:
    if request.content_type == "application/json":
        decoded: dict[str, Any] = json.loads(body)
        return decoded
    form = dict(parse_qsl(body, keep_blank_values=True))
    unpacked: dict[str, Any] = json.loads(form["payload"]) if "payload" in form else form
    return unpacked
