"""The frame of a modal: its title, its buttons, and what comes back with it."""

from collections.abc import Sequence
from typing import Any

from bot.views.layout import (
    MAX_VIEW_BLOCKS,
    MAX_VIEW_TITLE,
    Block,
    View,
    actions,
    carousel_buttons,
    plain_text,
)
from bot.views.words import ENGLISH, Words


def modal(title: str, blocks: Sequence[Block], words: Words, **more: Any) -> dict[str, Any]:
    """Frame *blocks*, of which Slack takes a hundred; *more* are keys of Slack's view object."""
    return {
        "type": "modal",
        "title": plain_text(title, MAX_VIEW_TITLE),
        "close": plain_text(words("button.close"), MAX_VIEW_TITLE),
        "blocks": list(blocks[:MAX_VIEW_BLOCKS]),
        **more,
    }


def form(callback_id: str, submit: str, words: Words) -> dict[str, Any]:
    """Make a modal one that is submitted, under *callback_id*."""
    return {"callback_id": callback_id, "submit": plain_text(submit, MAX_VIEW_TITLE)} | {
        "close": plain_text(words("button.cancel"), MAX_VIEW_TITLE)
    }


def render_in_modal(view: View, words: Words = ENGLISH) -> dict[str, Any]:
    """Show a card where there is no conversation to answer in: after a form, or from Home.

    A carousel cannot stand in a modal, so a gallery's cards become their buttons; and there is no
    channel to share to.
    """
    blocks = [kept for block in view.blocks for kept in _for_modal(block)]
    return modal(words("modal.title"), blocks, words)


def _for_modal(block: Block) -> list[Block]:
    match block["type"]:
        case "carousel":
            return carousel_buttons(block)
        case "actions":
            return actions([one for one in block["elements"] if one["action_id"] != "share"])
        case _:
            return [block]
