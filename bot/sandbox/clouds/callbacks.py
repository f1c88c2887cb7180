"""What the vendors push, signed as each of them signs, to an address it is told.

Sources: ZEGO docs, Callback Configuration Description; Tencent Cloud TIW docs, Overview of Event
Notifications; Huawei SMN user guide, HTTP or HTTPS Message Format, read 2026-11. SMN's key and
certificate are made when it starts, and its certificate is served from this very machine.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import md5, sha1
from itertools import count
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.clouds.smn import TOPIC, SmnSigner
from bot.sandbox.scenario import Keys

CALLBACK_SECRET = "zego-callback-secret-of-the-sandbox"  # noqa: S105  # it opens nothing
CALLBACK_KEY = "tiw-callback-key-of-the-sandbox"
_EXPIRES_IN_S = 600


@dataclass(slots=True)
class Callbacks:
    """Sends callbacks of all vendors; made by ``start``.

    Every method that sends gives the status it was answered with, and tries once.
    """

    keys: Keys
    clock: Clock
    signer: SmnSigner
    session: aiohttp.ClientSession
    to: str = ""
    """Where the bot listens: ``http://127.0.0.1:3000``; may be set when that is known."""
    smn_url: str = ""
    confirmed: list[str] = field(default_factory=list)
    """The tokens of subscriptions that were confirmed."""
    _runner: web.AppRunner | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    async def start(cls, keys: Keys, *, clock: Clock, host: str = "127.0.0.1") -> Self:
        """Make SMN's key, and serve its certificate on a free port."""
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        callbacks = cls(keys, clock, SmnSigner.create(clock.now()), session)
        app = web.Application()
        app.router.add_get("/smn/cert.pem", callbacks._serve_certificate)
        app.router.add_get("/smn/confirm", callbacks._confirm)
        callbacks._runner = runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, host, 0).start()
        callbacks.smn_url = f"http://{host}:{runner.addresses[0][1]}"
        return callbacks

    async def close(self) -> None:
        """Stop serving, and send nothing more."""
        await self.session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def settings(self) -> dict[str, dict[str, Any]]:
        """Write what the accounts need beside their keys, to believe what is sent from here."""
        hosts = [self.smn_url.removeprefix("http://")]
        return {
            "main": {"callback_secret": CALLBACK_SECRET},
            "whiteboard": {"callback_key": CALLBACK_KEY},
            "transcode": {"smn_topics": [TOPIC], "smn_hosts": hosts},
        }

    async def record(self, task_id: str, event_type: int, **detail: Any) -> int:
        """Send a cloud recording's status callback."""
        about = {"app_id": self.keys.zego.app_id, "task_id": task_id, "room_id": "demo-room"}
        said = {"event_type": event_type, "message": "", "sequence": next(self._numbers)}
        return await self._send("main", {**about, **said, "detail": detail, **self._prove()})

    async def media(self, event: str, task_id: str, **fields: Any) -> int:
        """Send the callback of a media task: ``compose``, ``procedure``, ``snapshot``."""
        about = {"appid": str(self.keys.zego.app_id), "event": event, "task_id": task_id}
        return await self._send("main", {**about, **fields, **self._prove()})

    async def tiw(self, event: str, task_id: str, **data: Any) -> int:
        """Send one of TIW's events."""
        expires = self._now_s() + _EXPIRES_IN_S
        signed = md5(f"{CALLBACK_KEY}{expires}".encode(), usedforsecurity=False)
        body = {
            "Timestamp": self._now_s(),
            "SdkAppId": self.keys.tencent.sdk_app_id,
            "ExpireTime": expires,
            "Sign": signed.hexdigest(),
            "EventType": event,
            "EventData": {"TaskId": task_id, **data},
        }
        return await self._send("whiteboard", body)

    async def mpc(self, task_id: str, status: str, **fields: Any) -> int:
        """Send what MPC publishes when a transcoding ends: ``SUCCEED`` or ``FAILED``."""
        info = {"task_id": task_id, "status": status, **fields}
        said = {"event_type": "TranscodeComplete", "transcode_info": info}
        return await self._publish("Notification", json.dumps(said))

    async def invite(self) -> int:
        """Ask the address to confirm that it wants the topic's messages."""
        token = f"token-{next(self._numbers)}"
        url = f"{self.smn_url}/smn/confirm?token={token}"
        return await self._publish("SubscriptionConfirmation", "Please confirm.", subscribe_url=url)

    async def _publish(self, kind: str, message: str, **fields: str) -> int:
        body = {
            "type": kind,
            "message_id": f"{next(self._numbers):032x}",
            "topic_urn": TOPIC,
            "message": message,
            "timestamp": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "signature_version": "v1",
            "signing_cert_url": f"{self.smn_url}/smn/cert.pem",
            **fields,
        }
        return await self._send("transcode", self.signer.sign(body))

    def _prove(self) -> dict[str, str]:
        """Sign as ZEGO does: the three texts sorted and joined, nothing of the payload."""
        timestamp, nonce = str(self._now_s()), str(100_000 + next(self._numbers))
        text = "".join(sorted((CALLBACK_SECRET, timestamp, nonce)))
        signature = sha1(text.encode(), usedforsecurity=False).hexdigest()
        return {"timestamp": timestamp, "nonce": nonce, "signature": signature}

    def _now_s(self) -> int:
        return int(self.clock.now().timestamp())

    async def _send(self, account: str, body: Mapping[str, Any]) -> int:
        url = f"{self.to}/callbacks/{account}"
        async with self.session.post(url, json=body) as reply:
            return reply.status

    async def _serve_certificate(self, _: web.Request) -> web.Response:
        return web.Response(body=self.signer.pem, content_type="application/x-pem-file")

    async def _confirm(self, request: web.Request) -> web.Response:
        self.confirmed.append(request.query.get("token", ""))
        return web.json_response({"subscription_urn": TOPIC})
