"""Without its bundle the page is plain text, says so, and is still usable."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.clock import SystemClock
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.acts import acknowledged, actions, button, section
from tests.bot.sandbox.page.conftest import PATIENCE_MS, STORIES
from tests.bot.sandbox.page.scripted_bot import ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def slack() -> AsyncIterator[LocalSlack]:
    """A Slack without a built page."""
    async with await LocalSlack.start(clock=SystemClock(), stories=STORIES) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, slack: LocalSlack) -> AsyncIterator[Page]:
    async with await browser.new_context() as context:
        opened = await context.new_page()
        opened.set_default_timeout(PATIENCE_MS)
        await opened.goto(slack.page_url)
        yield opened


def lines(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("listitem")


async def test_it_says_what_it_is_and_how_to_get_the_full_page(page: Page) -> None:
    note = page.get_by_role("note")

    await expect(note).to_contain_text("plain-text fallback")
    await expect(note).to_contain_text("make page")


async def test_a_command_is_answered_in_text_with_plain_buttons(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    scripted.text = "Recording finished &lt;ok&gt; <https://example.org|watch>"
    scripted.blocks = [section("drawn elsewhere"), *actions(button("Refresh", "refresh"))]

    await page.get_by_label("Message or command").fill("/mediatask record rec-1")
    await page.get_by_label("Message or command").press("Enter")
    await page.get_by_role("button", name="Refresh").click()

    await expect(lines(page)).to_contain_text(
        ["Recording finished <ok> watch (https://example.org)"]
    )
    await expect(lines(page)).to_contain_text(["app, only visible to you"])
    await acknowledged(slack, "action")
    action = scripted.actions[0]
    assert (action["action_id"], action["block_id"]) == ("refresh", "row")


async def test_a_story_is_one_click_away(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    await page.get_by_role("button", name="A running recording").click()

    await acknowledged(slack, "command")
    assert scripted.commands == ["record rec-1"]


async def test_messages_move_and_vanish_where_they_stand(page: Page, scripted: ScriptedBot) -> None:
    posted = await scripted.client.chat_postMessage(channel="C0MEDIA", text="running")
    await expect(lines(page)).to_contain_text(["running"])

    await scripted.client.chat_update(channel="C0MEDIA", ts=posted["ts"], text="finished")
    await expect(lines(page)).to_contain_text(["finished"])
    await scripted.client.chat_delete(channel="C0MEDIA", ts=posted["ts"])

    await expect(lines(page)).to_have_count(0)


async def test_the_channel_is_chosen_from_a_list(page: Page, scripted: ScriptedBot) -> None:
    await scripted.client.chat_postMessage(channel="C0ONCALL", text="over here")
    await expect(lines(page)).to_have_count(0)

    await page.get_by_label("Channel").select_option("#oncall")

    await expect(lines(page)).to_contain_text(["over here"])


async def test_a_command_nobody_takes_is_told(page: Page) -> None:
    await page.get_by_label("Message or command").fill("/mediatask help")
    await page.get_by_role("button", name="Send").click()

    await expect(page.get_by_role("status")).to_have_text("This did not work: dispatch_failed")
