"""Blocks and views that the tests post."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "a section") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str = "refresh", value: str = "tencent:1") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements or (button(),))}


def menu(action_id: str = "provider") -> Json:
    return {"type": "static_select", "action_id": action_id, "options": [option("a"), option("b")]}


def option(value: str) -> Json:
    return {"text": plain(value.upper()), "value": value}


def image(url: str) -> Json:
    return {"type": "image", "image_url": url, "alt_text": "a frame"}


def text_input(block_id: str = "id", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Id"),
        "element": element,
    } | more


def modal(*blocks: Json, **more: Any) -> Json:
    shown = {"type": "modal", "title": plain("Look up"), "submit": plain("Look up")}
    return shown | {"blocks": list(blocks or (text_input(),))} | more


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks or (section("at home"),))}
