"""One attempt: what each answer means, and that nothing of it tells a secret."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
import pytest

from bot.oncall import Page
from bot.pagers.base import Pager, PagerError
from bot.pagers.pagerduty import PagerDuty
from bot.pagers.posting import post
from bot.pagers.webhook import Webhook
from bot.sandbox.oncall import OnCallWorld
from bot.settings.sections import PagerDutyPager, WebhookPager
from tests.bot.pagers.samples import page

Send = Callable[[], "asyncio.Future[None]"]
PAGE: Page = page()


@pytest.fixture(params=["pagerduty", "webhook"])
def pager(
    request: pytest.FixtureRequest,
    duty: PagerDutyPager,
    hook: WebhookPager,
    session: aiohttp.ClientSession,
) -> Pager:
    return PagerDuty(duty, session) if request.param == "pagerduty" else Webhook(hook, session)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_a_page_taken(status: int, pager: Pager, called: OnCallWorld) -> None:
    called.trouble(status)

    await pager.send(PAGE)


@pytest.mark.parametrize(
    ("status", "may_pass"),
    [
        *((status, False) for status in (301, 302, 307, 308)),
        *((status, False) for status in (400, 401, 403, 404, 405, 410, 413, 415, 422)),
        *((status, True) for status in (408, 425, 429, 500, 501, 502, 503, 504)),
    ],
)
async def test_every_refusal_says_whether_it_may_pass(
    status: int, *, may_pass: bool, pager: Pager, called: OnCallWorld
) -> None:
    called.trouble(status)

    with pytest.raises(PagerError) as refused:
        await pager.send(PAGE)

    assert str(refused.value) == f"HTTP {status}"
    assert (refused.value.retryable, refused.value.retry_after) == (may_pass, None)


@pytest.mark.parametrize("status", [429, 503])
async def test_how_long_it_wants_to_be_left_alone_is_kept(
    status: int, pager: Pager, called: OnCallWorld
) -> None:
    called.trouble(status, Retry_After="17")

    with pytest.raises(PagerError) as refused:
        await pager.send(PAGE)

    assert refused.value.retry_after == 17.0


async def test_a_redirect_is_followed_nowhere(pager: Pager, called: OnCallWorld) -> None:
    called.trouble(307, Location=f"{called.url}/hook")

    with pytest.raises(PagerError, match="HTTP 307"):
        await pager.send(PAGE)

    assert (called.events, called.delivered, called.refused) == ([], {}, [])


async def test_a_broken_connection_may_pass(pager: Pager, called: OnCallWorld) -> None:
    called.trouble("reset")

    with pytest.raises(PagerError, match=r"no answer \(ServerDisconnectedError\)") as refused:
        await pager.send(PAGE)

    assert refused.value.retryable


async def test_who_does_not_answer_is_waited_for_only_so_long(
    pager: Pager, called: OnCallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pagers.posting.CALLED_WITHIN_S", 0.05)
    called.trouble("hang")

    with pytest.raises(PagerError, match=r"no answer \(TimeoutError\)") as refused:
        await pager.send(PAGE)

    assert refused.value.retryable


async def test_nobody_there_may_pass(pager: Pager, called: OnCallWorld) -> None:
    await called.close()

    with pytest.raises(PagerError, match=r"no answer \(Client") as refused:
        await pager.send(PAGE)

    assert refused.value.retryable


@pytest.mark.parametrize("trouble", ["reset", "hang", 400, 500])
async def test_no_secret_is_in_an_error_a_log_or_a_repr(
    trouble: str,
    pager: Pager,
    called: OnCallWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("bot.pagers.posting.CALLED_WITHIN_S", 0.05)
    called.trouble(trouble)  # type: ignore[arg-type]  # each is one of its words

    with pytest.raises(PagerError) as refused:
        await pager.send(PAGE)

    told = "\n".join([repr(refused.value), repr(pager), repr(called), caplog.text])
    assert refused.value.__cause__ is None
    assert called.routing_key not in told
    assert called.secret not in told
    assert called.url not in repr(refused.value)


async def test_who_gives_up_waiting_hears_of_it_as_always(
    pager: Pager, called: OnCallWorld
) -> None:
    called.trouble("hang")
    sending = asyncio.create_task(pager.send(PAGE))
    await asyncio.wait({sending}, timeout=0.05)

    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_an_address_that_is_none_is_no_crash(session: aiohttp.ClientSession) -> None:
    with pytest.raises(PagerError, match="no answer"):
        await post(session, "http://[::1", b"{}", {})
