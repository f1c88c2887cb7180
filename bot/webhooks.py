"""Vendors' callbacks: verified, kept, answered; what they mean is found out afterwards.

A 2xx means that the callback is on the disk, or had come before. What cannot be kept, or not be
proved just now, gets 503, because SMN sends again after nothing else.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from aiohttp import web

from bot.intake.acceptance import Acceptance, OverfullError
from bot.intake.certificates import Certificates
from bot.intake.envelope import (
    LONGEST_FRESH_BYTES,
    Fresh,
    envelop,
    new_fresh,
    open_letter,
)
from bot.intake.figures import CallbackFigures
from bot.oncall import NewCallback
from bot.store.errors import StoreError
from providers.callbacks import CallbackReceiver, Received
from providers.clock import Clock
from providers.errors import (
    CallbackError,
    CertificateError,
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    UnsupportedCallbackError,
    WrongAccountError,
)

MAX_BODY_BYTES = 1 << 20
_PARSED_BESIDE_BYTES = 64 << 10
"""Larger bodies are read in a thread, so that nobody else waits for them."""
_CHUNK_BYTES = 64 << 10
_MOST_BYTES_BEING_READ = 64 << 20
_BODY_WITHIN_S = 10.0

_STATUSES: Mapping[type[CallbackError], int] = MappingProxyType(
    {
        SignatureError: 401,
        StaleCallbackError: 401,
        WrongAccountError: 403,
        UnsupportedCallbackError: 415,
        MalformedCallbackError: 400,
        CertificateError: 503,
    }
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor is told, and what is counted."""

    status: int
    verdict: str

    def respond(self) -> web.Response:
        """Write it; TIW suggests the body of a good answer, and nobody reads one."""
        if self.status == web.HTTPOk.status_code:
            return web.json_response({"error_code": 0})
        return web.json_response({"error_code": 1, "error": self.verdict}, status=self.status)


_ACCEPTED = Answer(200, "accepted")
_REPLAYED = Answer(200, "replay")
_UNKNOWN = Answer(404, "unknown_account")
_OVERSIZE = Answer(413, "oversize")
_SLOW = Answer(408, "slow")
_OVERFULL = Answer(503, "overfull")
_UNSTORED = Answer(503, "unstored")
_FAULT = Answer(500, "fault")


class _NotReadError(Exception):
    """The body was not read to its end."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.verdict)
        self.answer = answer


@dataclass(slots=True)
class Webhooks:
    """Answers ``POST /callbacks/{account}``."""

    receivers: Mapping[str, CallbackReceiver]
    """By account; one that has none is unknown here."""
    vendors: Mapping[str, str]
    """By account, for the metric."""
    acceptance: Acceptance
    certificates: Certificates
    figures: CallbackFigures
    clock: Clock
    fresh: Fresh = field(default_factory=new_fresh)
    _bytes_being_read: int = field(default=0)

    async def receive(self, request: web.Request) -> web.Response:
        """Take in one callback."""
        account, arrived_s = request.match_info["account"], self.clock.monotonic()
        answer = await self._answer(account, request)
        vendor = self.vendors.get(account, "none") if account in self.receivers else "none"
        self.figures.count(vendor, answer.verdict, self.clock.monotonic() - arrived_s)
        response = answer.respond()
        if answer in {_OVERSIZE, _SLOW}:
            response.force_close()  # the rest of the body is not waited for
        return response

    async def _answer(self, account: str, request: web.Request) -> Answer:
        try:
            if account not in self.receivers:
                return _UNKNOWN
            body = await self._read(request)
            return await self._take_in(account, request.headers, body)
        except (_NotReadError, CallbackError, OverfullError, StoreError) as error:
            answer = _answer_to(error)
            log.info("callback_refused account=%s verdict=%s %s", account, answer.verdict, error)
        except Exception:
            answer = _FAULT
            log.exception("callback_failed account=%s", account)
        return answer

    async def _take_in(self, account: str, headers: Mapping[str, str], body: bytes) -> Answer:
        now = self.clock.now()
        letter = envelop(headers)
        if len(body) > _PARSED_BESIDE_BYTES:
            parsing = asyncio.to_thread(
                self.receivers[account].parse_callback, letter, body, now=now
            )
            heard = await parsing
        else:
            heard = self.receivers[account].parse_callback(letter, body, now=now)
        received, letter = await open_letter(heard, letter, self.certificates)
        kept = NewCallback(account, received.replay_key, now, letter, body)
        if len(body) <= LONGEST_FRESH_BYTES:
            self.fresh[account, received.replay_key] = received
        is_first = await self.acceptance.accept(kept)
        _note_event(account, received)
        return _ACCEPTED if is_first else _REPLAYED

    async def _read(self, request: web.Request) -> bytes:
        """Read the body, which is unpacked by nobody.

        Raises:
            _NotReadError: it is too long, comes too slowly, or too many are being read.
            UnsupportedCallbackError: it is packed; no vendor does that.
        """
        told = request.content_length
        if told is not None and told > MAX_BODY_BYTES:
            raise _NotReadError(_OVERSIZE)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise UnsupportedCallbackError("the callback is packed")
        with self._room_for(MAX_BODY_BYTES if told is None else told):
            try:
                async with asyncio.timeout(_BODY_WITHIN_S):
                    return await _read_whole(request)
            except TimeoutError:
                raise _NotReadError(_SLOW) from None

    @contextmanager
    def _room_for(self, size: int) -> Iterator[None]:
        if self._bytes_being_read + size > _MOST_BYTES_BEING_READ:
            raise _NotReadError(_OVERFULL)
        self._bytes_being_read += size
        try:
            yield
        finally:
            self._bytes_being_read -= size


async def _read_whole(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _NotReadError(_OVERSIZE)
    return bytes(body)


def _answer_to(error: Exception) -> Answer:
    match error:
        case _NotReadError():
            return error.answer
        case CallbackError():
            return Answer(_STATUSES[type(error)], error.verdict)
        case OverfullError():
            return _OVERFULL
        case _:
            return _UNSTORED


def _note_event(account: str, received: Received) -> None:
    if not received.documented:
        log.info("undocumented_event account=%s event=%.80r", account, received.event)
