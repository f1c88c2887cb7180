"""What is said over a Socket Mode connection, as values; pure.

Slack docs, apis/events-api/using-socket-mode, read 2026-11. Slack says hello once, then sends
envelopes, each of which wants its id back within three seconds, and goodbye some time before it
ends the connection.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse


@dataclass(frozen=True, slots=True)
class Hello:
    """The connection is in use from now on."""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The connection will end."""

    reason: str
    """``warning`` some ten seconds ahead, ``refresh_requested``, ``link_disabled``,
    ``too_many_websockets``."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command, an interaction or an event."""

    id: str
    payload: Mapping[str, Any]
    retry_num: int = 0
    """0 the first time; then how often Slack has tried to deliver this event."""
    retry_reason: str = ""


Frame = Hello | Goodbye | Envelope


def read_frame(text: str) -> Frame | None:
    """Read a text frame; None for what is none of Slack's, and for what a later Slack may add."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"type": "hello"}:
            return Hello()
        case {"type": "disconnect"}:
            return Goodbye(str(said.get("reason")))
        case {"envelope_id": str(envelope_id), "payload": dict(payload)}:
            retry_num, reason = said.get("retry_attempt"), said.get("retry_reason")
            return Envelope(envelope_id, payload, retry_num or 0, reason or "")
        case _:
            return None


def to_bolt_request(envelope: Envelope) -> AsyncBoltRequest:
    """Write an envelope as Bolt's listeners read it; a retry is told as over HTTP."""
    headers: dict[str, str | Sequence[str]] = {}
    if envelope.retry_num:
        headers["x-slack-retry-num"] = str(envelope.retry_num)
        headers["x-slack-retry-reason"] = envelope.retry_reason
    return AsyncBoltRequest(mode="socket_mode", body=dict(envelope.payload), headers=headers)


def write_acknowledgement(envelope_id: str, response: BoltResponse) -> str | None:
    """Write the frame that acknowledges; None where Bolt's answer is that nobody took it."""
    if response.status != HTTPStatus.OK:
        return None
    if not response.body:
        return json.dumps({"envelope_id": envelope_id})
    return json.dumps({"envelope_id": envelope_id, "payload": _payload(response)})


def _payload(response: BoltResponse) -> Any:
    content_type = response.headers.get("content-type", [""])[0]
    if content_type.startswith("application/json"):
        return json.loads(response.body)
    return {"text": response.body}
