"""What is watched can be seen: here, one's own, and all of it; and in the bot's Home."""

import pytest

from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, labels, prose

PAUSED = "PausedRecAAAAAA1"
REVIEW = "22123975"


async def test_here_mine_and_all_show_what_they_say(alice: Person, slack: LocalSlack) -> None:
    bob = Person(slack, user="U0BOB", channel="C0ONCALL")
    await alice.asks(f"watch record {PAUSED}")
    await bob.asks(f"watch mpc {REVIEW}")

    shown = {
        scope: prose(await alice.asks(f"watches {scope}")) for scope in ("here", "mine", "all")
    }

    assert {scope: (PAUSED in text, REVIEW in text) for scope, text in shown.items()} == {
        "here": (True, False),
        "mine": (True, False),
        "all": (True, True),
    }


async def test_the_list_is_for_the_asker_alone_also_by_mention(
    alice: Person, slack: LocalSlack
) -> None:
    await alice.asks(f"watch record {PAUSED}")
    await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    listed = await alice.mentions("watches")

    assert listed.ephemeral_for == "U0ALICE"
    assert PAUSED in prose(listed)


async def test_pages_are_turned(alice: Person) -> None:
    ids = " ".join(f"WatchedTask{number:05}" for number in range(12))
    await alice.asks(f"watch record {ids}")
    first = await alice.asks("watches mine")
    before = prose(first)

    second = await alice.presses("Next", first)

    assert before != prose(second)
    assert sum(f"WatchedTask{number:05}" in before for number in range(12)) == 10
    assert sum(f"WatchedTask{number:05}" in prose(second) for number in range(12)) == 2


async def test_what_one_may_not_look_up_is_not_listed_but_to_those_who_watch_it(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [{"who": "U0BOB", "action": "show", "allow": False}]
    async with bot_with(policy=rules):
        alice, bob = Person(slack), Person(slack, user="U0BOB")
        await alice.asks(f"watch record {PAUSED} notify @bob")
        await alice.asks(f"watch mpc {REVIEW}")
        seen = prose(await bob.asks("watches all"))

    assert (PAUSED in seen, REVIEW in seen) == (True, False)


async def test_home_lists_what_one_watches(alice: Person, slack: LocalSlack) -> None:
    await alice.asks(f"watch record {PAUSED}")

    mine = await alice.opens_home()
    others = await Person(slack, user="U0BOB").opens_home()

    assert PAUSED in prose(mine)
    assert "Unwatch" in labels(mine)
    assert "Unwatch" not in labels(others)


@pytest.mark.parametrize(
    "value", ['{"k":"watches","p":0,"s":"everything"}', '{"k":"digest","d":"x"}']
)
async def test_a_page_that_nobody_has_any_more_is_said_to_be_gone(
    value: str, alice: Person
) -> None:
    ids = " ".join(f"WatchedTask{number:05}" for number in range(12))
    await alice.asks(f"watch record {ids}")
    listed = await alice.asks("watches mine")
    for block in listed.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id", "").startswith("page:"):
                element["value"] = value

    said = await alice.presses("Next", listed)

    assert "WatchedTask" not in prose(said)
    assert "too old" in prose(said)
