"""What can be done with an alert: the row of buttons and menus below it.

Every button carries the alert and its version as it was drawn; so does every length of a snooze.
The menu of people cannot, so the row itself does, as its ``block_id``.
"""

from datetime import timedelta

from bot.oncall import Alert, AlertStatus, Cause
from bot.views.buttons import AlertButton, SilenceButton, SnoozeOption, SubscriptionButton, encode
from bot.views.layout import (
    MAX_BUTTON_TEXT,
    MAX_TITLE,
    Block,
    button,
    plain_text,
)
from bot.views.words import Words

SNOOZES = (
    *(timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4)),
    *(timedelta(hours=12), timedelta(days=1)),
)
"""How long an alert may be snoozed at a press."""
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30


def alert_row(alert: Alert, words: Words) -> list[Block]:
    """Lay out what can be done with an alert; with a resolved one, to look at it."""
    value = _value_of(alert)
    details = button(words("button.details"), "alert_details", value)
    if alert.status is AlertStatus.RESOLVED:
        return [_row([details], value)]
    is_taken = alert.status is AlertStatus.ACKNOWLEDGED
    take = button(words("button.acknowledge"), "acknowledge", value) | {"style": "primary"}
    return [
        _row(
            [
                *([] if is_taken else [take]),
                _assign(alert, words),
                _snooze(alert, words),
                _resolve(alert, value, words),
                details,
            ],
            value,
        )
    ]


def _row(elements: list[Block], value: str) -> Block:
    return {"type": "actions", "block_id": value, "elements": elements}


def _value_of(alert: Alert) -> str:
    return encode(AlertButton(alert.id, alert.version)) or ""


def _assign(alert: Alert, words: Words) -> Block:
    menu = {
        "type": "users_select",
        "action_id": "assign",
        "placeholder": plain_text(words("button.assign"), MAX_TITLE),
    }
    return menu | ({"initial_user": alert.assigned_to} if alert.assigned_to else {})


def _snooze(alert: Alert, words: Words) -> Block:
    return {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": plain_text(words("button.snooze"), MAX_TITLE),
        "options": [_lasting(alert, lasting, words) for lasting in SNOOZES],
    }


def _lasting(alert: Alert, lasting: timedelta, words: Words) -> Block:
    told = words("snooze.for", span=words.span(lasting.total_seconds()))
    value = encode(SnoozeOption(alert.id, alert.version, lasting)) or ""
    return {"text": plain_text(told, MAX_BUTTON_TEXT), "value": value}


def _resolve(alert: Alert, value: str, words: Words) -> Block:
    """Make the button that cannot be taken back; it asks first where not all has recovered."""
    made = button(words("button.resolve"), "resolve", value)
    left = alert.count - alert.recovered
    if left <= 0:
        return made
    is_outage = alert.cause is Cause.OUTAGE
    told = words("resolve.text_outage") if is_outage else words.count("resolve.text", left)
    return made | {
        "confirm": {
            "title": plain_text(words("resolve.title"), _CONFIRM_TITLE),
            "text": plain_text(told, _CONFIRM_TEXT),
            "confirm": plain_text(words("button.resolve"), _CONFIRM_BUTTON),
            "deny": plain_text(words("button.cancel"), _CONFIRM_BUTTON),
        }
    }


def details_button(alert: Alert, index: int, words: Words) -> Block:
    """Make the button of a row that shows all of an alert."""
    return button(words("button.details"), f"alert_details:{index}", _value_of(alert))


def unsubscribe_button(subscription_id: int, index: int, words: Words) -> Block:
    """Make the button of a row that ends a subscription."""
    value = encode(SubscriptionButton(subscription_id)) or ""
    return button(words("button.unsubscribe"), f"unsubscribe:{index}", value)


def unsilence_button(silence_id: int, index: int, words: Words) -> Block:
    """Make the button of a row that ends a silence."""
    value = encode(SilenceButton(silence_id)) or ""
    return button(words("button.unsilence"), f"unsilence:{index}", value)
