"""A channel hears of tasks nobody watches one by one, for as long as it wants to."""

import pytest

from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.bot.surface.shift import Shift, ShiftWith
from tests.fakes.person import Person, labels, prose


def reports(slack: LocalSlack, channel: str = "C0MEDIA") -> list[Message]:
    """What everybody in a channel was told without asking."""
    return [one for one in slack.messages(channel) if "Told because" in prose(one)]


async def test_a_failure_is_told_where_somebody_subscribed_and_calls_whom_they_named(
    shift: Shift,
) -> None:
    alice = shift.person(channel="C0MEDIA")

    said = await alice.asks("subscribe record to failures notify @bob")
    await shift.fails("Night1")
    await shift.sees(lambda: reports(shift.slack))

    (report,) = reports(shift.slack)
    assert said.ephemeral_for is None
    assert "This channel now hears of tasks that do not end well at `record`" in prose(said)
    assert "<@U0BOB>" not in prose(said)
    assert "<@U0BOB>" in prose(report)
    assert "Night1" in prose(report)


async def test_a_good_end_is_told_only_where_ends_are_wanted_and_calls_nobody(
    shift: Shift,
) -> None:
    here = shift.person(channel="C0MEDIA")
    there = shift.person(channel="C0ONCALL")
    await here.asks("subscribe record to finished notify @bob")
    await there.asks("subscribe record to failures")

    await shift.recovers("Night1")
    await shift.sees(lambda: reports(shift.slack))

    (report,) = reports(shift.slack)
    assert "<@U0BOB>" not in prose(report)
    assert reports(shift.slack, "C0ONCALL") == []


async def test_only_rooms_that_fit_are_told(shift: Shift) -> None:
    await shift.person(channel="C0MEDIA").asks("subscribe all to failures room lesson-*")

    await shift.fails("Night1", room="meeting")
    await shift.fails("Night2", room="lesson-2")
    await shift.sees(lambda: reports(shift.slack))

    assert ["Night2" in prose(one) for one in reports(shift.slack)] == [True]


async def test_subscribing_to_the_same_again_changes_nothing(shift: Shift) -> None:
    alice, bob = shift.person(channel="C0MEDIA"), shift.person("U0BOB", channel="C0MEDIA")
    await alice.asks("subscribe record to failures")

    again = await bob.asks("subscribe record to failures")
    listed = await alice.asks("watches")

    assert "This channel hears of tasks that do not end well at `record` already" in prose(again)
    assert "1 subscription of this channel" in prose(listed)


async def test_a_subscription_that_would_hear_nothing_is_refused_with_the_setting(
    alice: Person,
) -> None:
    said = await alice.asks("subscribe tencent to failures")

    assert said.ephemeral_for == "U0ALICE"
    assert "was not made" in prose(said)
    assert "`accounts.main.callback_secret`" in prose(said)
    assert "`/callbacks/main`" in prose(said)


async def test_one_that_hears_of_some_accounts_says_of_which_it_does_not(alice: Person) -> None:
    said = await alice.asks("subscribe all")

    assert "This channel now hears of" in prose(said)
    assert "Not of these, as they are configured:" in prose(said)
    assert "`tencent@main`" in prose(said)


async def test_where_the_bot_is_no_member_nothing_is_subscribed(shift: Shift) -> None:
    said = await shift.person(channel="C0RANDOM").asks("subscribe record")

    assert "I am no member of <#C0RANDOM>" in prose(said)
    assert shift.slack.messages("C0RANDOM") == []


async def test_whoever_made_it_ends_it_and_the_channel_hears_nothing_more(shift: Shift) -> None:
    alice, bob = shift.person(channel="C0MEDIA"), shift.person("U0BOB", channel="C0MEDIA")
    await alice.asks("subscribe record to failures")

    theirs = await bob.asks("unsubscribe record")
    ended = await alice.asks("unsubscribe record")
    nothing = await alice.asks("unsubscribe all")
    await shift.alert("Night1")

    assert "is somebody else's" in prose(theirs)
    assert "has ended" in prose(ended)
    assert ended.ephemeral_for is None
    assert prose(nothing) == "This channel has no such subscription."
    assert reports(shift.slack) == []


async def test_an_operator_ends_anybodys(shift_with: ShiftWith) -> None:
    async with shift_with(operators={"users": ["U0BOB"]}) as shift:
        await shift.person(channel="C0MEDIA").asks("subscribe record")

        said = await shift.person("U0BOB", channel="C0MEDIA").asks("unsubscribe all")

    assert "has ended" in prose(said)


@pytest.mark.parametrize(
    ("ended", "left"),
    [
        ("unsubscribe record", 2),
        ("unsubscribe record@main", 2),
        ("unsubscribe record room lesson-*", 2),
        ("unsubscribe mpc", 2),
        ("unsubscribe tencent", 3),
        ("unsubscribe all", 0),
    ],
)
async def test_only_what_is_named_ends(ended: str, left: int, shift: Shift) -> None:
    alice = shift.person(channel="C0MEDIA")
    for made in ("record@main room lesson-*", "mpc", "all to finished"):
        await alice.asks(f"subscribe {made}")

    await alice.asks(ended)
    listed = prose(await alice.asks("watches"))

    assert listed.count("made by <@U0ALICE>") == left


async def test_the_button_in_the_list_ends_it(shift: Shift) -> None:
    alice = shift.person(channel="C0MEDIA")
    await alice.asks("subscribe record")
    listed = await alice.asks("watches")

    said = await alice.presses("Unsubscribe", listed)

    assert "has ended" in prose(said)
    assert "Unsubscribe" not in labels(await alice.asks("watches"))


@pytest.mark.parametrize("said", ["subscribe record", "unsubscribe all"])
async def test_what_the_policy_forbids_is_not_done(
    said: str, bot_with: BotWith, slack: LocalSlack
) -> None:
    async with bot_with(policy=[{"action": "subscribe", "allow": False}]):
        denied = await Person(slack).asks(said)

    assert prose(denied) == ":no_entry: That is not allowed here, by the rule `#1`."
