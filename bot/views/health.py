"""How the vendors are doing, account by account, as far as the questions so far tell."""

from collections.abc import Mapping
from datetime import datetime

from bot.views.layout import View, context, packed, section
from bot.views.options import Options
from bot.views.text import code, date_token, escape, percent
from bot.views.words import Words
from providers.gate import Health

_MAX_SECTIONS = 8
_NAME_ROOM = 120
_MS = 1000
_SIGNS = {"answering": ":large_green_circle:", "down": ":red_circle:", "unasked": ":white_circle:"}

AccountsHealth = Mapping[tuple[str, str], Health]
"""By provider and account, in the order of the configuration."""


def render_health(health: AccountsHealth, *, options: Options | None = None) -> View:
    """Draw a line for each account: whether it answers, since when, how fast, what is left."""
    words = (options or Options()).words
    if not health:
        return View([section(words("help.no_providers"))], words("help.no_providers"))
    down = [f"{provider}@{account}" for (provider, account), one in health.items() if _is_down(one)]
    head = words("health.down", names=words.join(down)) if down else words("health.fine")
    blocks = [
        section(f"*{words('health.head')}*"),
        *packed(health_lines(health, words), _MAX_SECTIONS),
        *context([words("health.budget")]),
    ]
    return View(blocks, escape(words.sentences([head])))


def health_lines(health: AccountsHealth, words: Words) -> list[str]:
    """Say how each account is doing, on a line each."""
    return [_line(*name, one, words) for name, one in health.items()]


def _is_down(health: Health) -> bool:
    return not health.answering


def _standing(health: Health) -> str:
    if _is_down(health):
        return "down"
    return "unasked" if health.since is None else "answering"


def _line(provider: str, account: str, health: Health, words: Words) -> str:
    standing = _standing(health)
    facts = (
        code(f"{provider}@{account}", _NAME_ROOM),
        words.named("provider", provider) or "",
        _since(standing, health.since, words),
        _latency(health.latency_s, words),
        words("health.left", share=percent(min(max(health.budget, 0.0), 1.0))),
    )
    return f"{_SIGNS[standing]} {' · '.join(filter(None, facts))}"


def _since(standing: str, since: datetime | None, words: Words) -> str:
    if since is None:
        return words(f"health.{standing}")
    return words(f"health.{standing}_since", when=date_token(since))


def _latency(latency_s: float | None, words: Words) -> str:
    return "" if latency_s is None else words("health.latency", ms=f"{latency_s * _MS:.0f}")
