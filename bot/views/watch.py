"""The card of a watch: one message that is kept true by editing it, for one task or thirty."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.hazard import Expected
from bot.models import CardContents, WatchedTask, Watcher
from bot.views.batch import badness, count_states, describe_row
from bot.views.buttons import CardButton, WatchButton
from bot.views.facts import status_of
from bot.views.headline import SIGNS, pace, result_facts, spoken_line, state_words
from bot.views.layout import (
    Block,
    View,
    actions,
    context,
    field_grid,
    packed,
    paragraph,
    section,
)
from bot.views.options import Options
from bot.views.task import first_link, short_trouble, task_head
from bot.views.text import date_token
from bot.views.verbs import news_buttons, show_button, watch_again_button, watch_buttons
from bot.views.watched import (
    describe_answer,
    describe_ended,
    describe_expected,
    describe_trouble_of,
    name_watchers,
)
from bot.views.words import Words
from providers.models import TaskState, TaskStatus

MAX_ROWS = 30
_MOST_SECTIONS = 20

Forecast = Mapping[int, Expected | None]
"""When tasks should end, by their row ids."""


def render_watch_card(
    contents: CardContents,
    expected: Forecast,
    *,
    now: datetime,
    options: Options | None = None,
) -> View:
    """Draw the card as it is *now*; *expected* holds, by the task's row id, when it should end.

    It names who watches, which calls nobody, for it is an edited message that does. Where it is
    posted for the first time it names its creator alone.
    """
    options = options or Options()
    watches = contents.watches
    if len(watches) == 1:
        status = status_of(watches[0].task)
        blocks = _one(watches[0], status, expected.get(watches[0].task.id), now, options)
        text = spoken_line(status, options.words)
    else:
        head = _sum_up(watches, options.words)
        blocks = [section(f"*{head}*"), *_rows(watches, expected, now, options)]
        text = options.words.sentences([head])
    return View([*blocks, *_foot(contents, options.words)], text)


def _one(
    watched: WatchedTask,
    status: TaskStatus,
    expected: Expected | None,
    now: datetime,
    options: Options,
) -> list[Block]:
    """Draw the one task of a card, with what is known of its end or, once it is over, its link."""
    words = options.words
    ended = watched.watch.ended_at is not None
    told = _last_facts(watched, status, now, words)
    facts = list(told if ended else _facts(watched, status, expected, now, words))
    known = short_trouble(status, words) if status.state or status.error else ()
    remarks = [*known, *_remarks(watched, status, words)]
    short = " · ".join(f"{name}: {value}" for name, value in facts) if options.condensed else ""
    return [
        section("\n".join(filter(None, (task_head(status, options), short)))),
        *([] if options.condensed else field_grid(facts)),
        *paragraph("\n".join(remarks)),
        *(actions(_look(status, now, options)) if ended else []),
    ]


def _facts(
    watched: WatchedTask,
    status: TaskStatus,
    expected: Expected | None,
    now: datetime,
    words: Words,
) -> Iterator[tuple[str, str]]:
    """Say of a task that goes on how far it is, and what is known of when it ends."""
    task, gone = watched.task, pace(status, now, words)
    if gone:
        yield words(gone[0]), gone[1]
    yield words("watch.since"), date_token(task.changed_at)
    if hope := describe_expected(task, expected, words):
        yield words("watch.expected"), hope
    yield words("watch.answered"), describe_answer(task, words)
    yield words("watch.until"), date_token(watched.watch.ends_at)


def _last_facts(
    watched: WatchedTask, status: TaskStatus, now: datetime, words: Words
) -> Iterator[tuple[str, str]]:
    """Say of a task whose watch is over what it took, what came out, and since when it is so."""
    if taken := pace(status, now, words):
        yield words(taken[0]), taken[1]
    yield words("watch.since"), date_token(watched.task.changed_at)
    if made := words.join(result_facts(status, words)):
        yield words("watch.made"), made


def _remarks(watched: WatchedTask, status: TaskStatus, words: Words) -> Iterator[str]:
    if ended := describe_ended(watched.watch, status, words):
        yield ended
    if watched.watch.ended_at is None:
        yield from describe_trouble_of(watched.task, watched.watch.grace_until, words)


def _look(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    """Offer what came out; where the watch ended before its task, to watch again."""
    if not _has_ended(status):
        return watch_again_button(status, options.words)
    return [*first_link(status, now, options), *news_buttons(status, options)]


def _sum_up(watches: Sequence[WatchedTask], words: Words) -> str:
    """Say how many of a card's tasks have ended, how those did that did not go well, and the rest.

    The rest are those nobody watches any more.
    """
    statuses = sorted((status_of(watched.task) for watched in watches), key=badness)
    ended = [status for status in statuses if _has_ended(status)]
    bad = [status for status in ended if status.state is not TaskState.SUCCEEDED]
    dropped = sum(
        watched.watch.ended_at is not None and not _has_ended(status_of(watched.task))
        for watched in watches
    )
    told = [words("watch.progress", done=len(ended), all=len(watches))]
    told += [count_states(bad, words)] if bad else []
    told += [words.count("watch.dropped", dropped)] if dropped else []
    return words.join(told)


def _has_ended(status: TaskStatus) -> bool:
    return status.state is not None and status.state.is_terminal


def _rows(
    watches: Sequence[WatchedTask], expected: Forecast, now: datetime, options: Options
) -> list[Block]:
    """Draw a line for each task, in the order they were asked for."""
    words, shown = options.words, watches[:MAX_ROWS]
    lines = [_line(watched, expected.get(watched.task.id), now, options) for watched in shown]
    more = len(watches) - len(shown)
    rest = context([words.count("watch.more_tasks", more)] if more else [])
    if options.condensed:
        return [*packed(lines, _MOST_SECTIONS), *rest]
    refs = [str(watched.watch.ref) for watched in shown]
    buttons = [show_button(ref, index, words) for index, ref in enumerate(refs)]
    return [*map(section, lines, buttons), *rest]


def _line(watched: WatchedTask, expected: Expected | None, now: datetime, options: Options) -> str:
    words, status = options.words, status_of(watched.task)
    named = f"{SIGNS[status.state]} *{state_words(status, words)}*"
    hope = "" if watched.watch.ended_at else describe_expected(watched.task, expected, words)
    told = (describe_row(status, named, now, options), hope, *_remarks(watched, status, words))
    return " · ".join(filter(None, told))


def _foot(contents: CardContents, words: Words) -> list[Block]:
    """Say who watches and until when, and offer to join or to leave; nothing once all is over."""
    going = [watched.watch for watched in contents.watches if watched.watch.ended_at is None]
    if not going:
        return []
    named = _name(contents, [who for watch in going for who in watch.watchers], words)
    until = words("watch.ends", when=date_token(min(watch.ends_at for watch in going)))
    watch = going[0]
    value = (
        WatchButton(watch.id, str(watch.ref))
        if len(contents.watches) == 1
        else CardButton(contents.card.id)
    )
    several = len(contents.watches) > 1
    return [
        *actions(watch_buttons(value, words)),
        *context([words("watch.watchers", who=named), until if several else ""]),
    ]


def _name(contents: CardContents, watchers: Iterable[Watcher], words: Words) -> str:
    """Name all who watch; on a first posting, which would call them, only who asked for it."""
    everybody, card = list(watchers), contents.card
    if card.ts is not None:
        return name_watchers(everybody, words)
    known = {watcher.subject_id: watcher for watcher in everybody}
    asked = [watcher for watcher in everybody if watcher.subject_id == card.created_by]
    others = len(known) - len(asked[:1])
    more = [words.count("watch.more", others)] if others else []
    return words.join([*([name_watchers(asked, words)] if asked else []), *more])
