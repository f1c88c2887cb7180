"""What operators and channels are told about routes, pagers, rotas and sweeps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.views.facts import read_count, read_instant, read_text
from bot.views.layout import View
from bot.views.notes import render_lines
from bot.views.options import Options
from bot.views.text import code, date_token, escape, mention
from bot.views.words import Words

_NAME_ROOM = 120
_ERROR_ROOM = 400

_Facts = Mapping[str, Any]


def render_oncall_notice(
    kind: str, facts: Mapping[str, Any], *, options: Options | None = None
) -> View:
    """Draw an announcement of *kind*, one of ``NOTICES``; what *facts* lack is left out.

    Facts may hold ``channel_id``, ``reason`` (of ``paused``), ``alerts`` (how many), ``pager``,
    ``rota``, ``error``, ``account``, ``topic``, ``tasks`` (how many) and ``since``.
    """
    words = (options or Options()).words
    tell = NOTICES.get(kind)
    return render_lines(list(tell(facts, words)) if tell else [words("oncall.other")])


def _route_unusable(facts: _Facts, words: Words) -> Iterator[str]:
    yield words("oncall.route_unusable", where=_where(facts, words), why=_why(facts, words))
    if waiting := read_count(facts.get("alerts")):
        yield words.count("oncall.waiting", waiting)


def _page_dead(facts: _Facts, words: Words) -> Iterator[str]:
    pager = code(read_text(facts.get("pager")) or "?", _NAME_ROOM)
    yield words("oncall.page_dead", pager=pager, where=_where(facts, words))
    yield from _error(facts)


def _rota_unreadable(facts: _Facts, words: Words) -> Iterator[str]:
    yield words(
        "oncall.rota_unreadable", rota=code(read_text(facts.get("rota")) or "?", _NAME_ROOM)
    )
    yield from _error(facts)


def _found_late(facts: _Facts, words: Words) -> Iterator[str]:
    since = read_instant(facts.get("since"))
    yield words.count(
        "oncall.found_late",
        read_count(facts.get("tasks")) or 0,
        account=code(read_text(facts.get("account")) or "?", _NAME_ROOM),
        since=date_token(since) if since else words("oncall.before"),
    )


def _topic_left(facts: _Facts, words: Words) -> Iterator[str]:
    account = code(read_text(facts.get("account")) or "?", _NAME_ROOM)
    topic = code(read_text(facts.get("topic")) or "?", _NAME_ROOM)
    yield words("oncall.topic_left", account=account, topic=topic)


NOTICES: Mapping[str, Callable[[_Facts, Words], Iterator[str]]] = {
    "route_unusable": _route_unusable,
    "page_dead": _page_dead,
    "rota_unreadable": _rota_unreadable,
    "found_late": _found_late,
    "topic_left": _topic_left,
}
"""Every announcement there is, by its kind."""


def _where(facts: _Facts, words: Words) -> str:
    channel = read_text(facts.get("channel_id"))
    return mention(channel) if channel else words("notice.somewhere")


def _why(facts: _Facts, words: Words) -> str:
    return words.named("paused", read_text(facts.get("reason"))) or words("paused.other")


def _error(facts: _Facts) -> Iterator[str]:
    if error := read_text(facts.get("error")):
        yield f"> {escape(error, _ERROR_ROOM)}"
