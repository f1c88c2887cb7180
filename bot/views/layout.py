"""The few blocks our views are built of, as plain dicts, with Slack's limits beside them.

Source: docs.slack.dev, "Blocks" and "Block elements", read 2026-11. slack_sdk's block models lag
behind Slack and drop what they do not know, so none are used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views.text import plain
from bot.views.words import ENGLISH, Words

Block = dict[str, Any]

MAX_BLOCKS = 50
MAX_SECTION = 3000
MAX_BUTTON_TEXT = 75
MAX_BUTTON_VALUE = 2000
MAX_URL = 3000
MAX_TITLE = 150
MAX_CARD_BODY = 200
MAX_VIEW_TITLE = 24
MAX_VIEW_BLOCKS = 100
MAX_ALT = 500  # Slack takes 2000; a screen reader reads all of it


@dataclass(frozen=True, slots=True)
class View:
    """A message: what is drawn, and one complete line for screen readers and notifications."""

    blocks: list[Block]
    text: str


def plain_text(text: str, limit: int) -> Block:
    """Write text that Slack does not format, cut to *limit* characters."""
    return {"type": "plain_text", "text": plain(text, limit)}


def mrkdwn(text: str) -> Block:
    """Write marked-up text; bare links and names in it stay text."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """Write a large heading."""
    return {"type": "header", "text": plain_text(text, MAX_TITLE)}


def packed(lines: Iterable[str], most: int) -> list[Block]:
    """Write the first of *lines*, each under 3000 characters, that fit into *most* sections."""
    pages: list[str] = []
    for line in lines:
        if pages and len(pages[-1]) + len(line) < MAX_SECTION:
            pages[-1] += f"\n{line}"
        elif len(pages) < most:
            pages.append(line)
        else:
            break
    return [section(page) for page in pages]


def section(text: str, accessory: Block | None = None) -> Block:
    """Write a paragraph of at most 3000 characters, with a button or a picture beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def paragraph(text: str) -> list[Block]:
    """Write a section, or none where there is nothing to say."""
    return [section(text)] if text else []


def field_grid(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Lay at most ten labelled values, of at most 1900 characters each, in two columns."""
    if not pairs:
        return []
    return [{"type": "section", "fields": [mrkdwn(f"*{name}*\n{value}") for name, value in pairs]}]


def context(texts: Iterable[str]) -> list[Block]:
    """Write up to ten small grey remarks; none at all give no block."""
    elements = [mrkdwn(text) for text in texts if text]
    return [{"type": "context", "elements": elements}] if elements else []


def actions(elements: Sequence[Block]) -> list[Block]:
    """Lay up to 25 buttons in a row; none at all give no block."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def button(label: str, action_id: str, value: str) -> Block:
    """Make a button that comes back to the bot with *value*, of at most 2000 characters."""
    return {
        "type": "button",
        "text": plain_text(label, MAX_BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
    }


def link_button(label: str, action_id: str, url: str, spoken: str) -> Block:
    """Make a button that opens *url*; Slack sends its ``action_id`` too when it is pressed."""
    return {
        "type": "button",
        "text": plain_text(label, MAX_BUTTON_TEXT),
        "action_id": action_id,
        "url": url,
        "accessibility_label": plain(spoken, MAX_BUTTON_TEXT),
    }


def image(url: str, title: str, alt: str) -> Block:
    """Show the picture that Slack's servers fetch from *url*."""
    return {
        "type": "image",
        "image_url": url,
        "title": plain_text(title, MAX_TITLE),
        "alt_text": plain(alt, MAX_ALT),
    }


def copyable(caption: str, line: str) -> Block:
    """Show *line*, which needs no escaping, with Slack's copy button under a caption."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": caption}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": line}]},
        ],
    }


def uploaded_image(file_id: str, title: str, alt: str) -> Block:
    """Show a picture that the bot has uploaded to Slack."""
    return {
        "type": "image",
        "slack_file": {"id": file_id},
        "title": plain_text(title, MAX_TITLE),
        "alt_text": plain(alt, MAX_ALT),
    }


def without_images(view: View, words: Words = ENGLISH) -> View:
    """Take the pictures out and say so, for Slack refuses a whole message over one of them."""
    kept = [bare for block in view.blocks if (bare := _bare(block))]
    if kept == view.blocks:
        return view
    return View([*kept[: MAX_BLOCKS - 1], *context([words("images_refused")])], view.text)


def carousel_buttons(block: Block) -> list[Block]:
    """Keep of a carousel its cards' buttons, in a row, for where there can be no carousel."""
    return actions([one for card in block["elements"] for one in card.get("actions", ())])


def _bare(block: Block) -> Block | None:
    """Strip a block of its pictures; None where nothing is left."""
    if block["type"] == "image":
        return None
    if block["type"] == "carousel":
        return next(iter(carousel_buttons(block)), None)
    if block["type"] == "context":
        rest = [element for element in block["elements"] if element["type"] != "image"]
        return block | {"elements": rest} if rest else None
    if block.get("accessory", {}).get("type") == "image":
        return {key: value for key, value in block.items() if key != "accessory"}
    return block
