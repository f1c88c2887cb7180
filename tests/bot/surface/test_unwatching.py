"""To stop watching: one's own at any time, another person's by whoever made it or an operator."""

from collections.abc import AsyncIterator

import pytest

from bot.app import Bot
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, labels, prose

PAUSED = "PausedRecAAAAAA1"
REVIEW = "22123975"
OPERATOR = "U0CHEN"


@pytest.fixture
async def bot(bot_with: BotWith) -> AsyncIterator[Bot]:
    """A bot with somebody who looks after it."""
    async with bot_with(operators={"users": [OPERATOR]}) as running:
        yield running


@pytest.fixture
def bob(slack: LocalSlack) -> Person:
    return Person(slack, user="U0BOB")


async def watched_by(person: Person, task: str = f"record {PAUSED}") -> Message:
    """Let somebody watch, and give the card."""
    before = person.slack.messages(person.channel)
    await person.asks(f"watch {task}")
    after = await person.slack.wait_for(
        lambda: person.slack.messages(person.channel)[len(before) :]
    )
    return after[0]


async def is_ended(slack: LocalSlack, card: Message) -> bool:
    """Wait for the card to say that nobody watches any more."""
    await slack.wait_for(lambda: "Unwatch" not in labels(card))
    return True


async def test_one_stops_by_the_same_words(alice: Person, slack: LocalSlack) -> None:
    card = await watched_by(alice)

    said = await alice.asks(f"unwatch record {PAUSED}")

    assert PAUSED in prose(said)
    assert await is_ended(slack, card)


async def test_one_stops_by_a_press_and_others_go_on(
    alice: Person, bob: Person, slack: LocalSlack
) -> None:
    card = await watched_by(alice)
    await bob.asks(f"watch record {PAUSED}")

    await alice.presses("Unwatch", card)
    await slack.wait_for(lambda: "<@U0ALICE>" not in prose(card))

    assert "<@U0BOB>" in prose(card)
    assert "Unwatch" in labels(card)


async def test_another_persons_watch_is_not_ones_to_end(
    alice: Person, bob: Person, slack: LocalSlack
) -> None:
    card = await watched_by(alice)

    said = await bob.presses("Unwatch", card)

    assert PAUSED in prose(said)
    assert "<@U0ALICE>" in prose(card)
    assert len(slack.messages("C0MEDIA")) == 1
    assert PAUSED in prose(await alice.asks("watches mine"))


async def test_whoever_made_it_ends_it_for_those_they_named(
    alice: Person, slack: LocalSlack
) -> None:
    card = await watched_by(alice, f"record {PAUSED} notify @bob")
    await alice.presses("Unwatch", card)
    await slack.wait_for(lambda: "<@U0ALICE>" not in prose(card))

    await alice.asks(f"unwatch record {PAUSED}")

    assert await is_ended(slack, card)


async def test_an_operator_ends_anybodys(alice: Person, slack: LocalSlack) -> None:
    card = await watched_by(alice)

    await Person(slack, user=OPERATOR).asks(f"unwatch record {PAUSED}")

    assert await is_ended(slack, card)


async def test_all_of_ones_own_end_at_once_and_nobody_elses(
    alice: Person, bob: Person, slack: LocalSlack
) -> None:
    await watched_by(alice)
    await watched_by(alice, f"mpc {REVIEW}")
    await bob.asks(f"watch mpc {REVIEW}")

    await alice.asks("unwatch all")

    assert PAUSED not in prose(await alice.asks("watches here"))
    assert REVIEW not in prose(await alice.asks("watches mine"))
    assert REVIEW in prose(await bob.asks("watches mine"))
    assert slack.messages("C0MEDIA")


async def test_what_is_watched_elsewhere_is_found_too(alice: Person, slack: LocalSlack) -> None:
    card = await watched_by(alice)

    await Person(slack, channel="C0RANDOM").asks(f"unwatch record {PAUSED}")

    assert await is_ended(slack, card)


async def test_what_is_watched_here_is_meant_before_what_is_watched_elsewhere(
    alice: Person, slack: LocalSlack
) -> None:
    here = await watched_by(alice)
    there = await watched_by(Person(slack, channel="C0ONCALL"))

    await alice.asks(f"unwatch record {PAUSED}")

    assert await is_ended(slack, here)
    assert "Unwatch" in labels(there)


@pytest.mark.parametrize("said", [f"unwatch record {PAUSED}", "unwatch all"])
async def test_nothing_is_said_to_be_nothing(said: str, alice: Person) -> None:
    answer = await alice.asks(said)

    assert "watch" in prose(answer)
    assert PAUSED not in prose(answer)


async def test_a_card_of_several_is_left_whole(alice: Person, slack: LocalSlack) -> None:
    card = await watched_by(alice, f"record:{PAUSED} mpc:{REVIEW}")

    said = await alice.presses("Unwatch", card)

    assert PAUSED in prose(said)
    assert REVIEW in prose(said)
    assert await slack.wait_for(lambda: "Unwatch" not in labels(card))


async def test_a_card_of_several_is_joined_whole(
    alice: Person, bob: Person, slack: LocalSlack
) -> None:
    card = await watched_by(alice, f"record:{PAUSED} mpc:{REVIEW}")

    await bob.presses("Watch too", card)

    mine = await bob.asks("watches mine")
    assert PAUSED in prose(mine)
    assert REVIEW in prose(mine)
    assert len(slack.messages("C0MEDIA")) == 1


async def test_from_home_one_stops_too_and_home_shows_it(alice: Person, slack: LocalSlack) -> None:
    card = await watched_by(alice)
    home = await alice.opens_home()
    before = prose(home)

    await alice.presses_in(home, "Unwatch")
    await is_ended(slack, card)
    await slack.wait_for(lambda: (home := slack.home("U0ALICE")) and "Unwatch" not in labels(home))

    assert PAUSED in before


@pytest.mark.parametrize(
    "value", ['{"k":"watch","w":99,"r":"record@main:x"}', '{"k":"card","c":99}']
)
async def test_a_button_whose_watch_is_forgotten_says_that_nothing_was_left(
    value: str, alice: Person, slack: LocalSlack
) -> None:
    card = await watched_by(alice)
    block, element = next(
        (block, element)
        for block in card.blocks
        for element in block.get("elements", ())
        if element.get("action_id", "").startswith("unwatch")
    )
    element["value"] = value

    outcome = await slack.click(
        "C0MEDIA", card.ts, element["action_id"], user="U0ALICE", block_id=block["block_id"]
    )
    interaction = outcome.interaction
    assert interaction is not None
    await slack.wait_for(lambda: interaction.answers)

    assert PAUSED not in prose(interaction.answers[-1])
    assert "<@U0ALICE>" in prose(card)
