"""The form of ``/mediatask settings``: what this channel wants, and what one wants for oneself."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.models import Broadcast, Happening, Preferences, Scope, Visibility
from bot.views.layout import MAX_BUTTON_TEXT, Block, context, header, plain_text, section
from bot.views.modals import form, modal
from bot.views.options import Options
from bot.views.words import Words

CALLBACK_ID = "settings"
_UNSET = "unset"
_LABEL_ROOM = 150
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
_VISIBILITIES = {str(visibility): visibility for visibility in Visibility}
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "visibility": _VISIBILITIES,
    "links_in_channel": _YES_NO,
    "thumbnails": _YES_NO,
    "condensed": _YES_NO,
    "broadcast": {str(broadcast): broadcast for broadcast in Broadcast},
}
"""Each field of ``Preferences`` that is one choice, with what its choices mean."""
_NEWS = "news"
NEWS: tuple[str, ...] = (
    Happening.STARTED,
    Happening.PAUSED,
    Happening.REVIEW,
    Happening.STALLED,
    Happening.UNREACHABLE,
)
"""What can be told of a watched task beside its end; any of them may be chosen together."""
_ASKED: Mapping[Scope, tuple[str, ...]] = {
    Scope.CHANNEL: (*_FIELDS, _NEWS),
    Scope.PERSON: ("visibility", "thumbnails", "condensed"),
}
"""Which links a channel bears, and what it hears of watches, is the channel's to say."""


def render_settings(
    channel: Preferences | None,
    person: Preferences,
    may_change: bool,  # noqa: FBT001 - the policy's whole answer
    options: Options | None = None,
    *,
    metadata: str = "",
) -> dict[str, Any]:
    """Draw the form; *channel* is None where there is none, as in a direct message.

    Where the person *may_change* nothing for the channel, what holds there can be read. *metadata*
    (up to 3000 characters) comes back with the form.
    """
    words = (options or Options()).words
    blocks = [
        *(_channel(channel, words, may_change=may_change) if channel else []),
        header(words("settings.person")),
        *(_input(Scope.PERSON, field, person, words) for field in _ASKED[Scope.PERSON]),
    ]
    more = form(CALLBACK_ID, words("settings.submit"), words)
    return modal(words("settings.title"), blocks, words, private_metadata=metadata, **more)


def read_settings(
    values: Mapping[str, Mapping[str, Any]],
) -> tuple[Preferences | None, Preferences]:
    """Read ``view.state.values`` into the channel's and the person's preferences.

    The channel's are None where the form did not ask for them.
    """
    asked = any(block_id.startswith(f"{Scope.CHANNEL}.") for block_id in values)
    channel = _read(values, Scope.CHANNEL) if asked else None
    return channel, _read(values, Scope.PERSON)


def _read(values: Mapping[str, Mapping[str, Any]], scope: Scope) -> Preferences:
    found: dict[str, Any] = {}
    for field in _ASKED[scope]:
        name = f"{scope}.{field}"
        state = values.get(name, {}).get(name, {})
        found[field] = _read_news(state) if field == _NEWS else _read_choice(field, state)
    return Preferences(**found)


def _read_choice(field: str, state: Mapping[str, Any]) -> Any:
    given = state.get("selected_option") or {}
    return _FIELDS[field].get(given.get("value", _UNSET))


def _read_news(state: Mapping[str, Any]) -> frozenset[str] | None:
    """Read what is ticked; nothing ticked is nothing chosen."""
    ticked = {option.get("value") for option in state.get("selected_options") or ()}
    return frozenset(ticked.intersection(NEWS)) or None


def _channel(channel: Preferences, words: Words, *, may_change: bool) -> Iterator[Block]:
    yield header(words("settings.channel"))
    if may_change:
        yield from (_input(Scope.CHANNEL, field, channel, words) for field in _FIELDS)
        yield _ask_news(channel, words)
        return
    yield section(_describe(channel, Scope.CHANNEL, words))
    yield from context([words("settings.not_yours")])


def describe_preferences(person: Preferences, words: Words) -> str:
    """Say what a person has chosen, on a line each."""
    return _describe(person, Scope.PERSON, words)


def _describe(preferences: Preferences, scope: Scope, words: Words) -> str:
    return "\n".join(
        f"{words(f'settings.{field}')}: *{_say(field, preferences, words)}*"
        for field in _ASKED[scope]
    )


def _say(field: str, preferences: Preferences, words: Words) -> str:
    if field != _NEWS:
        return _choice(field, _chosen(preferences, field), words)
    told = [_choice(_NEWS, one, words) for one in NEWS if one in (preferences.news or ())]
    return words.join(told) or _choice(_NEWS, _UNSET, words)


def _chosen(preferences: Preferences, field: str) -> str:
    value = getattr(preferences, field)
    return next((word for word, meant in _FIELDS[field].items() if meant is value), _UNSET)


def _choice(field: str, word: str, words: Words) -> str:
    return words(f"settings.{field}.{word}")


def _ask_news(channel: Preferences, words: Words) -> Block:
    """Ask which news are told, by ticking any of them; Slack lets nothing be ticked at the end."""
    name = f"{Scope.CHANNEL}.{_NEWS}"
    options = [_option(_NEWS, word, words) for word in NEWS]
    ticked = [option for option in options if option["value"] in (channel.news or ())]
    boxes = {"type": "checkboxes", "action_id": name, "options": options}
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(words(f"settings.{_NEWS}"), _LABEL_ROOM),
        "hint": plain_text(words(f"settings.{_NEWS}.hint"), _LABEL_ROOM),
        "optional": True,
        "element": boxes | ({"initial_options": ticked} if ticked else {}),
    }


def _option(field: str, word: str, words: Words) -> Block:
    return {"text": plain_text(_choice(field, word, words), MAX_BUTTON_TEXT), "value": word}


def _input(scope: Scope, field: str, preferences: Preferences, words: Words) -> Block:
    name = f"{scope}.{field}"
    options = {word: _option(field, word, words) for word in (_UNSET, *_FIELDS[field])}
    select = {
        "type": "static_select",
        "action_id": name,
        "options": list(options.values()),
        "initial_option": options[_chosen(preferences, field)],
    }
    label = plain_text(words(f"settings.{field}"), _LABEL_ROOM)
    return {"type": "input", "block_id": name, "label": label, "element": select}
