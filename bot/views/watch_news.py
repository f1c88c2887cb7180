"""What the thread of a watch is told: the end, or several, or news on the way; and direct notices.

Whoever watches is mentioned first, once. Links that sign their reader in stay out as the options
say. None of these messages is ever changed, so there is no Refresh below them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.models import Happening
from bot.views.calling import call
from bot.views.facts import Facts, read_facts
from bot.views.happenings import describe_happening
from bot.views.headline import spoken_line
from bot.views.layout import Block, View, actions, context, section
from bot.views.options import Options
from bot.views.results import render_results
from bot.views.task import first_link, short_trouble, task_body, task_head
from bot.views.text import code, mention
from bot.views.verbs import news_buttons, show_button, watch_again_button

_REF_ROOM = 300
_MOST_REFS = 5
_LONG_AGO = datetime.fromtimestamp(0, UTC)
_OVER = frozenset({Happening.MISSING, Happening.LIMIT_REACHED})
"""The watch has ended and the task has not, as far as anybody knows."""
_NOTICES = frozenset({"channel_archived", "bot_removed", "card_deleted", "limit_reached"})


def render_news(facts: Facts, *, now: datetime, options: Options | None = None) -> View:
    """Draw whatever happened to one task; ends are drawn whole, news on the way in two lines."""
    options = options or Options()
    told = [*describe_happening(facts, options.words)]
    spoken = options.words.sentences((spoken_line(facts.status, options.words), *told))
    drawn = _end(facts, told, now, options) if facts.is_end else _on_the_way(facts, told, options)
    return View([*call(facts.mentions), *drawn], spoken)


def render_group(told: Sequence[Facts], *, now: datetime, options: Options | None = None) -> View:
    """Draw several ends of one card's tasks as one reply; one alone as itself."""
    if len(told) == 1:
        return render_news(told[0], now=now, options=options)
    return render_results(told, now=now, options=options or Options())


def render_notice(kind: str, facts: Mapping[str, Any], *, options: Options | None = None) -> View:
    """Draw what is written to one person directly, about something that stands elsewhere.

    *kind* is ``channel_archived``, ``bot_removed``, ``card_deleted`` or ``limit_reached``; *facts*
    may hold ``channel_id``, ``refs``, and in ``happening`` the facts that could not be told there.
    """
    options = options or Options()
    words = options.words
    channel, refs = facts.get("channel_id"), facts.get("refs")
    where = mention(str(channel)) if channel else words("notice.somewhere")
    known = kind if kind in _NOTICES else "other"
    shown = [str(ref) for ref in refs] if isinstance(refs, Sequence) else []
    named = words.join(code(ref, _REF_ROOM) for ref in shown[:_MOST_REFS])
    lines = [words(f"notice.{known}", where=where)]
    lines += [words("notice.about", refs=named)] if named else []
    untold = _untold(facts.get("happening"), options)
    return View([section("\n".join(lines)), *untold], " ".join(lines).replace("`", ""))


def _untold(told: object, options: Options) -> list[Block]:
    """Draw what could not be told where it belongs; nothing where nobody can say any more."""
    if not isinstance(told, Mapping) or not told.get("ref"):
        return []
    facts = read_facts(told, _LONG_AGO)
    return _on_the_way(facts, [*describe_happening(facts, options.words)], options)


def _end(facts: Facts, told: Sequence[str], now: datetime, options: Options) -> list[Block]:
    """Draw an end as its card would be drawn, with when it was before what came out."""
    status, words = facts.status, options.words
    if options.condensed:
        lines = (task_head(status, options), " ".join(told), *short_trouble(status, words))
        links = first_link(status, now, options)
        return [section("\n".join(lines)), *actions([*links, *news_buttons(status, options)])]
    return [
        section(task_head(status, options)),
        *context(told),
        *task_body(status, now, options),
        *actions(news_buttons(status, options)),
    ]


def _on_the_way(facts: Facts, told: Sequence[str], options: Options) -> list[Block]:
    status, words = facts.status, options.words
    head = section("\n".join((task_head(status, options), *told)))
    if facts.happening in _OVER:
        return [head, *actions(watch_again_button(status, words))]
    show = show_button(str(status.ref), 0, words)
    return [head, *actions([show] if show else [])]
