"""Slack's side of the load, as a process: signed ``/mediatask`` commands over kept connections.

In a closed loop every connection types its next command when the last one is acknowledged. At a
rate, commands go out at their moments whatever became of those before, and a wait counts from the
moment the command was due, so a bot that stalls cannot slow its own load down.

A request is signed with ``v0=`` and the hex HMAC-SHA256 of ``v0:{timestamp}:{body}`` (Slack docs,
authentication/verifying-requests-from-slack, read 2026-11).
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from providers.clock import SystemClock

_GIVE_UP_AFTER_S = 30.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Load:
    """What is typed, where to, and how fast."""

    port: int
    secret: str
    answers_url: str
    texts: tuple[str, ...]
    """Typed in turn; ``{n}`` is the number of the command."""
    seconds: float
    in_flight: int = 0
    """Connections of a closed loop."""
    per_second: float = 0
    """Instead of a closed loop: commands a second."""
    first: int = 0
    """Number of the first command."""


@dataclass(slots=True)
class Seen:
    """What came of it."""

    waits_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


class Connection(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._status: asyncio.Future[int]
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to write."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    async def send(self, request: bytes) -> int:
        """Send one request; give the status of its response."""
        self._status = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._status

    def data_received(self, data: bytes) -> None:
        """Read until the response is whole; the responses here tell their length."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if end and len(body) >= _content_length(head):
            self._received = b""
            self._status.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits; at the end nobody does."""
        if hasattr(self, "_status") and not self._status.done():
            self._status.set_exception(exc or ConnectionResetError("closed"))


def _content_length(head: bytes) -> int:
    name = b"content-length:"
    at = head.lower().index(name) + len(name)
    return int(head[at:].split(b"\r\n", 1)[0])


class Slack:
    """Types commands and watches the acknowledgements."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._clock = SystemClock()
        self._numbers = itertools.count(load.first)
        self._idle: deque[Connection] = deque()
        self.seen = Seen()

    async def type_in_turn(self) -> None:
        """Run one connection of a closed loop until the time is over."""
        connection = await self._connect()
        ends = time.perf_counter() + self._load.seconds
        while (now := time.perf_counter()) < ends:
            await self._type(connection, due=now)

    async def type_at_a_rate(self) -> None:
        """Type at even moments, over as many connections as that needs."""
        began, rate = time.perf_counter(), self._load.per_second
        async with asyncio.TaskGroup() as typing:
            for turn in range(int(self._load.seconds * rate)):
                due = began + turn / rate
                await self._clock.sleep(due - time.perf_counter())
                typing.create_task(self._type_on_any(due))

    async def _type_on_any(self, due: float) -> None:
        connection = self._idle.pop() if self._idle else await self._connect()
        await self._type(connection, due=due)
        self._idle.append(connection)

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, "127.0.0.1", self._load.port)
        return connection

    async def _type(self, connection: Connection, *, due: float) -> None:
        request = write_request(self._load, next(self._numbers), int(self._clock.now().timestamp()))
        status = await connection.send(request)
        self.seen.waits_s.append(time.perf_counter() - due)
        self.seen.statuses[status] += 1


def write_request(load: Load, number: int, timestamp: int) -> bytes:
    """Write one command as Slack sends it, whole."""
    body = urlencode(_command(load, number)).encode()
    signed = b"v0:%d:%b" % (timestamp, body)
    signature = hmac.digest(load.secret.encode(), signed, hashlib.sha256).hex()
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{load.port}\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


def _command(load: Load, number: int) -> dict[str, str]:
    return {
        "token": "unused",
        "team_id": "T0NORTHWIND",
        "team_domain": "northwind",
        "channel_id": "C0MEDIA",
        "channel_name": "media-team",
        "user_id": "U0ALICE",
        "user_name": "alice",
        "command": "/mediatask",
        "text": load.texts[number % len(load.texts)].replace("{n}", str(10_000_000 + number)),
        "api_app_id": "A0MEDIATASK",
        "is_enterprise_install": "false",
        "response_url": f"{load.answers_url}{number}",
        "trigger_id": f"{number}.1.abcdef",
    }


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))] * 1000


async def _run(load: Load) -> dict[str, Any]:
    slack, began = Slack(load), time.perf_counter()
    async with asyncio.timeout(load.seconds + _GIVE_UP_AFTER_S):
        if load.per_second:
            await slack.type_at_a_rate()
        else:
            await asyncio.gather(*(slack.type_in_turn() for _ in range(load.in_flight)))
    took, waits = time.perf_counter() - began, sorted(slack.seen.waits_s)
    return {
        "commands": len(waits),
        "refused": len(waits) - slack.seen.statuses[_OK],
        "per_second": len(waits) / took,
        "p50_ms": _quantile(waits, 0.5),
        "p99_ms": _quantile(waits, 0.99),
        "max_ms": _quantile(waits, 1),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_run(Load(**json.loads(sys.argv[1]))))))
