"""A real Chromium in front of the local Slack; skipped, with the reason, where there is none."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

import bot.sandbox
from bot.sandbox.clock import SystemClock
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.scripted_bot import ScriptedBot, scripted_bot

PAGE = Path(bot.sandbox.__file__).parent / "page"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
STORIES = (
    {"title": "A finished merge", "command": "tencent merge-1", "text": "Two links."},
    {"title": "A running recording", "command": "record rec-1", "text": "It moves."},
)
SHORTCUTS = (
    {"callback_id": "find", "name": "Look up media tasks", "type": "message"},
    {"callback_id": "ask", "name": "Ask for a task", "type": "global"},
)
PATIENCE_MS = 10_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_FLAGS)
        )
        yield launched
        await launched.close()


@pytest.fixture(scope="module")
def bundle() -> Path:
    if not (PAGE / "dist" / "index.html").is_file():
        pytest.skip("the demo page is not built: make page")
    return PAGE / "dist"


@pytest_asyncio.fixture(loop_scope="module")
async def slack(bundle: Path) -> AsyncIterator[LocalSlack]:
    async with await LocalSlack.start(
        clock=SystemClock(), page_dir=bundle, stories=STORIES, shortcuts=SHORTCUTS
    ) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def scripted(slack: LocalSlack) -> AsyncIterator[ScriptedBot]:
    async with scripted_bot(slack) as connected:
        yield connected


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, slack: LocalSlack) -> AsyncIterator[Page]:
    """The page as a person has just opened it; a fault in its script fails the test."""
    async with await browser.new_context(color_scheme="light", locale="en-US") as context:
        faults: list[str] = []
        opened = await context.new_page()
        opened.set_default_timeout(PATIENCE_MS)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        await opened.goto(slack.page_url)
        await opened.get_by_label("Message #media-team").wait_for()
        yield opened
        assert faults == []
