"""What Slack would say to a message or a view: every problem, as ``/blocks/3/text/text: …``.

Shapes, limits and surfaces are those of Slack's reference (docs.slack.dev, "Blocks", "Views" and
"chat.postMessage", read 2026-11). Slack wants an ``action_id`` unique within its block; here it is
held to the whole message, so that a button can be told by its ``action_id`` alone.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from bot.sandbox.slack.block_elements import (
    ACCESSORIES,
    ACTION_ELEMENTS,
    CARD,
    CONTEXT_ACTIONS,
    IDENTIFIER,
    IMAGE,
    IMAGE_BLOCK,
    INPUT_ELEMENTS,
    RICH_TEXT_BLOCK,
)
from bot.sandbox.slack.block_rules import (
    Rule,
    array,
    at_least_one,
    fields,
    flag,
    mrkdwn_or_plain,
    number,
    one_of,
    pick,
    plain,
    tagged,
    text,
    url,
)

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_TEXT = 40_000

_ID: dict[str, Rule] = {"block_id": IDENTIFIER}
_RICH_TEXT: dict[str, Rule] = {"rich_text": RICH_TEXT_BLOCK}
_RAW: dict[str, Rule] = {
    "raw_text": fields({"text": text(20_000)}),
    "raw_number": fields({"value": number(float("-inf")), "text": text(255)}),
}
_ROW = array(tagged(_RAW | _RICH_TEXT), 1, 20)
_COLUMN = fields({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})
_SOURCE = tagged({"url": fields({"url": url(), "text": text(3000)})})
_TASK_CARD = fields(
    {
        "task_id": text(255),
        "title": text(3000),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {
        **_ID,
        "details": tagged(_RICH_TEXT),
        "output": tagged(_RICH_TEXT),
        "sources": array(_SOURCE, 1, 100),
    },
)
_SERIES = fields(
    {
        "name": text(20),
        "data": array(fields({"label": text(20), "value": number(float("-inf"))}), 1, 20),
    }
)
_AXES = fields({"categories": array(text(20), 1, 20)}, {"x_label": text(50), "y_label": text(50)})
_PLOT = fields({"series": array(_SERIES, 1, 12), "axis_config": _AXES})
_SLICE = fields({"label": text(20), "value": number(0)})
_CHART = tagged(
    {
        "pie": fields({"segments": array(_SLICE, 1, 12)}),
        **dict.fromkeys(("bar", "area", "line"), _PLOT),
    }
)

_KINDS: dict[str, Rule] = {
    "section": fields(
        {},
        {
            **_ID,
            "text": mrkdwn_or_plain(3000),
            "fields": array(mrkdwn_or_plain(2000), 1, 10),
            "accessory": tagged(ACCESSORIES),
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
    "header": fields({"text": plain(150)}, {**_ID, "level": number(1, 4)}),
    "divider": fields({}, _ID),
    "image": IMAGE_BLOCK,
    "context": fields(
        {
            "elements": array(
                tagged(
                    {
                        "image": IMAGE,
                        "mrkdwn": fields({"text": text(3000)}, {"verbatim": flag}),
                        "plain_text": fields({"text": text(3000)}, {"emoji": flag}),
                    }
                ),
                1,
                10,
            )
        },
        _ID,
    ),
    "actions": fields({"elements": array(tagged(ACTION_ELEMENTS), 1, 25)}, _ID),
    "rich_text": RICH_TEXT_BLOCK,
    "input": fields(
        {"label": plain(2000), "element": tagged(INPUT_ELEMENTS)},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "video": fields(
        {"alt_text": text(2000), "title": plain(199), "thumbnail_url": url(), "video_url": url()},
        {
            **_ID,
            "title_url": url(),
            "description": plain(199),
            "author_name": text(49),
            "provider_name": text(255),
            "provider_icon_url": url(),
        },
    ),
    "markdown": fields({"text": text(12_000)}, _ID),
    "table": fields(
        {"rows": array(_ROW, 1, 100)}, {**_ID, "column_settings": array(_COLUMN, 1, 20)}
    ),
    "data_table": fields(
        {"caption": text(3000), "rows": array(_ROW, 2, 201)},
        {**_ID, "page_size": number(1, 100), "row_header_column_index": number(0, 19)},
    ),
    "data_visualization": fields({"title": text(50), "chart": _CHART}, _ID),
    "card": CARD,
    "carousel": fields({"elements": array(tagged({"card": CARD}), 1, 10)}, _ID),
    "task_card": _TASK_CARD,
    "plan": fields(
        {"title": text(3000)}, {**_ID, "tasks": array(tagged({"task_card": _TASK_CARD}), 1, 50)}
    ),
    "context_actions": fields({"elements": array(tagged(CONTEXT_ACTIONS), 1, 5)}, _ID),
    "alert": fields(
        {"text": mrkdwn_or_plain(200)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
}
_CONTAINED = (
    *("actions", "context", "divider", "header", "image", "input", "rich_text", "section"),
    *("table", "video"),
)
_KINDS["container"] = fields(
    {
        "title": plain(150),
        "child_blocks": array(tagged(pick(_KINDS, _CONTAINED)), 1, 10),
    },
    {
        **_ID,
        "subtitle": mrkdwn_or_plain(150),
        "icon": tagged({"image": IMAGE}),
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
)

_SURFACES: dict[str, str] = {
    "actions": "message modal home",
    "alert": "modal",
    "card": "message modal home",
    "carousel": "message home",
    "container": "message",
    "context": "message modal home",
    "context_actions": "message",
    "data_table": "message home",
    "data_visualization": "message",
    "divider": "message modal home",
    "header": "message modal home",
    "image": "message modal home",
    "input": "message modal home",
    "markdown": "message",
    "plan": "message",
    "rich_text": "message modal home",
    "section": "message modal home",
    "table": "message home",
    "task_card": "message",
    "video": "message modal home",
}
_KEPT_OFF: dict[str, tuple[str, ...]] = {
    "message": ("file_input", "number_input", "rich_text_input"),
    "modal": ("workflow_button",),
    "home": ("datetimepicker", "email_text_input", "file_input", "number_input", "url_text_input"),
}


def _blocks(surface: str, maximum: int) -> Rule:
    allowed = [kind for kind, surfaces in _SURFACES.items() if surface in surfaces.split()]
    return array(tagged(pick(_KINDS, allowed)), 0, maximum)


_MESSAGE = _blocks("message", MAX_MESSAGE_BLOCKS)
_VIEW: dict[str, Rule] = {
    "callback_id": IDENTIFIER,
    "external_id": IDENTIFIER,
    "private_metadata": text(3000, 0),
}
_VIEWS: dict[str, Rule] = {
    "modal": fields(
        {"title": plain(24), "blocks": _blocks("modal", MAX_VIEW_BLOCKS)},
        {
            **_VIEW,
            "submit": plain(24),
            "close": plain(24),
            **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), flag),
        },
    ),
    "home": fields({"blocks": _blocks("home", MAX_VIEW_BLOCKS)}, _VIEW),
}


def validate_message(blocks: Any, text: Any = "") -> list[str]:
    """Tell why Slack would refuse this message; nothing where it would take it.

    *blocks* may be None or empty where *text* says something.
    """
    problems = list(_message_text(blocks, text))
    if blocks is not None:
        problems += _MESSAGE(blocks, "/blocks")
        problems += _whole(blocks, "message")
    return problems


def validate_view(view: Any) -> list[str]:
    """Tell why Slack would refuse this modal or Home view; nothing where it would take it."""
    problems = list(tagged(_VIEWS)(view, ""))
    if problems:
        return problems
    problems += _whole(view["blocks"], view["type"])
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        problems.append("/submit: is missing, and there is an input block")
    return problems


def _message_text(blocks: Any, message_text: Any) -> Iterator[str]:
    if message_text or not blocks:
        yield from text(MAX_TEXT)(message_text, "/text")
    elif not isinstance(message_text, str | None):
        yield "/text: must be a string"


def _whole(blocks: Any, surface: str) -> Iterator[str]:
    """Yield what is wrong between blocks rather than inside one."""
    nodes = list(_walk(blocks, "/blocks"))
    yield from _repeated(nodes, "block_id")
    yield from _repeated(nodes, "action_id")
    for path, node in nodes:
        if node.get("type") in _KEPT_OFF[surface]:
            yield f"{path}/type: {node['type']} cannot stand in a {surface}"
    for kind, rule in _TOTALS:
        found = [node for _, node in nodes if node.get("type") == kind]
        yield from rule(found)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object in *value*, however deep, with its place."""
    if isinstance(value, dict):
        yield path, value
        children = [(f"{path}/{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        children = [(f"{path}/{index}", item) for index, item in enumerate(value)]
    else:
        return
    yield from chain.from_iterable(_walk(item, place) for place, item in children)


def _repeated(nodes: list[tuple[str, Mapping[str, Any]]], key: str) -> Iterator[str]:
    seen: set[str] = set()
    for path, node in nodes:
        identifier = node.get(key)
        if isinstance(identifier, str):
            if identifier in seen:
                yield f"{path}/{key}: {identifier!r} is there already"
            seen.add(identifier)


def _letters(value: Any) -> int:
    """Count the characters of every ``text`` in *value*."""
    texts = (node.get("text") for _, node in _walk(value, ""))
    return sum(len(words) for words in texts if isinstance(words, str))


_Total = Callable[[list[Mapping[str, Any]]], Iterator[str]]


def _at_most(kind: str, maximum: int) -> _Total:
    def check(found: list[Mapping[str, Any]]) -> Iterator[str]:
        if len(found) > maximum:
            yield f"/blocks: {len(found)} blocks of type {kind}, at most {maximum}"

    return check


def _letters_at_most(maximum: int) -> _Total:
    def check(found: list[Mapping[str, Any]]) -> Iterator[str]:
        letters = sum(map(_letters, found))
        if letters > maximum:
            yield f"/blocks: {letters} characters in {found[0]['type']} blocks, at most {maximum}"

    return check


_TOTALS: tuple[tuple[str, _Total], ...] = (
    ("markdown", _letters_at_most(12_000)),
    ("table", _at_most("table", 1)),
    ("table", _letters_at_most(10_000)),
    ("data_table", _letters_at_most(20_000)),
    ("data_visualization", _at_most("data_visualization", 2)),
)
