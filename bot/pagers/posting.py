"""One POST to a pager, and what its answer means; both kinds of pager post JSON."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from bot.pagers.base import CALLED_WITHIN_S, PagerError
from providers.http import retry_after

_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Of the refusals, those that may pass."""


async def post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]
) -> None:
    """Post *body* once, following no redirect: where it leads nobody has configured.

    Raises:
        PagerError: anything but a 2xx came back, or nothing did.
    """
    try:
        async with (
            asyncio.timeout(CALLED_WITHIN_S),
            session.post(
                url,
                data=body,
                headers={"Content-Type": "application/json", **headers},
                allow_redirects=False,
            ) as answer,
        ):
            status, pause = answer.status, retry_after(answer.headers)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        reason = f"no answer ({type(error).__name__})"
        raise PagerError(reason, retryable=True) from None
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    may_pass = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _AGAIN
    raise PagerError(f"HTTP {status}", retryable=may_pass, retry_after=pause)
