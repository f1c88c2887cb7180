"""Uploads, and the pictures Slack downloads before it takes a message."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web as aioweb
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.pictures import is_reachable
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.cards import image, section

PNG = b"\x89PNG\r\n\x1a\n and the rest"
SERVED = {
    "a.png": (200, PNG),
    "a.jpg": (200, b"\xff\xd8\xff and the rest"),
    "a.gif": (200, b"GIF89a and the rest"),
    "a.webp": (200, b"RIFF    WEBPVP8 "),
    "short.png": (200, b"\x89PNG"),
    "gone.png": (404, PNG),
}


@pytest.fixture
async def pictures() -> AsyncIterator[str]:
    """A server of pictures; its address ends in a slash."""

    async def serve(request: aioweb.Request) -> aioweb.Response:
        status, body = SERVED[request.match_info["name"]]
        return aioweb.Response(status=status, body=body)

    app = aioweb.Application()
    app.router.add_get("/{name}", serve)
    runner = aioweb.AppRunner(app, access_log=None)
    await runner.setup()
    await aioweb.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif"])
async def test_a_picture_that_can_be_fetched_is_taken(
    name: str, pictures: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    for _ in range(2):
        await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[image(pictures + name)])

    assert len(slack.messages("C0MEDIA")) == 2


@pytest.mark.parametrize("name", ["a.webp", "short.png", "gone.png"])
async def test_one_bad_picture_refuses_the_whole_message(
    name: str, pictures: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    blocks = [section(), image(pictures + "a.png"), image(pictures + name)]

    with pytest.raises(SlackApiError) as refused:
        await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=blocks)

    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] downloading image failed [json-pointer:/blocks/2/image_url]"
    ]
    assert slack.messages("C0MEDIA") == []


async def test_pictures_in_attachments_and_accessories_are_fetched_too(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    block = section() | {"accessory": image("http://127.0.0.1:9/a.png")}

    with pytest.raises(SlackApiError, match="downloading image failed"):
        await web.chat_postMessage(channel="C0MEDIA", text="x", attachments=[{"blocks": [block]}])

    assert slack.messages("C0MEDIA") == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/a.png", True),
        ("https://localhost/a.png", True),
        ("http://[::1]/a.png", True),
        ("https://example.com/a.png", False),
        ("http://10.0.0.1/a.png", False),
        ("ftp://127.0.0.1/a.png", False),
        ("http://[/a.png", False),
    ],
)
def test_only_this_machine_is_public(url: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_reachable(url) is expected


async def test_the_cache_of_pictures_is_bounded(
    pictures: str, slack: LocalSlack, web: AsyncWebClient
) -> None:
    for number in range(600):
        slack.backend.pictures._good[f"http://127.0.0.1/{number}"] = None  # noqa: SLF001 - filling

    await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[image(pictures + "a.png")])

    assert len(slack.backend.pictures._good) == 600  # noqa: SLF001 - it does not grow


async def test_an_upload_in_three_steps_shares_the_file(
    slack: LocalSlack, web: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    answer = await web.files_upload_v2(
        filename="sheet.png", content=PNG, title="Sheet", channel="C0MEDIA", initial_comment="here"
    )

    (message,) = slack.messages("C0MEDIA")
    assert (message.text, message.files[0].title) == ("here", "Sheet")
    described = await web.files_info(file=answer["file"]["id"])
    assert (described["file"]["mimetype"], described["file"]["size"]) == ("image/png", len(PNG))
    async with session.get(described["file"]["url_private"]) as reply:
        assert await reply.read() == PNG


async def test_an_uploaded_file_can_be_shown_in_blocks(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    uploaded = await web.files_upload_v2(filename="sheet.png", content=PNG)
    block = {"type": "image", "alt_text": "x", "slack_file": {"id": uploaded["file"]["id"]}}

    await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[block])

    assert slack.messages("C0MEDIA")[0].blocks[0]["slack_file"] == block["slack_file"]


async def test_a_file_that_is_not_ready_cannot_be_shown(web: AsyncWebClient) -> None:
    announced = await web.files_getUploadURLExternal(filename="a.png", length=3)
    block = {"type": "image", "alt_text": "x", "slack_file": {"id": announced["file_id"]}}

    with pytest.raises(SlackApiError, match="invalid slack file"):
        await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[block])


async def test_a_file_without_words_is_shared_under_its_title(
    slack: LocalSlack, web: AsyncWebClient
) -> None:
    await web.files_upload_v2(filename="sheet.png", content=PNG, channel="C0MEDIA")

    assert slack.messages("C0MEDIA")[0].text == "sheet.png"


async def test_an_upload_may_be_multipart(
    web: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    announced = await web.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    form = aiohttp.FormData()
    form.add_field("file", PNG, filename="a.png")

    async with session.post(announced["upload_url"], data=form) as reply:
        assert await reply.text() == f"OK - {len(PNG)}"


async def test_an_upload_of_another_length_is_refused(
    web: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    announced = await web.files_getUploadURLExternal(filename="a.png", length=3)

    async with session.post(announced["upload_url"], data=PNG) as reply:
        assert reply.status == 400
    async with session.post(announced["upload_url"] + "0", data=PNG) as reply:
        assert reply.status == 404
    with pytest.raises(SlackApiError, match="file_not_found"):
        await web.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "x"}])


CALLS = [
    ("files.getUploadURLExternal", {"filename": "a"}, "missing_argument"),
    (
        "files.getUploadURLExternal",
        {"filename": "a", "length": "20000001"},
        "file_upload_size_restricted",
    ),
    ("files.completeUploadExternal", {"files": "[3]"}, "file_not_found"),
    ("files.info", {"file": "F0"}, "file_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), CALLS)
async def test_a_file_that_cannot_be(
    method: str, arguments: dict[str, str], code: str, web: AsyncWebClient
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await web.api_call(method, data=arguments)

    assert refused.value.response["error"] == code
