"""``python -m tests.gallery [name …]``: picture what the bot shows, light and dark."""

import asyncio
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page

from tests.bot.views.shown import HOME, MESSAGES, MODALS
from tests.bot.views.shown_oncall import ONCALL_MESSAGES
from tests.bot.views.shown_watches import WATCH_MESSAGES
from tests.gallery.page import GalleryError, Shown, open_browser, opened

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"
THEMES = ("light", "dark")
MAX_BYTES = 80_000
_COLOURS = (256, 128, 64, 32, 16)
"""A palette of as many as keep a file small; a card has few, thumbnails have many."""
_SETTLED = "document.fonts.ready && [...document.images].every((one) => one.complete)"

_INDEX_HEAD = """# Everything the bot shows

Taken of the demo's own page by `make gallery`; what is shown is in `tests/bot/views/shown.py`.

| | light | dark |
| --- | --- | --- |"""
_NOT_PICTURED = frozenset({"in_chinese", "watch_final_in_chinese", "alert_in_chinese"})
"""The machines that take the pictures have no Chinese font."""
_ANSWERS_ABOUT_ALERTS = frozenset({"alert_late_press"})
_FOR_EVERYBODY = frozenset(
    {
        *("shared", "signed_in_a_channel", "alert", "reported"),
        *(name for name in WATCH_MESSAGES if name.startswith("watch_")),
        *(name for name in ONCALL_MESSAGES if name.startswith(("alert_", "silence_", "oncall_"))),
    }
    - _ANSWERS_ABOUT_ALERTS
)
EVERYTHING = (
    {
        name: Shown(view, is_ephemeral=name not in _FOR_EVERYBODY)
        for name, view in MESSAGES.items()
        if name not in _NOT_PICTURED
    }
    | {name: Shown(modal=view) for name, view in MODALS.items()}
    | {"home": Shown(home=HOME)}
)


def picture_path(name: str, theme: str) -> Path:
    """Tell where the picture of *name* in *theme* is kept."""
    return FOLDER / f"{name.replace('_', '-')}-{theme}.png"


async def take_all(names: list[str]) -> None:
    """Take the pictures of *names* in both themes.

    Raises:
        GalleryError: something is missing here, or a picture is too large.
    """
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "README.md").write_text(index(), "utf-8")
    async with open_browser() as (browser, address):
        for name in names:
            for theme in THEMES:
                content = shrink(await take(browser, address, theme, EVERYTHING[name]))
                path = picture_path(name, theme)
                path.write_bytes(content)
                print(f"{path.name} {len(content):,} bytes", flush=True)


def index() -> str:
    """Write the page that shows all pictures side by side."""
    rows = (
        f"| `{name}` | ![{name}, light]({picture_path(name, 'light').name}) "
        f"| ![{name}, dark]({picture_path(name, 'dark').name}) |"
        for name in EVERYTHING
    )
    return "\n".join((_INDEX_HEAD, *rows)) + "\n"


async def take(browser: Browser, address: str, theme: str, shown: Shown) -> bytes:
    """Take one picture, when fonts and thumbnails are there."""
    async with opened(browser, address, theme, shown) as page:
        target = await _find(page, shown)
        await page.wait_for_function(_SETTLED)
        return await target.screenshot(animations="disabled")


async def _find(page: Page, shown: Shown) -> Locator:
    if shown.modal:
        return page.get_by_role("dialog")
    if shown.home:
        await page.get_by_role("button", name="MediaTask").last.click()
        return page.locator(".home-inner")
    return page.get_by_role("article")


def shrink(content: bytes) -> bytes:
    """Write a picture with a palette, of as many colours as its size allows.

    Raises:
        GalleryError: it is too large even so.
    """
    with Image.open(io.BytesIO(content)) as opened_image:
        image = opened_image.convert("RGB")
    attempts = (_with_palette(image, colours) for colours in _COLOURS)
    fitting = next((one for one in attempts if len(one) <= MAX_BYTES), None)
    if fitting is None:
        raise GalleryError(f"a picture has over {MAX_BYTES:,} bytes with {_COLOURS[-1]} colours")
    return fitting


def _with_palette(image: Image.Image, colours: int) -> bytes:
    buffer = io.BytesIO()
    image.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def main() -> int:
    """Take the pictures named, or all; 1 where that cannot be done here."""
    names = sys.argv[1:] or list(EVERYTHING)
    if unknown := set(names) - EVERYTHING.keys():
        print(f"there is no {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    try:
        asyncio.run(take_all(names))
    except GalleryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
