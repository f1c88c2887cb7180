"""The other end of on-call: PagerDuty, somebody's webhook, and the calendars a team keeps.

PagerDuty's rules are those of its Events API v2 ("Send an Alert Event", read 2026-11): an event it
cannot read is refused with 400 for good, one it takes is answered 202, and a trigger whose dedup
key has an incident that is not resolved rings nobody again. The webhook's are those a careful
receiver follows: a signature over the very bytes, and no delivery twice.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

Json = dict[str, Any]
Trouble = Literal["hang", "reset", "lost_answer"] | int
"""What a call meets: no answer, a broken connection before or after it counts, or a status."""
_ACTIONS = frozenset({"trigger", "acknowledge", "resolve"})
_SEVERITIES = frozenset({"critical", "error", "warning", "info"})
_MAX_SUMMARY, _MAX_DEDUP_KEY = 1024, 255
_CLOSE_S = 0.2


@dataclass(slots=True)
class Incident:
    """What PagerDuty makes of the events with one dedup key."""

    dedup_key: str
    summary: str
    status: str = "triggered"
    rings: int = 1
    """How often somebody's telephone rang for it."""


@dataclass(slots=True)
class OnCallWorld:
    """The three of them on one port; made by ``start``, closed as an async context manager."""

    routing_key: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    incidents: dict[str, Incident] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    """What PagerDuty took, repeated ones too, oldest first."""
    delivered: dict[str, Json] = field(default_factory=dict)
    """What the webhook took, by the delivery's id, each once."""
    repeated: list[str] = field(default_factory=list)
    """Ids of deliveries the webhook had already."""
    refused: list[str] = field(default_factory=list)
    """Why each refused call was, in the order they came."""
    calendars: dict[str, str] = field(default_factory=dict)
    """The text of each, by name."""
    url: str = ""
    _troubles: deque[tuple[Trouble, Mapping[str, str]]] = field(default_factory=deque)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.ServerRunner | None = field(default=None, repr=False)

    @classmethod
    async def start(cls, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        world = cls()
        server = web.Server(world._handle, access_log=None)
        world._runner = web.ServerRunner(server, shutdown_timeout=_CLOSE_S)
        await world._runner.setup()
        await web.TCPSite(world._runner, host, port).start()
        world.url = f"http://{host}:{world._runner.addresses[0][1]}"
        return world

    async def close(self) -> None:
        """Let go of whoever still waits, and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def pagers(self) -> dict[str, Json]:
        """Write both pagers as the bot's configuration has them: ``main`` and ``ops``."""
        return {
            "main": {
                "kind": "pagerduty",
                "routing_key": self.routing_key,
                "url": f"{self.url}/v2/enqueue",
            },
            "ops": {"kind": "webhook", "url": f"{self.url}/hook", "secret": self.secret},
        }

    def rota(self, name: str, text: str) -> Json:
        """Keep a calendar; write its rota as the bot's configuration has it."""
        self.calendars[name] = text
        return {"ical": f"{self.url}/{name}.ics?token=secret-of-{name}"}

    def trouble(self, *troubles: Trouble, **headers: str) -> None:
        """Let the next calls meet these, one each; *headers* come with a status."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self._troubles.extend((trouble, told) for trouble in troubles)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        serve = self._served().get((request.method, request.path), self._calendar)
        if not self._troubles:
            return await serve(request, body)
        trouble, headers = self._troubles.popleft()
        if isinstance(trouble, int):
            return web.Response(status=trouble, headers=headers)
        if trouble == "hang":
            await self._closing.wait()
        if trouble == "lost_answer":
            await serve(request, body)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _served(self) -> Mapping[tuple[str, str], "_Serve"]:
        return {("POST", "/v2/enqueue"): self._enqueue, ("POST", "/hook"): self._hook}

    async def _calendar(self, request: web.BaseRequest, _: bytes) -> web.Response:
        text = self.calendars.get(request.path.strip("/").removesuffix(".ics"))
        if text is None or request.method != "GET":
            return web.Response(status=404)
        return web.Response(text=text, content_type="text/calendar")

    async def _enqueue(self, _: web.BaseRequest, body: bytes) -> web.Response:
        event = _read(body)
        problems = list(_problems(event, self.routing_key))
        if problems:
            self.refused += problems
            refusal = {"status": "invalid event", "message": "Event object is invalid"}
            return web.json_response({**refusal, "errors": problems}, status=400)
        self.events.append(event)
        self._note(event)
        key = event["dedup_key"]
        accepted = {"status": "success", "message": "Event processed", "dedup_key": key}
        return web.json_response(accepted, status=202)

    def _note(self, event: Json) -> None:
        """Open an incident, or change one; a trigger of one that is open rings nobody."""
        incident = self.incidents.get(event["dedup_key"])
        if event["event_action"] == "trigger":
            if incident is None:
                summary = event["payload"]["summary"]
                self.incidents[event["dedup_key"]] = Incident(event["dedup_key"], summary)
            elif incident.status == "resolved":
                incident.status, incident.rings = "triggered", incident.rings + 1
        elif incident is not None and incident.status != "resolved":
            incident.status = {"acknowledge": "acknowledged"}.get(event["event_action"], "resolved")

    async def _hook(self, request: web.BaseRequest, body: bytes) -> web.Response:
        proof = hmac.digest(self.secret.encode(), body, hashlib.sha256).hex()
        told = request.headers.get("X-Mediatask-Signature", "")
        if not hmac.compare_digest(told.encode(), f"sha256={proof}".encode()):
            self.refused.append("signature")
            return web.Response(status=401)
        delivery = request.headers.get("X-Mediatask-Delivery", "")
        message = _read(body)
        if not delivery or message.get("id") != delivery:
            self.refused.append("delivery")
            return web.Response(status=400)
        if delivery in self.delivered:
            self.repeated.append(delivery)
        else:
            self.delivered[delivery] = message
        return web.Response(status=204)


_Serve = Callable[[web.BaseRequest, bytes], Awaitable[web.StreamResponse]]


def _read(body: bytes) -> Json:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _problems(event: Json, routing_key: str) -> Iterator[str]:
    """Tell what PagerDuty refuses in an event."""
    if event.get("routing_key") != routing_key:
        yield "'routing_key' is invalid"
    if event.get("event_action") not in _ACTIONS:
        yield "'event_action' is invalid"
    key = event.get("dedup_key")
    if not isinstance(key, str) or not 0 < len(key) <= _MAX_DEDUP_KEY:
        yield "'dedup_key' is missing or too long"
    if event.get("event_action") == "trigger":
        yield from _problems_of(event.get("payload"))


def _problems_of(payload: object) -> Iterator[str]:
    told = payload if isinstance(payload, dict) else {}
    summary = told.get("summary")
    if not isinstance(summary, str) or not 0 < len(summary) <= _MAX_SUMMARY:
        yield "'payload.summary' is missing or too long"
    if not told.get("source"):
        yield "'payload.source' is missing"
    if told.get("severity") not in _SEVERITIES:
        yield "'payload.severity' is invalid"
