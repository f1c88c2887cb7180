r"""SDK-HMAC-SHA256, Huawei Cloud's request signature (API Request Signing Guide, read 2026-11).

What is signed::

    SDK-HMAC-SHA256 \n {X-Sdk-Date} \n hex(sha256(canonical request))

    canonical request = METHOD \n path/ \n query \n
                        name:value\n for each signed header, by name \n
                        names joined by ";" \n hex(sha256(body))

The secret key itself is the HMAC key. The path gets a final ``/`` in the signed text only.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from pydantic import SecretStr

_ALGORITHM = "SDK-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Who signs; *security_token* goes with temporary keys, in a signed header."""

    ak: SecretStr
    sk: SecretStr
    security_token: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Signable:
    """The parts of a request a signature covers."""

    method: str
    path: str
    """Percent-encoded or not; both give the same signature."""
    query: str
    """As it goes on the wire; ``encode_query`` puts it in the order the signature wants."""
    headers: Mapping[str, str] = field(repr=False)
    """``Host`` and ``X-Sdk-Date`` among them; all are signed but names with an underscore."""
    body: bytes = field(default=b"", repr=False)


def encode_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a query sorted by name, then by value as text, ``%XX`` for all but ``A-Za-z0-9-_.~``.

    Whether the gateway sorts again before it checks is not documented, so this very text is both
    signed and sent.
    """
    return "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(pairs)
    )


def format_date(now: datetime) -> str:
    """Write an aware instant as ``X-Sdk-Date``; more than 15 minutes off is refused."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def canonical_request(request: Signable) -> str:
    """Write *request* in the form whose hash is signed."""
    headers = _signed_headers(request)
    path = quote(unquote(request.path))
    # A client that does not hash its body says so in this header (the SDK's octet streams).
    digest = headers.get("x-sdk-content-sha256") or hashlib.sha256(request.body).hexdigest()
    return "\n".join(
        (
            request.method,
            path if path.endswith("/") else f"{path}/",
            request.query,
            "".join(f"{name}:{value}\n" for name, value in headers.items()),
            ";".join(headers),
            digest,
        )
    )


def string_to_sign(request: Signable) -> str:
    """Write the text the secret key signs."""
    digest = hashlib.sha256(canonical_request(request).encode()).hexdigest()
    return f"{_ALGORITHM}\n{_signed_headers(request)['x-sdk-date']}\n{digest}"


def authorization(request: Signable, keys: KeyPair) -> str:
    """Write the ``Authorization`` header that goes with *request*."""
    text = string_to_sign(request)
    signature = hmac.digest(keys.sk.get_secret_value().encode(), text.encode(), "sha256").hex()
    names, access = ";".join(_signed_headers(request)), keys.ak.get_secret_value()
    return f"{_ALGORITHM} Access={access}, SignedHeaders={names}, Signature={signature}"


def _signed_headers(request: Signable) -> dict[str, str]:
    # The gateway never sees a header with an underscore in its name, so the SDK leaves it out.
    return {
        name.lower(): value.strip()
        for name, value in sorted(request.headers.items(), key=lambda item: item[0].lower())
        if "_" not in name
    }
