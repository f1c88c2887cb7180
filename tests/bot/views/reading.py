"""What a reader finds in a view."""

from collections.abc import Iterator
from typing import Any

from bot.views.layout import Block, View


def elements(view: View) -> list[Block]:
    """Everything drawn, blocks and what is in them."""
    return [node for block in view.blocks for node in _walk(block)]


def _walk(value: Any) -> Iterator[Block]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item)
    if isinstance(value, dict):
        yield value
        yield from _walk(list(value.values()))


def buttons(view: View) -> dict[str, Block]:
    """The buttons by their action."""
    return {node["action_id"]: node for node in elements(view) if node.get("type") == "button"}


def images(view: View) -> list[str]:
    """The addresses of the pictures shown."""
    return [node["image_url"] for node in elements(view) if node.get("type") == "image"]


def prose(view: View) -> str:
    """All text of the blocks, in order."""
    texts = (node.get("text") for node in elements(view))
    return "\n".join(text for text in texts if isinstance(text, str))
