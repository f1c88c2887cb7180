"""What can be pressed, chosen and filled in: where it stands in blocks, and what it then says."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.errors import NotPossibleError

_SELECTED = {
    "button": "value",
    "workflow_button": "value",
    "icon_button": "value",
    "feedback_buttons": "value",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
"""Element type: the field of a payload that holds what was chosen (docs: block elements)."""

_INITIAL = {"selected_option": "initial_option", "selected_options": "initial_options"}
_NOT_KEPT = frozenset({"button", "workflow_button", "icon_button", "feedback_buttons", "overflow"})


_TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_ENTER = "on_enter_pressed"
_CHARACTER = "on_character_entered"


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Go through everything with an ``action_id``, with the id of the block it stands in."""
    for block in blocks:
        for node in _objects(block):
            if "action_id" in node and "type" in node:
                yield block.get("block_id", ""), node


def unnamed_elements(block: Json) -> list[Json]:
    """List what can be used in *block* and has no ``action_id``."""
    usable = (node for node in _objects(block) if node.get("type") in _SELECTED)
    return [node for node in usable if not node.get("action_id")]


def _objects(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _objects(child)
    elif isinstance(node, list):
        for child in node:
            yield from _objects(child)


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[str, Json]:
    """Find the element, and the id of its block.

    Raises:
        NotPossibleError: there is nothing of that name to press.
    """
    for its_block, element in elements_of(blocks):
        if element["action_id"] == action_id and block_id in (None, its_block):
            return its_block, element
    raise NotPossibleError(f"there is no {action_id!r} to press")


def act_on(element: Json, block_id: str, chosen: Any, ts: str) -> Json:
    """Write the entry of ``actions`` for using *element*.

    *chosen* is None for a plain press, an option's value (or several), a typed value, or the entry
    as the page draws it up.
    """
    is_button = element["type"] == "button"
    shown = {name: element[name] for name in ("text", "style") if is_button and name in element}
    named = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    return named | shown | entry(element, chosen) | {"action_ts": ts}


def entry(element: Json, chosen: Any) -> Json:
    """Write what *element* then holds, under the field its type uses.

    Raises:
        NotPossibleError: it cannot be used, or has no such option.
    """
    name = _SELECTED.get(element["type"])
    if name is None:
        raise NotPossibleError(f"nobody can use a {element['type']}")
    if isinstance(chosen, dict) and "value" not in chosen:
        chosen = chosen.get(name)
    elif isinstance(chosen, dict) and name == "value":
        chosen = chosen["value"]
    if chosen is None and element["type"] in _NOT_KEPT:
        chosen = element.get("value")
        return {} if chosen is None else {name: chosen}
    return {name: _choose(element, chosen) if name in _INITIAL and chosen is not None else chosen}


def _choose(element: Json, chosen: Any) -> Any:
    options = {option["value"]: option for option in _options(element)}
    try:
        if isinstance(chosen, list):
            return [options[_value(one)] for one in chosen]
        return options[_value(chosen)]
    except KeyError as missing:
        raise NotPossibleError(f"there is no option {missing}") from None


def _value(option: Any) -> Any:
    return option["value"] if isinstance(option, dict) else option


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(one for group in groups for one in group["options"])]


def initial_values(blocks: list[Json]) -> Json:
    """Write ``state.values`` as they are before the person enters anything."""
    values: Json = {}
    for block_id, element in elements_of(blocks):
        if element["type"] not in _NOT_KEPT and element["type"] in _SELECTED:
            name = _SELECTED[element["type"]]
            initial = element.get(_INITIAL.get(name, ""), _initial_plain(element))
            state = {"type": element["type"], name: initial}
            values.setdefault(block_id, {})[element["action_id"]] = state
    return values


def _initial_plain(element: Json) -> Any:
    """Read ``initial_value``, ``initial_date`` and their kind; None where there is none."""
    return next((element[key] for key in element if key.startswith("initial_")), None)


def missing_inputs(blocks: list[Json], values: Json) -> Json:
    """Tell which inputs Slack's own client refuses to submit: block id to words; empty if none."""
    return {
        block["block_id"]: "Please complete this required field."
        for block in blocks
        if block.get("type") == "input" and not block.get("optional") and _is_empty(block, values)
    }


def _is_empty(block: Json, values: Json) -> bool:
    element = block["element"]
    state = values.get(block["block_id"], {}).get(element.get("action_id"), {})
    return state.get(_SELECTED.get(element["type"], "")) in (None, "", [])


def is_silent(blocks: list[Json], block_id: str) -> bool:
    """Tell whether using what stands in that block is kept from the app until submission."""
    return any(
        block["type"] == "input" and not block.get("dispatch_action")
        for block in blocks
        if block.get("block_id") == block_id
    )


def typing_steps(element: Json, text: str, *, enter: bool) -> list[str]:
    """List what the field holds each time that typing *text* into it is an action.

    That is at Enter, unless its ``dispatch_action_config`` names characters (Slack docs,
    composition objects, "Dispatch action configuration", read 2026-11).

    Raises:
        NotPossibleError: nobody types into such an element.
    """
    if element["type"] not in _TYPED:
        raise NotPossibleError(f"nobody types into a {element['type']}")
    config = element.get("dispatch_action_config", {})
    triggers = config.get("trigger_actions_on", [_ENTER])
    letters = [text[:end] for end in range(1, len(text) + 1)] if _CHARACTER in triggers else []
    return letters + [text] * (enter and _ENTER in triggers)
