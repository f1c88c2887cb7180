"""A Huawei Cloud that answers what it is told to, and remembers what it was asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

TRANSCODINGS = "/v1/0123456789abcdef/transcodings"
TOKENS = "/v3/auth/tokens"


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    """What the cloud says next."""

    document: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class RecordedCloud:
    """MPC and IAM on one loopback port; the last answer of a path is given again and again."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.arrived = asyncio.Event()
        self.answering = asyncio.Event()
        self.answering.set()
        self._answers: dict[str, list[Answer]] = {}
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def says(self, path: str, *answers: Answer) -> None:
        self._answers[path] = list(answers)

    def asked_at(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.target.partition("?")[0].endswith(path)]

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked.append(Asked(request.method, request.raw_path, request.headers, body))
        self.arrived.set()
        await self.answering.wait()
        path = next(path for path in self._answers if request.path.endswith(path))
        answers = self._answers[path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return web.json_response(answer.document, status=answer.status, headers=answer.headers)
