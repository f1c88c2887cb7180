"""The Home tab: what one asked for lately, how the vendors are, one's defaults, help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.models import Preferences, RecentLookup
from bot.views.health import AccountsHealth, health_lines
from bot.views.help import render_help
from bot.views.layout import (
    MAX_VIEW_BLOCKS,
    Block,
    actions,
    button,
    context,
    header,
    packed,
    section,
)
from bot.views.options import Options
from bot.views.recent import recent_rows
from bot.views.settings_form import describe_preferences
from bot.views.text import date_token
from bot.views.words import Words

_MAX_HEALTH = 8
_DIVIDER: Block = {"type": "divider"}


@dataclass(frozen=True, slots=True)
class HomeModel:
    """What one person's Home shows."""

    lookups: Sequence[RecentLookup]
    """Latest first."""
    health: AccountsHealth
    person: Preferences
    accounts: Mapping[str, Sequence[str]]
    """Each provider's accounts, the default first."""
    examples: Sequence[str]
    """Commands that work here, without ``/mediatask``."""


def render_home(
    model: HomeModel, *, now: datetime, options: Options | None = None
) -> dict[str, Any]:
    """Draw somebody's Home as it is *now*, as a view to publish."""
    options = options or Options()
    words = options.words
    blocks = [
        *_lookups(model, options),
        _DIVIDER,
        *_health(model, words),
        _DIVIDER,
        *_defaults(model, words),
        _DIVIDER,
        header(words("home.help")),
        *render_help(model.accounts, model.examples, words).blocks,
        *context([words("home.as_of", when=date_token(now))]),
    ]
    return {"type": "home", "blocks": blocks[:MAX_VIEW_BLOCKS]}


def _lookups(model: HomeModel, options: Options) -> list[Block]:
    words = options.words
    rows = recent_rows(model.lookups, options) or [section(words("recent.none"))]
    return [header(words("home.lookups")), *rows]


def _health(model: HomeModel, words: Words) -> list[Block]:
    lines = health_lines(model.health, words) or [words("help.no_providers")]
    return [header(words("home.health")), *packed(lines, _MAX_HEALTH)]


def _defaults(model: HomeModel, words: Words) -> list[Block]:
    return [
        header(words("home.defaults")),
        section(describe_preferences(model.person, words)),
        *actions([button(words("button.settings"), "settings", "home")]),
    ]
