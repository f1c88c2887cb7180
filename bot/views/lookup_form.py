"""The form behind the global shortcut: a provider, an account, and the ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views.layout import MAX_BUTTON_TEXT, Block, context, plain_text
from bot.views.modals import form, modal
from bot.views.options import Options
from bot.views.text import escape
from bot.views.words import Words

CALLBACK_ID = "lookup"
IDS_BLOCK = "ids"
"""The block an error about the ids belongs to, in ``response_action: errors``."""
PROVIDER_ACTION, ACCOUNT_ACTION, IDS_ACTION = "lookup.provider", "lookup.account", "lookup.ids"
_ANY = "any"
_PROVIDER_BLOCK, _ACCOUNT_BLOCK = "provider", "account"
_MAX_CHOICES = 100
_MAX_TYPED = 3000
_PLACEHOLDER_ROOM = 150
_REMARK_ROOM = 600


@dataclass(frozen=True, slots=True)
class LookupChoice:
    """What stands in the form."""

    provider: str | None = None
    """None: to be worked out from each id."""
    account: str | None = None
    """None: the provider's default one."""
    ids: str = ""
    """As typed or pasted."""


def render_lookup_form(
    accounts: Mapping[str, Sequence[str]],
    *,
    choice: LookupChoice | None = None,
    remark: str | None = None,
    options: Options | None = None,
) -> dict[str, Any]:
    """Draw the form for the configured *accounts*, each provider's default first.

    Drawn again while somebody types, it keeps what is in it; *remark* then says what is wrong
    with the ids so far, or whose they look like.
    """
    choice, words = choice or LookupChoice(), (options or Options()).words
    blocks = [
        _provider_input(accounts, choice, words),
        *_account_input(accounts, choice, words),
        _ids_input(words),
        *context([escape(remark, _REMARK_ROOM)] if remark else []),
    ]
    more = form(CALLBACK_ID, words("form.submit"), words)
    return modal(words("form.title"), blocks, words, **more)


def read_lookup_form(values: Mapping[str, Mapping[str, Any]]) -> LookupChoice:
    """Read ``view.state.values``; what Slack leaves out is not chosen."""
    chosen = {action: given for block in values.values() for action, given in block.items()}
    provider = _selected(chosen.get(PROVIDER_ACTION))
    account = _selected(chosen.get(ACCOUNT_ACTION))
    ids = (chosen.get(IDS_ACTION) or {}).get("value") or ""
    return LookupChoice(None if provider in (None, _ANY) else provider, account, ids)


def _selected(given: Mapping[str, Any] | None) -> str | None:
    option = (given or {}).get("selected_option") or {}
    value: str | None = option.get("value")
    return value


def _provider_input(
    accounts: Mapping[str, Sequence[str]], choice: LookupChoice, words: Words
) -> Block:
    names = {name: words.named("provider", name) or name for name in accounts}
    choices = {_ANY: words("form.any_provider"), **names}
    select = _select(PROVIDER_ACTION, choices, choice.provider or _ANY)
    field = _input(_PROVIDER_BLOCK, words("form.provider"), select)
    return field | {"dispatch_action": True}


def _account_input(
    accounts: Mapping[str, Sequence[str]], choice: LookupChoice, words: Words
) -> list[Block]:
    """Offer the chosen provider's accounts, under a block id of its own for each provider.

    Slack keeps what was chosen under the same id, and an account of another provider is none here.
    """
    offered = accounts.get(choice.provider or "", ())
    if not offered:
        return context([words("form.default_accounts")])
    select = _select(ACCOUNT_ACTION, {name: name for name in offered}, choice.account or offered[0])
    return [_input(f"{_ACCOUNT_BLOCK}:{choice.provider}", words("form.account"), select)]


def _ids_input(words: Words) -> Block:
    typed = {
        "type": "plain_text_input",
        "action_id": IDS_ACTION,
        "multiline": True,
        "max_length": _MAX_TYPED,
        "placeholder": plain_text(words("form.ids_placeholder"), _PLACEHOLDER_ROOM),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    return _input(IDS_BLOCK, words("form.ids"), typed) | {
        "dispatch_action": True,
        "hint": plain_text(words("form.ids_hint"), _PLACEHOLDER_ROOM),
    }


def _input(block_id: str, label: str, element: Block) -> Block:
    named = {"type": "input", "block_id": block_id, "label": plain_text(label, _PLACEHOLDER_ROOM)}
    return named | {"element": element}


def _select(action_id: str, choices: Mapping[str, str], chosen: str) -> Block:
    options = {
        value: {"text": plain_text(label, MAX_BUTTON_TEXT), "value": value}
        for value, label in list(choices.items())[:_MAX_CHOICES]
    }
    element = {"type": "static_select", "action_id": action_id, "options": list(options.values())}
    return element | {"initial_option": options.get(chosen) or next(iter(options.values()))}
