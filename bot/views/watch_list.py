"""What is watched, here, by one person or in all of the workspace: a row for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from bot.hazard import Expected
from bot.models import FollowedTask, WatchedTask
from bot.views.batch import describe_row
from bot.views.buttons import WatchesPage, encode
from bot.views.facts import status_of
from bot.views.headline import SIGNS, state_words
from bot.views.layout import Block, View, context, section
from bot.views.options import Options
from bot.views.text import date_token, mention
from bot.views.verbs import render_pager, unwatch_button
from bot.views.watched import (
    describe_answer,
    describe_expected,
    describe_trouble_of,
    name_watchers,
)
from bot.views.words import Words

PAGE_ROWS = 10


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is known of the time to come, by the task's row id; what is missing is not known."""

    expected: Mapping[int, Expected | None] = field(default_factory=dict)
    next_polls: Mapping[int, datetime | None] = field(default_factory=dict)
    """None, or missing: in its turn."""


def render_watches(
    rows: Sequence[WatchedTask],
    query: WatchesPage,
    total: int,
    schedule: Schedule,
    *,
    now: datetime,
    options: Options | None = None,
) -> View:
    """Draw the page *query* asks for, of *rows* (at most ten), out of *total* watches."""
    options = options or Options()
    words = options.words
    scope = query.scope if f"watches.none.{query.scope}" in words.table else "all"
    none = words(f"watches.none.{scope}")
    head = words.count(f"watches.{scope}", total) if total else none
    pages = ceil(total / PAGE_ROWS)
    blocks = [
        section(f"*{head}*" if total else none),
        *watch_rows(rows, schedule, now, options),
        *context([words("watches.note")] if rows else []),
        *render_pager(query.page, pages, lambda to: encode(query.at(to)), words),
    ]
    return View(blocks, words.sentences([head]))


def watch_rows(
    rows: Sequence[WatchedTask], schedule: Schedule, now: datetime, options: Options
) -> list[Block]:
    """Draw a row for each of the first ten, with the button that ends one's watch."""
    return [
        section(
            _row(watched, schedule, now, options),
            unwatch_button(watched.watch.id, str(watched.watch.ref), index, options.words),
        )
        for index, watched in enumerate(rows[:PAGE_ROWS])
    ]


def _row(watched: WatchedTask, schedule: Schedule, now: datetime, options: Options) -> str:
    words, status = options.words, status_of(watched.task)
    named = f"{SIGNS[status.state]} *{state_words(status, words)}*"
    head = describe_row(status, named, now, options)
    grace = watched.watch.grace_until
    lines = (
        head,
        " · ".join(_asked(watched.task, schedule, words)),
        " · ".join(filter(None, _wished(watched, schedule, words))),
        *describe_trouble_of(watched.task, grace, words),
    )
    return "\n".join(lines)


def _asked(task: FollowedTask, schedule: Schedule, words: Words) -> Iterator[str]:
    """Say since when it is so, when it was and will be asked, and what was answered."""
    yield words("watches.since", when=date_token(task.changed_at))
    if task.polled_at:
        yield words("watches.polled", when=date_token(task.polled_at))
    planned = schedule.next_polls.get(task.id)
    when = date_token(planned) if planned else words("watches.in_turn")
    yield words("watches.next", when=when)
    yield words("watches.answer", answer=describe_answer(task, words))


def _wished(watched: WatchedTask, schedule: Schedule, words: Words) -> Iterator[str]:
    """Say when it should end, and who hears of it where and until when."""
    task, watch = watched.task, watched.watch
    yield describe_expected(task, schedule.expected.get(task.id), words)
    yield words("watches.where", where=mention(watch.channel_id))
    yield words("watch.watchers", who=name_watchers(watch.watchers, words))
    yield words("watch.ends", when=date_token(watch.ends_at))
