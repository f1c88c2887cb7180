"""Slack as far as the relay needs it, in memory, doing to each call what the test ordered.

The official client is in front of it: only its network is missing.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from providers.clock import Clock

Json = dict[str, Any]

LOST = "lost"
"""It is done, and the answer never arrives."""
SILENT = "silent"
"""It is not done, and there is no answer."""
HANGS = "hangs"
"""It is done a while after the caller has given up."""
UNSENT = "unsent"
"""There is no connection."""
NAMELESS = "nameless"
"""It is done, and the answer does not say what."""
LIMITED = "limited"
"""A 429 with 30 seconds."""
_LATE_S = 25.0


@dataclass(slots=True)
class Posted:
    """A message that stands somewhere."""

    ts: str
    channel: str
    thread_ts: str | None
    text: str
    blocks: list[Json]
    metadata: Json | None
    broadcast: bool = False
    edits: int = 0

    @property
    def delivery_id(self) -> str:
        """The delivery it is; empty for anybody else's."""
        return str(((self.metadata or {}).get("event_payload") or {}).get("delivery_id", ""))


@dataclass(slots=True)
class ScriptedSlack:
    """A workspace where nobody else writes."""

    clock: Clock
    latency_s: float = 0.1
    messages: list[Posted] = field(default_factory=list)
    calls: list[tuple[str, float, Json]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """An error code for each channel, or for ``method``, where there is always one."""
    _orders: dict[str, deque[str]] = field(default_factory=dict)
    _numbers: int = 0

    def order(self, method: str, *orders: str) -> None:
        """Do this to the next calls of *method*: one of the words above, ``ok``, an error code."""
        self._orders.setdefault(method, deque()).extend(orders)

    def forget_orders(self) -> None:
        """Do every call from now on as it should be."""
        self._orders.clear()

    def in_channel(self, channel: str) -> list[Posted]:
        return [one for one in self.messages if one.channel == channel]

    def texts(self, channel: str) -> list[str]:
        return [one.text for one in self.in_channel(channel)]

    def times(self, method: str) -> list[float]:
        """When *method* was called, in seconds of the clock."""
        return [at for name, at, _ in self.calls if name == method]

    def client(self) -> AsyncWebClient:
        return _Client(self)

    async def call(self, method: str, arguments: Json) -> Json:
        self.calls.append((method, self.clock.monotonic(), arguments))
        orders = self._orders.get(method)
        order = orders.popleft() if orders else "ok"
        if order == UNSENT:
            raise _no_connection()
        await self.clock.sleep(self.latency_s)
        if order == SILENT:
            raise aiohttp.ServerDisconnectedError
        if order == HANGS:
            return await self._hang(method, arguments)
        if order not in {"ok", LOST, NAMELESS}:
            return {"ok": False, "error": "ratelimited" if order == LIMITED else order}
        answer = self._do(method, arguments)
        if order == LOST:
            raise aiohttp.ServerDisconnectedError
        return {"ok": True} if order == NAMELESS else answer

    async def _hang(self, method: str, arguments: Json) -> Json:
        """Act late although the caller is gone by then."""
        try:
            await self.clock.sleep(_LATE_S)
        finally:
            answer = self._do(method, arguments)
        return answer

    def _do(self, method: str, arguments: Json) -> Json:
        code = self.refuses.get(method) or self.refuses.get(str(arguments.get("channel")))
        if code is not None:
            return {"ok": False, "error": code}
        answer: Json = getattr(self, "_" + method.replace(".", "_").lower())(arguments)
        return {"ok": True} | answer

    def _chat_postmessage(self, given: Json) -> Json:
        self._numbers += 1
        posted = Posted(
            ts=f"{self.clock.now().timestamp():.0f}.{self._numbers:06d}",
            channel=given["channel"],
            thread_ts=given.get("thread_ts"),
            text=given["text"],
            blocks=list(given.get("blocks") or []),
            metadata=given.get("metadata"),
            broadcast=bool(given.get("reply_broadcast")),
        )
        self.messages.append(posted)
        return {"ts": posted.ts, "channel": posted.channel}

    def _find(self, given: Json) -> Posted | None:
        found = (one for one in self.messages if one.ts == given["ts"])
        return next((one for one in found if one.channel == given["channel"]), None)

    def _chat_update(self, given: Json) -> Json:
        message = self._find(given)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.text, message.blocks = given["text"], list(given["blocks"])
        message.edits += 1
        return {"ts": message.ts}

    def _chat_delete(self, given: Json) -> Json:
        message = self._find(given)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        self.messages.remove(message)
        return {"ts": message.ts}

    def _conversations_open(self, given: Json) -> Json:
        return {"channel": {"id": "D" + str(given["users"])[1:]}}

    def _conversations_history(self, given: Json) -> Json:
        there = [one for one in self.in_channel(given["channel"]) if one.thread_ts is None]
        return self._page([one for one in reversed(there) if one.ts > given["oldest"]], given)

    def _conversations_replies(self, given: Json) -> Json:
        if self._find(given) is None:
            return {"ok": False, "error": "thread_not_found"}
        there = self.in_channel(given["channel"])
        return self._page([one for one in there if given["ts"] in {one.ts, one.thread_ts}], given)

    def _page(self, there: list[Posted], given: Json) -> Json:
        start, size = int(given.get("cursor") or 0), int(given["limit"])
        shown = [{"ts": one.ts, "metadata": one.metadata} for one in there[start : start + size]]
        cursor = str(start + size) if start + size < len(there) else ""
        return {"messages": shown, "response_metadata": {"next_cursor": cursor}}


class _Client(AsyncWebClient):
    """The official client, whose calls go to the scripted one."""

    def __init__(self, slack: ScriptedSlack) -> None:
        super().__init__("xoxb-scripted", retry_handlers=[])
        self._slack = slack

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        sent = given.get("json") or given.get("data") or given.get("params") or {}
        arguments = {key: value for key, value in sent.items() if value is not None}
        answer = await self._slack.call(api_method, json.loads(json.dumps(arguments)))
        headers = {"Retry-After": "30"} if answer.get("error") == "ratelimited" else {}
        response = _response(self, api_method, answer, headers)
        response.validate()  # type: ignore[no-untyped-call]  # the SDK's own, without types
        return response


def _response(
    client: AsyncWebClient, method: str, answer: Json, headers: Mapping[str, str]
) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=client,
        http_verb="POST",
        api_url=f"https://slack.example/api/{method}",
        req_args={},
        data=answer,
        headers=dict(headers),
        status_code=429 if headers else 200,
    )


def _no_connection() -> aiohttp.ClientConnectorError:
    key = aiohttp.client_reqrep.ConnectionKey("slack.example", 443, True, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(111, "Connection refused"))
