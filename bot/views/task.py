"""The status card of one task.

From top to bottom: sign, kind, state and id; the facts; what the state means; what went wrong and
what to do; the files; three thumbnails; a line to copy for the vendor's support; the buttons.
A condensed card has two or three lines, and the buttons.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.views.headline import (
    SIGNS,
    pace,
    place,
    reason_words,
    result_facts,
    spoken_line,
    state_words,
    title,
)
from bot.views.layout import Block, View, actions, context, field_grid, paragraph, section
from bot.views.options import Options
from bot.views.outputs import open_button, render_files
from bot.views.pictures import render_pictures
from bot.views.support import support_line
from bot.views.text import code, date_token, escape
from bot.views.trouble import describe_trouble
from bot.views.verbs import task_buttons
from bot.views.words import Words
from providers.models import OutputStatus, TaskState, TaskStatus

_ID_ROOM = 600
_WORD_ROOM = 200
_LISTED_ROOM = 1500
_SHORT_ROOM = 400
_NOTED = frozenset({TaskState.PAUSED, TaskState.REVIEW, TaskState.CANCELED})
_NOTED_WITHOUT_ERROR = frozenset({TaskState.PARTIAL, TaskState.NOT_FOUND})


def render_task(status: TaskStatus, *, now: datetime, options: Options | None = None) -> View:
    """Draw one task; *now* is only for what has gone by and what is left."""
    options = options or Options()
    draw = _condensed if options.condensed else _whole
    return View(draw(status, now, options), spoken_line(status, options.words))


def _whole(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    words = options.words
    return [
        section(task_head(status, options)),
        *field_grid(list(_fields(status, now, words))),
        *task_body(status, now, options),
        *actions(task_buttons(status, options)),
        *context(_foot(status, words)),
    ]


def task_body(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    """Draw what a task means, what went wrong, its files and its pictures."""
    words = options.words
    return [
        *paragraph(" ".join(state_notes(status, words))),
        *paragraph(describe_trouble(status.error, status.state, words)),
        *render_files(status, now, options),
        *render_pictures(status, options),
        *support_line(status, words),
    ]


def _condensed(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    words = options.words
    lines = (task_head(status, options), " · ".join(_short_facts(status, now, words)))
    shown = [section("\n".join((*lines, *short_trouble(status, words))))]
    first = first_link(status, now, options)
    return [*shown, *actions([*first, *task_buttons(status, options)])]


def first_link(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    """Make the button of the first file that can be opened from here; none where none can."""
    links = (open_button(output, 0, now, options) for output in status.outputs)
    first = next(filter(None, links), None)
    return [first] if first else []


def _short_facts(status: TaskStatus, now: datetime, words: Words) -> Iterator[str]:
    if gone := pace(status, now, words):
        yield gone[1]
    yield from result_facts(status, words)
    yield words("asked", when=date_token(status.queried_at))


def short_trouble(status: TaskStatus, words: Words) -> Iterator[str]:
    """Say in a line what went wrong, else what the state means; nothing where it needs no word."""
    if status.error:
        yield escape(status.error.message, _SHORT_ROOM) or reason_words(
            status.error, status.state, words
        )
    elif note := " ".join(state_notes(status, words)):
        yield note


def task_head(status: TaskStatus, options: Options) -> str:
    """Write a task's sign, kind, state, id and place: on two lines, on one where condensed."""
    words = options.words
    name = f"*{title(status, words)} · {state_words(status, words)}*"
    where = f"{code(status.task_id, _ID_ROOM)} · {place(status, options)}"
    between = " " if options.condensed else "\n"
    return f"{SIGNS[status.state]} {name}{between}{where}"


def _fields(status: TaskStatus, now: datetime, words: Words) -> Iterator[tuple[str, str]]:
    if gone := pace(status, now, words):
        key, told = gone
        yield words(key), told
    if status.room:
        yield words("field.room"), code(status.room, _WORD_ROOM)
    yield from _instants(status, words)


def _instants(status: TaskStatus, words: Words) -> Iterator[tuple[str, str]]:
    instants = (
        ("field.created", status.created_at),
        ("field.started", status.started_at),
        ("field.finished", status.finished_at),
    )
    for key, instant in instants:
        if instant:
            yield words(key), date_token(instant)


def state_notes(status: TaskStatus, words: Words) -> Iterator[str]:
    """Say what a state means, where its name alone could mislead."""
    if status.state is None:
        yield words("note.none")
    elif status.state in _NOTED or (status.state in _NOTED_WITHOUT_ERROR and not status.error):
        yield words(f"note.{status.state}")
    elif status.state is TaskState.EMPTY:
        key = f"note.empty.{status.provider}"
        yield words(key if key in words.table else "note.empty")
    elif status.state is TaskState.UNKNOWN:
        yield _unknown_note(status, words)
    if status.error is None:
        yield from _file_notes(status, words)


def _unknown_note(status: TaskStatus, words: Words) -> str:
    if not status.vendor_status:
        return words("note.unknown_silent")
    return words("note.unknown", word=code(status.vendor_status, _WORD_ROOM))


def _file_notes(status: TaskStatus, words: Words) -> Iterator[str]:
    counted = (("note.lost", OutputStatus.LOST), ("note.backup", OutputStatus.BACKUP))
    for key, fate in counted:
        number = sum(output.status is fate for output in status.outputs)
        if number:
            yield words.count(key, number, all=len(status.outputs))


def _foot(status: TaskStatus, words: Words) -> Iterator[str]:
    yield words("asked", when=date_token(status.queried_at))
    if status.undocumented:
        listed = code(", ".join(status.undocumented), _LISTED_ROOM)
        yield words("undocumented", words=listed)
