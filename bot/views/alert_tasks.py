"""The tasks an alert counts: how many there are and have recovered, and a page of them."""

from collections.abc import Iterator, Sequence
from math import ceil

from bot.oncall import Alert, AlertTask
from bot.views.alert_facts import read_trouble
from bot.views.buttons import AlertTasksPage, encode
from bot.views.layout import Block, copyable, packed, section
from bot.views.text import code, date_token, plain
from bot.views.verbs import render_pager
from bot.views.words import Words

PAGE_ROWS = 10
_MOST_SECTIONS = 4
_ID_ROOM = 300
_ROOM_ROOM = 120
_COPIED = 2900  # Slack takes 3000 characters in one piece of text
_VALUE_ROOM = 600


def count_tasks(alert: Alert, words: Words) -> str:
    """Say how many tasks it struck and how many of them have recovered."""
    recovered = (
        words.count("alert.recovered", alert.recovered)
        if alert.recovered
        else words("alert.none_recovered")
    )
    tasks = words.count("alert.tasks", alert.count)
    return words("alert.counts", tasks=tasks, recovered=recovered)


def render_tasks(alert: Alert, tasks: Sequence[AlertTask], page: int, words: Words) -> list[Block]:
    """List a page, counted from 0, of an alert's tasks, and what turns it.

    *tasks* are those of the page; what is over ten of them is left out.
    """
    pages = ceil(alert.count / PAGE_ROWS)
    lines = (_line(alert, task, words) for task in tasks[:PAGE_ROWS])
    return [
        section(count_tasks(alert, words)),
        *packed(lines, _MOST_SECTIONS),
        *render_pager(page, pages, lambda to: encode(AlertTasksPage(to, alert.id)), words),
    ]


def _line(alert: Alert, task: AlertTask, words: Words) -> str:
    named = code(str(task.ref), _ID_ROOM) if task.ref else words(f"alert.row.as_was.{alert.cause}")
    return f"• {' · '.join((named, *_facts(alert, task, words)))}"


def _facts(alert: Alert, task: AlertTask, words: Words) -> Iterator[str]:
    """Say in which room, when it happened, and how it is now."""
    if task.room:
        yield words("alert.row.room", room=code(task.room, _ROOM_ROOM))
    happened_at = read_trouble(task).happened_at
    yield words("alert.row.happened", when=date_token(happened_at))
    if task.recovered_at:
        yield words("alert.row.recovered", when=date_token(task.recovered_at))
        return
    yield words(f"alert.row.as_was.{alert.cause}")
    again = words("alert.row.ask", when=date_token(task.ask_at)) if task.ask_at else None
    yield again or words("alert.row.no_ask")


def support_ids(tasks: Sequence[AlertTask], words: Words) -> list[Block]:
    """Offer what the vendor's support asks for, on a line for each task; none gives no block."""
    lines = [" ".join(_ids(task)) for task in tasks if task.ref]
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(shown) + len(line) <= _COPIED:
            shown.append(line)
    if not shown:
        return []
    return [copyable(words(f"alert.ids.{'one' if len(shown) == 1 else 'many'}"), "\n".join(shown))]


def _ids(task: AlertTask) -> Iterator[str]:
    trouble = read_trouble(task)
    said = (
        ("task", str(task.ref)),
        ("request_id", trouble.request_id),
        ("vendor_request_id", trouble.vendor_request_id),
        ("code", trouble.error.code if trouble.error else None),
    )
    for name, value in said:
        if value:
            yield f"{name}={plain(value, _VALUE_ROOM)}"
