"""What a channel and a person choose, who may choose it, and that it holds."""

import pytest
from sqlalchemy import text as sql

from bot.app import Bot
from bot.sandbox.slack.entities import OpenView
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, labels, prose

RECORD = "X3CgNeE4I1qAAABN"
SIGNED = "22123973"
THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"

Chosen = dict[str, dict[str, object]]


async def open_settings(person: Person) -> OpenView:
    """Type the command; the form."""
    return await person.sees_after(
        person.slack.command("settings", user=person.user, channel=person.channel)
    )


def chosen(**fields: str) -> Chosen:
    """Fill in fields named ``channel__visibility`` and the like."""
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return {name: {name: value} for name, value in named.items()}


async def choose(person: Person, **fields: str) -> OpenView:
    """Open the settings, choose, save; what is said then."""
    form = await open_settings(person)
    return await person.submits(form, **chosen(**fields))


async def test_a_person_who_wants_condensed_cards_gets_them(alice: Person) -> None:
    before = await alice.asks(f"record {RECORD}")

    said = await choose(alice, person__condensed="yes")
    after = await alice.asks(f"record {RECORD}")

    assert "Your own settings are saved" in prose(said)
    assert len(after.blocks) < len(before.blocks)


async def test_a_channel_that_wants_answers_for_everybody_gets_them(alice: Person) -> None:
    await choose(alice, channel__visibility="channel")

    card = await alice.asks(f"record {RECORD}")
    elsewhere = await Person(alice.slack, channel="C0ONCALL").asks(f"record {RECORD}")
    helped = await alice.asks("help")

    assert (card.ephemeral_for, elsewhere.ephemeral_for) == (None, alice.user)
    assert helped.ephemeral_for == alice.user


async def test_a_direct_message_has_no_channels_settings(bot: Bot, slack: LocalSlack) -> None:
    assert bot.port
    alice = Person(slack, channel="D0ALICE")

    form = await open_settings(alice)

    assert "This channel" not in prose(form)
    assert "For yourself" in prose(form)


async def test_a_channel_that_allows_links_that_sign_in_gets_them(alice: Person) -> None:
    guarded = await alice.mentions(f"mpc {SIGNED}")

    await choose(alice, channel__links_in_channel="yes")
    open_handed = await alice.mentions(f"mpc {SIGNED}")

    assert any(label.startswith("Get ") for label in labels(guarded))
    assert not any(label.startswith("Get ") for label in labels(open_handed))


async def test_thumbnails_can_be_switched_off(alice: Person) -> None:
    await choose(alice, person__thumbnails="no")

    card = await alice.asks(f"tencent {THUMBNAILS}")

    assert "image" not in {block["type"] for block in card.blocks}
    assert "9 thumbnails" in prose(card)


async def test_the_form_shows_what_was_chosen_before(alice: Person) -> None:
    await choose(alice, person__visibility="me", channel__condensed="yes")

    form = await open_settings(alice)

    option = "selected_option"
    assert form.values["person.visibility"]["person.visibility"][option]["value"] == "me"
    assert form.values["channel.condensed"]["channel.condensed"][option]["value"] == "yes"


async def test_who_may_not_change_the_channel_reads_what_holds_there(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [{"who": "U0BOB", "action": "settings.channel", "allow": False}]
    async with bot_with(policy=rules):
        bob = Person(slack, user="U0BOB")
        form = await open_settings(bob)
        shown = prose(form)
        said = await bob.submits(form, **chosen(person__condensed="yes"))

    assert "Only some people may change what holds for this channel." in shown
    assert prose(said).startswith("Your own settings are saved")


async def test_who_may_change_nothing_is_told_at_once(bot_with: BotWith, slack: LocalSlack) -> None:
    rules = [{"name": "Settled", "action": "settings.*", "allow": False, "ask": "U0BOB"}]
    async with bot_with(policy=rules):
        answer = await Person(slack).asks("settings")

    assert "by the rule `Settled`. Ask <@U0BOB>." in prose(answer)
    assert slack.modal() is None


async def test_what_may_not_be_saved_is_said_when_saving(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [{"name": "Settled", "action": "settings.person", "allow": False}]
    async with bot_with(policy=rules):
        alice = Person(slack)
        said = await choose(alice, person__condensed="yes", channel__condensed="yes")
        form = await open_settings(alice)

    assert "by the rule `Settled`" in prose(said)
    assert "This channel's settings are saved" in prose(said)
    values = form.values["person.condensed"]["person.condensed"]
    assert values["selected_option"]["value"] == "unset"


async def test_home_is_drawn_anew_after_saving(alice: Person, slack: LocalSlack) -> None:
    before = await alice.opens_home()
    shown = prose(before)

    form = await alice.presses_in(before, "Change…")
    asked = prose(form)
    await alice.submits(form, **chosen(person__condensed="yes"))
    home = slack.home()

    assert "This channel" not in asked
    assert home is not None
    assert "Cards: *As usual: the whole card*" in shown
    assert "Cards: *Two or three lines*" in prose(home)


async def test_settings_that_do_not_open_in_time_are_said_to_have_failed(
    alice: Person, slack: LocalSlack
) -> None:
    slack.trouble("views.open", "internal_error")

    answer = await alice.asks("settings")

    assert prose(answer) == "Slack did not open the form in time. Please try again."


async def test_what_the_store_does_not_take_is_said(
    alice: Person, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await open_settings(alice)
    broken = "bot.store.statements.save_preferences"
    monkeypatch.setattr(broken, lambda *_: sql("insert into nowhere values (1)"))

    said = await alice.submits(form, **chosen(person__condensed="yes"))

    assert "The settings could not be saved." in prose(said)
    assert slack.connections
