"""The statements that read watches, their tasks and cards; ``watch_changes`` has the others."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import (
    ColumnElement,
    Double,
    Executable,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from bot.models import LIMIT_NEAR
from bot.store.statements import Repeated
from bot.store.watch_tables import answers, cards, durations, tasks, watchers, watches
from providers.models import TaskRef, TaskState

_REF = ("provider", "account", "task_id")
_WATCH = (*watches.c, tasks.c.provider, tasks.c.account, tasks.c.task_id.label("vendor_id"))


TASKS = select(*tasks.c, answers.c.status).select_from(tasks.outerjoin(answers))
"""Read tasks and their last answers."""
_ONE_TASK = TASKS.where(*(tasks.c[name] == bindparam(name) for name in _REF))


def select_tasks(refs: Collection[TaskRef]) -> Executable | Repeated:
    """Read tasks and their last answers, by ref; one is read after every poll."""
    if len(refs) == 1:
        return Repeated(_ONE_TASK, [asdict(ref) for ref in refs])
    return TASKS.where(are_among(refs))


def select_tasks_by_id(task_ids: Iterable[int]) -> Executable:
    """Read tasks and their last answers, by our own ids."""
    return TASKS.where(tasks.c.id.in_(task_ids))


def are_among(refs: Iterable[TaskRef]) -> ColumnElement[bool]:
    """Choose tasks by ref; each is looked for in the index."""
    return or_(False, *map(is_about, refs))


def is_about(ref: TaskRef) -> ColumnElement[bool]:
    """Choose the one task of a ref."""
    return and_(*(tasks.c[name] == value for name, value in asdict(ref).items()))


def select_watches(watch_ids: Iterable[int], team_id: str | None = None) -> Executable:
    """Read watches by id, of one workspace where one is named."""
    return _watches(watches.c.id.in_(watch_ids), _of_team(team_id))


def select_watches_of(task_ids: Iterable[int], *, ended: bool) -> Executable:
    """Read the watches of tasks, open ones only unless *ended* ones are asked for too."""
    still = () if ended else (watches.c.ended_at.is_(None),)
    return _watches(watches.c.task_id.in_(task_ids), *still).order_by(watches.c.id)


def select_watches_on(card_id: int) -> Executable:
    """Read all watches a card shows."""
    return _watches(watches.c.card_id == card_id).order_by(watches.c.id)


def select_watchers(watch_ids: Iterable[int]) -> Executable:
    """Read who is mentioned by watches, in the order they came."""
    return (
        select(watchers)
        .where(watchers.c.watch_id.in_(watch_ids))
        .order_by(watchers.c.watch_id, watchers.c.added_at, watchers.c.subject_id)
    )


def select_card(card_id: int) -> Executable:
    """Read one card."""
    return select(cards).where(cards.c.id == card_id)


class Which(TypedDict, total=False):
    """Which open watches of a workspace somebody wants to see; every key narrows it down.

    *subject_ids* and *created_by* together say whose: watched by any of the first, or made by the
    second.
    """

    channel_id: str | None
    subject_ids: Sequence[str]
    created_by: str | None
    ref: TaskRef | None


def select_open(team_id: str, which: Which, limit: int, offset: int) -> Executable:
    """Read some of a workspace's open watches, the newest first."""
    newest = _watches(*_open(team_id, which)).order_by(watches.c.id.desc())
    return newest.limit(limit).offset(offset)


def count_open(team_id: str, which: Which) -> Executable:
    """Count a workspace's open watches."""
    return select(func.count()).select_from(watches).where(*_open(team_id, which))


def _open(team_id: str, which: Which) -> Iterator[ColumnElement[bool]]:
    yield watches.c.team_id == team_id
    yield watches.c.ended_at.is_(None)
    if (channel_id := which.get("channel_id")) is not None:
        yield watches.c.channel_id == channel_id
    if (ref := which.get("ref")) is not None:
        yield watches.c.task_id == select(tasks.c.id).where(is_about(ref)).scalar_subquery()
    if whose := list(_whose(team_id, which)):
        yield watches.c.id.in_(union_all(*whose))


def _whose(team_id: str, which: Which) -> Iterator[Select[tuple[int]]]:
    if subject_ids := which.get("subject_ids"):
        theirs = (watchers.c.team_id == team_id, watchers.c.subject_id.in_(subject_ids))
        yield select(watchers.c.watch_id).where(*theirs)
    if (created_by := which.get("created_by")) is not None:
        made = (watches.c.team_id == team_id, watches.c.created_by == created_by)
        yield select(watches.c.id).where(*made, watches.c.ended_at.is_(None))


def select_due_timers(now: datetime, limit: int) -> Sequence[Executable]:
    """Read the open watches at their limit, near it and untold, and beyond their grace."""
    is_open = watches.c.ended_at.is_(None)
    untold = watches.c.limit_told_at.is_(None)
    lasts_s = type_coerce(watches.c.ends_at, Double) - type_coerce(watches.c.created_at, Double)
    is_long = lasts_s >= 2 * LIMIT_NEAR.total_seconds()
    unknown = (tasks.c.is_open, tasks.c.state == TaskState.NOT_FOUND)
    denied = (watches.c.grace_until <= now, tasks.c.seen_at >= watches.c.grace_until)
    sorts = (
        (is_open, watches.c.ends_at <= now),
        (is_open, untold, watches.c.ends_at <= now + LIMIT_NEAR, is_long),
        (is_open, *denied, *unknown),
    )
    return [_watches(*sort).limit(limit) for sort in sorts]


def select_durations(provider: str, kind: str) -> Executable:
    """Read how long tasks of a kind took, by age."""
    return select(durations).where(durations.c.provider == provider, durations.c.kind == kind)


def _watches(*where: ColumnElement[bool]) -> Select[Any]:
    return select(*_WATCH).select_from(watches.join(tasks)).where(*where)


def _of_team(team_id: str | None) -> ColumnElement[bool]:
    return literal(True) if team_id is None else watches.c.team_id == team_id
