"""Letting a request meet the trouble that was ordered for it."""

import re
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.troubles import Trouble

_ANSWERS: dict[str, tuple[int, str, dict[str, str]]] = {
    "http_500": (500, "Internal Server Error", {}),
    "http_503": (503, "Service Unavailable", {}),
    "rate_limited": (429, '{"ok":false,"error":"ratelimited"}', {"Retry-After": "1"}),
    "internal_error": (200, '{"ok":false,"error":"internal_error"}', {}),
    "invalid_blocks": (200, '{"ok":false,"error":"invalid_blocks"}', {}),
    "channel_not_found": (200, '{"ok":false,"error":"channel_not_found"}', {}),
}
_BLOCKS = re.compile(rb'"blocks":\s*\[\s*\{')
_NOBODY_WAITS_SO_LONG_S = 60.0
_LOOK_EVERY_S = 0.1

_Work = Callable[[], Awaitable[web.Response]]


async def meet(
    backend: Backend, request: web.Request, trouble: Trouble | None, work: _Work
) -> web.StreamResponse:
    """Do *work* and answer, unless *trouble* comes before or after it."""
    if trouble == "invalid_blocks" and not _BLOCKS.search(await request.read()):
        trouble = None
    if trouble in _ANSWERS:
        return _answer(trouble)
    if trouble == "late_landing":
        await request.read()  # so that it is here when the connection is not
        backend.background.start(_land(backend, work))
    if trouble in {"no_answer", "late_landing"}:
        return _break_off(request)
    response = await work()
    spoil = _AFTERWARDS.get(trouble or "")
    return await spoil(backend, request) if spoil else response


def _answer(trouble: str) -> web.Response:
    status, text, headers = _ANSWERS[trouble]
    kind = "application/json" if text.startswith("{") else "text/plain"
    return web.Response(status=status, text=text, headers=headers, content_type=kind)


async def _land(backend: Backend, work: _Work) -> None:
    troubles = backend.troubles
    await backend.clock.sleep(troubles.lot.uniform(*troubles.lands_after_s))
    await work()


async def _lose(_backend: Backend, request: web.Request) -> web.Response:
    return _break_off(request)


async def _fail(_backend: Backend, _request: web.Request) -> web.Response:
    return _answer("http_500")


async def _keep_waiting(backend: Backend, request: web.Request) -> web.Response:
    clock = backend.clock
    give_up_at = clock.monotonic() + _NOBODY_WAITS_SO_LONG_S
    while request.transport is not None and clock.monotonic() < give_up_at:
        await clock.sleep(_LOOK_EVERY_S)
    return _break_off(request)


_AFTERWARDS: Mapping[str, Callable[[Backend, web.Request], Awaitable[web.Response]]] = {
    "lost_answer": _lose,
    "done_http_500": _fail,
    "late_answer": _keep_waiting,
}


def _break_off(request: web.Request) -> web.Response:
    """Close the connection in place of an answer; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
