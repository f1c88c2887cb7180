"""ZEGO's callbacks as ZEGO would send them, signed by the page's rule and not by our code."""

import json
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from providers.callbacks import CallbackNews, Received
from providers.zego.callback import ZegoCallbackReceiver
from tests.providers.zego.samples import VECTORS

APP_ID = 1234567890
SECRET = "fakecallbacksecret"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
JSON = {"Content-Type": "application/json"}
RECORD_ID = "YZ4joOE4IwmFAAAT"
TENCENT_ID = "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0"


def load_callback_cases(path: Path = VECTORS / "zego_callback.json") -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cases"]
    return cases


def signed(
    fields: dict[str, Any], *, stamp: object = STAMP, nonce: str = "100480"
) -> dict[str, Any]:
    """Add what ZEGO adds; *fields* may overrule it."""
    text = "".join(sorted([SECRET, str(stamp), nonce]))
    signature = sha1(text.encode(), usedforsecurity=False).hexdigest()
    proof = {"appid": str(APP_ID), "timestamp": str(stamp), "nonce": nonce, "signature": signature}
    return {**proof, **fields}


def recording(event_type: object, /, **fields: Any) -> dict[str, Any]:
    """A cloud recording's callback."""
    about = {"app_id": APP_ID, "task_id": RECORD_ID, "room_id": "6677", "sequence": 1}
    callback = signed({**about, "event_type": event_type, "message": "", **fields})
    del callback["appid"]
    return callback


def receiver(app_id: int = APP_ID, secret: str = SECRET) -> ZegoCallbackReceiver:
    return ZegoCallbackReceiver("main", app_id, SecretStr(secret))


def receive(callback: dict[str, Any] | bytes, now: datetime = NOW) -> Received:
    body = callback if isinstance(callback, bytes) else json.dumps(callback).encode()
    return receiver().parse_callback(JSON, body, now=now)


def only_news(callback: dict[str, Any]) -> CallbackNews:
    (news,) = receive(callback).news
    return news
