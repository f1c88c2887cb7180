"""The Home tab: alerts, what one watches and asked for, how the vendors are, defaults, help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.models import Delivery, Preferences, RecentLookup, WatchedTask
from bot.oncall import Alert, Silence
from bot.views.alert_list import alert_rows
from bot.views.buttons import AlertsPage, WatchesPage, encode
from bot.views.dead_letters import dead_letter_rows
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
from bot.views.on_call import OnCall, rota_lines
from bot.views.options import Options
from bot.views.recent import recent_rows
from bot.views.settings_form import describe_preferences
from bot.views.silence import silence_rows
from bot.views.text import date_token
from bot.views.watch_list import Schedule, watch_rows
from bot.views.words import Words

_MAX_HEALTH = 8
_MAX_ALERTS = 5
_MAX_ROTAS = 2
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
    watches: Sequence[WatchedTask] = ()
    """The first of what they watch."""
    schedule: Schedule = field(default_factory=Schedule)
    alerts: Sequence[Alert] = ()
    """The first of the open alerts they took or were given."""
    on_call: OnCall | None = None
    """Who is on call now; None where no rota is configured."""
    silences: Sequence[Silence] = ()
    """Those that hold now."""
    dead_letters: Sequence[Delivery] = ()
    """What Slack would not take, for operators; nobody else is shown any."""


def render_home(
    model: HomeModel, *, now: datetime, options: Options | None = None
) -> dict[str, Any]:
    """Draw somebody's Home as it is *now*, as a view to publish."""
    options = options or Options()
    words = options.words
    blocks = [
        *_dead_letters(model, options),
        *_on_call(model, options),
        *_watches(model, now, options),
        _DIVIDER,
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


def _dead_letters(model: HomeModel, options: Options) -> list[Block]:
    if not model.dead_letters:
        return []
    rows = dead_letter_rows(model.dead_letters, options)
    return [header(options.words("home.dead")), *rows, _DIVIDER]


def _on_call(model: HomeModel, options: Options) -> list[Block]:
    """Draw one's alerts, who is on call and what is silent, where there is anything of it."""
    words, rows = options.words, alert_rows(model.alerts[:_MAX_ALERTS], options)
    value = encode(AlertsPage(0, "open")) or ""
    more = actions([button(words("button.all_alerts"), "alerts", value)])
    rotas = packed(rota_lines(model.on_call or {}, words), _MAX_ROTAS)
    silences = silence_rows(model.silences, options)
    return [
        *([header(words("home.alerts")), *rows, *more, _DIVIDER] if rows else []),
        *([header(words("home.on_call")), *rotas, _DIVIDER] if rotas else []),
        *([header(words("home.silences")), *silences, _DIVIDER] if silences else []),
    ]


def _watches(model: HomeModel, now: datetime, options: Options) -> list[Block]:
    words = options.words
    rows = watch_rows(model.watches, model.schedule, now, options)
    value = encode(WatchesPage(0, "mine")) or ""
    more = actions([button(words("button.all_watches"), "page:0", value)]) if rows else []
    return [header(words("home.watches")), *(rows or [section(words("watches.none.mine"))]), *more]


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
