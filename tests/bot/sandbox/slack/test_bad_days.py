"""Troubles that come by lot, and what each does to the call it meets."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble, Troubles
from tests.bot.sandbox.slack.cards import section

_HURRIED = aiohttp.ClientTimeout(total=0.3)


def client(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    arguments: dict[str, Any] = {"base_url": slack.api_url, "session": session}
    return AsyncWebClient(slack.bot_token, retry_handlers=[], **arguments)


def test_troubles_come_as_often_as_their_share_says() -> None:
    troubles = Troubles()
    troubles.set_weather("chat.postMessage", {"http_503": 0.2, "lost_answer": 0.1})

    met = [troubles.next("chat.postMessage") for _ in range(10_000)]

    assert met.count("http_503") == pytest.approx(2000, rel=0.1)
    assert met.count("lost_answer") == pytest.approx(1000, rel=0.1)
    assert troubles.next("chat.update") is None


def test_what_is_ordered_comes_before_what_is_drawn() -> None:
    troubles = Troubles()
    troubles.set_weather("chat.postMessage", {"http_503": 1.0})
    troubles.order("chat.postMessage", "no_answer")

    met = [troubles.next("chat.postMessage") for _ in range(2)]
    troubles.set_weather("chat.postMessage", {})

    assert met == ["no_answer", "http_503"]
    assert troubles.next("chat.postMessage") is None


def test_more_than_all_calls_cannot_go_wrong() -> None:
    with pytest.raises(ValueError, match="more than all"):
        Troubles().set_weather("chat.postMessage", {"http_500": 0.7, "http_503": 0.7})


@pytest.mark.parametrize(
    ("trouble", "status", "posted"),
    [("http_503", 503, 0), ("done_http_500", 500, 1), ("channel_not_found", 200, 0)],
)
async def test_a_refusal_comes_before_or_after_the_deed(
    trouble: Trouble, status: int, posted: int, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    slack.trouble("chat.postMessage", trouble)

    with pytest.raises(SlackApiError) as refused:
        await client(slack, session).chat_postMessage(channel="C0MEDIA", text="x")

    assert refused.value.response.status_code == status
    assert len(slack.messages("C0MEDIA")) == posted


async def test_an_answer_may_come_later_than_anybody_waits(slack: LocalSlack) -> None:
    slack.trouble("chat.postMessage", "late_answer")

    async with aiohttp.ClientSession(timeout=_HURRIED) as session:
        with pytest.raises(TimeoutError):
            await client(slack, session).chat_postMessage(channel="C0MEDIA", text="x")

    assert [message.text for message in slack.messages("C0MEDIA")] == ["x"]


async def test_a_message_may_land_after_its_connection_broke(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    slack.backend.troubles.lands_after_s = (0.05, 0.1)
    slack.trouble("chat.postMessage", "late_landing")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client(slack, session).chat_postMessage(channel="C0MEDIA", text="x")
    before = len(slack.messages("C0MEDIA"))
    landed = await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    assert (before, [message.text for message in landed]) == (0, ["x"])


@pytest.mark.parametrize(("blocks", "posted"), [({}, 1), ({"blocks": [section("x")]}, 0)])
async def test_only_blocks_can_be_invalid_blocks(
    blocks: Mapping[str, Any], posted: int, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    slack.trouble("chat.postMessage", "invalid_blocks")
    web = client(slack, session)

    try:
        await web.chat_postMessage(channel="C0MEDIA", text="x", **blocks)
    except SlackApiError as refused:
        assert refused.response["error"] == "invalid_blocks"  # noqa: PT017  # of one case alone

    assert len(slack.messages("C0MEDIA")) == posted


async def test_a_process_may_order_the_weather(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    order = {"method": "chat.postMessage", "shares": {"http_500": 1.0}}

    async with session.post(f"{slack.page_url}control/weather", json=order) as reply:
        assert reply.ok
    with pytest.raises(SlackApiError):
        await client(slack, session).chat_postMessage(channel="C0MEDIA", text="x")

    assert slack.messages("C0MEDIA") == []
