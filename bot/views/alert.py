"""The card of an alert: one message for one cause, kept true by editing it.

From top to bottom: whom it calls; what failed, where and how it stands; in whose room and when;
what it means and what to do; the ids to copy; its tasks; the log's last word; what can be done.
A condensed card leaves out the ids, the tasks and the facts, and counts instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.oncall import Alert, AlertContents, AlertTask, Cause
from bot.views.alert_facts import TroubleFacts, read_trouble
from bot.views.alert_standing import describe_standing, head_of, title_of
from bot.views.alert_tasks import PAGE_ROWS, count_tasks, render_tasks, support_ids
from bot.views.alert_verbs import alert_row
from bot.views.headline import reason_words
from bot.views.layout import Block, View, context, field_grid, paragraph, section
from bot.views.on_call import OnCall, call_targets
from bot.views.options import Options
from bot.views.text import code, date_token, escape, plain
from bot.views.trouble import describe_trouble
from bot.views.words import Words
from providers.models import TaskState

_ROOM_ROOM = 200
_MOST_ROOMS = 5
_SHORT_ROOM = 400
_SPOKEN_ROOM = 300
_LINE_ROOM = 2000
_STATES: Mapping[Cause, TaskState] = {
    Cause.FAILED: TaskState.FAILED,
    Cause.PARTIAL: TaskState.PARTIAL,
    Cause.EMPTY: TaskState.EMPTY,
}
"""The state that tasks of a cause are in."""
_HAPPENED = ("alert.happened", "alert.first")
"""Of one task, of several."""


def render_alert(
    contents: AlertContents,
    *,
    mentions: Sequence[str] = (),
    on_call: OnCall | None = None,
    page: int = 0,
    now: datetime,
    options: Options | None = None,
) -> View:
    """Draw an alert as it is *now*; *contents* holds the ten tasks of the page, counted from 0.

    *mentions* are users, groups and ``rota:…``, for a message that is posted: an edited one
    notifies nobody.
    """
    options = options or Options()
    contents = replace(contents, tasks=contents.tasks[:PAGE_ROWS])
    alert, words = contents.alert, options.words
    trouble = first_of(contents)
    title = title_of(alert, trouble, options)
    body = _short if options.condensed else _whole
    blocks = [
        *call_targets(mentions, on_call or {}, words),
        section(head_of(alert, title, options)),
        *body(contents, trouble, page, now, words),
        *context(describe_standing(alert, contents.events, words)),
        *alert_row(alert, words),
    ]
    return View(blocks, _spoken(alert, title, trouble, words))


def first_of(contents: AlertContents) -> TroubleFacts:
    """Tell what is known of the first task there is, which has the code of all others."""
    if contents.tasks:
        return read_trouble(contents.tasks[0])
    return TroubleFacts(contents.alert.opened_at)


def _whole(
    contents: AlertContents, trouble: TroubleFacts, page: int, now: datetime, words: Words
) -> Iterator[Block]:
    alert, tasks = contents.alert, contents.tasks
    yield from field_grid([*_rooms(tasks, words), *_facts(contents, trouble, page, now, words)])
    yield from paragraph("\n".join(describe_cause(alert, trouble, words)))
    yield from support_ids(tasks, words)
    if alert.count > 1 and alert.cause is not Cause.OUTAGE:
        yield from render_tasks(alert, tasks, page, words)


def _short(
    contents: AlertContents, trouble: TroubleFacts, page: int, now: datetime, words: Words
) -> Iterator[Block]:
    """Write what happened and what to do on a line each, and count the tasks."""
    del page, now
    alert, error = contents.alert, trouble.error
    said = escape(error.message, _SHORT_ROOM) if error else ""
    hint = words("error.hint", hint=escape(error.hint, _SHORT_ROOM)) if error and error.hint else ""
    counted = count_tasks(alert, words) if alert.count > 1 else ""
    yield from paragraph("\n".join(filter(None, (said, hint, counted))))


def _rooms(tasks: Sequence[AlertTask], words: Words) -> Iterator[tuple[str, str]]:
    rooms = list(dict.fromkeys(task.room for task in tasks if task.room))
    if rooms:
        yield words("alert.room" if len(rooms) == 1 else "alert.rooms"), _name_rooms(rooms, words)


def _facts(
    contents: AlertContents, trouble: TroubleFacts, page: int, now: datetime, words: Words
) -> Iterator[tuple[str, str]]:
    """Say when it happened and how long there is to look; of many, what the first page knows."""
    alert, tasks = contents.alert, contents.tasks
    if alert.cause is Cause.OUTAGE or page:
        return
    yield words(_HAPPENED[alert.count > 1]), date_token(trouble.happened_at)
    if alert.count <= 1:
        yield from _signs_of_life(trouble, words)
    kept = [until for task in tasks if (until := read_trouble(task).evidence_until)]
    if kept:
        key = "alert.evidence" if min(kept) > now else "alert.evidence_gone"
        yield words(key), date_token(min(kept))
    until = tasks[0].ask_until if tasks else None
    if until and alert.count <= 1:
        yield words("alert.asked_until"), date_token(until)


def _signs_of_life(trouble: TroubleFacts, words: Words) -> Iterator[tuple[str, str]]:
    if trouble.started_at:
        yield words("field.started"), date_token(trouble.started_at)
    if trouble.last_good:
        yield words("alert.good"), words(f"state.{trouble.last_good}")


def _name_rooms(rooms: Sequence[str], words: Words) -> str:
    more = len(rooms) - _MOST_ROOMS
    named = [code(room, _ROOM_ROOM) for room in rooms[:_MOST_ROOMS]]
    return words.join([*named, *([words.count("alert.more_rooms", more)] if more > 0 else [])])


def describe_cause(alert: Alert, trouble: TroubleFacts, words: Words) -> Iterator[str]:
    """Say what happened, the vendor's message, and what to do."""
    if alert.cause is Cause.OUTAGE:
        yield words("alert.outage")
        yield words("alert.outage_hint")
    elif alert.cause is Cause.STUCK:
        yield from _stuck(trouble, words)
    else:
        yield describe_trouble(trouble.error, _STATES[alert.cause], words)


def _stuck(trouble: TroubleFacts, words: Words) -> Iterator[str]:
    state = words(f"state.{trouble.state}") if trouble.state else words("alert.unfinished")
    if trouble.window_ends_at:
        yield words("alert.stuck_window", state=state, when=date_token(trouble.window_ends_at))
    else:
        yield words("alert.stuck", state=state)
    yield words("alert.stuck_hint")


def _spoken(alert: Alert, title: str, trouble: TroubleFacts, words: Words) -> str:
    """Say everything that matters in one line, without the signs."""
    status = words(f"alert.status.{alert.status}")
    said = [words("alert.spoken", title=title, status=status)]
    if trouble.error and alert.cause in _STATES:
        reason = reason_words(trouble.error, _STATES[alert.cause], words)
        said.append(plain(trouble.error.message, _SPOKEN_ROOM) or reason)
    if trouble.error and trouble.error.hint:
        said.append(plain(trouble.error.hint, _SPOKEN_ROOM))
    return words.sentences([said[0], *(escape(one, _LINE_ROOM) for one in said[1:])])
