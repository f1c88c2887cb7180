"""Typing into a modal's fields: what the app hears of it, and when."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.entities import OpenView
from bot.sandbox.slack.errors import NotPossibleError
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import Json, actions, menu, modal, text_input
from tests.bot.sandbox.slack.listening_bot import ListeningBot


def field(*triggers: str, **more: Any) -> Json:
    """A text field that tells of what is typed at *triggers*; none: as Slack does unasked."""
    block = text_input(dispatch_action=True)
    if triggers:
        block["element"]["dispatch_action_config"] = {"trigger_actions_on": list(triggers)}
    return block | more


async def open_modal(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient, *blocks: Json
) -> OpenView:
    await slack.global_shortcut("look_up")
    await web.views_open(trigger_id=bot.last["trigger_id"], view=modal(*blocks))
    bot.heard.clear()
    opened = slack.modal()
    assert opened is not None
    return opened


LETTER, ENTER = "on_character_entered", "on_enter_pressed"
TYPED: list[tuple[tuple[str, ...], bool, list[str]]] = [
    ((LETTER,), False, ["r", "re", "rec"]),
    ((LETTER,), True, ["r", "re", "rec"]),
    ((ENTER,), False, []),
    ((ENTER,), True, ["rec"]),
    ((LETTER, ENTER), True, ["r", "re", "rec", "rec"]),
    ((), False, []),
    ((), True, ["rec"]),
]


@pytest.mark.parametrize(("triggers", "enter", "told"), TYPED)
async def test_the_app_hears_of_typing_when_its_field_says_so(
    slack: LocalSlack,
    bot: ListeningBot,
    web: AsyncWebClient,
    *,
    triggers: tuple[str, ...],
    enter: bool,
    told: list[str],
) -> None:
    view = await open_modal(slack, bot, web, field(*triggers))

    outcomes = await slack.type_in_view(view.id, "typed", "rec", enter=enter)

    heard = [one.payload for one in bot.heard]
    assert [one["actions"][0]["value"] for one in heard] == told
    assert [one["view"]["state"]["values"]["id"]["typed"]["value"] for one in heard] == told
    assert [outcome.error for outcome in outcomes] == [None] * len(told)
    assert view.values["id"]["typed"]["value"] == "rec"


async def test_typing_into_a_field_that_does_not_dispatch_is_kept_for_the_submission(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, field(LETTER, dispatch_action=False))

    outcomes = await slack.type_in_view(view.id, "typed", "rec", enter=True)

    assert (outcomes, bot.heard) == ([], [])
    assert view.values["id"]["typed"]["value"] == "rec"


async def test_nobody_types_into_a_menu(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, actions(menu()))

    with pytest.raises(NotPossibleError, match="types into a static_select"):
        await slack.type_in_view(view.id, "provider", "rec")
