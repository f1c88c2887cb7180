"""Fetches what links name, pictures mostly, and nothing from where it must not.

Every address is judged at the moment a socket is made for it, the one place that every link, name,
redirect and odd spelling of a number comes through; so what was judged is what is connected to,
whatever a name server says a moment later. A picture is five megabytes and five seconds at most,
and asked for without cookies, credentials or the environment's proxies.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.addresses import Address

MAX_PICTURE_BYTES = 5_000_000
MAX_AT_A_TIME = 8
_WITHIN_S = 5.0
_MAX_REDIRECTS = 3
_MAX_LINK = 8000
_CHUNK_BYTES = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PICTURES = "image/jpeg, image/png, image/gif, image/webp"
_HEADERS = {
    # What is not packed cannot unpack into more than was counted.
    "Accept-Encoding": "identity",
    "User-Agent": "mediatask",
}

IsAllowed = Callable[[Address], bool]


class FetchRefusedError(Exception):
    """A picture was not fetched; the text says why in a few plain words, without its link."""

    def __init__(self, reason: str, *, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_passing = is_passing
        """Whether the same link may well give its picture a minute later."""


class _ForbiddenAddressError(OSError):
    """One text for all, or aiohttp would join the texts of several into another error."""

    def __init__(self) -> None:
        super().__init__("the address is not allowed")


class _OwnThreads(AbstractResolver):
    """Looks names up in threads of its own.

    A name server that keeps a foreign name waiting would hold up the lookups of the vendors' names
    too, if both stood in the few threads of the event loop.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MAX_AT_A_TIME, "lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look *host* up as the machine does, ``/etc/hosts`` included."""
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(
                hostname=host, host=str(place[0]), port=port, family=kind, proto=protocol, flags=0
            )
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """Begin no lookup any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@asynccontextmanager
async def open_fetcher(
    is_allowed: IsAllowed, *, resolver: AbstractResolver | None = None, within_s: float = _WITHIN_S
) -> AsyncIterator["Fetcher"]:
    """Open a fetcher, which connects only to addresses that *is_allowed*.

    Its connections are its own: the process's other session may keep one to a forbidden address.
    *resolver* is closed with it; by default it is the machine's.
    """

    def make_socket(wanted: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = wanted
        if not is_allowed(ip_address(place[0])):
            raise _ForbiddenAddressError
        return socket.socket(family, kind, protocol)

    names = resolver or _OwnThreads()
    connector = aiohttp.TCPConnector(
        limit=MAX_AT_A_TIME, resolver=names, use_dns_cache=False, socket_factory=make_socket
    )
    try:
        async with aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
        ) as session:
            yield Fetcher(session, within_s)
    finally:
        await names.close()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, and how much of it is taken."""

    accept: str
    most_bytes: int
    redirects: int


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches one thing at a time for each who asks."""

    session: aiohttp.ClientSession
    """One that ``open_fetcher`` made."""
    within_s: float

    async def fetch_image(self, link: str) -> bytes:
        """Fetch what is at *link*, redirects included; nobody has looked whether it is a picture.

        Raises:
            FetchRefusedError: it may not be fetched, or could not be.
        """
        return await self.fetch(link, accept=_PICTURES, most_bytes=MAX_PICTURE_BYTES)

    async def fetch(
        self, link: str, *, accept: str, most_bytes: int, redirects: int = _MAX_REDIRECTS
    ) -> bytes:
        """Fetch what is at *link*, which may be *most_bytes* long.

        Raises:
            FetchRefusedError: it may not be fetched, or could not be.
        """
        wanted = _Wanted(accept, most_bytes, redirects)
        try:
            async with asyncio.timeout(self.within_s):
                return await self._follow(_read_link(link), wanted)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refusal = _name(error)
        # Raised out here, so that what prints the link is not even the context of what is raised.
        raise refusal

    async def _follow(self, link: URL, wanted: "_Wanted") -> bytes:
        headers = {"Accept": wanted.accept}
        for _ in range(wanted.redirects + 1):
            async with self.session.get(link, allow_redirects=False, headers=headers) as reply:
                if reply.status not in _REDIRECTS:
                    return await _read(reply, wanted.most_bytes)
                link = _read_link(reply.headers.get("Location", ""), base=link)
        raise FetchRefusedError("too many redirects")


def _read_link(text: str, base: URL | None = None) -> URL:
    """Take a link as it is written, for a signature may cover every letter of it.

    With *base* it may be relative.
    """
    if not text or not text.isprintable() or len(text) > _MAX_LINK:
        raise FetchRefusedError("not a web link")
    link = URL(text, encoded=text.isascii() and " " not in text)
    link = base.join(link) if base else link
    has_credentials = link.user is not None or link.password is not None
    if link.scheme not in {"http", "https"} or not link.host or has_credentials:
        raise FetchRefusedError("not a web link")
    return link


async def _read(reply: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    if reply.status != HTTPStatus.OK:
        raise FetchRefusedError(
            f"HTTP {reply.status}",
            is_passing=reply.status == HTTPStatus.TOO_MANY_REQUESTS
            or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    content = bytearray()
    async for chunk in reply.content.iter_chunked(_CHUNK_BYTES):
        content += chunk
        if len(content) > most_bytes:
            raise FetchRefusedError(f"over {_size(most_bytes)}")
    return bytes(content)


def _size(count: int) -> str:
    megabytes = count // 1_000_000
    return f"{megabytes} MB" if megabytes else f"{count // 1000} kB"


def _name(error: Exception) -> FetchRefusedError:
    cause = error.os_error if type(error) is aiohttp.ClientConnectorError else error
    for kind, reason, is_passing in _REASONS:
        if isinstance(cause, kind):
            return FetchRefusedError(reason, is_passing=is_passing)
    return FetchRefusedError("not a web link")


_REASONS: tuple[tuple[type[Exception], str, bool], ...] = (
    (_ForbiddenAddressError, "private address", False),
    (TimeoutError, "too slow", True),
    (aiohttp.InvalidURL, "not a web link", False),
    (aiohttp.ClientSSLError, "no TLS", False),
    (aiohttp.ClientError, "no answer", True),
    (OSError, "no answer", True),
)
