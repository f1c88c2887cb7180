"""What ZEGO's gateway checks before any action: the common parameters and signature 2.0.

What is signed is ``md5(AppId + SignatureNonce + ServerSecret + Timestamp)``, nothing else.
Source: ZEGO docs, Accessing Server APIs; Return codes, read 2026-11.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.sandbox.scenario import ZegoKeys

SKEW_S = 600
"""Seconds a timestamp may be off."""

SKEWED = 100000004

Query = Mapping[str, str]


def sign(query: Query, secret: str) -> str:
    """Compute the signature of a request with these common parameters."""
    text = f"{query['AppId']}{query['SignatureNonce']}{secret}{query['Timestamp']}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _needs_test(query: Query, keys: ZegoKeys, _at: datetime) -> bool:
    return keys.test_only and query.get("IsTest", "").lower() != "true"


_REFUSED_WHEN: tuple[tuple[int, Callable[[Query, ZegoKeys, datetime], bool]], ...] = (
    (100000001, lambda query, _keys, _at: not _is_number(query.get("AppId"))),
    (100000008, lambda query, _keys, _at: not query.get("SignatureNonce")),
    (100000002, lambda query, _keys, _at: not query.get("Timestamp")),
    (100000003, lambda query, _keys, _at: not _is_number(query["Timestamp"])),
    (100000013, lambda query, _keys, _at: not query.get("SignatureVersion")),
    (100000014, lambda query, _keys, _at: query["SignatureVersion"] != "2.0"),
    (100000009, lambda query, _keys, _at: not query.get("Signature")),
    (100000011, lambda query, keys, _at: int(query["AppId"]) != keys.app_id),
    (SKEWED, lambda query, _keys, at: abs(at.timestamp() - int(query["Timestamp"])) > SKEW_S),
    (100000005, lambda query, keys, _at: query["Signature"] != sign(query, keys.server_secret)),
    (100000016, _needs_test),
)
"""Tried in this order; each may rely on the ones before."""


def refuse(query: Query, keys: ZegoKeys, at: datetime) -> int:
    """Tell the gateway's code for the common parameters of a request; 0 where they are good."""
    return next((code for code, is_wrong in _REFUSED_WHEN if is_wrong(query, keys, at)), 0)


def _is_number(text: str | None) -> bool:
    return bool(text) and text is not None and text.isascii() and text.isdigit()
