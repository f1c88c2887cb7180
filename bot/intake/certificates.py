"""The certificates that prove what SMN sends: fetched once, and kept.

Where one may be fetched from was checked by the receiver: SMN's own hosts over TLS, or a host the
operator named. Inside Huawei Cloud those names lead to private addresses, so these are allowed;
addresses no web server has are not. Redirects are not followed.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from cachetools import TTLCache

from bot.fetch import Fetcher, FetchRefusedError
from providers.clock import Clock
from providers.errors import CertificateError

MAX_BYTES = 64 << 10
_MOST_KEPT = 32
_MOST_UNDER_WAY = 16
_KEPT_FOR_S = 3600.0
_REFUSED_FOR_S = 10.0
"""How long a place that had no certificate is not asked again, whoever names it."""
_WITHIN_S = 2.5
_REFUSED = "SMN's certificate cannot be fetched"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Certificates:
    """Certificates by their address; of those kept, the least used goes first."""

    fetcher: Fetcher
    clock: Clock
    within_s: float = _WITHIN_S
    _kept: TTLCache[str, bytes] = field(init=False)
    _refused: TTLCache[str, bool] = field(init=False)
    _under_way: dict[str, asyncio.Task[bytes | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._kept = TTLCache(_MOST_KEPT, _KEPT_FOR_S, self.clock.monotonic)
        self._refused = TTLCache(_MOST_KEPT, _REFUSED_FOR_S, self.clock.monotonic)

    async def fetch(self, url: str) -> bytes:
        """Give what is at *url*; nobody has looked yet whether it is a certificate.

        Raises:
            CertificateError: it cannot be had now.
        """
        if (kept := self._kept.get(url)) is not None:
            return kept
        if url in self._refused:
            raise CertificateError(_REFUSED)
        flight = self._under_way.get(url) or self._set_out(url)
        await asyncio.wait({flight})
        if (pem := flight.result()) is None:
            raise CertificateError(_REFUSED)
        return pem

    async def close(self) -> None:
        """Drop what is under way."""
        flights = tuple(self._under_way.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    def _set_out(self, url: str) -> "asyncio.Task[bytes | None]":
        if len(self._under_way) >= _MOST_UNDER_WAY:
            raise CertificateError("too many certificates are being fetched")
        flight = asyncio.create_task(self._fetch(url))
        self._under_way[url] = flight
        flight.add_done_callback(lambda _: self._under_way.pop(url))
        return flight

    async def _fetch(self, url: str) -> bytes | None:
        """Fetch it once; None where it cannot be had."""
        try:
            async with asyncio.timeout(self.within_s):
                pem = await self.fetcher.fetch(url, accept="*/*", most_bytes=MAX_BYTES, redirects=0)
        except (FetchRefusedError, TimeoutError) as error:
            log.warning("certificate_not_fetched reason=%s", str(error) or "too slow")
            self._refused[url] = True
            return None
        self._kept[url] = pem
        return pem
