"""Requests and vectors, written down without any HTTP library."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from multidict import CIMultiDict

from bot.sandbox.clouds.exchange import Call
from bot.sandbox.scenario import ZegoKeys
from tests.fakes.clock import FakeClock

NOW = FakeClock().now()
VECTORS = Path(__file__).parents[3] / "data" / "vectors"


def vectors(name: str) -> list[Any]:
    cases: list[Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]
    return cases


def call(
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    at: datetime = NOW,
) -> Call:
    path, _, query = target.partition("?")
    return Call(method, path, query, CIMultiDict(headers or {}), body, at)


def zego_query(keys: ZegoKeys, action: str, **changed: str | None) -> str:
    """Sign as ZEGO's page says; a value of None leaves the parameter out."""
    query: dict[str, str | None] = {
        "Action": action,
        "AppId": str(keys.app_id),
        "SignatureNonce": "4fd24687296dd9f3",
        "Timestamp": str(int(NOW.timestamp())),
        "SignatureVersion": "2.0",
        **changed,
    }
    secret = changed.get("secret") or keys.server_secret
    signed = f"{query['AppId']}{query['SignatureNonce']}{secret}{query['Timestamp']}"
    digest = hashlib.md5(signed.encode(), usedforsecurity=False).hexdigest()
    query = {"Signature": digest, **query, "secret": None}
    return "/?" + urlencode({name: value for name, value in query.items() if value is not None})
