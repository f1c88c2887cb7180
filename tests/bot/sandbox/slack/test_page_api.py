"""The demo page's routes: what it sees, and what is done through it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import SystemClock
from bot.sandbox.slack import page_api
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import actions, home, modal, text_input
from tests.bot.sandbox.slack.listening_bot import ListeningBot

STORY = {"title": "A merge", "command": "/mediatask tencent 1", "text": "it finishes"}

SHORTCUT = {"callback_id": "find", "name": "Look up media tasks", "type": "message"}


class Page:
    """What a browser does, without one."""

    def __init__(self, slack: LocalSlack, session: aiohttp.ClientSession) -> None:
        self._url = slack.page_url
        self._session = session
        self._streams: list[aiohttp.ClientResponse] = []

    def leave(self) -> None:
        for stream in self._streams:
            stream.close()

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self._url}{path}") as reply:
            return await reply.json()

    async def act(self, kind: str, **body: Any) -> dict[str, Any]:
        async with self._session.post(f"{self._url}page/{kind}", json=body) as reply:
            answer: dict[str, Any] = await reply.json()
            return answer

    async def listen(self) -> "Events":
        reply = await self._session.get(f"{self._url}page/events")
        self._streams.append(reply)
        assert await reply.content.readline() == b": hello\n"
        await reply.content.readline()
        return Events(reply)


class Events:
    """The page's stream of server-sent events."""

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply = reply

    async def next(self, kind: str) -> dict[str, Any]:
        """Read on until an event of that kind comes."""
        async with asyncio.timeout(5):
            while True:
                name = (await self._reply.content.readline()).decode().strip()
                payload = (await self._reply.content.readline()).decode().strip()
                await self._reply.content.readline()
                if name == f"event: {kind}":
                    told: dict[str, Any] = json.loads(payload.removeprefix("data: "))
                    return told

    async def ends(self) -> bool:
        async with asyncio.timeout(5):
            await self._reply.content.read()
        return True


@pytest.fixture
def page(slack: LocalSlack, session: aiohttp.ClientSession) -> Iterator[Page]:
    opened = Page(slack, session)
    yield opened
    opened.leave()


async def test_the_state_shows_what_alice_sees(page: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel="C0MEDIA", text="hi", blocks=[actions()])
    await web.chat_postEphemeral(channel="C0MEDIA", user="U0ALICE", text="gone on reload")
    await web.conversations_open(users="U0BOB")
    await web.views_publish(user_id="U0ALICE", view=home())

    state = await page.get("page/state")

    assert (state["me"], state["team"]["name"]) == ("U0ALICE", "Northwind Media")
    assert [one["id"] for one in state["channels"]] == [
        "C0MEDIA",
        "C0ONCALL",
        "C0RANDOM",
        "C0STUDIO",
        "C0SHARED",
        "C0OLD",
        "D0ALICE",
    ]
    (message,) = state["messages"]["C0MEDIA"]
    assert (message["username"], message["is_bot"], message["text"]) == ("MediaTask", True, "hi")
    assert (message["thread_ts"], message["edited"], message["ephemeral"]) == (None, False, False)
    assert state["home"]["type"] == "home"
    assert (state["view"], state["stories"], state["shortcuts"]) == (None, [], [])
    assert {"id", "name", "real_name", "is_bot", "color"} == set(state["users"][0])


async def test_a_command_is_typed_acknowledged_and_answered(
    page: Page, slack: LocalSlack, bot: ListeningBot
) -> None:
    events = await page.listen()
    bot.will_answer({"text": "found it"})

    answer = await page.act("command", channel="C0MEDIA", text="/mediatask tencent 1")

    ack = await events.next("ack")
    told = await events.next("message")
    assert (answer["ok"], answer["error"]) == (True, None)
    assert answer["ack_ms"] > 0
    assert (ack["kind"], ack["error"]) == ("command", None)
    assert (told["channel"], told["message"]["text"]) == ("C0MEDIA", "found it")
    assert told["message"]["ephemeral"] is True
    assert bot.last["text"] == "tencent 1"
    assert slack.messages("C0MEDIA") == []


async def test_edits_and_deletions_are_told(page: Page, web: AsyncWebClient) -> None:
    events = await page.listen()
    ts = (await web.chat_postMessage(channel="C0MEDIA", text="one"))["ts"]
    await web.chat_update(channel="C0MEDIA", ts=ts, text="two")
    await web.chat_delete(channel="C0MEDIA", ts=ts)

    changed = await events.next("message_changed")
    deleted = await events.next("message_deleted")

    assert (changed["message"]["text"], changed["message"]["edited"]) == ("two", True)
    assert deleted == {"channel": "C0MEDIA", "ts": ts}


async def test_what_others_see_is_not_told(page: Page, web: AsyncWebClient) -> None:
    events = await page.listen()
    await web.chat_postEphemeral(channel="C0MEDIA", user="U0BOB", text="for bob")
    await web.chat_postMessage(channel="U0BOB", text="direct to bob")
    await web.chat_postMessage(channel="C0MEDIA", text="for all")

    told = await events.next("message")

    assert told["message"]["text"] == "for all"


async def test_a_modal_is_opened_filled_in_and_refused(
    page: Page, bot: ListeningBot, web: AsyncWebClient
) -> None:
    events = await page.listen()
    await page.act("shortcut", callback_id="look_up")
    await web.views_open(trigger_id=bot.last["trigger_id"], view=modal(text_input(), actions()))
    shown = (await events.next("view"))["view"]
    held = await page.act("view_submit", view_id=shown["id"], values={})
    pressed = await page.act(
        "action", view_id=shown["id"], action_id="refresh", block_id="row", action={"value": "v"}
    )
    bot.will_answer({"response_action": "errors", "errors": {"id": "no"}})
    refused = await page.act(
        "view_submit",
        view_id=shown["id"],
        values={"id": {"typed": {"type": "plain_text_input", "value": "x"}}},
    )
    await page.act("view_close", view_id=shown["id"])
    closed = await events.next("view")

    assert held["errors"] == {"id": "Please complete this required field."}
    assert pressed["ok"] is True
    assert (refused["ok"], refused["errors"]) == (True, {"id": "no"})
    assert closed == {"view": None, "kind": "modal"}


async def test_a_button_is_pressed_as_the_page_draws_it_up(
    page: Page, bot: ListeningBot, web: AsyncWebClient
) -> None:
    ts = (await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[actions()]))["ts"]
    action = {"type": "button", "action_id": "refresh", "text": {"type": "plain_text"}}

    answer = await page.act(
        "action", channel="C0MEDIA", ts=ts, block_id="row", action_id="refresh", action=action
    )

    assert answer["ok"] is True
    assert bot.last["actions"][0]["value"] == "tencent:1"


async def test_a_message_a_shortcut_on_it_and_home(page: Page, bot: ListeningBot) -> None:
    said = await page.act("message", channel="C0MEDIA", text="@mediatask tencent 1")
    mentioned = bot.last["event"]["type"]
    pointed = await page.act("shortcut", callback_id="find", channel="C0MEDIA", ts=said["ts"])
    opened = await page.act("home")

    assert (said["ok"], mentioned) == (True, "app_mention")
    assert pointed["ok"] is True
    assert opened == {"ok": True, "error": None}
    assert bot.last["event"]["type"] == "app_home_opened"


async def test_the_bot_is_invited_where_it_is_no_member(
    page: Page, bot: ListeningBot, web: AsyncWebClient
) -> None:
    await page.act("message", channel="C0RANDOM", text="@mediatask anybody?")
    unheard = list(bot.heard)

    answer = await page.act("command", channel="C0RANDOM", text="/invite @MediaTask")
    await page.act("message", channel="C0RANDOM", text="@mediatask now?")

    assert (answer["ok"], unheard, len(bot.heard)) == (True, [], 1)
    await web.chat_postMessage(channel="C0RANDOM", text="here I am")


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("command", {"channel": "C0MEDIA", "text": "/sing"}, "/sing is not a valid command."),
    (
        "command",
        {"channel": "C0MEDIA", "text": "/mediatask help", "thread_ts": "1.0"},
        "/mediatask is not supported in threads. Sorry!",
    ),
    ("command", {"channel": "C0MEDIA", "text": "/mediatask help"}, "dispatch_failed"),
    ("command", {"text": "/mediatask help"}, "bad_request"),
    ("view_close", {"view_id": "V0"}, "no view V0 is open"),
    ("home", {}, "dispatch_failed"),
]


@pytest.mark.parametrize(("kind", "body", "error"), REFUSED)
async def test_what_cannot_be_done_is_told(
    kind: str, body: dict[str, Any], error: str, page: Page
) -> None:
    answer = await page.act(kind, **body)

    assert (answer["ok"], answer["error"]) == (False, error)


async def test_another_sites_page_may_do_nothing(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    body = {"channel": "C0MEDIA", "text": "hi"}
    statuses = []
    for origin in ("https://evil.example", slack.page_url.rstrip("/")):
        url = f"{slack.page_url}page/message"
        async with session.post(url, json=body, headers={"Origin": origin}) as reply:
            statuses.append(reply.status)

    assert statuses == [403, 200]
    async with session.post(f"{slack.page_url}page/dance", json={}) as reply:
        assert reply.status == 404


async def test_the_built_page_is_served_with_its_assets_and_stories(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app.js").write_text("let x")
    (tmp_path / "index.html").write_text("<p>the page")

    started = await LocalSlack.start(
        clock=SystemClock(), page_dir=tmp_path, stories=[STORY], shortcuts=[SHORTCUT]
    )
    async with started as slack:
        page = Page(slack, session)
        async with session.get(slack.page_url) as reply:
            index = await reply.text()
        async with session.get(f"{slack.page_url}assets/app.js") as reply:
            script = await reply.text()
        state = await page.get("page/state")

    assert (index, script) == ("<p>the page", "let x")
    assert (state["stories"], state["shortcuts"]) == ([STORY], [SHORTCUT])


async def test_without_a_bundle_the_plain_page_is_served(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "fallback.html"
    monkeypatch.setattr(page_api, "FALLBACK", plain)
    async with await LocalSlack.start(clock=SystemClock(), page_dir=tmp_path) as slack:
        async with session.get(slack.page_url) as reply:
            before = reply.status
        plain.write_text("<p>plain")
        async with session.get(slack.page_url) as reply:
            after = await reply.text()

    assert (before, after) == (404, "<p>plain")


async def test_files_in_messages_get_addresses_the_page_can_show(
    page: Page, web: AsyncWebClient
) -> None:
    await web.files_upload_v2(
        filename="a.png", content=b"\x89PNG\r\n\x1a\n", alt_txt="a sheet", channel="C0MEDIA"
    )
    state = await page.get("page/state")
    file = state["messages"]["C0MEDIA"][0]["files"][0]
    block = {"type": "image", "alt_text": "x", "slack_file": {"id": file["id"]}}
    await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[block])

    state = await page.get("page/state")

    shown = state["messages"]["C0MEDIA"][1]["blocks"][0]
    assert file["url"] == shown["image_url"] == f"/page/files/{file['id']}"
    assert file["alt_txt"] == "a sheet"


async def test_the_stream_ends_with_the_server(page: Page, slack: LocalSlack) -> None:
    events = await page.listen()

    await slack.close()

    assert await events.ends()


async def test_who_waits_for_an_acknowledgement_over_http_is_told_when_the_server_ends(
    still_slack: LocalSlack, still_bot: ListeningBot, session: aiohttp.ClientSession
) -> None:
    still_bot.will_hang()
    page = Page(still_slack, session)
    typing = asyncio.create_task(page.act("command", channel="C0MEDIA", text="/mediatask help"))
    await still_bot.hears()

    await still_slack.close()
    answer = await typing

    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")


async def test_who_waits_for_an_acknowledgement_over_a_socket_is_told_when_the_server_ends(
    still_slack: LocalSlack, still_web: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    opened = await still_web.apps_connections_open(app_token=still_slack.app_token)
    socket = await session.ws_connect(opened["url"])
    await socket.receive()
    page = Page(still_slack, session)
    typing = asyncio.create_task(page.act("command", channel="C0MEDIA", text="/mediatask help"))
    await socket.receive()

    await still_slack.close()
    answer = await typing

    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")


async def test_a_page_that_went_away_is_forgotten(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    reply = await session.get(f"{slack.page_url}page/events")
    await reply.content.readline()
    reply.close()

    answer = await Page(slack, session).get("page/state")
    for number in range(20):
        await slack.say(f"anybody there? {number}", channel="C0RANDOM")
        answer = await Page(slack, session).get("page/state")

    assert len(answer["messages"]["C0RANDOM"]) == 20
    assert slack.backend.workspace.changes._watchers == []  # noqa: SLF001 - who still watches
