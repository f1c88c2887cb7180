"""Spoken to by name: answered in the thread, to everybody or, where nobody else cares, to one."""

import pytest

from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.bot.surface.deliveries import deliver_again
from tests.fakes.person import Person, labels, pictures, prose

RECORD = "X3CgNeE4I1qAAABN"
THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"


async def test_a_mention_is_answered_in_a_thread_below_it_for_everybody(alice: Person) -> None:
    card = await alice.mentions(f"record {RECORD}")

    question = alice.sees()[0]
    assert "*Recording · Done*" in prose(card)
    assert (card.thread_ts, card.ephemeral_for) == (question.ts, None)
    assert "Share to channel" not in labels(card)


async def test_in_a_thread_it_is_answered_there(alice: Person) -> None:
    parent = await alice.slack.say("the recording is missing?")

    card = await alice.mentions(f"<@U0BOB> {RECORD}", thread_ts=parent.ts)

    assert card.thread_ts == parent.ts
    assert "*Recording · Done*" in prose(card)


async def test_what_is_pressed_in_a_thread_is_answered_there(alice: Person) -> None:
    card = await alice.mentions(f"record {RECORD} EmptyRoomAAAAAA1")

    shown = await alice.presses("Show", card)

    assert shown.thread_ts == card.thread_ts
    assert shown.ephemeral_for == alice.user


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("tencnet 289665200", "Did you mean"),
        ("https://example.com/x", "No id of a task was found in"),
        ("help", "*Ask like this*"),
        ("recent", "You have not asked for any task yet."),
        ("list record", "ZEGO cloud recording"),
        ("settings", "Settings open from `/mediatask settings`."),
    ],
)
async def test_what_is_no_task_is_answered_to_the_one_who_asked(
    text: str, answer: str, alice: Person
) -> None:
    told = await alice.mentions(text)

    assert answer in prose(told)
    assert told.ephemeral_for == alice.user
    assert told.thread_ts == alice.sees()[0].ts


async def test_a_mention_that_slack_delivers_again_is_answered_once(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.mentions(f"record {RECORD}")

    await deliver_again(slack)
    await alice.asks("help")

    assert [message.is_bot for message in alice.sees() if not message.ephemeral_for] == [
        False,
        True,
    ]


async def test_where_slack_takes_no_message_it_is_said_in_the_log(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("chat.postMessage", "internal_error")

    async with bot_with():
        await slack.mention(f"record {RECORD}")

    assert "answer_lost reason=internal_error" in caplog.messages
    caplog.clear()


async def test_a_card_whose_pictures_slack_cannot_fetch_is_posted_without(
    alice: Person, clouds: VendorClouds
) -> None:
    clouds.set_weather(Cloud.MEDIA, Weather(kind=WeatherKind.HTTP_500))

    card = await alice.mentions(f"tencent {THUMBNAILS}")

    assert pictures(card) == []
    assert "Pictures are left out" in prose(card)


async def test_people_of_another_company_are_answered_in_a_shared_channel(
    alice: Person, slack: LocalSlack
) -> None:
    guest = Person(alice.slack, user="U0GUEST", channel="C0SHARED")

    card = await guest.mentions(f"record {RECORD}")

    assert "*Recording · Done*" in prose(card)
    assert slack.messages("C0SHARED")[-1] == card
