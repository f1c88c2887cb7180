"""Modals and Home: opening, filling in, submitting, and what the app's answer does."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.entities import OpenView
from bot.sandbox.slack.errors import NotPossibleError
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import (
    actions,
    button,
    home,
    menu,
    modal,
    section,
    text_input,
)
from tests.bot.sandbox.slack.listening_bot import ListeningBot
from tests.fakes.clock import FakeClock


async def open_modal(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient, view: dict[str, Any]
) -> OpenView:
    await slack.global_shortcut("look_up")
    await web.views_open(trigger_id=bot.last["trigger_id"], view=view)
    opened = slack.modal()
    assert opened is not None
    return opened


async def test_a_modal_is_filled_in_submitted_and_closed(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    shown = modal(text_input(), actions(menu()), callback_id="look_up", private_metadata="m")
    view = await open_modal(slack, bot, web, shown)

    outcome = await slack.submit(view.id, {"id": {"typed": "22123973"}, "row": {"provider": "b"}})

    payload = bot.last
    values = payload["view"]["state"]["values"]
    assert outcome.error is None
    assert (payload["type"], payload["view"]["callback_id"]) == ("view_submission", "look_up")
    assert payload["view"]["private_metadata"] == "m"
    assert values["id"]["typed"] == {"type": "plain_text_input", "value": "22123973"}
    assert values["row"]["provider"]["selected_option"]["value"] == "b"
    assert slack.modal() is None


async def test_a_required_input_left_empty_is_held_back_by_slack_itself(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    note = text_input("note", optional=True)
    note["element"]["action_id"] = "noted"
    view = await open_modal(slack, bot, web, modal(text_input("id"), note))

    outcome = await slack.submit(view.id, {})

    assert outcome.response == {
        "response_action": "errors",
        "errors": {"id": "Please complete this required field."},
    }
    assert [one.payload["type"] for one in bot.heard] == ["shortcut"]


async def test_errors_keep_the_modal_open(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, modal())
    errors = {"response_action": "errors", "errors": {"id": "no such shape"}}
    bot.will_answer(errors)

    outcome = await slack.submit(view.id, {"id": {"typed": "x"}})

    assert (outcome.error, outcome.response) == (None, errors)
    assert slack.modal() is view


FOLLOWED: list[tuple[dict[str, Any], list[str]]] = [
    ({"response_action": "update", "view": modal(section("next"))}, ["first", "next"]),
    ({"response_action": "push", "view": modal(section("top"))}, ["first", "second", "top"]),
    ({"response_action": "clear"}, []),
    ({}, ["first"]),
]


@pytest.mark.parametrize(("answer", "left"), FOLLOWED, ids=["update", "push", "clear", "nothing"])
async def test_the_answer_to_a_submission_moves_the_stack(
    answer: dict[str, Any],
    left: list[str],
    slack: LocalSlack,
    bot: ListeningBot,
    web: AsyncWebClient,
) -> None:
    await open_modal(slack, bot, web, modal(section("first"), actions()))
    first = slack.modal()
    assert first is not None
    await slack.press_in_view(first.id, "refresh")
    await web.views_push(trigger_id=bot.last["trigger_id"], view=modal(section("second")))
    second = slack.modal()
    assert second is not None
    bot.will_answer(answer)

    await slack.submit(second.id, {})

    seen = []
    while (view := slack.modal()) is not None:
        seen.append(view.body["blocks"][0]["text"]["text"])
        await slack.close_view(view.id)
    assert list(reversed(seen)) == left


REFUSED: list[dict[str, Any]] = [
    {"response_action": "errors", "errors": {"nowhere": "x"}},
    {"response_action": "errors", "errors": {}},
    {"response_action": "update"},
    {"response_action": "update", "view": home()},
    {"response_action": "dance"},
]


@pytest.mark.parametrize("answer", REFUSED)
async def test_an_answer_slack_cannot_follow_is_an_error_and_the_modal_stays(
    answer: dict[str, Any], slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, modal())
    bot.will_answer(answer)

    outcome = await slack.submit(view.id, {"id": {"typed": "x"}})

    assert outcome.error in ("invalid_response", "invalid_arguments")
    assert slack.modal() is view


async def test_a_submission_nobody_acknowledges_leaves_the_modal_open(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, modal())
    bot.will_answer(status=500)

    outcome = await slack.submit(view.id, {"id": {"typed": "x"}})

    assert outcome.error == "http_service_error"
    assert slack.modal() is view


async def test_closing_is_told_only_where_the_view_asks(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    quiet = await open_modal(slack, bot, web, modal())
    await slack.close_view(quiet.id)
    telling = await open_modal(slack, bot, web, modal(notify_on_close=True))
    await slack.close_view(telling.id)

    kinds = [one.payload["type"] for one in bot.heard]
    assert kinds == ["shortcut", "shortcut", "view_closed"]
    assert "trigger_id" not in bot.last
    assert slack.modal() is None


async def test_an_input_tells_the_app_only_where_it_dispatches(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    blocks = (text_input("quiet"), text_input("loud", dispatch_action=True))
    blocks[1]["element"]["action_id"] = "loudly"
    view = await open_modal(slack, bot, web, modal(*blocks))

    await slack.press_in_view(view.id, "typed", value="a")
    await slack.press_in_view(view.id, "loudly", value="b")

    kinds = [one.payload["type"] for one in bot.heard]
    assert kinds == ["shortcut", "block_actions"]
    assert bot.last["actions"][0]["value"] == "b"
    assert bot.last["container"] == {"type": "view", "view_id": view.id}
    values = bot.last["view"]["state"]["values"]
    assert (values["quiet"]["typed"]["value"], values["loud"]["loudly"]["value"]) == ("a", "b")


async def test_an_update_keeps_what_was_entered_and_checks_the_hash(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, modal(text_input(), external_id="mine"))
    await slack.press_in_view(view.id, "typed", value="kept")
    before = view.hash

    await web.views_update(external_id="mine", view=modal(text_input(), section()), hash=before)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await web.views_update(view_id=view.id, view=modal(), hash=before)

    assert view.values["id"]["typed"]["value"] == "kept"
    assert len(view.body["blocks"]) == 2


async def test_three_modals_are_the_most(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    view = await open_modal(slack, bot, web, modal(actions()))
    for _ in range(2):
        await slack.press_in_view(view.id, "refresh")
        await web.views_push(trigger_id=bot.last["trigger_id"], view=modal(actions()))
        front = slack.modal()
        assert front is not None
        view = front
    await slack.press_in_view(view.id, "refresh")

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await web.views_push(trigger_id=bot.last["trigger_id"], view=modal(actions()))


async def test_a_trigger_is_good_once_and_for_three_seconds(
    still_slack: LocalSlack, still_bot: ListeningBot, still_web: AsyncWebClient, clock: FakeClock
) -> None:
    await still_slack.global_shortcut("a")
    used = still_bot.last["trigger_id"]
    await still_web.views_open(trigger_id=used, view=modal())
    await still_slack.global_shortcut("b")
    stale = still_bot.last["trigger_id"]
    await clock.advance(3.1)

    codes = []
    for trigger in (used, stale, "1.2.3"):
        with pytest.raises(SlackApiError) as refused:
            await still_web.views_open(trigger_id=trigger, view=modal())
        codes.append(refused.value.response["error"])

    assert codes == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("views.open", {"view": modal()}, "invalid_arguments"),
    ("views.open", {"trigger_id": "fresh"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "fresh", "view": "{"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "fresh", "view": home()}, "invalid_arguments"),
    ("views.push", {"trigger_id": "fresh", "view": modal()}, "not_found"),
    ("views.update", {"view_id": "V0", "view": modal()}, "not_found"),
    ("views.publish", {"user_id": "U0NOBODY", "view": home()}, "user_not_found"),
    ("views.publish", {"user_id": "U0BOB", "view": modal()}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), BAD)
async def test_a_view_slack_refuses(
    method: str,
    arguments: dict[str, Any],
    code: str,
    slack: LocalSlack,
    bot: ListeningBot,
    web: AsyncWebClient,
) -> None:
    await slack.global_shortcut("look_up")
    if arguments.get("trigger_id") == "fresh":
        arguments = arguments | {"trigger_id": bot.last["trigger_id"]}

    with pytest.raises(SlackApiError) as refused:
        await web.api_call(method, json=arguments)

    assert refused.value.response["error"] == code
    assert slack.modal() is None


async def test_home_is_published_seen_and_pressed(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    await slack.open_home("U0BOB")
    first = bot.last["event"]
    await web.views_publish(user_id="U0BOB", view=home(actions(button())))
    await web.views_publish(user_id="U0BOB", view=home(section(), actions(button())))
    await slack.open_home("U0BOB")
    second = bot.last["event"]
    shown = slack.home("U0BOB")
    assert shown is not None

    await slack.press_in_view(shown.id, "refresh")

    assert (first["type"], first["tab"], first["channel"]) == ("app_home_opened", "home", "D0BOB")
    assert "view" not in first
    assert second["view"]["id"] == shown.id
    assert bot.last["view"]["type"] == "home"
    assert slack.home("U0ALICE") is None


async def test_home_is_not_told_without_the_subscription(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    slack.backend.workspace.events.clear()

    assert await slack.open_home() is None
    assert bot.heard == []


async def test_a_view_that_is_not_open_cannot_be_used(slack: LocalSlack) -> None:
    with pytest.raises(NotPossibleError):
        await slack.submit("V0", {})


async def test_a_home_cannot_be_closed(slack: LocalSlack, web: AsyncWebClient) -> None:
    await web.views_publish(user_id="U0ALICE", view=home())
    shown = slack.home()
    assert shown is not None

    with pytest.raises(NotPossibleError):
        await slack.close_view(shown.id)


async def test_a_modal_replaced_while_it_was_submitted_takes_nothing_with_it(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    old = await open_modal(slack, bot, web, modal())
    new = await open_modal(slack, bot, web, modal(section("new")))

    slack.backend.views.close_top(old)

    assert slack.modal() is new


async def test_two_people_have_two_modals(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    await asyncio.gather(
        slack.global_shortcut("a", user="U0ALICE"), slack.global_shortcut("a", user="U0BOB")
    )
    for heard in bot.heard:
        await web.views_open(trigger_id=heard.payload["trigger_id"], view=modal())

    alices, bobs = slack.modal("U0ALICE"), slack.modal("U0BOB")
    assert alices is not None
    assert bobs is not None
    assert alices.id != bobs.id
