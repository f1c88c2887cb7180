r"""Tencent Cloud's TC3-HMAC-SHA256, for a POST to ``/`` without a query. Pure.

What is signed, with LF between the lines::

    POST
    /
    <the query: empty>
    <name>:<value>                        one line per signed header, in lower case, by name
    <empty>
    <names of the signed headers, joined with ;>
    <hex SHA-256 of the body>

    TC3-HMAC-SHA256
    <Unix seconds>
    <UTC date>/<service>/tc3_request
    <hex SHA-256 of the lines above>

The second text is signed with a key derived from the secret key, the date and the service, so the
date must come from the same instant as the seconds. Tencent Cloud API 3.0 docs, "Signature v3",
read 2026-11.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from pydantic import SecretStr

_ALGORITHM = "TC3-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Who signs, and with what."""

    secret_id: SecretStr
    secret_key: SecretStr


def authorize(
    keys: KeyPair, headers: Mapping[str, str], body: bytes, *, service: str, at: datetime
) -> str:
    """Make the ``Authorization`` header of a POST; the vendor takes it for five minutes.

    *headers* are those to sign, exactly as they are sent; *body* is the very bytes sent; *at* is
    aware and goes along in seconds as ``X-TC-Timestamp``.
    """
    text = string_to_sign(canonical_request(headers, body), service=service, at=at)
    return (
        f"{_ALGORITHM} Credential={keys.secret_id.get_secret_value()}/{_scope(service, at)},"
        f" SignedHeaders={_names(headers)}, Signature={sign(keys, text, service=service, at=at)}"
    )


def canonical_request(headers: Mapping[str, str], body: bytes) -> str:
    """Write a POST down the way the vendor does before it compares signatures."""
    values = {name.lower(): value.strip().lower() for name, value in headers.items()}
    lines = [f"{name}:{values[name]}" for name in sorted(values)]
    return "\n".join(["POST", "/", "", *lines, "", _names(headers), _hex_digest(body)])


def string_to_sign(canonical: str, *, service: str, at: datetime) -> str:
    """Bind a canonical request to an instant and a service."""
    digest = _hex_digest(canonical.encode())
    return "\n".join([_ALGORITHM, str(int(at.timestamp())), _scope(service, at), digest])


def sign(keys: KeyPair, text: str, *, service: str, at: datetime) -> str:
    """Sign with the key that is good for one UTC day and one service; hex."""
    key = _derive_key(keys.secret_key, _scope(service, at))
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


@lru_cache(maxsize=16)
def _derive_key(secret_key: SecretStr, scope: str) -> bytes:
    key = b"TC3" + secret_key.get_secret_value().encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _scope(service: str, at: datetime) -> str:
    return f"{at.astimezone(UTC).date()}/{service}/tc3_request"


def _hex_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
