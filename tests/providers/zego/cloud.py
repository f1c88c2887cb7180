"""A ZEGO that says what it is told to, and adapters that ask it with known nonces."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Literal

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from providers.base import ListQuery
from providers.models import TaskRef, TaskState
from providers.registry import WasOrdinary, nobody_said
from providers.zego.client import ZegoMediaProvider, ZegoRecordProvider
from providers.zego.signing import sign
from tests.fakes.clock import FakeClock
from tests.providers.zego.samples import NOW, SECRET, an_account, load_reply

TENCENT = TaskRef("tencent", "main", "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0")
HUAWEI = TaskRef("huawei", "main", "289665200")
RECORD = TaskRef("record", "main", "X3CgNeE4I1qAAABN")
RUNNING = ListQuery(since=NOW - timedelta(hours=1), until=NOW, state=TaskState.RUNNING)
Word = Literal["tencent", "huawei"]
Words = Callable[[web.Request], object]
STAMP = int(NOW.timestamp())


class RecordingCloud:
    """Answers every request with the same words, and keeps the request line, type and body."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.reply: Words = lambda _: load_reply("zego_record_ended")
        self.seen: list[tuple[str, str, str | None, bytes]] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app, host="127.0.0.1")

    @property
    def address(self) -> str:
        return str(self.server.make_url("/"))

    def answers(self, document: object, *, status: int = 200, **headers: str) -> None:
        self.status, self.headers = status, headers
        self.reply = lambda _: document

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        sort = request.headers.get("Content-Type")
        self.seen.append((request.method, request.raw_path, sort, body))
        text = json.dumps(self.reply(request))
        return web.Response(
            text=text, status=self.status, headers=self.headers, content_type="application/json"
        )


def media(
    word: Word, url: str, session: aiohttp.ClientSession, **changes: object
) -> ZegoMediaProvider:
    nonces = count(1)
    return ZegoMediaProvider(
        word,
        "main",
        an_account(rtc_url=url, **changes),
        session=session,
        clock=FakeClock(),
        nonce=lambda: f"{next(nonces):016x}",
    )


def recordings(
    url: str, session: aiohttp.ClientSession, was_ordinary: WasOrdinary = nobody_said
) -> ZegoRecordProvider:
    nonces = count(1)
    return ZegoRecordProvider(
        "main",
        an_account(record_url=url),
        session=session,
        clock=FakeClock(),
        nonce=lambda: f"{next(nonces):016x}",
        was_ordinary=was_ordinary,
    )


def signed_query(action: str, number: int = 1) -> str:
    nonce = f"{number:016x}"
    signature = sign(1234567890, SECRET, nonce=nonce, timestamp=STAMP)
    return (
        f"/?Action={action}&AppId=1234567890&SignatureNonce={nonce}&Timestamp={STAMP}"
        f"&Signature={signature}&SignatureVersion=2.0"
    )
