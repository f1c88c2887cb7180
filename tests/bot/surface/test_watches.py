"""To watch: one card where it was asked, one reply when it is over, and nothing else."""

import pytest

from bot.app import Bot
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.bot.surface.deliveries import deliver_again
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, labels, links, prose

LESSON = "LiveLessonAAAAA1"
"""Records, uploads, and is done half a minute after the first question."""
DONE = "X3CgNeE4I1qAAABN"
FAILED = "22123974"
PAUSED = "PausedRecAAAAAA1"
REVIEW = "22123975"
UNKNOWN = "NobodyKnowsAAAA1"
TOLD_WITHIN_S = 30.0


async def card_of(slack: LocalSlack, channel: str = "C0MEDIA") -> Message:
    """Wait for the one message of the bot's that everybody in the channel sees."""
    (card,) = await slack.wait_for(lambda: by_bot(slack, channel))
    return card


def by_bot(slack: LocalSlack, channel: str = "C0MEDIA") -> list[Message]:
    return [one for one in slack.messages(channel) if one.is_bot]


def replies_to(slack: LocalSlack, card: Message) -> list[Message]:
    return [
        one for one in slack.messages(card.channel) if one.is_reply and one.thread_ts == card.ts
    ]


async def test_one_card_is_posted_and_the_asker_told_until_when(
    alice: Person, slack: LocalSlack
) -> None:
    said = await alice.asks(f"watch record {LESSON}")
    card = await card_of(slack)

    assert said.ephemeral_for == "U0ALICE"
    assert LESSON in prose(said)
    assert "<!date^" in prose(said)
    assert LESSON in prose(card)
    assert "Running" in prose(card)
    assert "Unwatch" in labels(card)


async def test_the_end_is_told_once_in_the_cards_thread_with_the_link(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    await alice.asks(f"watch record {LESSON}")
    card = await card_of(slack)
    cloud_clock.skip(31)

    (end,) = await slack.wait_for(lambda: replies_to(slack, card), TOLD_WITHIN_S)
    await slack.wait_for(lambda: "Done" in prose(card))

    assert "<@U0ALICE>" in prose(end)
    assert any(link.endswith("host.mp4") for link in links(end))
    assert not end.reply_broadcast
    assert len(slack.messages("C0MEDIA")) == 2


async def test_what_somebody_looks_up_is_news_for_those_who_watch_it(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    bob = Person(slack, user="U0BOB")
    await alice.asks(f"watch record {LESSON}")
    card = await card_of(slack)
    shown = await bob.asks(f"record {LESSON}")
    cloud_clock.skip(31)

    await bob.presses("Refresh", shown)

    assert await slack.wait_for(lambda: replies_to(slack, card))


async def test_several_tasks_make_one_card_with_a_line_each(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch record:{PAUSED} mpc:{REVIEW}")

    card = await card_of(slack)

    assert PAUSED in prose(card)
    assert REVIEW in prose(card)


async def test_what_has_ended_is_shown_at_once_and_not_watched(
    alice: Person, slack: LocalSlack
) -> None:
    said = await alice.asks(f"watch record {DONE}")

    watched = await alice.asks("watches all")

    assert "*Recording · Done*" in prose(said)
    assert DONE not in prose(watched)
    assert slack.messages("C0MEDIA") == []


async def test_of_several_the_ended_are_shown_and_the_others_watched(
    alice: Person, slack: LocalSlack
) -> None:
    said = await alice.asks(f"watch record:{DONE} mpc:{FAILED} record:{PAUSED}")

    card = await card_of(slack)

    assert "*2 tasks*" in prose(said)
    assert PAUSED in prose(card)
    assert DONE not in prose(card)


async def test_what_nobody_knows_yet_is_watched_for_its_grace(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch record {UNKNOWN}")

    assert UNKNOWN in prose(await card_of(slack))


async def test_what_nobody_knows_and_may_be_several_things_has_to_be_named(
    alice: Person, slack: LocalSlack
) -> None:
    said = await alice.asks("watch 99999999")

    assert "watch huawei@main:99999999" in prose(said)
    assert "watch mpc@transcode:99999999" in prose(said)
    assert slack.messages("C0MEDIA") == []


async def test_an_id_alone_is_enough_where_somebody_knows_it(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch {REVIEW}")

    assert REVIEW in prose(await card_of(slack))


async def test_where_the_bot_is_no_member_it_says_how_to_invite_it_and_watches_nothing(
    bot: Bot, slack: LocalSlack
) -> None:
    assert bot.port
    alice = Person(slack, channel="C0RANDOM")

    said = await alice.asks(f"watch record {PAUSED}")
    slack.invite(channel="C0RANDOM")
    nothing = await alice.asks("watches")
    await alice.asks(f"watch record {PAUSED}")

    assert "I am no member of <#C0RANDOM>" in prose(said)
    assert PAUSED not in prose(nothing)
    assert PAUSED in prose(await card_of(slack, "C0RANDOM"))


async def test_a_direct_message_with_the_bot_is_a_place_too(bot: Bot, slack: LocalSlack) -> None:
    assert bot.port
    alice = Person(slack, channel="D0ALICE")

    await alice.asks(f"watch record {PAUSED}")

    assert PAUSED in prose(await card_of(slack, "D0ALICE"))


async def test_asked_in_a_thread_the_card_stands_in_the_thread(
    alice: Person, slack: LocalSlack
) -> None:
    parent = await slack.say("is it ready?", user="U0BOB")

    await alice.mentions(f"watch record {PAUSED}", thread_ts=parent.ts)
    card = await card_of(slack)

    assert card.thread_ts == parent.ts


async def test_asked_by_name_in_the_channel_the_card_stands_in_the_channel(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.mentions(f"watch record {PAUSED}")

    card = await card_of(slack)

    assert card.thread_ts is None


async def test_the_button_on_a_card_watches_for_whoever_presses_it(
    alice: Person, slack: LocalSlack
) -> None:
    shown = await alice.asks(f"record {PAUSED}")

    said = await alice.presses("Watch", shown)
    card = await card_of(slack)

    assert PAUSED in prose(said)
    assert "<@U0ALICE>" in prose(card)


async def test_watching_what_is_watched_joins_it(alice: Person, slack: LocalSlack) -> None:
    bob = Person(slack, user="U0BOB")
    await alice.asks(f"watch record {PAUSED}")
    card = await card_of(slack)

    said = await bob.asks(f"watch record {PAUSED}")
    await slack.wait_for(lambda: "<@U0BOB>" in prose(card))

    assert PAUSED in prose(said)
    assert slack.messages("C0MEDIA") == [card]


async def test_a_press_on_watch_too_joins_it(alice: Person, slack: LocalSlack) -> None:
    bob = Person(slack, user="U0BOB")
    await alice.asks(f"watch record {PAUSED}")
    card = await card_of(slack)

    await bob.presses("Watch too", card)

    await slack.wait_for(lambda: "<@U0BOB>" in prose(card))


async def test_a_command_that_slack_delivers_twice_makes_one_card(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch record {PAUSED}")
    card = await card_of(slack)

    await deliver_again(slack)
    watched = await alice.asks("watches")

    assert prose(watched).count(PAUSED) == 1
    assert slack.messages("C0MEDIA") == [card]


async def test_others_can_be_notified_too(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    await alice.asks(f"watch record {LESSON} notify @bob @oncall")
    card = await card_of(slack)
    cloud_clock.skip(31)

    (end,) = await slack.wait_for(lambda: replies_to(slack, card), TOLD_WITHIN_S)

    for named in ("<@U0ALICE>", "<@U0BOB>", "<!subteam^S0ONCALL>"):
        assert named in prose(end)


async def test_with_only_failures_a_good_end_calls_nobody_and_the_card_tells_it(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    await alice.asks(f"watch record {LESSON} only failures")
    card = await card_of(slack)
    cloud_clock.skip(31)

    await slack.wait_for(lambda: "Done" in prose(card), TOLD_WITHIN_S)

    assert replies_to(slack, card) == []


@pytest.mark.parametrize("said", ["watch record {id}", "unwatch record {id}"])
async def test_what_the_policy_forbids_is_not_done(
    said: str, bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [{"action": said.split(maxsplit=1)[0], "allow": False}]
    async with bot_with(policy=rules):
        denied = await Person(slack).asks(said.format(id=PAUSED))

    assert prose(denied) == ":no_entry: That is not allowed here, by the rule `#1`."
    assert slack.messages("C0MEDIA") == []


# ---- Buttons that came back odd ----


def with_value(message: Message, action: str, value: str) -> str:
    """Write another value into a button of a message; give its block."""
    for block in message.blocks:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if element.get("action_id", "").split(":")[0] == action:
                element["value"] = value
                return str(block["block_id"])
    raise AssertionError(f"no button {action}")


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("join", "record@nowhere:1"),
        ("join", '{"k":"card","c":99}'),
        ("join", '{"k":"delivery","d":"1"}'),
        ("join", "{}"),
        ("unwatch", "{}"),
    ],
)
async def test_a_button_that_nobody_understands_any_more_is_answered_so(
    action: str, value: str, alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch record {PAUSED}")
    card = await card_of(slack)
    with_value(card, action, value)

    said = await alice.presses({"join": "Watch too", "unwatch": "Unwatch"}[action], card)

    assert prose(said).startswith("This button is too old")


async def test_a_card_whose_watches_have_all_ended_is_joined_by_nobody(
    alice: Person, slack: LocalSlack
) -> None:
    bob = Person(slack, user="U0BOB")
    await alice.asks(f"watch record:{PAUSED} mpc:{REVIEW}")
    card = await card_of(slack)
    before = Message(card.ts, card.channel, card.user, card.content)
    await alice.asks("unwatch all")
    await slack.wait_for(lambda: "Unwatch" not in labels(card))
    card.content = before.content

    said = await bob.presses("Watch too", card)

    assert prose(said).startswith("This button is too old")


async def test_a_double_click_counts_once(alice: Person, slack: LocalSlack) -> None:
    shown = await alice.asks(f"record {PAUSED}")
    await alice.presses("Watch", shown)
    await card_of(slack)
    before = alice.sees()

    outcome = await slack.click("C0MEDIA", shown.ts, "watch", user="U0ALICE")
    helped = await alice.asks("help")

    assert outcome.error is None
    assert alice.sees() == [*before, helped]
