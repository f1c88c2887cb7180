"""One documented form of every block, and the small builders they are made of."""

from typing import Any

Block = dict[str, Any]


def plain(text: str = "words") -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*words*") -> Block:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain(), **more}


def section(**more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def image(**more: Any) -> Block:
    return {"type": "image", "image_url": "https://cdn.example/a.png", "alt_text": "a", **more}


def option(**more: Any) -> Block:
    return {"text": plain(), "value": "v", **more}


def menu(kind: str, **more: Any) -> Block:
    return {"type": kind, "action_id": kind, **more}


def input_block(element: Block) -> Block:
    return {"type": "input", "label": plain(), "element": element}


def rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def confirm() -> Block:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}


def card(**more: Any) -> Block:
    return {"type": "card", "title": mrkdwn(), **more}


LINE = {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
TASK = {"type": "task_card", "task_id": "1", "title": "one", "status": "pending"}
CELL = {"type": "raw_text", "text": "cell"}
CHART = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
PLOT = {
    "type": "line",
    "series": [{"name": "s", "data": [{"label": "a", "value": -1}]}],
    "axis_config": {"categories": ["a"], "y_label": "y"},
}
FEEDBACK = {"text": plain(), "value": "v"}
WORKFLOW = {
    "type": "workflow_button",
    "text": plain(),
    "action_id": "w",
    "workflow": {"trigger": {"url": "https://slack.com/shortcuts/1"}},
}

ACCEPTED = {
    "section with text": section(expand=True, block_id="b"),
    "section with fields": {"type": "section", "fields": [plain(), mrkdwn()]},
    "section with a picture": section(accessory=image()),
    "section with a button": section(
        accessory=button(url="https://cdn.example/a?b=c", style="primary", confirm=confirm())
    ),
    "header": {"type": "header", "text": plain("x" * 150), "level": 2},
    "divider": {"type": "divider"},
    "image": image(title=plain()),
    "uploaded image": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    "context": {"type": "context", "elements": [image(), plain(), mrkdwn()]},
    "overflow": actions(
        menu("overflow", options=[option(url="slack://open?team=T1"), option()]),
    ),
    "menus": actions(
        menu("static_select", options=[option()], placeholder=plain()),
        menu("users_select"),
        menu("conversations_select", filter={"include": ["im"], "exclude_bot_users": True}),
        menu("channels_select", response_url_enabled=True),
        menu("external_select", min_query_length=0),
        menu("multi_static_select", option_groups=[{"label": plain(), "options": [option()]}]),
        menu("checkboxes", options=[option(text=mrkdwn())]),
        menu("radio_buttons", options=[option()], initial_option=option()),
        menu("datepicker", initial_date="2026-11-20"),
        menu("timepicker", initial_time="23:59", timezone="Europe/Berlin"),
        menu("datetimepicker", initial_date_time=1_700_000_000),
    ),
    "workflow button": actions(WORKFLOW),
    "rich text": rich_text(
        LINE,
        {"type": "rich_text_list", "style": "bullet", "elements": [LINE], "indent": 1},
        {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a"}]},
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "link", "url": "https://a.example", "style": {"bold": True}},
                {"type": "emoji", "name": "wave"},
                {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"},
                {"type": "broadcast", "range": "here"},
            ],
        },
    ),
    "input": input_block({"type": "plain_text_input", "action_id": "i", "max_length": 10}),
    "video": {
        "type": "video",
        "alt_text": "a",
        "title": plain(),
        "thumbnail_url": "https://a.example/t.png",
        "video_url": "https://a.example/v",
    },
    "markdown": {"type": "markdown", "text": "# x" + "x" * 11_997},
    "table": {"type": "table", "rows": [[CELL, rich_text(LINE)]], "column_settings": [{}]},
    "data table": {
        "type": "data_table",
        "caption": "c",
        "rows": [[CELL], [{"type": "raw_number", "value": -1.5, "text": "-1.5"}]],
    },
    "pie": {"type": "data_visualization", "title": "t", "chart": CHART},
    "line": {"type": "data_visualization", "title": "t", "chart": PLOT},
    "card": card(hero_image=image(), actions=[button(), button(), button()], subtext=mrkdwn()),
    "carousel": {"type": "carousel", "elements": [card()] * 10},
    "task card": {
        **TASK,
        "details": rich_text(LINE),
        "sources": [{"type": "url", "url": "https://a.example", "text": "a"}],
    },
    "plan": {"type": "plan", "title": "a plan", "tasks": [TASK]},
    "context actions": {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "positive_button": FEEDBACK, "negative_button": FEEDBACK},
            {"type": "icon_button", "icon": "trash", "text": plain()},
        ],
    },
    "container": {
        "type": "container",
        "title": plain(),
        "child_blocks": [section(), {"type": "divider"}],
        "is_collapsible": True,
        "width": "full",
    },
}
