"""Cards are drawn as Slack draws them, and their buttons, menus and links do something."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.slack.entities import Content
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.acts import (
    acknowledged,
    actions,
    button,
    last_message,
    messages,
    option,
    plain,
    section,
    type_in,
)
from tests.bot.sandbox.page.scripted_bot import Json, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

MENU = {"type": "overflow", "action_id": "more", "options": [option("Details"), option("Share")]}
SURE = {
    "title": plain("Are you sure?"),
    "text": {"type": "mrkdwn", "text": "It *stops*."},
    "confirm": plain("Stop it"),
    "deny": plain("Keep it"),
}


async def show(page: Page, scripted: ScriptedBot, blocks: list[Json]) -> Locator:
    """Let the bot answer with *blocks*; the message it becomes."""
    scripted.blocks = blocks
    await type_in(page, "/mediatask show")
    await expect(messages(page)).to_have_count(1)
    return last_message(page)


async def told(slack: LocalSlack, scripted: ScriptedBot) -> Json:
    """The one action the bot hears of."""
    await acknowledged(slack, "action")
    return scripted.actions[0]


async def test_a_press_reaches_the_bot_and_waits_for_its_acknowledgement(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, actions(button("Refresh", "refresh")))
    refresh = card.get_by_role("button", name="Refresh")
    scripted.acks.clear()

    await refresh.click()

    await expect(refresh).to_be_disabled()
    scripted.acks.set()
    await expect(refresh).to_be_enabled()
    action = await told(slack, scripted)
    assert (action["action_id"], action["block_id"]) == ("refresh", "row")
    assert action["value"] == "value of refresh"


async def test_a_press_nobody_takes_is_told_below_the_card(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, actions(button("Refresh", "refresh")))
    slack.deliver_to("http://127.0.0.1:9/")

    await card.get_by_role("button", name="Refresh").click()

    await expect(card.get_by_role("alert")).to_have_text("This did not work (dispatch_failed).")


async def test_a_link_button_opens_its_link_in_a_new_tab_and_tells_the_bot(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    link = f"{slack.page_url}page/state?file=a.mp4&part=1"
    card = await show(page, scripted, actions(button("Play", "open", url=link)))

    async with page.context.expect_page() as opened:
        await card.get_by_role("button", name="Play").click()

    tab = await opened.value
    assert tab.url == link
    assert (await told(slack, scripted))["action_id"] == "open"
    assert await tab.evaluate("window.opener") is None


async def test_a_confirmation_stands_between_the_press_and_the_bot(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, actions(button("Stop", "stop", confirm=SURE)))
    dialog = page.get_by_role("dialog", name="Are you sure?")

    await card.get_by_role("button", name="Stop").click()
    await expect(dialog.locator("strong")).to_have_text("stops")
    await dialog.get_by_role("button", name="Keep it").click()
    await expect(dialog).to_have_count(0)
    before = list(scripted.actions)
    await card.get_by_role("button", name="Stop").click()
    await dialog.get_by_role("button", name="Stop it").click()

    assert before == []
    assert (await told(slack, scripted))["action_id"] == "stop"


async def by_mouse(choice: Locator) -> None:
    await choice.click()


async def by_key(choice: Locator) -> None:
    await choice.press("Enter")


@pytest.mark.parametrize("choose", [by_mouse, by_key])
async def test_an_overflow_menu_tells_which_option_was_chosen(
    page: Page,
    slack: LocalSlack,
    scripted: ScriptedBot,
    choose: Callable[[Locator], Awaitable[None]],
) -> None:
    card = await show(page, scripted, actions(MENU))

    await card.get_by_role("button", name="More options").click()
    await choose(card.locator("[tabindex='0']", has_text="Share"))

    action = await told(slack, scripted)
    assert action["selected_option"]["value"] == "share"
    await expect(card.get_by_text("Details")).to_have_count(0)


async def test_a_select_on_a_card_tells_what_was_chosen(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    choice = {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": plain("Snooze"),
        "options": [option("Hour"), option("Day")],
    }
    card = await show(page, scripted, [section("Alert", accessory=choice)])

    await card.get_by_label("Snooze").select_option("Day")

    assert (await told(slack, scripted))["selected_option"]["value"] == "day"
    await expect(card.get_by_label("Snooze")).to_have_value("day")


async def test_buttons_deep_in_a_card_reach_the_bot_too(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    cards = [
        {
            "type": "card",
            "title": {"type": "mrkdwn", "text": f"Shot {n}"},
            "actions": [button(f"Pick {n}", f"pick:{n}")],
        }
        for n in range(2)
    ]
    shown = await show(page, scripted, [{"type": "carousel", "elements": cards}])

    await shown.get_by_role("button", name="Pick 1").click()

    assert (await told(slack, scripted))["value"] == "value of pick:1"


DRAWN = [
    ("&lt;!channel&gt; &amp; &lt;@U0BOB&gt;", "<!channel> & <@U0BOB>"),
    ("# no heading\n---\n1. no list", "# no heading\n---\n1. no list"),
    ("[no](link) in_a_word \\*", "[no](link) in_a_word \\*"),
    ("<@U0BOB> in <#C0ONCALL>", "@Bob Buchfink in #oncall"),
    (":large_green_circle: :arrows_counterclockwise: :no_such_emoji:", "🟢 🔄 :no_such_emoji:"),
    ("&gt; said\na &gt; b", "said\n\na > b"),
    ("`code` and <https://example.org/?a=1&amp;b=2|a link>", "code and a link"),
]


@pytest.mark.parametrize(("mrkdwn", "seen"), DRAWN)
async def test_mrkdwn_is_drawn_as_slack_draws_it(
    page: Page, scripted: ScriptedBot, mrkdwn: str, seen: str
) -> None:
    card = await show(page, scripted, [section(mrkdwn)])

    drawn = await card.locator(".block").inner_text()

    assert drawn.replace("\u2060", "").replace("\u00a0", " ").strip() == seen


COPY = """() => {
  getSelection().selectAllChildren(document.querySelector(".messages .block"));
  const clipboardData = new DataTransfer();
  document.body.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true }));
  return clipboardData.getData("text/plain");
}"""


async def test_what_is_copied_from_a_card_is_what_the_bot_wrote(
    page: Page, scripted: ScriptedBot
) -> None:
    await show(page, scripted, [section("```a &lt; b &amp;&amp; c\n- d```")])

    copied = await page.evaluate(COPY)

    assert copied.strip() == "a < b && c\n- d"


async def test_a_link_keeps_its_address_and_opens_in_a_new_tab(
    page: Page, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, [section("<https://example.org/?a=1&amp;b=2|here>")])

    link = card.get_by_role("link", name="here")

    await expect(link).to_have_attribute("href", "https://example.org/?a=1&b=2")
    await expect(link).to_have_attribute("target", "_blank")


async def test_plain_text_is_not_formatted(page: Page, scripted: ScriptedBot) -> None:
    card = await show(page, scripted, [{"type": "header", "text": plain("*a* :tada: _b_ `c`")}])

    heading = card.get_by_role("heading")

    await expect(heading).to_have_text("*a* 🎉 _b_ `c`")


async def test_a_table_with_numbers_is_drawn(page: Page, scripted: ScriptedBot) -> None:
    number = {"type": "raw_number", "value": 42, "text": "42"}
    rows = [[{"type": "raw_text", "text": "a_b *.mp4"}, number]]
    card = await show(page, scripted, [{"type": "table", "rows": rows}])

    cells = card.get_by_role("cell")

    await expect(cells).to_have_text(["a_b *.mp4", "42"])


async def test_a_date_is_told_in_the_readers_own_time(page: Page, scripted: ScriptedBot) -> None:
    card = await show(page, scripted, [section("<!date^1700000000^{date_num}|then>")])

    await expect(card).to_contain_text("2023-11-1")
    await expect(card).not_to_contain_text("then")


def slip_in(slack: LocalSlack, *blocks: Json, text: str = "") -> None:
    """Change the message on the page to blocks that the Web API would never have let in."""
    message = slack.messages("C0MEDIA", viewer="U0ALICE")[0]
    slack.backend.workspace.replace(message, Content(text, list(blocks)))


async def test_a_block_the_page_does_not_know_says_so_beside_the_others(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, [section("first")])

    slip_in(slack, {"type": "hologram", "block_id": "h"}, section("fine"))

    await expect(card).to_contain_text("This page cannot draw a “hologram” block; Slack can.")
    await expect(card).to_contain_text("fine")


async def test_a_message_the_renderer_chokes_on_is_shown_as_its_text(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    card = await show(page, scripted, [section("first")])
    said = "Recording &amp; merge <https://example.org|finished>"

    slip_in(slack, {"type": "table", "block_id": "t", "rows": [[None]]}, text=said)

    await expect(card).to_contain_text("Recording & merge finished")
    slip_in(slack, section("drawn again"))
    await expect(card).to_contain_text("drawn again")


async def test_attachments_and_files_stand_below_the_message(
    page: Page, scripted: ScriptedBot
) -> None:
    client = scripted.client
    content = b"\x89PNG not quite a picture"
    upload = await client.files_upload_v2(
        channel="C0MEDIA", filename="sheet.png", title="Contact sheet", file=content
    )
    await client.chat_postMessage(
        channel="C0MEDIA", text="t", attachments=[{"color": "e01e5a", "blocks": [section("deep")]}]
    )

    await expect(messages(page)).to_have_count(2)
    picture = messages(page).first.get_by_role("img", name="Contact sheet")
    await expect(picture).to_have_attribute("src", f"/page/files/{upload['file']['id']}")
    await expect(last_message(page).locator(".attachment")).to_contain_text("deep")


async def test_only_the_pressed_button_waits(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    row = actions(button("Refresh", "refresh"), button("Details", "details"))
    card = await show(page, scripted, row)
    scripted.acks.clear()

    await card.get_by_role("button", name="Refresh").click()

    await expect(card.get_by_role("button", name="Refresh")).to_be_disabled()
    await expect(card.get_by_role("button", name="Details")).to_be_enabled()
    scripted.acks.set()
    assert (await told(slack, scripted))["action_id"] == "refresh"
