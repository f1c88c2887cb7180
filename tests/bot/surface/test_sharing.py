"""An answer for one becomes a message for all: once, and where it may be."""

import asyncio

import pytest

from bot.app import Bot
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, labels, prose

RECORD = "X3CgNeE4I1qAAABN"


async def test_sharing_posts_the_card_and_says_who_did(alice: Person) -> None:
    card = await alice.asks(f"record {RECORD}")

    shared = await alice.presses("Share to channel", card)

    assert prose(shared).startswith("Shared by <@U0ALICE>\n")
    assert "*Recording · Done*" in prose(shared)
    assert shared.ephemeral_for is None
    assert "Share to channel" not in labels(shared)
    assert alice.sees() == [card, shared]


async def shares(person: Person, card: Message) -> None:
    """Press Share and wait for no answer."""
    outcome = await person.slack.click(person.channel, card.ts, "share", user=person.user)
    assert outcome.error is None


async def all_answered(bot: Bot, slack: LocalSlack) -> None:
    """Let everything pressed before be done: the bot works in order, and then answers this."""
    assert bot.port
    await Person(slack, channel="C0RANDOM").asks("record EmptyRoomAAAAAA1")


async def test_two_who_share_the_same_task_at_once_post_it_once(
    alice: Person, slack: LocalSlack, bot: Bot
) -> None:
    bob = Person(slack, user="U0BOB")
    cards = [await alice.asks(f"record {RECORD}"), await bob.asks(f"record {RECORD}")]

    presses = zip((alice, alice, bob), (cards[0], cards[0], cards[1]), strict=True)
    await asyncio.gather(*(shares(person, card) for person, card in presses))
    await slack.wait_for(lambda: slack.messages("C0MEDIA"))
    await all_answered(bot, slack)

    assert len(slack.messages("C0MEDIA")) == 1


@pytest.mark.parametrize("channel", ["C0RANDOM", "C0STUDIO", "D0ALICE"])
async def test_it_works_where_the_bot_is_no_member_and_in_direct_messages(
    channel: str, bot: Bot, slack: LocalSlack
) -> None:
    assert bot.port
    alice = Person(slack, channel=channel)
    card = await alice.asks(f"record {RECORD}")

    shared = await alice.presses("Share to channel", card)

    assert shared.ephemeral_for is None


async def test_where_the_address_has_run_out_the_bot_posts_by_itself(
    alice: Person,
    slack: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = await alice.asks(f"record {RECORD}")
    monkeypatch.setattr("bot.sandbox.slack.interactions.RESPONSE_URL_USES", 0)

    await shares(alice, card)
    (shared,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    assert prose(shared).startswith("Shared by <@U0ALICE>\n")
    caplog.clear()


async def test_and_where_it_is_no_member_says_how_to_invite_it_and_then_it_works(
    bot: Bot,
    slack: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert bot.port
    alice = Person(slack, channel="C0RANDOM")
    card = await alice.asks(f"record {RECORD}")
    monkeypatch.setattr("bot.sandbox.slack.interactions.RESPONSE_URL_USES", 0)

    modal = await alice.opens("Share to channel", card)
    slack.invite(channel="C0RANDOM")
    await shares(alice, card)
    await slack.wait_for(lambda: len(slack.messages("C0RANDOM")) == 2)

    assert "I am no member of <#C0RANDOM>" in prose(modal)
    assert "`/invite @MediaTask`" in prose(modal)
    assert "share_refused reason=not_in_channel" in caplog.messages
    caplog.clear()


async def test_what_slack_does_not_take_for_another_reason_is_said_to_have_failed(
    alice: Person,
    slack: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = await alice.asks(f"record {RECORD}")
    monkeypatch.setattr("bot.sandbox.slack.interactions.RESPONSE_URL_USES", 0)
    slack.trouble("chat.postMessage", "internal_error")

    modal = await alice.opens("Share to channel", card)

    assert prose(modal) == "Slack did not take the card. Please try again."
    caplog.clear()


async def test_what_may_not_be_shared_is_denied_to_the_one_who_tried(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [{"where": "shared", "action": "share", "allow": False}]
    async with bot_with(policy=rules):
        inside, outside = Person(slack), Person(slack, channel="C0SHARED")
        allowed = await inside.presses("Share to channel", await inside.asks(f"record {RECORD}"))
        denied = await outside.presses("Share to channel", await outside.asks(f"record {RECORD}"))

    assert "Shared by" in prose(allowed)
    assert prose(denied) == ":no_entry: That is not allowed here, by the rule `#1`."
    assert denied.ephemeral_for == "U0ALICE"
