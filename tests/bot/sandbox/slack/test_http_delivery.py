"""Delivery to a URL: signed, in three seconds, and again for events."""

import asyncio
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.listening_bot import ListeningBot
from tests.fakes.clock import FakeClock


async def test_slacks_own_verifier_accepts_the_signature(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    await slack.command("tencent 1 & <2>")

    heard = bot.heard[0]
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(heard.body, heard.headers)
    assert not SignatureVerifier("other").is_valid_request(heard.body, heard.headers)
    assert heard.payload["text"] == "tencent 1 &amp; &lt;2&gt;"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [({"text": "json"}, "json"), ("plain", "plain"), ("[1]", "[1]")],
    ids=["object", "text", "list"],
)
async def test_the_reply_to_a_command_is_shown(
    answer: Any, shown: str, slack: LocalSlack, bot: ListeningBot
) -> None:
    bot.will_answer(answer)

    outcome = await slack.command("help")

    assert outcome.error is None
    assert [one.text for one in slack.messages("C0MEDIA", viewer="U0ALICE")] == [shown]


async def test_an_in_channel_reply_is_for_everybody(slack: LocalSlack, bot: ListeningBot) -> None:
    bot.will_answer({"text": "all", "response_type": "in_channel"})

    await slack.command("help")

    assert [one.text for one in slack.messages("C0MEDIA")] == ["all"]


async def test_a_reply_slack_refuses_is_an_error(slack: LocalSlack, bot: ListeningBot) -> None:
    bot.will_answer({"blocks": [{"type": "alert"}]})

    outcome = await slack.command("help")

    assert outcome.error == "invalid_command_response"
    (told,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    assert "invalid_command_response" in told.text


@pytest.mark.parametrize(
    ("status", "error"), [(500, "http_service_error"), (404, "http_client_error")]
)
async def test_a_bad_status_is_told_to_the_person_and_not_tried_again(
    status: int, error: str, slack: LocalSlack, bot: ListeningBot
) -> None:
    bot.will_answer(status=status)

    outcome = await slack.command("help")

    assert outcome.error == error
    assert len(bot.heard) == 1


async def test_a_url_where_nobody_listens_is_a_failed_dispatch(slack: LocalSlack) -> None:
    slack.deliver_to("http://127.0.0.1:9/slack/events")

    outcome = await slack.command("help")

    assert outcome.error == "dispatch_failed"


async def test_a_command_times_out_after_three_seconds(
    still_slack: LocalSlack, still_bot: ListeningBot, clock: FakeClock
) -> None:
    still_bot.will_hang()

    command = asyncio.create_task(still_slack.command("help"))
    await still_bot.hears()
    await clock.advance(3)

    assert (await command).error == "operation_timeout"


async def told(slack: LocalSlack, number: int) -> None:
    """Wait until that many deliveries are over."""
    await slack.wait_for(lambda: len(slack.backend.dispatch.deliveries) == number)


async def test_an_event_is_told_again_at_once_after_a_minute_and_after_five(
    still_slack: LocalSlack, still_bot: ListeningBot, clock: FakeClock
) -> None:
    for _ in range(4):
        still_bot.will_answer(status=500)

    await still_slack.mention("tencent 1")
    await clock.advance(0)
    await still_bot.hears(2)
    for seconds, number in ((60, 3), (240, 4)):
        await told(still_slack, number - 1)
        await clock.advance(seconds)
        await still_bot.hears(number)
    await clock.advance(3600)

    retries = [
        (one.headers.get("X-Slack-Retry-Num"), one.headers.get("X-Slack-Retry-Reason"))
        for one in still_bot.heard
    ]
    assert retries == [(None, None), *((str(n), "http_error") for n in (1, 2, 3))]
    assert len({one.payload["event_id"] for one in still_bot.heard}) == 1


async def test_a_retry_that_is_acknowledged_is_the_last(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    bot.will_answer(status=500)

    await slack.mention("tencent 1")
    await bot.hears(2)

    await told(slack, 2)
    deliveries = slack.backend.dispatch.deliveries
    assert [one.ack.error for one in deliveries] == ["http_service_error", None]


async def test_an_app_may_ask_not_to_be_told_again(slack: LocalSlack, bot: ListeningBot) -> None:
    bot.will_answer(status=500, **{"X-Slack-No-Retry": "1"})

    await slack.mention("tencent 1")
    await slack.command("something else")

    assert [one.payload.get("type") for one in bot.heard] == ["event_callback", None]


@pytest.mark.parametrize(
    ("answer", "verified"),
    [("{challenge}", True), ({"challenge": "{challenge}"}, True), ("no", False), (None, False)],
)
async def test_a_url_is_verified_by_its_challenge(
    *, answer: Any, verified: bool, still_slack: LocalSlack, still_bot: ListeningBot
) -> None:
    challenge = f"challenge-{int(still_slack.backend.clock.now().timestamp())}"
    if isinstance(answer, dict):
        still_bot.will_answer({"challenge": challenge})
    else:
        still_bot.will_answer(answer and answer.replace("{challenge}", challenge))

    assert await still_slack.verify_url() is verified


async def test_going_back_to_socket_mode(slack: LocalSlack, bot: ListeningBot) -> None:
    slack.deliver_to(None)

    outcome = await slack.command("help")

    assert outcome.error == "dispatch_failed"
    assert bot.heard == []
    assert not await slack.verify_url()
