"""TIW's callbacks as Tencent would send them, signed by the page's rule and not by our code."""

import json
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from providers.callbacks import CallbackNews, Received
from providers.tencent_tiw.callback import TencentTiwCallbackReceiver

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
APP_ID = 1400000001
KEY = "fakecallbackkey"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
EXPIRES = int(NOW.timestamp()) + 600
JSON = {"Content-Type": "application/json"}
TASK_ID = "00e1jv8ve0jcqk7da9lb"
VIDEO = {"VideoType": 2, "VideoUrl": "http://example.com/a.mp4", "VideoId": "5285890792776509100"}


def load_callback_cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / "tiw_callback.json").read_text("utf-8"))[
        "cases"
    ]
    return cases


def event(
    name: object, data: object = None, *, expires: object = EXPIRES, **fields: Any
) -> dict[str, Any]:
    """A whole callback; *data* is ``EventData`` beside the task's id, or something else."""
    about = {"TaskId": TASK_ID, "RoomId": 900822}
    said = data if data is not None and not isinstance(data, dict) else {**about, **(data or {})}
    signature = md5(f"{KEY}{expires}".encode(), usedforsecurity=False).hexdigest()
    proof = {"SdkAppId": APP_ID, "ExpireTime": expires, "Sign": signature, "Timestamp": 1575545412}
    return {**proof, "EventType": name, "EventData": said, **fields}


def receiver(app_id: int = APP_ID, key: str = KEY) -> TencentTiwCallbackReceiver:
    return TencentTiwCallbackReceiver("board", app_id, SecretStr(key))


def receive(callback: dict[str, Any] | bytes, now: datetime = NOW) -> Received:
    body = callback if isinstance(callback, bytes) else json.dumps(callback).encode()
    return receiver().parse_callback(JSON, body, now=now)


def only_news(callback: dict[str, Any]) -> CallbackNews:
    (news,) = receive(callback).news
    return news
