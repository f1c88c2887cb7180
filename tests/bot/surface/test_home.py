"""The bot's Home: what one asked for, how the vendors are, one's defaults, and help."""

import pytest

from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, prose

RECORD = "X3CgNeE4I1qAAABN"


async def test_home_shows_what_one_asked_for_and_nothing_of_others(alice: Person) -> None:
    await alice.asks(f"record {RECORD}")
    bob = Person(alice.slack, user="U0BOB")

    mine, others = await alice.opens_home(), await bob.opens_home()

    assert f"*Done* `{RECORD}`" in prose(mine)
    assert "You have not asked for any task yet." in prose(others)
    assert "answering since" in prose(mine)
    assert "*Ask like this*" in prose(mine)


async def test_what_one_asked_for_opens_in_a_modal(alice: Person) -> None:
    await alice.asks(f"record {RECORD}")
    home = await alice.opens_home()

    card = await alice.presses_in(home, "Show")

    assert "*Recording · Done*" in prose(card)


async def test_a_home_that_slack_does_not_take_is_said_in_the_log(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("views.publish", "internal_error")

    async with bot_with():
        await slack.open_home()

    assert slack.home() is None
    assert "home_not_published reason=internal_error" in caplog.messages


async def test_the_messages_tab_draws_nothing(alice: Person, slack: LocalSlack) -> None:
    await alice.opens_home()
    delivered = slack.backend.dispatch.deliveries[-1].envelope
    slack.backend.views.homes.clear()
    delivered.payload["event"]["tab"] = "messages"

    await slack.backend.dispatch.send(delivered)
    await alice.asks("help")

    assert slack.home() is None
