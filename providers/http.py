"""One HTTP exchange with a vendor: sent once, read with a cap, every failure given a name.

Nothing here waits or repeats, and nothing it raises or prints carries a URL, header or body:
aiohttp's own exceptions may print a signed URL, so they are never chained.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NoReturn

import aiohttp
from yarl import URL

from providers.errors import (
    ConfigurationError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    UnreachableError,
)

MAX_REPLY_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """What goes on the wire, byte for byte; its repr shows nothing that could be a secret."""

    method: str
    url: str = field(repr=False)
    """Percent-encoded already; it is sent exactly so, because some signatures cover it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's JSON object, with whatever HTTP status it came."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Looked up without regard to case."""
    document: dict[str, Any] = field(repr=False)

    def clock_offset(self, now: datetime) -> timedelta | None:
        """Tell how far *now* is ahead of the vendor's ``Date`` header; None where it sent none."""
        try:
            date = parsedate_to_datetime(self.headers["Date"])
        except (KeyError, ValueError):
            return None
        return now - date.replace(tzinfo=date.tzinfo or UTC)


class _SendOnce:
    """Keep aiohttp from sending an idempotent request again when a kept-alive connection drops.

    Its client loops over such drops by itself (client.py, ``retry_persistent_connection``) with
    the old signature; a middleware is the public place that sees every turn of that loop.
    """

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self._sent:
            raise UnreachableError("the connection broke before an answer came")
        self._sent = True
        return await handler(request)


async def exchange(session: aiohttp.ClientSession, request: Request) -> Reply:
    """Send *request* once and read the JSON object that comes back, whatever the status.

    It sets no deadline: the gate around every attempt does, and cancels this.

    Raises:
        UnreachableError: no answer, or it broke off.
        MalformedResponseError: not a JSON object, or over 1 MiB.
        ConfigurationError: the address of the account is no URL.
    """
    try:
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            middlewares=(_SendOnce(),),
        ) as response:
            body = await _read_capped(response)
            return Reply(response.status, response.headers, _parse(response, body))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        _raise_named(error)


async def _read_capped(response: aiohttp.ClientResponse) -> bytes:
    chunks = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        chunks += chunk
        if len(chunks) > MAX_REPLY_BYTES:
            raise MalformedResponseError(f"the answer is over 1 MiB ({_describe(response)})")
    return bytes(chunks)


def _parse(response: aiohttp.ClientResponse, body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _not_json(response) from None
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_json(response: aiohttp.ClientResponse) -> ProviderError:
    """Call it malformed, and worth asking again where a proxy answered for a busy vendor."""
    detail = f"the answer is not a JSON object ({_describe(response)})"
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitError(detail, retry_after=retry_after(response.headers))
    busy = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return MalformedResponseError(detail, retries=2 if busy else 0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read ``Retry-After`` in seconds; None where it is absent or written as a date."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _describe(response: aiohttp.ClientResponse) -> str:
    content_type = response.headers.get("Content-Type", "none")
    shown = content_type.split(";")[0].strip()[:60]
    return f"HTTP {response.status}, content type {shown}"


def _raise_named(error: Exception) -> NoReturn:
    if isinstance(error, aiohttp.InvalidURL):
        raise ConfigurationError("the address of this account is not a URL") from None
    for kind, detail in _BROKEN:
        if isinstance(error, kind):
            raise UnreachableError(detail) from None
    raise MalformedResponseError("the answer is not HTTP") from None


_BROKEN: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "the vendor's host name could not be resolved"),
    (aiohttp.ClientSSLError, "the TLS connection to the vendor failed"),
    (aiohttp.ClientConnectorError, "the connection to the vendor was refused"),
    (aiohttp.ServerTimeoutError, "the vendor did not answer in time"),
    (aiohttp.ClientConnectionError, "the connection broke before an answer came"),
    (aiohttp.ClientPayloadError, "the connection broke in the middle of the answer"),
    (OSError, "the connection to the vendor failed"),
)
