"""A person uses the demo page: types, reads, goes from channel to channel."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.acts import acknowledged, last_message, messages, section, type_in
from tests.bot.sandbox.page.conftest import PATIENCE_MS
from tests.bot.sandbox.page.scripted_bot import ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_typed_command_is_answered_with_a_card_only_its_author_sees(
    page: Page, scripted: ScriptedBot
) -> None:
    scripted.blocks = [section(":white_check_mark: *Recording* finished")]

    await type_in(page, "/mediatask record rec-1")

    card = last_message(page)
    await expect(card.locator("strong")).to_have_text("Recording")
    await expect(card).to_contain_text("Only visible to you")
    await expect(card).to_contain_text("APP")
    await expect(card).to_contain_text("✅")
    await expect(page.get_by_text(re.compile(r"command acknowledged in \d+ ms"))).to_be_visible()
    assert scripted.commands == ["record rec-1"]


async def test_a_story_is_one_click_away(page: Page, scripted: ScriptedBot) -> None:
    await page.get_by_role("button", name="A running recording").click()

    await expect(last_message(page)).to_contain_text("the answer")
    assert scripted.commands == ["record rec-1"]


async def test_tab_takes_the_command_that_is_hinted(page: Page, scripted: ScriptedBot) -> None:
    box = page.get_by_label("Message #media-team")
    await box.press_sequentially("/mediatask t")
    await expect(page.get_by_role("option")).to_have_text([re.compile("A finished merge")])

    await box.press("Tab")

    await expect(box).to_have_value("/mediatask tencent merge-1")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    assert scripted.commands == []


async def test_hints_are_walked_with_the_arrow_keys_and_put_away_with_escape(page: Page) -> None:
    box = page.get_by_label("Message #media-team")
    await box.press_sequentially("/")
    chosen = page.get_by_role("option", selected=True)
    await expect(chosen).to_contain_text("/mediatask [provider]")

    await box.press("ArrowUp")

    await expect(chosen).to_contain_text("A running recording")
    await box.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)


async def test_shift_and_enter_break_the_line(page: Page, slack: LocalSlack) -> None:
    box = page.get_by_label("Message #media-team")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")

    await box.press("Enter")

    await expect(last_message(page)).to_contain_text("one\ntwo", use_inner_text=True)
    assert [message.text for message in slack.messages("C0MEDIA")] == ["one\ntwo"]


async def test_only_ephemeral_messages_are_gone_after_a_reload(
    page: Page, scripted: ScriptedBot
) -> None:
    await scripted.client.chat_postMessage(channel="C0MEDIA", text="for everybody")
    await type_in(page, "/mediatask help")
    await expect(messages(page)).to_have_count(2)

    await page.reload()

    await expect(messages(page)).to_have_count(1)
    await expect(last_message(page)).to_contain_text("for everybody")


async def test_an_updated_message_moves_where_it_stands(page: Page, scripted: ScriptedBot) -> None:
    posted = await scripted.client.chat_postMessage(
        channel="C0MEDIA", text="running", blocks=[section("*running* 10 %")]
    )
    await expect(last_message(page)).to_contain_text("10 %")

    await scripted.client.chat_update(
        channel="C0MEDIA", ts=posted["ts"], text="done", blocks=[section("*finished*")]
    )

    await expect(last_message(page)).to_contain_text("finished")
    await expect(last_message(page)).to_contain_text("(edited)")
    await expect(messages(page)).to_have_count(1)


async def test_a_deleted_message_leaves_the_page(page: Page, scripted: ScriptedBot) -> None:
    posted = await scripted.client.chat_postMessage(channel="C0MEDIA", text="a slip")
    await expect(messages(page)).to_have_count(1)

    await scripted.client.chat_delete(channel="C0MEDIA", ts=posted["ts"])

    await expect(messages(page)).to_have_count(0)


async def test_what_arrives_elsewhere_is_counted_until_it_is_read(
    page: Page, scripted: ScriptedBot
) -> None:
    for text in ("first", "second"):
        await scripted.client.chat_postMessage(channel="C0ONCALL", text=text)
    oncall = page.get_by_role("navigation").get_by_role("button", name="oncall")
    await expect(oncall.get_by_label("2 unread")).to_be_visible()

    await oncall.click()

    await expect(page.get_by_role("log", name="Messages in #oncall")).to_contain_text("second")
    await expect(oncall.get_by_label("unread")).to_have_count(0)
    await expect(oncall).to_have_attribute("aria-current", "page")


async def test_a_thread_opens_beside_the_channel_and_takes_replies(
    page: Page, scripted: ScriptedBot
) -> None:
    posted = await scripted.client.chat_postMessage(channel="C0MEDIA", text="the parent")
    await scripted.client.chat_postMessage(
        channel="C0MEDIA", text="from the bot", thread_ts=posted["ts"]
    )

    await page.get_by_role("button", name="1 reply").click()
    await type_in(page, "from Alice", box="Reply…")

    pane = page.get_by_role("complementary", name="Thread")
    await expect(pane.get_by_role("article")).to_contain_text(
        ["the parent", "from the bot", "from Alice"]
    )
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(messages(page)).to_have_count(1)
    await pane.get_by_role("button", name="Close thread").click()
    await expect(pane).to_have_count(0)


async def test_a_command_in_a_thread_is_refused_as_slack_does(
    page: Page, scripted: ScriptedBot
) -> None:
    await scripted.client.chat_postMessage(channel="C0MEDIA", text="the parent")
    await last_message(page).hover()
    await page.get_by_role("button", name="Reply in thread").click()

    await type_in(page, "/mediatask help", box="Reply…")

    pane = page.get_by_role("complementary", name="Thread")
    await expect(pane).to_contain_text("/mediatask is not supported in threads. Sorry!")
    assert scripted.commands == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/mediatask help", '/mediatask failed with the error "dispatch_failed"'),
        ("/mediatsk help", "/mediatsk is not a valid command."),
    ],
)
async def test_a_command_nobody_takes_is_answered_by_slackbot(
    page: Page, typed: str, said: str
) -> None:
    await type_in(page, typed)

    await expect(last_message(page)).to_contain_text("Slackbot")
    await expect(last_message(page)).to_contain_text(said)
    await expect(messages(page)).to_have_count(1)


async def test_the_theme_is_switched_and_kept(page: Page) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")

    await page.get_by_role("button", name="Use the dark theme").click()
    await page.reload()

    await expect(root).to_have_attribute("data-theme", "dark")
    await expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()


async def test_shortcuts_are_run_on_a_message_and_from_the_sidebar(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    posted = await scripted.client.chat_postMessage(channel="C0MEDIA", text="see rec-1")

    await last_message(page).hover()
    await page.get_by_role("button", name="Look up media tasks").click()
    await page.get_by_role("button", name="Ask for a task").click()

    await acknowledged(slack, "shortcut", times=2)
    assert [one["callback_id"] for one in scripted.shortcuts] == ["find", "ask"]
    assert scripted.shortcuts[0]["message"]["ts"] == posted["ts"]


async def test_the_home_tab_shows_what_the_bot_publishes(page: Page, scripted: ScriptedBot) -> None:
    scripted.home = {"type": "home", "blocks": [section("Recent lookups")]}

    apps = page.get_by_role("listitem").filter(has_text="MediaTask").last
    await apps.get_by_role("button").click()

    await expect(page.get_by_role("region", name="Home tab")).to_have_text("Recent lookups")


async def test_a_channel_without_the_bot_says_so(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="random").click()

    await expect(page.get_by_text("MediaTask is not in here")).to_be_visible()


async def test_after_a_lost_connection_the_page_catches_up_and_keeps_what_only_it_had(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    await type_in(page, "/mediatask help")
    await expect(messages(page)).to_have_count(1)

    slack.backend.workspace.changes.announce(Change("closing"))
    await expect(page.get_by_role("alert")).to_contain_text("No connection to the demo")
    await scripted.client.chat_postMessage(channel="C0MEDIA", text="said meanwhile")

    await expect(page.get_by_role("alert")).to_have_count(0, timeout=PATIENCE_MS)
    await expect(messages(page)).to_contain_text(["the answer", "said meanwhile"])


async def test_a_demo_that_ended_is_noticed(page: Page, slack: LocalSlack) -> None:
    await slack.close()

    await expect(page.get_by_role("alert")).to_contain_text("No connection to the demo")


async def test_the_page_asks_nobody_but_its_own_server(page: Page, slack: LocalSlack) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.reload()
    await type_in(page, "hello")
    await expect(last_message(page)).to_contain_text("hello")

    assert {url for url in asked if not url.startswith((slack.page_url, "data:"))} == set()
    assert f"{slack.page_url}assets/app.js" in asked
