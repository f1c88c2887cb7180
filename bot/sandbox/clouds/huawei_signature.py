r"""How Huawei Cloud's gateway checks SDK-HMAC-SHA256, on the request as it was received.

What is signed is ``SDK-HMAC-SHA256\n<X-Sdk-Date>\n<hex sha256 of the canonical request>``; the
secret key itself is the HMAC key. Source: Huawei Cloud API signing guide, read 2026-11.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from bot.sandbox.clouds.exchange import Call
from bot.sandbox.scenario import HuaweiKeys

SKEW = timedelta(minutes=15)
_ALGORITHM = "SDK-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    _ALGORITHM + r" Access=(\S+), ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})"
)
_INCORRECT = "Incorrect IAM authentication information: "


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the gateway lets nobody through."""

    status: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class _Authorization:
    access: str
    signed: list[str]
    signature: str


SKEWED = Refusal(
    401, "APIGW.0303", _INCORRECT + "x-sdk-date in header is expired, the difference is over 15min"
)


def check(call: Call, keys: HuaweiKeys) -> Refusal | None:
    """Verify whatever list of headers *call* says it signed; None where all is well."""
    match = _AUTHORIZATION.fullmatch(call.headers.get("Authorization", ""))
    if match is None:
        return _refuse("authorization format is incorrect")
    said = _Authorization(match[1], match[2].split(";"), match[3])
    return next((why for is_wrong, why in _REFUSED_WHEN if is_wrong(call, said, keys)), None)


def sign(call: Call, signed: list[str], secret: str) -> str | None:
    """Compute the signature over the *signed* headers; None where one of them was not sent."""
    if not {"host", "x-sdk-date"} <= set(signed) or any(
        name not in call.headers for name in signed
    ):
        return None
    digest = hashlib.sha256(canonical_request(call, signed).encode()).hexdigest()
    text = f"{_ALGORITHM}\n{call.headers['X-Sdk-Date']}\n{digest}"
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def canonical_request(call: Call, signed: list[str]) -> str:
    """Write the request in the form that is hashed."""
    headers = "".join(f"{name}:{call.headers[name].strip()}\n" for name in signed)
    path, query = _canonical_path(call.path), _canonical_query(call.query)
    names, digest = ";".join(signed), _hash_body(call)
    return f"{call.method}\n{path}\n{query}\n{headers}\n{names}\n{digest}"


def _canonical_path(path: str) -> str:
    quoted = "/".join(quote(unquote(part), safe="~") for part in path.split("/"))
    return quoted if quoted.endswith("/") else quoted + "/"


def _canonical_query(query: str) -> str:
    """Sort by key only: the SDK sorts numeric ids as numbers, others sort them as text."""
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    decoded = sorted(((unquote(key), unquote(value)) for key, value in pairs), key=lambda kv: kv[0])
    return "&".join(f"{quote(key, safe='~')}={quote(value, safe='~')}" for key, value in decoded)


def _hash_body(call: Call) -> str:
    said = call.headers.get("X-Sdk-Content-Sha256")
    if said == "UNSIGNED-PAYLOAD" and call.body:
        return said
    return hashlib.sha256(call.body).hexdigest()


def _is_timely(call: Call) -> bool:
    try:
        text = call.headers.get("X-Sdk-Date", "")
        signed_at = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(call.at - signed_at) <= SKEW


def _refuse(why: str) -> Refusal:
    return Refusal(401, "APIGW.0301", _INCORRECT + why)


def _is_forged(call: Call, said: _Authorization, keys: HuaweiKeys) -> bool:
    expected = sign(call, said.signed, keys.sk)
    return expected is None or not hmac.compare_digest(expected, said.signature)


def _has_wrong_token(call: Call, _said: _Authorization, keys: HuaweiKeys) -> bool:
    return call.headers.get("X-Security-Token") != keys.security_token


_REFUSED_WHEN: tuple[tuple[Callable[[Call, _Authorization, HuaweiKeys], bool], Refusal], ...] = (
    (lambda call, _said, _keys: not _is_timely(call), SKEWED),
    (lambda _call, said, keys: said.access != keys.ak, _refuse("AK access failed")),
    (_has_wrong_token, _refuse("security token is invalid")),
    (_is_forged, _refuse("verify aksk signature fail")),
)
"""Tried in this order."""
