"""Several tasks in one message: counts on top, then a line for each, the worst first.

The buttons that turn its pages carry every ref. Where those are too long for a button, there are
no pages: up to thirty lines stand in the one message, as many as one command may ask for.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil

from bot.views.buttons import BatchPage, encode
from bot.views.headline import (
    SIGNS,
    is_under_way,
    pace,
    place,
    reason_words,
    result_facts,
    spoken_line,
    state_words,
    title,
)
from bot.views.layout import Block, View, context, section
from bot.views.options import Options
from bot.views.text import code, escape
from bot.views.verbs import render_pager, show_button
from bot.views.words import Words
from providers.models import TaskState, TaskStatus

PAGE_ROWS = 10
MAX_ROWS = 30
WORST_FIRST: tuple[TaskState | None, ...] = (
    TaskState.FAILED,
    TaskState.PARTIAL,
    None,
    TaskState.NOT_FOUND,
    TaskState.EMPTY,
    TaskState.UNKNOWN,
    TaskState.REVIEW,
    TaskState.PAUSED,
    TaskState.RUNNING,
    TaskState.QUEUED,
    TaskState.CANCELED,
    TaskState.SUCCEEDED,
)
_ID_ROOM = 300
_REASON_ROOM = 160


def render_batch(
    statuses: Sequence[TaskStatus], *, now: datetime, options: Options | None = None, page: int = 0
) -> View:
    """Draw a page, counted from 0, of the tasks; one past the end is the last.

    The order is made anew from where the tasks stand now, so that a row may change its page.
    """
    options = options or Options()
    words = options.words
    if not statuses:
        return View([section(words("batch.none"))], words("batch.none"))
    ordered = sorted(statuses, key=badness)
    head, counts = words.count("batch.head", len(ordered)), count_states(ordered, words)
    blocks = [
        section(words("batch.counts", head=head, counts=counts)),
        *_rows(ordered, [str(status.ref) for status in statuses], page, now, options),
    ]
    worst = spoken_line(ordered[0], words)
    return View(blocks, words("batch.line", head=head, counts=counts, worst=worst))


def badness(status: TaskStatus) -> int:
    """Tell how early among others a task is to be read; the smaller the earlier."""
    return WORST_FIRST.index(status.state)


def _rows(
    ordered: Sequence[TaskStatus], asked: Sequence[str], page: int, now: datetime, options: Options
) -> list[Block]:
    """Draw the rows of a page and what turns it; all there is room for where it has no pages."""
    refs, words = tuple(asked), options.words
    pages = ceil(len(ordered) / PAGE_ROWS)
    turns = {to: encode(BatchPage(to, refs)) for to in range(pages)}
    paged = all(turns.values())
    size, pages = (PAGE_ROWS, pages) if paged else (MAX_ROWS, 1)
    page = max(0, min(page, pages - 1))
    rows = enumerate(ordered[page * size : (page + 1) * size], page * size)
    return [
        *(_row(index, status, now, options) for index, status in rows),
        *context([] if paged else _rest(ordered[MAX_ROWS:], words)),
        *render_pager(page, pages, turns.get, words),
    ]


def count_states(statuses: Iterable[TaskStatus], words: Words) -> str:
    """Say how many stand where, in the order of *statuses*."""
    counted = Counter(state_words(status, words).lower() for status in statuses)
    return words.join(f"{number} {state}" for state, number in counted.items())


def _rest(statuses: Sequence[TaskStatus], words: Words) -> list[str]:
    if not statuses:
        return []
    return [words.count("batch.rest", len(statuses), states=count_states(statuses, words))]


def _row(index: int, status: TaskStatus, now: datetime, options: Options) -> Block:
    named = f"{SIGNS[status.state]} *{state_words(status, options.words)}*"
    line = describe_row(status, named, now, options)
    return section(line, show_button(str(status.ref), index, options.words))


def describe_row(status: TaskStatus, named: str, now: datetime, options: Options) -> str:
    """Say everything about a task that fits into a line; *named* is its sign and its state."""
    words = options.words
    name = f"{named} {code(status.task_id, _ID_ROOM)}"
    facts = (name, title(status, words), place(status, options), _fact(status, now, words))
    return " · ".join(filter(None, facts))


def _fact(status: TaskStatus, now: datetime, words: Words) -> str:
    """Say the one thing that most matters beside the state."""
    if status.error:
        return escape(status.error.message, _REASON_ROOM) or reason_words(
            status.error, status.state, words
        )
    if status.state is TaskState.UNKNOWN and status.vendor_status:
        return code(status.vendor_status, _REASON_ROOM)
    gone = pace(status, now, words)
    told = (gone[1] if gone else "", words.join(result_facts(status, words)))
    first, second = told if is_under_way(status) else reversed(told)
    return first or second
