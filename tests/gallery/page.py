"""The demo's page in a real Chromium, showing what it is handed at an hour that stands still.

The page runs against a local Slack as it does in the demo; only its first snapshot of the
workspace is changed on the way, and pictures come from here instead of from example addresses.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Route, async_playwright

import bot.sandbox
from bot.captions import time_code
from bot.contact_sheet import Tile, compose, make_picture
from bot.sandbox import media
from bot.sandbox.clock import SystemClock
from bot.sandbox.slack import seed
from bot.sandbox.slack.page_json import with_file_addresses
from bot.sandbox.slack.server import LocalSlack
from bot.views.layout import View
from tests.bot.views.samples import NOW

BUNDLE = Path(bot.sandbox.__file__).parent / "page" / "dist"
CHANNEL = "C0MEDIA"
_WIDTH, _HEIGHT = 1000, 2400
_STYLE = ".toolbar, .day-line { display: none !important; }"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
_SHEET_EDGE = 160

Json = dict[str, Any]


class GalleryError(Exception):
    """No pictures can be taken here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page starts with beside its empty channel."""

    message: View | None = None
    is_ephemeral: bool = True
    """Whether only the person who asked sees the message."""
    modal: Json | None = None
    home: Json | None = None


@asynccontextmanager
async def open_browser() -> AsyncIterator[tuple[Browser, str]]:
    """Start the local Slack and Chromium; give the browser and the page's address.

    Raises:
        GalleryError: there is no Chromium, or the page has not been built.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise GalleryError("there is no chromium on this machine")
    if not (BUNDLE / "index.html").is_file():
        raise GalleryError("the demo page is not built: make page")
    async with (
        await LocalSlack.start(clock=SystemClock(), page_dir=BUNDLE) as slack,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            yield browser, slack.page_url
        finally:
            await browser.close()


@asynccontextmanager
async def opened(browser: Browser, address: str, theme: str, shown: Shown) -> AsyncIterator[Page]:
    """Open the page in *theme* (``light``, ``dark``) with what is to be *shown* on it."""
    context = await browser.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT},
        device_scale_factor=1,
        locale="en-US",
        timezone_id="Europe/Berlin",
        bypass_csp=True,  # what waits for the pictures is a script of ours
    )
    async with context:
        page = await context.new_page()
        await page.clock.set_fixed_time(NOW)

        async def give_state(route: Route) -> None:
            response = await route.fetch()
            await route.fulfill(json=_staged(await response.json(), shown))

        await page.route("**/page/state", give_state)
        await page.route("**/page/files/*", _give_sheet)
        await page.route("https://cdn.example/**", _give_picture)
        await page.goto(f"{address}?theme={theme}")
        await page.add_style_tag(content=_STYLE)
        await page.get_by_label("Message #media-team").wait_for()
        yield page


def _staged(state: Json, shown: Shown) -> Json:
    messages: dict[str, list[Json]] = {channel: [] for channel in state["messages"]}
    if shown.message:
        messages[CHANNEL] = [_message(shown.message, is_ephemeral=shown.is_ephemeral)]
    return state | {
        "messages": messages,
        "view": shown.modal and _view(shown.modal),
        "home": shown.home and _view(shown.home),
    }


def _message(view: View, *, is_ephemeral: bool) -> Json:
    return {
        "ts": f"{NOW.timestamp():.6f}",
        "channel": CHANNEL,
        "user": seed.BOT_USER,
        "username": "MediaTask",
        "is_bot": True,
        "attachments": [],
        "files": [],
        "ephemeral": is_ephemeral,
        "text": view.text,
        "blocks": with_file_addresses(view.blocks),
    }


def _view(body: Json) -> Json:
    return {"id": "V0GALLERY", "hash": "1", "state": {"values": {}}, **body}


async def _give_picture(route: Route) -> None:
    name = Path(urlsplit(route.request.url).path).stem
    second = int(name) if name.isdigit() else 0
    await route.fulfill(body=media.make_picture(second), content_type="image/jpeg")


async def _give_sheet(route: Route) -> None:
    tiles = [
        Tile(time_code(second), make_picture(media.make_picture(second), _SHEET_EDGE))
        for second in range(0, 120, 10)
    ]
    await route.fulfill(body=compose(tiles, 4), content_type="image/jpeg")
