"""A task's contact sheet is made once for all who ask, and again where it may turn out better."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public, is_public_or_private
from bot.drawing import Drawer, Drawing, DrawingError, Thumbnail
from bot.fetch import open_fetcher
from bot.sandbox.slack.server import LocalSlack
from bot.sheets import MAX_THUMBNAILS, Sheet, SheetError, Sheets, Trouble
from bot.uploads import UploadError, upload_picture
from providers.models import TaskRef
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.picture_host import PictureHost

REF = TaskRef("tencent", "main", "1-a")
LINKS = [f"https://cdn.example/{number}.jpg" for number in range(5)]
GOOD = Drawing(b"sheet", 5, Counter(), is_final=True)


@dataclass
class Studio:
    """Draws and uploads as it is told, once it may; notes what it was asked for."""

    drawing: Drawing | DrawingError = GOOD
    upload_error: UploadError | None = None
    drawn: list[list[Thumbnail]] = field(default_factory=list)
    uploaded: list[str] = field(default_factory=list)
    may_draw: asyncio.Event = field(default_factory=asyncio.Event)

    def sheets(self) -> Sheets:
        self.may_draw.set()
        return Sheets(self.draw, self.upload)

    async def draw(self, thumbnails: Sequence[Thumbnail]) -> Drawing:
        self.drawn.append(list(thumbnails))
        await self.may_draw.wait()
        if isinstance(self.drawing, DrawingError):
            raise self.drawing
        return self.drawing

    async def upload(self, _picture: bytes, name: str) -> str:
        self.uploaded.append(name)
        if self.upload_error:
            raise self.upload_error
        return f"F{len(self.uploaded)}"


@pytest.fixture
def studio() -> Studio:
    return Studio()


async def settle() -> None:
    """Let everything that can run now run."""
    for _ in range(10):
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(done.set_result, None)
        await done


async def test_a_sheet_asked_for_twice_is_uploaded_once(studio: Studio) -> None:
    sheets = studio.sheets()

    first = await sheets.sheet(REF, LINKS)
    second = await sheets.sheet(REF, list(LINKS))

    assert first == second == Sheet("F1", 5)
    assert studio.uploaded == ["tencent-thumbnails.jpg"]


async def test_all_who_ask_while_it_is_made_share_it(studio: Studio) -> None:
    sheets = studio.sheets()
    studio.may_draw.clear()
    asking = [asyncio.create_task(sheets.sheet(REF, LINKS)) for _ in range(20)]
    await settle()
    asking[0].cancel()
    studio.may_draw.set()

    answers = await asyncio.gather(*asking[1:])

    assert set(answers) == {Sheet("F1", 5)}
    assert len(studio.drawn) == 1


async def test_a_new_link_makes_a_new_sheet(studio: Studio) -> None:
    sheets = studio.sheets()

    await sheets.sheet(REF, LINKS)
    again = await sheets.sheet(REF, [*LINKS[:-1], LINKS[-1] + "?Expires=2"])

    assert again.file_id == "F2"


async def test_a_sheet_that_may_turn_out_better_is_made_again(studio: Studio) -> None:
    studio.drawing = Drawing(b"sheet", 3, Counter({"too slow": 2}), is_final=False)
    sheets = studio.sheets()

    await sheets.sheet(REF, LINKS)
    again = await sheets.sheet(REF, LINKS)

    assert again == Sheet("F2", 3)


async def test_a_forgotten_sheet_is_made_again(studio: Studio) -> None:
    sheets = studio.sheets()
    other = TaskRef("tencent", "main", "2-b")
    await sheets.sheet(REF, LINKS)
    await sheets.sheet(other, LINKS)

    sheets.forget(REF)

    assert (await sheets.sheet(other, LINKS)).file_id == "F2"
    assert (await sheets.sheet(REF, LINKS)).file_id == "F3"


async def test_a_hundred_sheets_are_remembered(studio: Studio) -> None:
    sheets = studio.sheets()
    for number in range(101):
        await sheets.sheet(TaskRef("tencent", "main", str(number)), LINKS)

    await sheets.sheet(TaskRef("tencent", "main", "100"), LINKS)
    await sheets.sheet(TaskRef("tencent", "main", "0"), LINKS)

    assert len(studio.uploaded) == 102


async def test_two_sheets_are_drawn_at_a_time(studio: Studio) -> None:
    sheets = studio.sheets()
    studio.may_draw.clear()
    asking = [
        asyncio.create_task(sheets.sheet(TaskRef("tencent", "main", str(number)), LINKS))
        for number in range(5)
    ]

    await settle()

    assert len(studio.drawn) == 2
    studio.may_draw.set()
    await asyncio.gather(*asking)
    assert len(studio.drawn) == 5


async def test_of_hundreds_two_hundred_are_shown_under_their_own_numbers(studio: Studio) -> None:
    links = [f"https://cdn.example/{number}.jpg" for number in range(1, 1001)]

    await studio.sheets().sheet(REF, links)

    (drawn,) = studio.drawn
    assert len(drawn) == len(set(drawn)) == MAX_THUMBNAILS
    assert (drawn[0].caption, drawn[1].caption, drawn[-1].caption) == ("1", "6", "1000")
    assert drawn[1].link == links[5]


@pytest.mark.parametrize(
    ("drawing", "upload_error", "trouble", "told"),
    [
        (DrawingError("took too long"), None, Trouble.NOT_DRAWN, "took too long"),
        (GOOD, UploadError("missing_scope"), Trouble.NOT_UPLOADED, "missing_scope"),
        (
            Drawing(b"", 0, Counter({"too slow": 1, "HTTP 404": 4}), is_final=False),
            None,
            Trouble.NO_PICTURE,
            "no thumbnail could be shown: HTTP 404 (4), too slow (1)",
        ),
    ],
)
async def test_trouble_is_told_to_all_who_ask_and_not_remembered(
    drawing: Drawing | DrawingError,
    upload_error: UploadError | None,
    trouble: Trouble,
    told: str,
    studio: Studio,
) -> None:
    studio.drawing, studio.upload_error = drawing, upload_error
    sheets = studio.sheets()

    answers = await asyncio.gather(
        *(sheets.sheet(REF, LINKS) for _ in range(2)), return_exceptions=True
    )

    assert [(error.trouble, str(error)) for error in answers if isinstance(error, SheetError)] == [
        (trouble, told)
    ] * 2
    studio.drawing, studio.upload_error = GOOD, None
    assert (await sheets.sheet(REF, LINKS)).shown == 5


async def test_whoever_waits_when_the_bot_stops_is_told(studio: Studio) -> None:
    sheets = studio.sheets()
    studio.may_draw.clear()
    asking = asyncio.create_task(sheets.sheet(REF, LINKS))
    await settle()

    await sheets.aclose()

    with pytest.raises(SheetError, match="the bot was stopped"):
        await asking


async def test_thumbnails_nobody_can_reach_from_slack_become_a_picture_in_slack(
    slack: LocalSlack, session: aiohttp.ClientSession, hasty_clock: HastyClock
) -> None:
    client = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )

    async def upload(picture: bytes, name: str) -> str:
        return await upload_picture(client, session, picture, name=name, clock=hasty_clock)

    async with PictureHost() as host, open_fetcher(is_public_or_private) as fetcher:
        links = [host.link(f"picture/{second}.jpg") for second in range(4)]
        links.append("http://169.254.169.254/latest/meta-data/")
        sheet = await Sheets(Drawer(fetcher.fetch_image).draw, upload).sheet(REF, links)

    block = {"type": "image", "alt_text": "x", "slack_file": {"id": sheet.file_id}}
    await client.chat_postMessage(channel="C0MEDIA", text="x", blocks=[block])
    assert sheet.shown == 4
    content = slack.backend.workspace.files[sheet.file_id].content
    assert content is not None
    assert content.startswith(b"\xff\xd8\xff")


async def test_a_bot_that_may_not_fetch_from_its_own_network_shows_nothing_of_it(
    studio: Studio,
) -> None:
    async with PictureHost() as host, open_fetcher(is_public) as fetcher:
        links = [host.link(f"picture/{second}.jpg") for second in range(4)]
        sheets = Sheets(Drawer(fetcher.fetch_image).draw, studio.upload)

        with pytest.raises(SheetError, match=r"private address \(4\)"):
            await sheets.sheet(REF, links)

        assert (host.asked, studio.uploaded) == ([], [])
