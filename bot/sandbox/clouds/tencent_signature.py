r"""How Tencent Cloud checks TC3-HMAC-SHA256, on the request as it was received.

What is signed is ``TC3-HMAC-SHA256\n<timestamp>\n<UTC date>/tiw/tc3_request\n<hex sha256 of the
canonical request>``. Source: Tencent Cloud docs, API 3.0 Signature v3, read 2026-11.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from bot.sandbox.clouds.exchange import Call
from bot.sandbox.scenario import TencentKeys

SKEW_S = 300
_SERVICE = "tiw"
_MALFORMED = (
    "AuthFailure.InvalidAuthorization",
    "The Authorization header is not as it should be.",
)
_UNKNOWN_ID = ("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
_WRONG_TOKEN = ("AuthFailure.TokenFailure", "The token is invalid.")
SKEWED = ("AuthFailure.SignatureExpire", "The signature has expired. Check your system clock.")
_FAILURE = (
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
)
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/\s]+)/(\d{4}-\d\d-\d\d)/([a-z]+)/tc3_request, ?"
    r"SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class _Authorization:
    secret_id: str
    date: str
    service: str
    signed: list[str]
    signature: str


def check(call: Call, keys: TencentKeys) -> tuple[str, str] | None:
    """Verify *call*; None where all is well, else the vendor's code and text."""
    match = _AUTHORIZATION.fullmatch(call.headers.get("Authorization", ""))
    stamp = call.headers.get("X-TC-Timestamp", "")
    if match is None or not (stamp.isascii() and stamp.isdigit()):
        return _MALFORMED
    said = _Authorization(match[1], match[2], match[3], match[4].split(";"), match[5])
    return next((why for is_wrong, why in _REFUSED_WHEN if is_wrong(call, said, keys)), None)


def sign(call: Call, signed: list[str], secret: str, service: str) -> str | None:
    """Compute the signature over the *signed* headers; None where one of them was not sent."""
    if not {"content-type", "host"} <= set(signed):
        return None
    if any(name not in call.headers for name in signed):
        return None
    stamp = call.headers["X-TC-Timestamp"]
    date = _date(stamp)
    digest = hashlib.sha256(canonical_request(call, signed).encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{digest}"
    return hmac.digest(_derive(secret, date, service), text.encode(), "sha256").hex()


def canonical_request(call: Call, signed: list[str]) -> str:
    """Write the request in the form that is hashed; the query counts as it was sent."""
    headers = "".join(f"{name}:{_header(call, name)}\n" for name in signed)
    names, digest = ";".join(signed), _hash_body(call)
    return f"{call.method}\n{call.path}\n{call.query}\n{headers}\n{names}\n{digest}"


def _header(call: Call, name: str) -> str:
    value = call.headers[name].strip()
    return value.lower() if name == "x-tc-action" else value


def _hash_body(call: Call) -> str:
    is_unsigned = call.headers.get("X-TC-Content-SHA256") == "UNSIGNED-PAYLOAD"
    return hashlib.sha256(b"UNSIGNED-PAYLOAD" if is_unsigned else call.body).hexdigest()


def _date(stamp: str) -> str:
    return datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")


@lru_cache(maxsize=16)
def _derive(secret: str, date: str, service: str) -> bytes:
    key = f"TC3{secret}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _is_late(call: Call, _said: _Authorization, _keys: TencentKeys) -> bool:
    return abs(call.at.timestamp() - int(call.headers["X-TC-Timestamp"])) > SKEW_S


def _has_wrong_token(call: Call, _said: _Authorization, keys: TencentKeys) -> bool:
    return call.headers.get("X-TC-Token") != keys.security_token


def _is_forged(call: Call, said: _Authorization, keys: TencentKeys) -> bool:
    scope = (_date(call.headers["X-TC-Timestamp"]), _SERVICE)
    expected = sign(call, said.signed, keys.secret_key, _SERVICE)
    is_same = expected is not None and hmac.compare_digest(expected, said.signature)
    return not is_same or scope != (said.date, said.service)


_REFUSED_WHEN: tuple[
    tuple[Callable[[Call, _Authorization, TencentKeys], bool], tuple[str, str]], ...
] = (
    (_is_late, SKEWED),
    (lambda _call, said, keys: said.secret_id != keys.secret_id, _UNKNOWN_ID),
    (_has_wrong_token, _WRONG_TOKEN),
    (_is_forged, _FAILURE),
)
"""Tried in this order."""
