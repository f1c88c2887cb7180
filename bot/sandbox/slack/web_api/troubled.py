"""Letting a request meet the trouble that was ordered for it."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.troubles import Trouble

_ANSWERS: dict[str, tuple[int, str, dict[str, str]]] = {
    "http_500": (500, "Internal Server Error", {}),
    "rate_limited": (429, '{"ok":false,"error":"ratelimited"}', {"Retry-After": "1"}),
    "internal_error": (200, '{"ok":false,"error":"internal_error"}', {}),
}


async def meet(
    request: web.Request, trouble: Trouble | None, work: Callable[[], Awaitable[web.Response]]
) -> web.StreamResponse:
    """Do *work* and answer, unless *trouble* comes before or after it."""
    if trouble == "no_answer":
        return _break_off(request)
    if trouble in _ANSWERS:
        status, text, headers = _ANSWERS[trouble]
        kind = "application/json" if text.startswith("{") else "text/plain"
        return web.Response(status=status, text=text, headers=headers, content_type=kind)
    response = await work()
    return _break_off(request) if trouble == "lost_answer" else response


def _break_off(request: web.Request) -> web.Response:
    """Close the connection in place of an answer; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
