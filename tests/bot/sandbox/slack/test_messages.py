"""Posting, editing, deleting and reading back, with Slack's own client."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import section

METADATA = {"event_type": "mediatask", "event_payload": {"delivery_id": "d1"}}


async def test_a_posted_message_stands_in_the_channel(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    answer = await web.chat_postMessage(channel="C0MEDIA", text="hi", blocks=[section()])

    (message,) = slack.messages("C0MEDIA")
    assert (answer["channel"], answer["ts"]) == ("C0MEDIA", message.ts)
    assert answer["message"]["bot_id"] == "B0MEDIATASK"
    assert message.blocks[0]["text"]["text"] == "a section"
    assert message.blocks[0]["block_id"]


async def test_a_form_with_json_in_it_is_read_like_json(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    blocks = '[{"type": "divider"}]'

    await web.api_call("chat.postMessage", data={"channel": "#media-team", "blocks": blocks})

    assert slack.messages("C0MEDIA")[0].blocks[0]["type"] == "divider"


async def test_timestamps_rise_although_the_clock_stands(
    still_slack: LocalSlack, still_web: AsyncWebClient
) -> None:
    for _ in range(3):
        await still_web.chat_postMessage(channel="C0MEDIA", text="hi")

    stamps = [message.ts for message in still_slack.messages("C0MEDIA")]
    assert stamps == sorted(set(stamps))


async def test_a_message_to_a_person_goes_to_their_direct_conversation(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    answer = await web.chat_postMessage(channel="U0BOB", text="hi")

    opened = await web.conversations_open(users="U0BOB")
    assert answer["channel"] == opened["channel"]["id"] == "D0BOB"
    assert slack.messages("D0BOB")[0].text == "hi"


async def test_an_edit_changes_what_is_given_and_keeps_the_rest(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    posted = await web.chat_postMessage(
        channel="C0MEDIA", text="one", blocks=[section()], metadata=METADATA
    )

    await web.chat_update(channel="C0MEDIA", ts=posted["ts"], text="two")

    (message,) = slack.messages("C0MEDIA")
    assert (message.text, message.metadata) == ("two", METADATA)
    assert message.blocks[0]["type"] == "section"
    assert message.edited_ts is not None


async def test_empty_lists_and_objects_take_blocks_and_metadata_away(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    posted = await web.chat_postMessage(
        channel="C0MEDIA", text="one", blocks=[section()], metadata=METADATA
    )

    await web.chat_update(channel="C0MEDIA", ts=posted["ts"], text="2", blocks=[], metadata={})

    (message,) = slack.messages("C0MEDIA")
    assert (message.blocks, message.metadata) == ([], None)


async def test_a_deleted_message_is_gone(slack: LocalSlack, web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="C0MEDIA", text="one")

    await web.chat_delete(channel="C0MEDIA", ts=posted["ts"])

    assert slack.messages("C0MEDIA") == []


async def test_a_thread_is_read_back_with_its_metadata(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    parent = (await web.chat_postMessage(channel="C0MEDIA", text="parent"))["ts"]
    await web.chat_postMessage(channel="C0MEDIA", text="reply", thread_ts=parent, metadata=METADATA)

    bare = await web.conversations_replies(channel="C0MEDIA", ts=parent)
    full = await web.conversations_replies(channel="C0MEDIA", ts=parent, include_all_metadata=True)

    assert [one["text"] for one in bare["messages"]] == ["parent", "reply"]
    assert "metadata" not in bare["messages"][1]
    assert full["messages"][1]["metadata"] == METADATA
    assert slack.messages("C0MEDIA")[0].thread_ts == parent


async def test_history_is_newest_first_without_replies_but_with_broadcasts(
    web: AsyncWebClient,
) -> None:
    parent = (await web.chat_postMessage(channel="C0MEDIA", text="parent"))["ts"]
    await web.chat_postMessage(channel="C0MEDIA", text="quiet", thread_ts=parent)
    await web.chat_postMessage(
        channel="C0MEDIA", text="loud", thread_ts=parent, reply_broadcast=True
    )

    history = await web.conversations_history(channel="C0MEDIA")

    assert [one["text"] for one in history["messages"]] == ["loud", "parent"]


async def test_history_comes_in_pages(web: AsyncWebClient) -> None:
    for number in range(5):
        await web.chat_postMessage(channel="C0MEDIA", text=str(number))

    pages = [
        [one["text"] for one in page["messages"]]
        async for page in await web.conversations_history(channel="C0MEDIA", limit=2)
    ]

    assert pages == [["4", "3"], ["2", "1"], ["0"]]


@pytest.mark.parametrize(
    ("inclusive", "expected"), [(False, ["2"]), (True, ["3", "2", "1"])], ids=["open", "closed"]
)
async def test_history_between_two_messages(
    *, inclusive: bool, expected: list[str], web: AsyncWebClient
) -> None:
    stamps = [(await web.chat_postMessage(channel="C0MEDIA", text=str(n)))["ts"] for n in range(5)]

    history = await web.conversations_history(
        channel="C0MEDIA", oldest=stamps[1], latest=stamps[3], inclusive=inclusive
    )

    assert [one["text"] for one in history["messages"]] == expected


async def test_an_ephemeral_is_for_one_persons_eyes(slack: LocalSlack, web: AsyncWebClient) -> None:
    await web.chat_postEphemeral(channel="C0MEDIA", user="U0BOB", text="psst")

    assert slack.messages("C0MEDIA", viewer="U0ALICE") == []
    assert [one.text for one in slack.messages("C0MEDIA", viewer="U0BOB")] == ["psst"]


async def test_a_permalink_names_channel_and_message(web: AsyncWebClient) -> None:
    parent = (await web.chat_postMessage(channel="C0MEDIA", text="parent"))["ts"]
    reply = (await web.chat_postMessage(channel="C0MEDIA", text="r", thread_ts=parent))["ts"]

    top = await web.chat_getPermalink(channel="C0MEDIA", message_ts=parent)
    below = await web.chat_getPermalink(channel="C0MEDIA", message_ts=reply)

    assert top["permalink"].endswith(f"/archives/C0MEDIA/p{parent.replace('.', '')}")
    assert below["permalink"].endswith(f"?thread_ts={parent}&cid=C0MEDIA")


POSTS: list[tuple[dict[str, Any], str]] = [
    ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ({"channel": "", "text": "x"}, "channel_not_found"),
    ({"channel": "C0STUDIO", "text": "x"}, "channel_not_found"),
    ({"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
    ({"channel": "C0OLD", "text": "x"}, "is_archived"),
    ({"channel": "C0MEDIA"}, "no_text"),
    ({"channel": "C0MEDIA", "text": "x" * 40_001}, "msg_too_long"),
    ({"channel": "C0MEDIA", "blocks": "no json"}, "invalid_blocks_format"),
    ({"channel": "C0MEDIA", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ({"channel": "C0MEDIA", "blocks": [{"type": "alert"}]}, "invalid_blocks"),
    ({"channel": "C0MEDIA", "attachments": [1]}, "invalid_attachments"),
    ({"channel": "C0MEDIA", "attachments": [{"blocks": [{"type": "x"}]}]}, "invalid_blocks"),
    ({"channel": "C0MEDIA", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
]


@pytest.mark.parametrize(
    ("arguments", "code"), POSTS, ids=[f"{c}-{i}" for i, (_, c) in enumerate(POSTS)]
)
async def test_a_refused_message_is_not_posted(
    arguments: dict[str, Any], code: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await web.api_call("chat.postMessage", json=arguments)

    assert refused.value.response["error"] == code
    assert all(slack.messages(channel) == [] for channel in slack.backend.workspace.channels)


async def test_an_invalid_block_is_told_with_its_pointer(web: AsyncWebClient) -> None:
    blocks = [section(), section("")]

    with pytest.raises(SlackApiError) as refused:
        await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=blocks)

    (told,) = refused.value.response["response_metadata"]["messages"]
    assert told.startswith("[ERROR] ")
    assert "[json-pointer:/blocks/1/text" in told


EDITS = [
    ("chat.update", {"ts": "1.0", "text": "x"}, "message_not_found"),
    ("chat.update", {"ts": "theirs", "text": "x"}, "cant_update_message"),
    ("chat.update", {"ts": "ours", "text": "x" * 4001}, "msg_too_long"),
    ("chat.update", {"text": "x"}, "invalid_arguments"),
    ("chat.delete", {"ts": "theirs"}, "cant_delete_message"),
    ("chat.getPermalink", {"message_ts": "1.0"}, "message_not_found"),
    ("chat.postEphemeral", {"user": "U0GUEST", "text": "x"}, "user_not_in_channel"),
    ("conversations.replies", {"ts": "1.0"}, "thread_not_found"),
    ("conversations.history", {"oldest": "x"}, "invalid_ts_latest"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "code"), EDITS, ids=[f"{m}-{c}" for m, _, c in EDITS]
)
async def test_what_cannot_be_done_to_a_message_is_refused(
    method: str, arguments: dict[str, Any], code: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    theirs = await slack.say("mine", channel="C0MEDIA")
    ours = await web.chat_postMessage(channel="C0MEDIA", text="ours")
    stamps = {"theirs": theirs.ts, "ours": ours["ts"]}
    named = {name: stamps.get(value, value) for name, value in arguments.items()}

    with pytest.raises(SlackApiError) as refused:
        await web.api_call(method, json={"channel": "C0MEDIA", **named})

    assert refused.value.response["error"] == code


async def test_with_the_public_scope_the_bot_posts_where_it_is_no_member(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    slack.backend.workspace.scopes.add("chat:write.public")

    await web.chat_postMessage(channel="C0RANDOM", text="hi")

    assert slack.messages("C0RANDOM")[0].text == "hi"


async def test_a_name_given_with_the_message_is_shown(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    answer = await web.chat_postMessage(channel="C0MEDIA", text="hi", username="On call")

    assert answer["message"]["username"] == "On call"
    assert slack.messages("C0MEDIA")[0].username == "On call"
