"""What may stand inside a block: buttons, menus, inputs, pictures, rich text.

Limits and shapes are those of Slack's reference (docs.slack.dev, "Block elements", "Composition
objects" and "Rich text block", read 2026-11).
"""

from bot.sandbox.slack.block_rules import (
    Rule,
    array,
    at_least_one,
    at_most_one,
    exactly_one,
    fields,
    flag,
    matching,
    mrkdwn,
    mrkdwn_or_plain,
    number,
    one_of,
    pick,
    plain,
    tagged,
    text,
    url,
)

IDENTIFIER = text(255)

_DATE = matching(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")
_TEN_DIGITS = number(1_000_000_000, 9_999_999_999)
_STYLE = one_of("primary", "danger")
_ANY_ID = text(255)
_LONG = text(3000)

CONFIRM = fields(
    {"title": plain(100), "text": mrkdwn_or_plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": _STYLE},
)


def _option(label: Rule, **more: Rule) -> Rule:
    return fields({"text": label, "value": text(150)}, {"description": plain(75), **more})


_PLAIN_OPTION = _option(plain(75))
_ANY_OPTION = fields(
    {"text": mrkdwn_or_plain(75), "value": text(150)}, {"description": mrkdwn_or_plain(75)}
)
_OPTIONS = array(_PLAIN_OPTION, 1, 100)
_GROUPS = array(fields({"label": plain(75), "options": _OPTIONS}), 1, 100)

_ACTION: dict[str, Rule] = {"action_id": IDENTIFIER, "focus_on_load": flag}
_CHOICE: dict[str, Rule] = {**_ACTION, "confirm": CONFIRM}
_MENU: dict[str, Rule] = {**_CHOICE, "placeholder": plain(150)}
_MANY: dict[str, Rule] = {**_MENU, "max_selected_items": number(1)}
_TYPED: dict[str, Rule] = {
    **_ACTION,
    "placeholder": plain(150),
    "dispatch_action_config": fields(
        {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
    ),
}
_FILTER = fields(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
_CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": flag, "filter": _FILTER}
_RESPONSE: dict[str, Rule] = {"response_url_enabled": flag}

BUTTON = fields(
    {"text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "url": url(),
        "value": text(2000),
        "style": _STYLE,
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
)

_SLACK_FILE = fields({}, {"id": text(255), "url": url()}, exactly_one("id", "url"))
_PICTURE: dict[str, Rule] = {"image_url": url(), "slack_file": _SLACK_FILE}
IMAGE = fields({"alt_text": text(2000)}, _PICTURE, exactly_one("image_url", "slack_file"))
IMAGE_BLOCK = fields(
    {"alt_text": text(2000)},
    {**_PICTURE, "title": plain(2000), "block_id": IDENTIFIER},
    exactly_one("image_url", "slack_file"),
)

_OVERFLOW = fields(
    {"options": array(_option(plain(75), url=url()), 1, 5)},
    {"action_id": IDENTIFIER, "confirm": CONFIRM},
)
_WORKFLOW_BUTTON = fields(
    {
        "text": plain(75),
        "action_id": IDENTIFIER,
        "workflow": fields(
            {
                "trigger": fields(
                    {"url": url()},
                    {
                        "customizable_input_parameters": array(
                            fields({"name": text(255), "value": text(3000, 0)}), 1, 100
                        )
                    },
                )
            }
        ),
    },
    {"style": _STYLE, "confirm": CONFIRM, "accessibility_label": text(75)},
)

_STATIC: dict[str, Rule] = {"options": _OPTIONS, "option_groups": _GROUPS}
_ONE_SOURCE = exactly_one("options", "option_groups")
SELECTS: dict[str, Rule] = {
    "static_select": fields({}, {**_MENU, **_STATIC, "initial_option": _PLAIN_OPTION}, _ONE_SOURCE),
    "external_select": fields(
        {}, {**_MENU, "min_query_length": number(0), "initial_option": _PLAIN_OPTION}
    ),
    "users_select": fields({}, {**_MENU, "initial_user": _ANY_ID}),
    "conversations_select": fields(
        {}, {**_MENU, **_CONVERSATIONS, **_RESPONSE, "initial_conversation": _ANY_ID}
    ),
    "channels_select": fields({}, {**_MENU, **_RESPONSE, "initial_channel": _ANY_ID}),
}
_INITIAL_OPTIONS = array(_PLAIN_OPTION, 1, 100)
_INITIAL_IDS = array(_ANY_ID, 1, 100)
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": fields(
        {}, {**_MANY, **_STATIC, "initial_options": _INITIAL_OPTIONS}, _ONE_SOURCE
    ),
    "multi_external_select": fields(
        {}, {**_MANY, "min_query_length": number(0), "initial_options": _INITIAL_OPTIONS}
    ),
    "multi_users_select": fields({}, {**_MANY, "initial_users": _INITIAL_IDS}),
    "multi_conversations_select": fields(
        {}, {**_MANY, **_CONVERSATIONS, "initial_conversations": _INITIAL_IDS}
    ),
    "multi_channels_select": fields({}, {**_MANY, "initial_channels": _INITIAL_IDS}),
}
CHOICES: dict[str, Rule] = {
    "checkboxes": fields(
        {"options": array(_ANY_OPTION, 1, 10)},
        {**_CHOICE, "initial_options": array(_ANY_OPTION, 1, 10)},
    ),
    "radio_buttons": fields(
        {"options": array(_ANY_OPTION, 1, 10)}, {**_CHOICE, "initial_option": _ANY_OPTION}
    ),
    "datepicker": fields({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": fields({}, {**_MENU, "initial_time": _TIME, "timezone": text(255)}),
}
_DATETIME: dict[str, Rule] = {
    "datetimepicker": fields({}, {**_CHOICE, "initial_date_time": _TEN_DIGITS})
}

_INLINE_STYLE = fields(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag),
)


def _inline(required: dict[str, Rule], **optional: Rule) -> Rule:
    return fields(required, {**optional, "style": _INLINE_STYLE})


INLINE: dict[str, Rule] = {
    "text": _inline({"text": _LONG}),
    "link": _inline({"url": url()}, text=_LONG, unsafe=flag),
    "emoji": _inline({"name": text(255)}, unicode=text(255), url=url()),
    "user": _inline({"user_id": _ANY_ID}),
    "channel": _inline({"channel_id": _ANY_ID}),
    "usergroup": _inline({"usergroup_id": _ANY_ID}),
    "team": _inline({"team_id": _ANY_ID}),
    "broadcast": _inline({"range": one_of("here", "channel", "everyone")}),
    "color": _inline({"value": text(255)}),
    "date": _inline({"timestamp": number(0), "format": text(255)}, url=url(), fallback=text(255)),
}
_LINE = array(tagged(INLINE), 1, 3000)
_RICH_SECTION = fields({"elements": _LINE})
RICH_TEXT: dict[str, Rule] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": fields(
        {
            "style": one_of("bullet", "ordered"),
            "elements": array(tagged({"rich_text_section": _RICH_SECTION}), 1, 3000),
        },
        {"indent": number(0, 8), "offset": number(0), "border": number(0, 1)},
    ),
    "rich_text_quote": fields({"elements": _LINE}, {"border": number(0, 1)}),
    "rich_text_preformatted": fields(
        {"elements": array(tagged(pick(INLINE, ("text", "link"))), 1, 3000)},
        {"border": number(0, 1), "language": text(255)},
    ),
}
RICH_TEXT_BLOCK = fields({"elements": array(tagged(RICH_TEXT), 1, 3000)}, {"block_id": IDENTIFIER})

TYPED_INPUTS: dict[str, Rule] = {
    "plain_text_input": fields(
        {},
        {
            **_TYPED,
            "initial_value": text(3000, 0),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
    ),
    "email_text_input": fields({}, {**_TYPED, "initial_value": text(3000, 0)}),
    "url_text_input": fields({}, {**_TYPED, "initial_value": text(3000, 0)}),
    "number_input": fields(
        {"is_decimal_allowed": flag},
        {**_TYPED, **dict.fromkeys(("initial_value", "min_value", "max_value"), text(255))},
    ),
    "file_input": fields(
        {},
        {
            "action_id": IDENTIFIER,
            "filetypes": array(text(255), 1, 100),
            "max_files": number(1, 10),
        },
    ),
    "rich_text_input": fields(
        {"action_id": IDENTIFIER},
        {
            **_TYPED,
            "initial_value": tagged({"rich_text": RICH_TEXT_BLOCK}),
            "min_lines": number(1, 100),
            "max_lines": number(1, 100),
        },
    ),
}

_PRESSED: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": _OVERFLOW,
    "workflow_button": _WORKFLOW_BUTTON,
}
ACTION_ELEMENTS: dict[str, Rule] = {
    **_PRESSED,
    **SELECTS,
    **MULTI_SELECTS,
    **CHOICES,
    **_DATETIME,
    "rich_text_input": TYPED_INPUTS["rich_text_input"],
}
ACCESSORIES: dict[str, Rule] = {
    **_PRESSED,
    **SELECTS,
    **MULTI_SELECTS,
    **CHOICES,
    "image": IMAGE,
}
INPUT_ELEMENTS: dict[str, Rule] = {
    **SELECTS,
    **MULTI_SELECTS,
    **CHOICES,
    **_DATETIME,
    **TYPED_INPUTS,
}
_FEEDBACK = fields({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})
CONTEXT_ACTIONS: dict[str, Rule] = {
    "feedback_buttons": fields(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": IDENTIFIER}
    ),
    "icon_button": fields(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": IDENTIFIER,
            "value": text(2000),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
            "visible_to_user_ids": array(_ANY_ID, 1, 100),
        },
    ),
}
CARD = fields(
    {},
    {
        "block_id": IDENTIFIER,
        "hero_image": tagged({"image": IMAGE}),
        "icon": tagged({"image": IMAGE}),
        "slack_icon": fields({"type": one_of("icon"), "name": text(255)}),
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "subtext": mrkdwn(200),
        "actions": array(tagged({"button": BUTTON}), 1, 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    at_most_one("icon", "slack_icon"),
)
