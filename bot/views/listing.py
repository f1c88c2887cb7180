"""A page of an account's tasks as the vendor lists them, in the vendor's order."""

from collections.abc import Iterator
from datetime import datetime

from bot.views.batch import describe_row
from bot.views.buttons import ListPage, encode
from bot.views.headline import SIGNS, place_of, reason_words, state_words
from bot.views.layout import MAX_BLOCKS, Block, View, context, section
from bot.views.options import Options
from bot.views.text import escape
from bot.views.trouble import describe_trouble
from bot.views.verbs import render_pager, show_button
from bot.views.words import Words
from providers.base import TaskPage
from providers.models import TaskError, TaskStatus

PAGE_ROWS = 10
"""How many tasks to ask a vendor for at a time."""
MAX_ROWS = MAX_BLOCKS - 6
_ENDED = ":checkered_flag:"


def render_list(
    page: TaskPage, query: ListPage, *, now: datetime, options: Options | None = None
) -> View:
    """Draw one page; *query* says what was asked, and turns the page."""
    options = options or Options()
    words = options.words
    head = _head(page, query, options)
    rows = page.tasks[:MAX_ROWS]
    blocks = [
        section(f"*{head}*"),
        *(_row(index, status, now, options) for index, status in enumerate(rows)),
        *context(_remarks(page, words)),
        *_pager(page, query, words),
    ]
    return View(blocks, words.sentences([head]))


def _head(page: TaskPage, query: ListPage, options: Options) -> str:
    words = options.words
    number = len(page.tasks) if page.total is None else page.total
    asked = [place_of(query.provider, query.account, options)]
    if query.state:
        asked.append(words.named("state", query.state) or escape(query.state, 40))
    if query.since:
        asked.append(words("list.since", span=words.span(query.since.total_seconds())))
    key = "list.on_page" if page.total is None else "list.head"
    return words.count(key, number, asked=" · ".join(asked))


def _row(index: int, status: TaskStatus, now: datetime, options: Options) -> Block:
    words = options.words
    ended = status.state is None and status.error is None
    sign = _ENDED if ended else SIGNS[status.state]
    state = words("list.ended") if ended else state_words(status, words)
    line = describe_row(status, f"{sign} *{state}*", now, options)
    return section(line, show_button(str(status.ref), index, words))


def _remarks(page: TaskPage, words: Words) -> Iterator[str]:
    if not page.tasks:
        yield words("list.none")
    if any(status.state is None and status.error is None for status in page.tasks):
        yield words("list.ended_note")
    if (left := len(page.tasks) - MAX_ROWS) > 0:
        yield words.count("list.rest", left)


def _pager(page: TaskPage, query: ListPage, words: Words) -> list[Block]:
    """Turn pages as far as is known: a vendor that tells no total tells whether there is more."""
    pages = max(query.page, 1) + page.has_more
    return render_pager(query.page, pages, lambda to: encode(query.at(to)), words, first=1)


def render_list_failure(error: TaskError, options: Options) -> View:
    """Say why there is no list, and what to do about it."""
    words = options.words
    told = describe_trouble(error, None, words)
    return View([section(told)], words.sentences([reason_words(error, None, words)]))
