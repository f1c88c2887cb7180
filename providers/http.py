"""One HTTP exchange with a vendor: sent once, read with a cap, every failure given a name.

Nothing here waits or repeats, and nothing it raises or prints carries a URL, header or body:
aiohttp's own exceptions may print a signed URL, so they are never chained.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import ValidationError
from yarl import URL

from providers.errors import (
    ConfigurationError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    UnreachableError,
)
from providers.reading import read_object

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
        ConfigurationError: the address of the account is no URL, or a key no header.
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
        named = _name(error)
    # Raised out here, so that what prints the address is not even the context of what is raised.
    raise named


async def _read_capped(response: aiohttp.ClientResponse) -> bytes:
    chunks = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        chunks += chunk
        if len(chunks) > MAX_REPLY_BYTES:
            raise undocumented(response.status, response.headers, "the answer is over 1 MiB")
    return bytes(chunks)


def _parse(response: aiohttp.ClientResponse, body: bytes) -> dict[str, Any]:
    document = read_object(body)
    if document is None:
        raise undocumented(response.status, response.headers, "the answer is not a JSON object")
    return document


def undocumented(
    status: int,
    headers: Mapping[str, str],
    detail: str,
    *,
    code: str | None = None,
    request_id: str | None = None,
) -> ProviderError:
    """Name an answer that is not what the vendor documents, by status and content type alone.

    It is malformed, and worth asking again under a 5xx, where a proxy answers for a busy vendor;
    a 429 limits the rate, whoever sends it.
    """
    told = f"{detail} ({_describe(status, headers)})"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitError(told, request_id=request_id, retry_after=retry_after(headers))
    retries = 2 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 0
    return MalformedResponseError(told, code=code, request_id=request_id, retries=retries)


@contextmanager
def reading(reply: Reply, request_id: str | None = None) -> Iterator[None]:
    """Read *reply* inside; what turns out not to be the documented JSON is named ``undocumented``.

    A ``ValidationError`` of a wire model is told by the field that is wrong, never by its value.
    """
    code = None
    try:
        yield
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        detail = f"the answer's {place} is not as documented"
    except MalformedResponseError as error:
        detail, code = error.detail, error.code
    else:
        return
    named = undocumented(reply.status, reply.headers, detail, code=code, request_id=request_id)
    raise named from None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read ``Retry-After`` in seconds; None where it is absent or written as a date."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _describe(status: int, headers: Mapping[str, str]) -> str:
    content_type = headers.get("Content-Type", "none").split(";")[0].strip()
    return f"HTTP {status}, content type {content_type[:60]}"


def _name(error: Exception) -> ProviderError:
    for kind, named, detail in _NAMES:
        if isinstance(error, kind):
            return named(detail)
    return MalformedResponseError("the answer is not HTTP")


_NO_URL = "the address of this account is not a URL"

# The first that fits: aiohttp's classes inherit from OSError and ValueError here and there.
_NAMES: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    (aiohttp.InvalidURL, ConfigurationError, _NO_URL),
    (aiohttp.NonHttpUrlClientError, ConfigurationError, _NO_URL),
    (
        aiohttp.ClientConnectorDNSError,
        UnreachableError,
        "the vendor's host name could not be resolved",
    ),
    (aiohttp.ClientSSLError, UnreachableError, "the TLS connection to the vendor failed"),
    (aiohttp.ClientConnectorError, UnreachableError, "the connection to the vendor was refused"),
    (aiohttp.ServerTimeoutError, UnreachableError, "the vendor did not answer in time"),
    (
        aiohttp.ClientConnectionError,
        UnreachableError,
        "the connection broke before an answer came",
    ),
    (
        aiohttp.ClientPayloadError,
        UnreachableError,
        "the connection broke in the middle of the answer",
    ),
    (OSError, UnreachableError, "the connection to the vendor failed"),
    (
        ValueError,
        ConfigurationError,
        "the address or a key of this account is nothing that HTTP can carry",
    ),
)
