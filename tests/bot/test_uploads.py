"""A picture gets into Slack in three steps, and a step that fails is told in words."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from bot.uploads import UploadError, upload_picture
from tests.fakes.bombs import picture
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.scripted_server import ScriptedServer

SHEET = picture("JPEG", (64, 36))
PLACE = {"ok": True, "file_id": "F0SHEET0001"}
DONE = {"ok": True, "files": [{"id": "F0SHEET0001"}]}


Upload = Callable[[bytes], Awaitable[str]]


@pytest.fixture
def client(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )


@pytest.fixture
def upload(
    client: AsyncWebClient, session: aiohttp.ClientSession, hasty_clock: HastyClock
) -> Upload:
    """Upload to the local Slack."""
    return partial(upload_picture, client, session, name="a.jpg", clock=hasty_clock)


@pytest.fixture
def upload_there(
    server: ScriptedServer, session: aiohttp.ClientSession, hasty_clock: HastyClock
) -> Upload:
    """Upload to a Slack that says what the test wants."""
    client = AsyncWebClient("xoxb-1", base_url=server.url, session=session, retry_handlers=[])
    return partial(upload_picture, client, session, name="a.jpg", clock=hasty_clock)


def image(file_id: str) -> dict[str, Any]:
    return {"type": "image", "alt_text": "x", "slack_file": {"id": file_id}}


async def test_an_uploaded_picture_can_be_shown_and_nothing_was_posted(
    upload: Upload, client: AsyncWebClient, slack: LocalSlack, hasty_clock: HastyClock
) -> None:
    file_id = await upload(SHEET)

    assert slack.messages("C0MEDIA") == []
    assert slack.backend.workspace.files[file_id].content == SHEET
    await client.chat_postMessage(channel="C0MEDIA", text="x", blocks=[image(file_id)])
    assert hasty_clock.slept == [0.0]


@pytest.mark.parametrize(
    ("method", "trouble", "told"),
    [
        ("files.getUploadURLExternal", "internal_error", "internal_error"),
        ("files.getUploadURLExternal", "rate_limited", "ratelimited"),
        ("files.getUploadURLExternal", "no_answer", "no answer"),
        ("files.completeUploadExternal", "internal_error", "internal_error"),
        ("files.completeUploadExternal", "lost_answer", "no answer"),
    ],
)
async def test_a_step_slack_fails_is_told(
    method: str, trouble: Trouble, told: str, upload: Upload, slack: LocalSlack
) -> None:
    slack.trouble(method, trouble)

    with pytest.raises(UploadError, match=f"^Slack did not take the picture: .*{told}"):
        await upload(SHEET)


async def test_a_missing_scope_is_named(upload: Upload, slack: LocalSlack) -> None:
    slack.backend.workspace.scopes.discard("files:write")

    with pytest.raises(UploadError, match="missing_scope"):
        await upload(SHEET)


async def test_an_upload_address_that_refuses_is_told_without_the_address(
    upload_there: Upload, server: ScriptedServer
) -> None:
    server.will_say(PLACE | {"upload_url": f"{server.url}canary"})
    server.will_say("no", status=500)

    with pytest.raises(UploadError) as failed:
        await upload_there(b"sheet")

    assert str(failed.value) == (
        "Slack did not take the picture: its upload address answered HTTP 500"
    )


async def test_an_upload_address_where_nobody_is_is_told_without_the_address(
    upload_there: Upload, server: ScriptedServer
) -> None:
    server.will_say(PLACE | {"upload_url": "http://127.0.0.1:9/canary"})

    with pytest.raises(UploadError) as failed:
        await upload_there(b"sheet")

    assert "canary" not in repr(failed.value)
    assert failed.value.__suppress_context__


async def test_an_answer_without_an_address_is_told(
    upload_there: Upload, server: ScriptedServer
) -> None:
    server.will_say(PLACE)

    with pytest.raises(UploadError, match="the answer names no upload address"):
        await upload_there(b"sheet")


@pytest.mark.parametrize(
    ("looks", "slept"),
    [
        ([{"ok": True, "file": {"mimetype": "image/jpeg"}}], [0.0]),
        (
            [
                {"ok": True},
                {"ok": True, "file": {"mimetype": ""}},
                {"ok": True, "file": {"mimetype": "image/jpeg"}},
            ],
            [0.0, 0.25, 0.5],
        ),
        ([{"ok": True, "file": {"mimetype": ""}}], [0.0, 0.25, 0.5, 1.0, 2.0, 4.0]),
        ([{"ok": False, "error": "missing_scope"}], [0.0, 2.0]),
    ],
    ids=["at once", "soon", "never", "not allowed to look"],
)
async def test_a_picture_is_given_out_once_slack_has_looked_at_it(
    looks: list[dict[str, Any]],
    slept: list[float],
    upload_there: Upload,
    server: ScriptedServer,
    hasty_clock: HastyClock,
) -> None:
    server.will_say(PLACE | {"upload_url": server.url})
    server.will_say("OK")
    for said in [DONE, *looks]:
        server.will_say(said)

    file_id = await upload_there(b"sheet")

    assert (file_id, hasty_clock.slept) == ("F0SHEET0001", slept)
