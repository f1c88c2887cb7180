"""What people do, and the payloads the app gets for it."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.errors import NotPossibleError
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import actions, button, menu, section
from tests.bot.sandbox.slack.listening_bot import ListeningBot


async def test_a_command_carries_every_documented_field(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    await slack.command("  tencent <https://a.example/b> @bob #oncall ", channel="C0STUDIO")

    form = bot.last
    assert form["command"] == "/mediatask"
    assert form["text"] == "tencent <https://a.example/b> <@U0BOB|bob> <#C0ONCALL|oncall>"
    assert (form["channel_id"], form["channel_name"]) == ("C0STUDIO", "privategroup")
    assert (form["user_id"], form["user_name"]) == ("U0ALICE", "alice")
    assert (form["team_id"], form["api_app_id"]) == ("T0NORTHWIND", "A0MEDIATASK")
    assert form["response_url"].startswith(slack.page_url)
    assert form["trigger_id"]


@pytest.mark.parametrize(
    ("channel", "name"), [("D0ALICE", "directmessage"), ("C0MEDIA", "media-team")]
)
async def test_a_channel_is_named_as_slack_names_it(
    channel: str, name: str, slack: LocalSlack, bot: ListeningBot
) -> None:
    await slack.command("help", channel=channel)

    assert bot.last["channel_name"] == name


async def test_a_command_in_a_thread_is_not_delivered(slack: LocalSlack, bot: ListeningBot) -> None:
    outcome = await slack.command("help", thread_ts="1.0")

    assert outcome.error == "/mediatask is not supported in threads. Sorry!"
    assert (outcome.interaction, bot.heard) == (None, [])


async def test_a_click_tells_the_message_and_the_button(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    parent = (await web.chat_postMessage(channel="C0MEDIA", text="parent"))["ts"]
    card = await web.chat_postMessage(
        channel="C0MEDIA", text="card", blocks=[actions()], thread_ts=parent
    )

    outcome = await slack.click("C0MEDIA", card["ts"], "refresh", user="U0BOB")

    payload = bot.last
    assert outcome.error is None
    assert (payload["type"], payload["user"]["id"]) == ("block_actions", "U0BOB")
    assert payload["container"] == {
        "type": "message",
        "message_ts": card["ts"],
        "channel_id": "C0MEDIA",
        "is_ephemeral": False,
        "thread_ts": parent,
    }
    assert payload["message"]["text"] == "card"
    (action,) = payload["actions"]
    assert action.pop("action_ts")
    assert action == {
        "type": "button",
        "action_id": "refresh",
        "block_id": "row",
        "text": {"type": "plain_text", "text": "Press"},
        "value": "tencent:1",
    }


async def test_a_click_on_an_ephemeral_does_not_tell_the_message(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    posted = await web.chat_postEphemeral(
        channel="C0MEDIA", user="U0BOB", text="card", blocks=[actions()]
    )

    await slack.click("C0MEDIA", posted["message_ts"], "refresh", user="U0BOB", block_id="row")

    assert bot.last["container"]["is_ephemeral"] is True
    assert "message" not in bot.last


async def test_choosing_from_a_menu_tells_the_option_and_the_state(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    posted = await web.chat_postMessage(
        channel="C0MEDIA", text="card", blocks=[actions(menu(), button())]
    )

    await slack.select("C0MEDIA", posted["ts"], "provider", "b")

    assert bot.last["actions"][0]["selected_option"]["value"] == "b"
    state = bot.last["state"]["values"]["row"]["provider"]
    assert (state["type"], state["selected_option"]["value"]) == ("static_select", "b")


async def test_what_a_person_cannot_see_they_cannot_press(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    posted = await web.chat_postEphemeral(
        channel="C0MEDIA", user="U0BOB", text="card", blocks=[actions()]
    )
    attempts = (
        slack.click("C0MEDIA", posted["message_ts"], "refresh", user="U0ALICE"),
        slack.click("C0MEDIA", posted["message_ts"], "nothing", user="U0BOB"),
        slack.select("C0MEDIA", posted["message_ts"], "provider", "z", user="U0BOB"),
        slack.message_shortcut("look_up", "C0MEDIA", posted["message_ts"], user="U0BOB"),
        slack.command("help", channel="C0STUDIO", user="U0CHEN"),
        slack.command("help", user="U0NOBODY"),
    )

    for attempt in attempts:
        with pytest.raises(NotPossibleError):
            await attempt

    assert bot.heard == []


async def test_a_mention_in_a_thread_tells_the_thread(slack: LocalSlack, bot: ListeningBot) -> None:
    parent = await slack.say("a task", channel="C0MEDIA")

    message = await slack.mention("tencent 1 & 2", channel="C0MEDIA", thread_ts=parent.ts)

    body = bot.last
    event = body["event"]
    assert (body["type"], body["is_ext_shared_channel"]) == ("event_callback", False)
    assert body["authorizations"][0]["user_id"] == "U0MEDIATASK"
    assert (event["type"], event["text"]) == ("app_mention", "<@U0MEDIATASK> tencent 1 &amp; 2")
    assert (event["ts"], event["thread_ts"], event["channel"]) == (message.ts, parent.ts, "C0MEDIA")
    assert [one["type"] for one in event["blocks"][0]["elements"][0]["elements"]] == [
        "user",
        "text",
    ]


HEARD = [
    ("C0MEDIA", "@mediatask hi", ["app_mention"]),
    ("C0MEDIA", "just talking", []),
    ("C0RANDOM", "@mediatask hi", []),
    ("D0ALICE", "hi", ["message"]),
]


@pytest.mark.parametrize(("channel", "text", "kinds"), HEARD)
async def test_the_bot_hears_what_it_is_subscribed_to_where_it_is_a_member(
    channel: str, text: str, kinds: list[str], slack: LocalSlack, bot: ListeningBot
) -> None:
    await slack.say(text, channel=channel)

    assert [one.payload["event"]["type"] for one in bot.heard] == kinds


async def test_a_subscription_to_messages_brings_them(slack: LocalSlack, bot: ListeningBot) -> None:
    slack.backend.workspace.events.add("message.channels")

    await slack.say("@mediatask hi", channel="C0SHARED", user="U0GUEST")

    kinds = [one.payload["event"]["type"] for one in bot.heard]
    assert kinds == ["app_mention", "message"]
    assert bot.last["event"]["channel_type"] == "channel"
    assert bot.last["is_ext_shared_channel"] is True


async def test_a_private_channel_is_a_group(slack: LocalSlack, bot: ListeningBot) -> None:
    slack.backend.workspace.events.add("message.groups")
    slack.backend.workspace.channels["C0STUDIO"].members.add(slack.bot_user_id)

    await slack.say("hi", channel="C0STUDIO")

    assert bot.last["event"]["channel_type"] == "group"


async def test_shortcuts_from_the_search_bar_and_from_a_message(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    message = await slack.say("see 22123973", channel="C0STUDIO")

    await slack.global_shortcut("look_up", user="U0CHEN")
    searched = bot.last
    await slack.message_shortcut("find_ids", "C0STUDIO", message.ts)
    pointed = bot.last

    assert (searched["type"], searched["callback_id"]) == ("shortcut", "look_up")
    assert "response_url" not in searched
    assert (pointed["type"], pointed["callback_id"]) == ("message_action", "find_ids")
    assert (pointed["message"]["text"], pointed["message_ts"]) == ("see 22123973", message.ts)
    assert pointed["channel"] == {"id": "C0STUDIO", "name": "privategroup"}
    assert pointed["response_url"]


async def test_a_workflow_step_runs_until_it_is_completed(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    done = await slack.run_step("look_up_step", {"id": "1"})
    event = bot.last["event"]
    client = AsyncWebClient(event["bot_access_token"], base_url=slack.api_url)
    await client.functions_completeSuccess(function_execution_id=done.id, outputs={"state": "ok"})
    failed = await slack.run_step("look_up_step", {"id": "2"})
    await client.functions_completeError(function_execution_id=failed.id, error="no such task")

    assert (event["type"], event["inputs"]) == ("function_executed", {"id": "1"})
    assert event["function"]["callback_id"] == "look_up_step"
    assert slack.execution(done.id).outputs == {"state": "ok"}
    assert (failed.state, failed.error) == ("failed", "no such task")


STEPS = [
    ({"function_execution_id": "Fx0", "outputs": {}}, "function_execution_not_found"),
    ({"outputs": {}}, "invalid_arguments"),
    ({"function_execution_id": "ended", "outputs": {}}, "function_execution_not_in_running_state"),
    ({"function_execution_id": "ended"}, "invalid_arguments"),
]


@pytest.mark.parametrize(("arguments", "code"), STEPS)
async def test_a_step_that_does_not_run_cannot_be_completed(
    arguments: dict[str, Any], code: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    ended = await slack.run_step("look_up_step", {})
    await web.functions_completeError(function_execution_id=ended.id, error="x")
    named = {key: ended.id if value == "ended" else value for key, value in arguments.items()}

    with pytest.raises(SlackApiError, match=code):
        await web.api_call("functions.completeSuccess", json=named)


async def test_acknowledgements_are_on_record(slack: LocalSlack, bot: ListeningBot) -> None:
    await slack.command("help")
    await slack.mention("help")
    bot.will_answer(status=500)
    await slack.command("help")

    assert [kind for kind, _ in slack.acks] == ["command", "event"]
    assert all(seconds >= 0 for _, seconds in slack.acks)


async def test_blocks_without_ids_get_some(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    nameless = {key: value for key, value in button().items() if key != "action_id"}
    posted = await web.chat_postMessage(
        channel="C0MEDIA", text="x", blocks=[section() | {"accessory": nameless}]
    )
    (block,) = slack.messages("C0MEDIA")[0].blocks

    await slack.click("C0MEDIA", posted["ts"], block["accessory"]["action_id"])

    assert bot.last["actions"][0]["block_id"] == block["block_id"]
