"""Delivery to the app's own URL, signed.

The signature is ``v0=`` and the hex HMAC-SHA256 of ``v0:{timestamp}:{body}`` under the signing
secret (Slack docs, authentication/verifying-requests-from-slack, read 2026-11).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.clock import Clock
from bot.sandbox.slack import seed
from bot.sandbox.slack.deadlines import Deadlines
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.envelopes import ACK_SECONDS, Ack, Envelope

_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
_FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class HttpDelivery:
    """The app's one URL for commands, interactivity and events."""

    clock: Clock
    deadlines: Deadlines
    session: aiohttp.ClientSession = field(repr=False)
    url: str

    async def deliver(self, envelope: Envelope) -> Ack:
        """POST it and take the reply for the acknowledgement."""
        began_at = self.clock.monotonic()
        try:
            async with self.deadlines.within(ACK_SECONDS):
                ack = await self._post(envelope, began_at)
        except TimeoutError:
            took = self.clock.monotonic() - began_at
            return Ack(took, error="operation_timeout", retry_reason="http_timeout")
        except aiohttp.ClientError:
            took = self.clock.monotonic() - began_at
            return Ack(took, error="dispatch_failed", retry_reason="connection_failed")
        return ack

    async def _post(self, envelope: Envelope, began_at: float) -> Ack:
        content_type, body = encode(envelope)
        headers = sign(body, int(self.clock.now().timestamp())) | {
            "Content-Type": content_type,
            "User-Agent": _AGENT,
        }
        if envelope.retry_num:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_num)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason
        async with self.session.post(
            self.url, data=body, headers=headers, allow_redirects=False
        ) as reply:
            text = await reply.text(errors="replace")
            seconds = self.clock.monotonic() - began_at
            may_retry = reply.headers.get("X-Slack-No-Retry") != "1"
            if reply.status != HTTPStatus.OK:
                error = _refusal(reply.status)
                return Ack(seconds, error=error, retry_reason="http_error", may_retry=may_retry)
            return Ack(seconds, payload=read_answer(text), may_retry=may_retry)

    async def verify_url(self) -> bool:
        """Send the ``url_verification`` challenge and tell whether it came back."""
        challenge = f"challenge-{int(self.clock.now().timestamp())}"
        body = {"type": "url_verification", "token": "unused", "challenge": challenge}
        ack = await self.deliver(Envelope("events_api", body))
        answer = (ack.payload or {}).get("challenge", (ack.payload or {}).get("text"))
        return bool(answer == challenge)


def _refusal(status: int) -> str:
    server_failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return "http_service_error" if server_failed else "http_client_error"


def encode(envelope: Envelope) -> tuple[str, bytes]:
    """Write the body: content type and bytes."""
    if envelope.kind == "slash_commands":
        return _FORM, urlencode(envelope.payload).encode()
    text = json.dumps(envelope.payload)
    if envelope.kind == "interactive":
        return _FORM, urlencode({"payload": text}).encode()
    return "application/json", text.encode()


def sign(body: bytes, timestamp: int) -> dict[str, str]:
    """Sign *body*; *timestamp* is in Unix seconds."""
    text = b"v0:%d:%b" % (timestamp, body)
    digest = hmac.new(seed.SIGNING_SECRET.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def read_answer(text: str) -> Json | None:
    """Read the reply's body: a JSON object, or plain text that is shown as it is; None if empty."""
    if not text.strip():
        return None
    try:
        answer = json.loads(text)
    except ValueError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}
