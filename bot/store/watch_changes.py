"""The statements that change watches and what is known of their tasks.

Two who come at the same time are kept apart by the task's row, which every change takes first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, exists, or_, select, update

from bot.models import Learned
from bot.store.oncall_tables import alerts
from bot.store.statements import InsertInto, Repeated
from bot.store.watch_tables import (
    answers,
    cards,
    durations,
    tasks,
    transitions,
    watchers,
    watches,
)


def touch_cards(card_ids: Iterable[int]) -> Executable:
    """Let cards be drawn anew."""
    return update(cards).where(cards.c.id.in_(card_ids)).values(wanted=cards.c.wanted + 1)


def touch_task(watch_id: int, team_id: str | None) -> Executable:
    """Make a new version of the task of an open watch; gives its id, if the watch is open."""
    of_it = select(watches.c.task_id).where(watches.c.id == watch_id, watches.c.ended_at.is_(None))
    if team_id is not None:
        of_it = of_it.where(watches.c.team_id == team_id)
    touched = update(tasks).where(tasks.c.id == of_it.scalar_subquery())
    return touched.values(version=tasks.c.version + 1).returning(tasks.c.id)


def select_if_open(watch_id: int) -> Executable:
    """Read whether a watch is open: a row or none."""
    return select(watches.c.id).where(watches.c.id == watch_id, watches.c.ended_at.is_(None))


def remove_watcher(watch_id: int, subject_id: str) -> Executable:
    """Take one watcher off a watch."""
    return delete(watchers).where(
        watchers.c.watch_id == watch_id, watchers.c.subject_id == subject_id
    )


def end_watch(watch_id: int, by: str, at: datetime, *, if_unwatched: bool) -> Executable:
    """End an open watch as *by* wants; gives a row. *if_unwatched*: only if nobody is left."""
    still_open = update(watches).where(watches.c.id == watch_id, watches.c.ended_at.is_(None))
    if if_unwatched:
        still_open = still_open.where(~exists().where(watchers.c.watch_id == watches.c.id))
    ended = still_open.values(ended_at=at, ended_why="unwatched", ended_by=by)
    return ended.returning(watches.c.id)


def touch_card_of(watch_id: int) -> Executable:
    """Let the card that shows a watch be drawn anew."""
    card = select(watches.c.card_id).where(watches.c.id == watch_id).scalar_subquery()
    return update(cards).where(cards.c.id == card).values(wanted=cards.c.wanted + 1)


STILL_WATCHED = exists().where(watches.c.task_id == tasks.c.id, watches.c.ended_at.is_(None))
"""Whether anybody watches a task."""


def close_task(task_id: int) -> Executable:
    """Follow a task no longer if nobody watches it or wants it asked; gives whether it is open."""
    is_open = or_(STILL_WATCHED, tasks.c.check_source.is_not(None))
    closed = update(tasks).where(tasks.c.id == task_id).values(is_open=is_open)
    return closed.returning(tasks.c.is_open)


def task_values(*names: str) -> dict[str, Any]:
    """Name columns of ``task`` whose values are given when the statement is run."""
    return {name: bindparam(name, type_=tasks.c[name].type) for name in names}


POLLED = ("seen_at", "polled_at", "polls", "errors", "poll_after")
"""What every poll changes of a task, its turn apart."""
_TOLD = ("kind", "state", "born_at", "changed_at", "unreachable_since", "stalled_at")
_CHANGE_TASK = (
    update(tasks)
    .where(tasks.c.id == bindparam("task"), tasks.c.version == bindparam("known"))
    .values(version=tasks.c.version + 1, **task_values(*_TOLD, *POLLED))
    .returning(tasks.c.is_open)
)


def change_task(version: int, values: Mapping[str, Any]) -> Repeated:
    """Change a task that is still at *version*; gives a row only then: whether it is open."""
    return Repeated(_CHANGE_TASK, [{"known": version, **values}])


@cache
def _save_answers(insert: InsertInto) -> Executable:
    row = insert(answers)
    replaced = {"status": row.excluded.status}
    return row.on_conflict_do_update(index_elements=[answers.c.task_id], set_=replaced)


def save_answers(insert: InsertInto, rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Keep the last answer about tasks."""
    return Repeated(_save_answers(insert), rows)


_ADD_TRANSITION = transitions.insert()


def add_transition(values: Mapping[str, Any]) -> Repeated:
    """Note that a task's state changed."""
    return Repeated(_ADD_TRANSITION, [values])


_END_WATCH = (
    update(watches)
    .where(watches.c.id == bindparam("watch"), watches.c.ended_at.is_(None))
    .values(ended_at=bindparam("at", type_=watches.c.ended_at.type), ended_why=bindparam("why"))
)


def end_watches(ended: Iterable[tuple[int, str]], at: datetime) -> Repeated:
    """End watches, each by id and why; one that had ended stays as it is."""
    return Repeated(_END_WATCH, [{"watch": id_, "why": why, "at": at} for id_, why in ended])


def tell_limit(watch_ids: Iterable[int], at: datetime) -> Executable:
    """Note that the coming limit of watches is announced."""
    return update(watches).where(watches.c.id.in_(watch_ids)).values(limit_told_at=at)


def learn(insert: InsertInto, learned: Learned) -> Repeated:
    """Add what an end taught to what is known of its kind."""
    row = insert(durations)
    more = {
        "events": durations.c.events + row.excluded.events,
        "exposure_s": durations.c.exposure_s + row.excluded.exposure_s,
    }
    kind = {"provider": learned.provider, "kind": learned.kind}
    events, exposure = learned.events_by_bin, learned.exposure_by_bin
    return Repeated(
        row.on_conflict_do_update(index_elements=durations.primary_key, set_=more),
        [
            {
                **kind,
                "bin": bin_,
                "events": events.get(bin_, 0),
                "exposure_s": exposure.get(bin_, 0),
            }
            for bin_ in sorted({*events, *exposure})
        ],
    )


def forget_watches(before: datetime, limit: int) -> Executable:
    """Delete some watches that ended long ago, with their watchers; gives a row for each."""
    old = select(watches.c.id).where(watches.c.ended_at < before).limit(limit)
    return delete(watches).where(watches.c.id.in_(old)).returning(watches.c.id)


def forget_cards(before: datetime, limit: int) -> Executable:
    """Delete some old cards that show nothing any more; gives a row for each."""
    shown = (exists().where(kind.c.card_id == cards.c.id) for kind in (watches, alerts))
    old = select(cards.c.id).where(cards.c.created_at < before, ~or_(*shown)).limit(limit)
    return delete(cards).where(cards.c.id.in_(old)).returning(cards.c.id)


def forget_tasks(before: datetime, limit: int) -> Executable:
    """Delete some tasks nobody watches or watched lately; gives a row for each."""
    known = exists().where(watches.c.task_id == tasks.c.id)
    closed = (~tasks.c.is_open, tasks.c.changed_at < before)
    old = select(tasks.c.id).where(*closed, ~known).limit(limit)
    return delete(tasks).where(tasks.c.id.in_(old), *closed).returning(tasks.c.id)
