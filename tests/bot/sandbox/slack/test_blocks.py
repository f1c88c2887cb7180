from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blocks import validate_message, validate_view
from tests.bot.sandbox.slack.block_samples import (
    ACCEPTED,
    CELL,
    CHART,
    TASK,
    Block,
    actions,
    button,
    card,
    image,
    input_block,
    menu,
    mrkdwn,
    option,
    plain,
    rich_text,
    section,
)

REFUSED = {
    "a block that is no object": ("text", "/blocks/0/type: must be one of actions"),
    "an unknown block": ({"type": "panel"}, "/blocks/0/type: must be one of"),
    "a type that is a list": ({"type": []}, "/blocks/0/type: must be one of"),
    "an alert outside a modal": (
        {"type": "alert", "text": mrkdwn()},
        "/blocks/0/type: must be one of",
    ),
    "a file": (
        {"type": "file", "external_id": "e", "source": "remote"},
        "/blocks/0/type: must be one of",
    ),
    "an empty section": ({"type": "section"}, "/blocks/0: must have text or fields"),
    "an unknown key": (section(colour="red"), "/blocks/0/colour: is not a known key"),
    "a string for a text object": (section(text="words"), "/blocks/0/text/type: must be one of"),
    "empty text": (section(text=mrkdwn("")), "/blocks/0/text/text: must be at least 1 characters"),
    "text of 3001": (
        section(text=mrkdwn("x" * 3001)),
        "/blocks/0/text/text: 3001 characters, at most 3000",
    ),
    "text that is a number": (
        section(text={"type": "mrkdwn", "text": 3}),
        "/blocks/0/text/text: must be a string",
    ),
    "a field of 2001": (
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "/blocks/0/fields/0/text: 2001 characters, at most 2000",
    ),
    "eleven fields": (
        {"type": "section", "fields": [mrkdwn()] * 11},
        "/blocks/0/fields: 11 items, must be 1 to 10",
    ),
    "fields that are an object": (
        {"type": "section", "fields": {}},
        "/blocks/0/fields: must be a list",
    ),
    "mrkdwn in a header": (
        {"type": "header", "text": mrkdwn()},
        "/blocks/0/text/type: must be one of plain_text",
    ),
    "a header of 151": (
        {"type": "header", "text": plain("x" * 151)},
        "/blocks/0/text/text: 151 characters, at most 150",
    ),
    "a header of level 5": (
        {"type": "header", "text": plain(), "level": 5},
        "/blocks/0/level: must be between 1 and 4",
    ),
    "a level that is true": (
        {"type": "header", "text": plain(), "level": True},
        "/blocks/0/level: must be a number",
    ),
    "26 actions": (
        actions(*[button()] * 26),
        "/blocks/0/elements: 26 items, must be 1 to 25",
    ),
    "no actions": (actions(), "/blocks/0/elements: 0 items, must be 1 to 25"),
    "a picture among actions": (actions(image()), "/blocks/0/elements/0/type: must be one of"),
    "a button text of 76": (
        actions(button(text=plain("x" * 76))),
        "/blocks/0/elements/0/text/text: 76 characters, at most 75",
    ),
    "a button value of 2001": (
        actions(button(value="x" * 2001)),
        "/blocks/0/elements/0/value: 2001 characters, at most 2000",
    ),
    "a button url of 3001": (
        actions(button(url="https://a.example/" + "x" * 2983)),
        "/blocks/0/elements/0/url: 3001 characters, at most 3000",
    ),
    "a url with a space": (
        actions(button(url="https://a.example/a b")),
        "/blocks/0/elements/0/url: must be a URL",
    ),
    "a url without a host": (
        actions(button(url="https:///a")),
        "/blocks/0/elements/0/url: must be a URL",
    ),
    "a url that does not parse": (
        actions(button(url="https://[::1/a")),
        "/blocks/0/elements/0/url: must be a URL",
    ),
    "a made-up style": (
        actions(button(style="blue")),
        "/blocks/0/elements/0/style: must be one of primary, danger",
    ),
    "a confirm without a title": (
        actions(button(confirm={"text": mrkdwn(), "confirm": plain(), "deny": plain()})),
        "/blocks/0/elements/0/confirm/title: is missing",
    ),
    "six overflow options": (
        actions(menu("overflow", options=[option()] * 6)),
        "/blocks/0/elements/0/options: 6 items, must be 1 to 5",
    ),
    "a menu option with mrkdwn": (
        actions(menu("static_select", options=[option(text=mrkdwn())])),
        "/blocks/0/elements/0/options/0/text/type: must be one of plain_text",
    ),
    "options and groups": (
        actions(menu("static_select", options=[option()], option_groups=[])),
        "/blocks/0/elements/0: must have exactly one of options, option_groups",
    ),
    "eleven checkboxes": (
        actions(menu("checkboxes", options=[option()] * 11)),
        "/blocks/0/elements/0/options: 11 items, must be 1 to 10",
    ),
    "a date in words": (
        actions(menu("datepicker", initial_date="today")),
        "/blocks/0/elements/0/initial_date: must be a date as YYYY-MM-DD",
    ),
    "eleven in a context": (
        {"type": "context", "elements": [plain()] * 11},
        "/blocks/0/elements: 11 items, must be 1 to 10",
    ),
    "a button in a context": (
        {"type": "context", "elements": [button()]},
        "/blocks/0/elements/0/type: must be one of image, mrkdwn, plain_text",
    ),
    "a picture without alt text": (
        {"type": "image", "image_url": "https://a.example/a.png"},
        "/blocks/0/alt_text: is missing",
    ),
    "a picture from two sources": (
        image(slack_file={"id": "F1"}),
        "/blocks/0: must have exactly one of image_url, slack_file",
    ),
    "no card": ({"type": "carousel", "elements": []}, "/blocks/0/elements: 0 items, must be 1 to"),
    "eleven cards": (
        {"type": "carousel", "elements": [card()] * 11},
        "/blocks/0/elements: 11 items, must be 1 to 10",
    ),
    "an empty card": (
        {"type": "card"},
        "/blocks/0: must have hero_image or title or actions or body",
    ),
    "a card with two icons": (
        card(icon=image(), slack_icon={"type": "icon", "name": "rocket"}),
        "/blocks/0: must not have more than one of icon, slack_icon",
    ),
    "a card body of 201": (
        card(body=mrkdwn("x" * 201)),
        "/blocks/0/body/text: 201 characters, at most 200",
    ),
    "four buttons on a card": (
        card(actions=[button()] * 4),
        "/blocks/0/actions: 4 items, must be 1 to 3",
    ),
    "a table of 101 rows": (
        {"type": "table", "rows": [[CELL]] * 101},
        "/blocks/0/rows: 101 items, must be 1 to 100",
    ),
    "a table row of 21": (
        {"type": "table", "rows": [[CELL] * 21]},
        "/blocks/0/rows/0: 21 items, must be 1 to 20",
    ),
    "a button in a table": (
        {"type": "table", "rows": [[button()]]},
        "/blocks/0/rows/0/0/type: must be one of",
    ),
    "a table of 10001 characters": (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 10_001}]]},
        "/blocks: 10001 characters in table blocks, at most 10000",
    ),
    "a data table without caption": (
        {"type": "data_table", "rows": [[CELL], [CELL]]},
        "/blocks/0/caption: is missing",
    ),
    "a plan title that is an object": (
        {"type": "plan", "title": plain(), "tasks": []},
        "/blocks/0/title: must be a string",
    ),
    "a task card with a state of ours": (
        {**TASK, "status": "running"},
        "/blocks/0/status: must be one of pending, in_progress, complete, error",
    ),
    "a container in a container": (
        {
            "type": "container",
            "title": plain(),
            "child_blocks": [{"type": "container", "title": plain(), "child_blocks": []}],
        },
        "/blocks/0/child_blocks/0/type: must be one of",
    ),
    "an empty rich text": (rich_text(), "/blocks/0/elements: 0 items, must be 1 to"),
    "rich text with empty text": (
        rich_text({"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}),
        "/blocks/0/elements/0/elements/0/text: must be at least 1 characters",
    ),
    "a list in rich text that holds a quote": (
        rich_text(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_quote", "elements": []}],
            }
        ),
        "/blocks/0/elements/0/elements/0/type: must be one of rich_text_section",
    ),
    "a number input in a message": (
        input_block({"type": "number_input", "is_decimal_allowed": False}),
        "/blocks/0/element/type: number_input cannot stand in a message",
    ),
    "a style that is no object": (
        rich_text(
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "a", "style": "bold"}],
            }
        ),
        "/blocks/0/elements/0/elements/0/style: must be an object",
    ),
    "expand that is a word": (section(expand="yes"), "/blocks/0/expand: must be true or false"),
    "a block id of 256": (
        section(block_id="x" * 256),
        "/blocks/0/block_id: 256 characters, at most 255",
    ),
}


@pytest.mark.parametrize("block", ACCEPTED.values(), ids=ACCEPTED)
def test_a_documented_block_is_taken(block: Block) -> None:
    assert validate_message([block], "words") == []


@pytest.mark.parametrize(("block", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_broken_block_is_refused_with_its_place(block: Block, problem: str) -> None:
    problems = validate_message([block], "words")

    assert any(found.startswith(problem) for found in problems), problems


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([section()] * 51, "/blocks: 51 items, must be 0 to 50"),
        ({"type": "section"}, "/blocks: must be a list"),
        (
            [section(block_id="a"), section(block_id="a")],
            "/blocks/1/block_id: 'a' is there already",
        ),
        (
            [actions(button(action_id="a")), section(accessory=button(action_id="a"))],
            "/blocks/1/accessory/action_id: 'a' is there already",
        ),
        (
            [{"type": "markdown", "text": "x" * 6001}] * 2,
            "/blocks: 12002 characters in markdown blocks, at most 12000",
        ),
        (
            [{"type": "table", "rows": [[CELL]]}] * 2,
            "/blocks: 2 blocks of type table, at most 1",
        ),
        (
            [{"type": "data_visualization", "title": "t", "chart": CHART}] * 3,
            "/blocks: 3 blocks of type data_visualization, at most 2",
        ),
    ],
)
def test_what_is_wrong_between_blocks_is_refused(blocks: Any, problem: str) -> None:
    assert validate_message(blocks, "words") == [problem]


@pytest.mark.parametrize(
    ("blocks", "text", "problems"),
    [
        (None, "words", []),
        ([], "words", []),
        ([section()], "", []),
        ([section()], None, []),
        (None, "", ["/text: must be at least 1 characters"]),
        ([], None, ["/text: must be a string"]),
        ([section()], 0, ["/text: must be a string"]),
        (None, "x" * 40_001, ["/text: 40001 characters, at most 40000"]),
    ],
)
def test_a_message_needs_words_or_blocks(blocks: Any, text: Any, problems: list[str]) -> None:
    assert validate_message(blocks, text) == problems


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


@pytest.mark.parametrize(
    "view",
    [
        modal({"type": "alert", "text": mrkdwn(), "level": "warning"}, section()),
        modal(input_block(menu("number_input", is_decimal_allowed=True)), submit=plain("Go")),
        modal(private_metadata="", clear_on_close=True, callback_id="c"),
        {"type": "home", "blocks": [section()] * 100},
    ],
)
def test_a_documented_view_is_taken(view: Block) -> None:
    assert validate_view(view) == []


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (None, "/type: must be one of modal, home"),
        ({"type": "modal", "blocks": []}, "/title: is missing"),
        (modal(title=plain("x" * 25)), "/title/text: 25 characters, at most 24"),
        (modal(private_metadata="x" * 3001), "/private_metadata: 3001 characters, at most 3000"),
        (modal(*[section()] * 101), "/blocks: 101 items, must be 0 to 100"),
        (modal({"type": "markdown", "text": "x"}), "/blocks/0/type: must be one of"),
        (
            {"type": "home", "blocks": [{"type": "alert", "text": plain()}]},
            "/blocks/0/type: must be one of",
        ),
        (
            {"type": "home", "blocks": [actions(menu("datetimepicker"))]},
            "/blocks/0/elements/0/type: datetimepicker cannot stand in a home",
        ),
        (
            modal(input_block(menu("users_select"))),
            "/submit: is missing, and there is an input block",
        ),
        ({"type": "home", "title": plain(), "blocks": []}, "/title: is not a known key"),
    ],
)
def test_a_broken_view_is_refused(view: Any, problem: str) -> None:
    problems = validate_view(view)

    assert any(found.startswith(problem) for found in problems), problems


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "block_id", "url", "fields", "rows"]),
            inner | st.sampled_from(["section", "actions", "button", "mrkdwn", "table"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(blocks=JSON, text=JSON)
def test_the_judge_survives_whatever_json_can_hold(blocks: Any, text: Any) -> None:
    assert isinstance(validate_message(blocks, text), list)
    assert isinstance(validate_view({"type": "modal", "title": text, "blocks": blocks}), list)
