"""Somebody uses the whole demo in a real browser: the page, the bot and the vendors together."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.demo import PAGE, Demo, open_demo
from tests.bot.sandbox.page.acts import last_message, messages, type_in
from tests.bot.sandbox.page.conftest import CHROMIUM_FLAGS, PATIENCE_MS
from tests.fakes.moving_clock import MovingClock

pytestmark = pytest.mark.browser


@pytest.fixture
async def demo(cloud_clock: MovingClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Demo]:
    """The demo, with vendors whose time the test can set forward."""
    monkeypatch.setattr("bot.demo.SandboxClock", lambda: cloud_clock)
    async with open_demo() as running:
        yield running


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Page]:
    """The page as somebody has just opened it; a fault in its script fails the test."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    if not (PAGE / "dist" / "index.html").is_file():
        pytest.skip("the demo page is not built: make page")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_FLAGS)
        )
        faults: list[str] = []
        opened = await browser.new_page(locale="en-US")
        opened.set_default_timeout(PATIENCE_MS)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        await opened.goto(demo.slack.page_url)
        yield opened
        await browser.close()
        assert faults == []


async def test_a_story_is_clicked_and_refreshed_until_the_merge_is_done(
    page: Page, cloud_clock: MovingClock
) -> None:
    await page.get_by_role("button", name="A merge that finishes while you watch").click()
    card = last_message(page)
    await expect(card).to_contain_text("Queued")

    for seconds, state in ((5, "Running"), (20, "Done")):
        cloud_clock.skip(seconds)
        await card.get_by_role("button", name="Refresh").click()
        await expect(card).to_contain_text(state)

    await expect(card.get_by_role("button", name="Play")).to_be_visible()
    await expect(messages(page)).to_have_count(1)


async def test_one_task_of_a_batch_is_shown_whole(page: Page) -> None:
    await type_in(page, "/mediatask record X3CgNeE4I1qAAABN LostFilesAAAAAA1")
    batch = last_message(page)
    await expect(batch).to_contain_text("2 tasks")

    await batch.get_by_role("button", name="Show").first.click()

    await expect(messages(page)).to_have_count(2)
    await expect(last_message(page)).to_contain_text("Failed")
    await expect(last_message(page)).to_contain_text("LostFilesAAAAAA1")


async def test_pictures_of_the_vendor_are_seen(page: Page) -> None:
    await page.get_by_role("button", name="Nine thumbnails of a video").click()

    pictures = last_message(page).get_by_role("img", name="Thumbnail")
    await expect(pictures).to_have_count(3)
    loaded = "picture => picture.complete && picture.naturalWidth > 0"
    await expect(pictures.first).to_be_visible()
    assert await pictures.first.evaluate(loaded)
