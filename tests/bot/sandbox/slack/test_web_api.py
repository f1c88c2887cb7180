"""Who may call, what the directory says, rate limits, and troubles to order."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.limits import Limits, Tier
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize(
    ("token", "code"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), ("app", "not_allowed_token_type")],
)
async def test_a_token_that_will_not_do(token: str | None, code: str, slack: LocalSlack) -> None:
    web = AsyncWebClient(slack.app_token if token == "app" else token, base_url=slack.api_url)

    with pytest.raises(SlackApiError) as refused:
        await web.auth_test()

    assert refused.value.response["error"] == code


async def test_the_token_may_come_in_the_form(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    form = {"token": slack.bot_token}

    async with session.post(f"{slack.api_url}auth.test", data=form) as reply:
        answer = await reply.json()

    assert (answer["ok"], answer["user_id"], answer["team_id"]) == (
        True,
        slack.bot_user_id,
        slack.team_id,
    )


async def test_a_missing_scope_is_named(slack: LocalSlack, web: AsyncWebClient) -> None:
    slack.backend.workspace.scopes -= {"chat:write", "channels:history"}

    with pytest.raises(SlackApiError) as posting:
        await web.chat_postMessage(channel="C0MEDIA", text="x")
    with pytest.raises(SlackApiError) as reading:
        await web.conversations_history(channel="C0MEDIA")

    assert posting.value.response["error"] == "missing_scope"
    assert posting.value.response["needed"] == "chat:write"
    assert "commands" in posting.value.response["provided"]
    assert reading.value.response["needed"] == "channels:history"


async def test_granted_scopes_stand_in_a_header(web: AsyncWebClient) -> None:
    answer = await web.auth_test()

    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_api_test_gives_the_arguments_back(web: AsyncWebClient) -> None:
    answer = await web.api_test(foo="bar")

    assert answer["args"] == {"foo": "bar"}
    with pytest.raises(SlackApiError, match="my_error"):
        await web.api_test(error="my_error")


@pytest.mark.parametrize(
    ("body", "code"), [("{", "invalid_json"), ("[]", "json_not_object"), ("", "channel_not_found")]
)
async def test_a_body_that_is_no_object_is_refused(
    body: str, code: str, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    headers = {
        "Authorization": f"Bearer {slack.bot_token}",
        "Content-Type": "application/json;charset=utf-8",
    }

    url = f"{slack.api_url}chat.postMessage"
    async with session.post(url, data=body, headers=headers) as reply:
        assert (await reply.json())["error"] == code


async def test_a_method_that_is_not_there(web: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await web.api_call("chat.sing")

    assert refused.value.response["error"] == "unknown_method"


async def test_people_are_described(web: AsyncWebClient) -> None:
    chen = await web.users_info(user="U0CHEN", include_locale=True)
    guest = await web.users_info(user="U0GUEST")
    everybody = await web.users_list()

    assert (chen["user"]["locale"], chen["user"]["tz"]) == ("zh-CN", "Asia/Shanghai")
    assert (guest["user"]["is_stranger"], guest["user"]["team_id"]) == (True, "T0PARTNER")
    assert "locale" not in guest["user"]
    assert len(everybody["members"]) == 6


async def test_groups_are_listed(web: AsyncWebClient) -> None:
    groups = await web.usergroups_list()

    assert [one["handle"] for one in groups["usergroups"]] == ["oncall", "media"]


async def test_channels_are_described(web: AsyncWebClient) -> None:
    shared = await web.conversations_info(channel="C0SHARED", include_num_members=True)
    away = await web.conversations_info(channel="#random")
    direct = await web.conversations_info(channel="D0ALICE")
    listed = await web.conversations_list(types="public_channel,im", exclude_archived=True)
    members = await web.conversations_members(channel="C0MEDIA")

    assert (shared["channel"]["is_ext_shared"], shared["channel"]["num_members"]) == (True, 3)
    assert away["channel"]["is_member"] is False
    assert direct["channel"]["is_im"] is True
    ids = {one["id"] for one in listed["channels"]}
    assert ids == {"C0MEDIA", "C0ONCALL", "C0RANDOM", "C0SHARED", "D0ALICE"}
    assert members["members"] == ["U0ALICE", "U0BOB", "U0CHEN", "U0MEDIATASK"]


async def test_a_private_channel_with_the_bot_in_it_is_a_group(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    slack.backend.workspace.channels["C0STUDIO"].members.add(slack.bot_user_id)

    listed = await web.conversations_list(types="private_channel")
    described = await web.conversations_info(channel="C0STUDIO")

    assert [one["id"] for one in listed["channels"]] == ["C0STUDIO"]
    assert described["channel"]["is_group"] is True


CALLS: list[tuple[str, dict[str, str], str]] = [
    ("users.info", {}, "invalid_arguments"),
    ("users.info", {"user": "U0"}, "user_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0ALICE,U0BOB"}, "method_not_supported"),
    ("conversations.open", {"users": "U0"}, "user_not_found"),
    ("conversations.history", {"channel": "C0RANDOM"}, "not_in_channel"),
    ("conversations.info", {"channel": "C0STUDIO"}, "channel_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), CALLS)
async def test_a_question_that_has_no_answer(
    method: str, arguments: dict[str, str], code: str, web: AsyncWebClient
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await web.api_call(method, params=arguments, http_verb="GET")

    assert refused.value.response["error"] == code


async def test_too_many_messages_in_a_channel_have_to_wait(
    still_web: AsyncWebClient, clock: FakeClock
) -> None:
    for _ in range(10):
        await still_web.chat_postMessage(channel="C0MEDIA", text="x")
    with pytest.raises(SlackApiError) as refused:
        await still_web.chat_postMessage(channel="C0MEDIA", text="x")
    await still_web.chat_postMessage(channel="C0ONCALL", text="another channel")
    await clock.advance(1)
    await still_web.chat_postMessage(channel="C0MEDIA", text="after a second")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert refused.value.response["error"] == "ratelimited"


@pytest.mark.parametrize(
    ("tier", "burst", "wait"),
    [("t1", 1, 60), ("t2", 20, 3), ("t3", 50, 2), ("t4", 100, 1), ("posting", 10, 1)],
)
def test_each_tier_has_its_burst_and_its_wait(tier: Tier, burst: int, wait: int) -> None:
    limits = Limits(FakeClock())

    answers = [limits.retry_after(tier, "key") for _ in range(burst + 1)]

    assert answers == [None] * burst + [wait]


async def test_limits_can_be_switched_off(slack: LocalSlack, web: AsyncWebClient) -> None:
    slack.backend.limits.is_on = False

    for _ in range(12):
        await web.chat_postMessage(channel="C0MEDIA", text="x")

    assert len(slack.messages("C0MEDIA")) == 12


async def test_slacks_own_retry_handler_lives_with_the_limit(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    slack.trouble("chat.postMessage", "rate_limited")
    web.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]

    await web.chat_postMessage(channel="C0MEDIA", text="x")

    assert len(slack.messages("C0MEDIA")) == 1


@pytest.mark.parametrize(
    ("trouble", "raised", "posted"),
    [
        ("http_500", SlackApiError, 0),
        ("internal_error", SlackApiError, 0),
        ("no_answer", aiohttp.ServerDisconnectedError, 0),
        ("lost_answer", aiohttp.ServerDisconnectedError, 1),
    ],
)
async def test_a_trouble_comes_before_or_after_the_deed(
    trouble: Trouble,
    raised: type[Exception],
    posted: int,
    slack: LocalSlack,
    session: aiohttp.ClientSession,
) -> None:
    arguments: dict[str, Any] = {"base_url": slack.api_url, "session": session}
    web = AsyncWebClient(slack.bot_token, retry_handlers=[], **arguments)
    slack.trouble("chat.postMessage", trouble)

    with pytest.raises(raised):
        await web.chat_postMessage(channel="C0MEDIA", text="x")
    during = len(slack.messages("C0MEDIA"))
    await web.chat_postMessage(channel="C0MEDIA", text="y")

    assert during == posted
    assert slack.messages("C0MEDIA")[-1].text == "y"
