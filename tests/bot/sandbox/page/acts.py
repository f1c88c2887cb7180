"""What the tests do on the page, and where they look."""

from typing import Any

from playwright.async_api import Locator, Page

from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.scripted_bot import Json


async def type_in(page: Page, text: str, box: str = "Message #media-team") -> None:
    """Type into a composer and press Enter."""
    await page.get_by_label(box).fill(text)
    await page.get_by_label(box).press("Enter")


def messages(page: Page) -> Locator:
    """Every message of the open channel."""
    return page.get_by_role("log", name="Messages in #media-team").get_by_role("article")


def last_message(page: Page) -> Locator:
    """The message at the end of the open channel."""
    return messages(page).last


async def acknowledged(slack: LocalSlack, kind: str, times: int = 1) -> None:
    """Wait until the bot's acknowledgements have come back, so that nothing is left under way."""
    await slack.wait_for(lambda: [done for done, _ in slack.acks].count(kind) >= times)


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, **more: Any) -> Json:
    """A section in mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    """A button that carries its action id as its value."""
    named = {"type": "button", "text": plain(text), "action_id": action_id}
    return named | {"value": f"value of {action_id}"} | more


def actions(*elements: Json) -> list[Json]:
    """A message of one row of elements."""
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def option(text: str) -> Json:
    """A choice whose value is its text in lower case."""
    return {"text": plain(text), "value": text.lower()}
