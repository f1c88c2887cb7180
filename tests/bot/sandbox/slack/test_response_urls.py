"""Answers through response URLs: five in half an hour, wherever the person was."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.interactions import Interactions
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import actions, section
from tests.bot.sandbox.slack.listening_bot import ListeningBot
from tests.fakes.clock import FakeClock


async def response_url(slack: LocalSlack, bot: ListeningBot, channel: str) -> AsyncWebhookClient:
    await slack.command("tencent 1", channel=channel)
    return AsyncWebhookClient(bot.last["response_url"])


async def test_an_answer_is_ephemeral_and_needs_no_membership(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    hook = await response_url(slack, bot, "C0STUDIO")

    answer = await hook.send(text="hi", blocks=[section()])

    assert (answer.status_code, answer.body) == (200, "ok")
    (message,) = slack.messages("C0STUDIO", viewer="U0ALICE")
    assert (message.ephemeral_for, message.is_bot) == ("U0ALICE", True)
    assert slack.messages("C0STUDIO", viewer="U0BOB") == []


async def test_in_channel_and_in_a_thread(slack: LocalSlack, bot: ListeningBot) -> None:
    parent = await slack.say("look", channel="C0RANDOM")
    hook = await response_url(slack, bot, "C0RANDOM")

    await hook.send_dict({"text": "hi", "response_type": "in_channel", "thread_ts": parent.ts})

    assert [one.text for one in slack.backend.workspace.replies(parent)] == ["hi"]


async def test_the_sixth_answer_is_refused(slack: LocalSlack, bot: ListeningBot) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")

    answers = [await hook.send(text=str(number)) for number in range(6)]

    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert len(slack.messages("C0MEDIA", viewer="U0ALICE")) == 5


async def test_after_half_an_hour_no_answer_is_taken(
    still_slack: LocalSlack, still_bot: ListeningBot, clock: FakeClock
) -> None:
    hook = await response_url(still_slack, still_bot, "C0MEDIA")
    await clock.advance(1800)
    in_time = await hook.send(text="in time")
    await clock.advance(1)

    late = await hook.send(text="late")

    assert (in_time.status_code, late.status_code) == (200, 404)
    assert "expired_url" in late.body


BAD: list[tuple[Any, str]] = [
    ("no json", "invalid_payload"),
    ("[]", "invalid_payload"),
    ("{}", "no_text"),
    ('{"blocks": [{"type": "alert"}]}', "invalid_blocks"),
]


@pytest.mark.parametrize(("body", "code"), BAD, ids=[code for _, code in BAD[1:]] + ["list"])
async def test_a_refused_answer_is_told_why(
    body: str, code: str, slack: LocalSlack, bot: ListeningBot, session: aiohttp.ClientSession
) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")

    async with session.post(hook.url, data=body) as reply:
        answer = await reply.json()

    assert (reply.status, answer["error"]) == (400, code)
    assert slack.messages("C0MEDIA", viewer="U0ALICE") == []


async def test_a_url_nobody_was_given_is_expired(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{slack.page_url}commands/abc", json={"text": "x"}) as reply:
        assert (await reply.json())["error"] == "expired_url"


async def test_a_second_answer_replaces_the_first_where_it_asks(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")
    await hook.send(text="looking …")

    await hook.send(text="found", replace_original=True)

    (message,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    assert (message.text, message.edited_ts is not None) == ("found", True)


async def test_a_click_on_an_ephemeral_replaces_or_deletes_it(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")
    await hook.send(text="card", blocks=[actions()])
    (card,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    await slack.click("C0MEDIA", card.ts, "refresh")
    clicked = AsyncWebhookClient(bot.last["response_url"])

    await clicked.send(text="newer", replace_original=True)
    replaced = [one.text for one in slack.messages("C0MEDIA", viewer="U0ALICE")]
    await clicked.send(delete_original=True)
    await clicked.send(delete_original=True)

    assert replaced == ["newer"]
    assert slack.messages("C0MEDIA", viewer="U0ALICE") == []


async def test_a_message_that_has_gone_is_not_deleted_twice(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    card = await web.chat_postMessage(channel="C0MEDIA", text="card", blocks=[actions()])
    await slack.click("C0MEDIA", card["ts"], "refresh")
    await web.chat_delete(channel="C0MEDIA", ts=card["ts"])
    told: list[str] = []
    slack.backend.workspace.changes.watch(lambda change: told.append(change.kind))

    answer = await AsyncWebhookClient(bot.last["response_url"]).send(delete_original=True)

    assert (answer.status_code, told) == (200, [])


async def test_sharing_an_ephemeral_makes_a_new_message(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")
    await hook.send(text="card", blocks=[actions()])
    (card,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    await slack.click("C0MEDIA", card.ts, "refresh")

    await AsyncWebhookClient(bot.last["response_url"]).send(
        text="shared", response_type="in_channel", replace_original=False
    )

    assert [one.text for one in slack.messages("C0MEDIA", viewer="U0ALICE")] == ["card", "shared"]
    assert [one.text for one in slack.messages("C0MEDIA")] == ["shared"]


async def test_an_answer_whose_receipt_is_lost_was_given(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    hook = await response_url(slack, bot, "C0MEDIA")
    hook.retry_handlers = []
    slack.trouble("response_url", "lost_answer")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await hook.send(text="given")

    assert [one.text for one in slack.messages("C0MEDIA", viewer="U0ALICE")] == ["given"]


def test_only_so_many_interactions_are_remembered() -> None:
    interactions = Interactions(FakeClock(), kept=1)
    first = interactions.begin("command", "U0ALICE", "C0MEDIA")

    second = interactions.begin("command", "U0ALICE", "C0MEDIA")

    assert interactions.use_response(second.token) is second
    with pytest.raises(ApiError, match="expired_url"):
        interactions.use_response(first.token)


async def test_the_record_says_what_was_answered_and_when(
    still_slack: LocalSlack, still_bot: ListeningBot, clock: FakeClock
) -> None:
    outcome = await still_slack.command("tencent 1")
    hook = AsyncWebhookClient(still_bot.last["response_url"])
    await clock.advance(2)
    await hook.send(text="first")
    await clock.advance(2)
    await hook.send(text="second")

    record = outcome.interaction
    assert record is not None
    assert [one.text for one in record.answers] == ["first", "second"]
    assert (record.began_at, record.answered_at, record.is_answered) == (0.0, 2.0, True)
