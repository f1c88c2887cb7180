"""Every statement the bot sends to its store, each with a name and a sentence.

``ON CONFLICT`` is the one thing SQLAlchemy spells per dialect: where a statement needs it, the
dialect's own ``insert`` is handed in. Each change that must happen once is one statement that
returns what it changed, so that the database decides between two who come at the same time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Executable, Table, delete, func, select, tuple_, update
from sqlalchemy.dialects.sqlite import Insert

from bot.models import Preferences, Scope
from bot.store.tables import heartbeats, lookups, preferences, receipts, waits
from providers.models import TaskRef, TaskStatus

InsertInto = Callable[[Table], Insert]
"""The ``insert`` of the dialect in use."""


class Repeated(NamedTuple):
    """One statement, to be run once for each of *rows*."""

    statement: Executable
    rows: Sequence[Mapping[str, object]]


def record_receipt(insert: InsertInto, team_id: str, key: str, at: datetime) -> Executable:
    """Note that something came from Slack; gives a row only where it had not come before."""
    row = insert(receipts).values(team_id=team_id, key=key, received_at=at)
    return row.on_conflict_do_nothing(index_elements=receipts.primary_key).returning(receipts.c.key)


def forget_receipt(team_id: str, key: str) -> Executable:
    """Take one receipt back, so that the same may come again."""
    is_it = (receipts.c.team_id == team_id) & (receipts.c.key == key)
    return delete(receipts).where(is_it).returning(receipts.c.key)


def forget_receipts(before: datetime, limit: int) -> Executable:
    """Delete some receipts nobody will send again; gives a row for each."""
    key = (receipts.c.team_id, receipts.c.key)
    old = select(*key).where(receipts.c.received_at < before).limit(limit)
    return delete(receipts).where(tuple_(*key).in_(old)).returning(receipts.c.key)


def remember_lookups(
    insert: InsertInto, team_id: str, user_id: str, statuses: Iterable[TaskStatus], at: datetime
) -> Repeated:
    """Note what a person asked for; a question without an answer keeps the state known before.

    A lookup older than the one remembered changes nothing.
    """
    row = insert(lookups)
    remembered = row.on_conflict_do_update(
        index_elements=lookups.primary_key,
        set_={
            "kind": func.coalesce(row.excluded.kind, lookups.c.kind),
            "state": func.coalesce(row.excluded.state, lookups.c.state),
            "asked_at": row.excluded.asked_at,
        },
        where=row.excluded.asked_at >= lookups.c.asked_at,
    )
    asker = {"team_id": team_id, "user_id": user_id, "asked_at": at}
    return Repeated(
        remembered,
        [
            {**asker, **asdict(status.ref), "kind": status.kind, "state": status.state}
            for status in sorted(statuses, key=lambda status: status.ref)
        ],
    )


def trim_lookups(team_id: str, user_id: str, keep: int) -> Executable:
    """Forget what a person asked for before their newest *keep* lookups."""
    theirs = (lookups.c.team_id == team_id, lookups.c.user_id == user_id)
    oldest_kept = (
        select(lookups.c.asked_at)
        .where(*theirs)
        .order_by(lookups.c.asked_at.desc())
        .offset(keep - 1)
        .limit(1)
        .scalar_subquery()
    )
    return delete(lookups).where(*theirs, lookups.c.asked_at < oldest_kept)


def forget_lookups(before: datetime, limit: int) -> Executable:
    """Delete some lookups that are no longer recent; gives a row for each."""
    key = tuple(lookups.primary_key)
    old = select(*key).where(lookups.c.asked_at < before).limit(limit)
    return delete(lookups).where(tuple_(*key).in_(old)).returning(lookups.c.task_id)


def select_lookups(team_id: str, user_id: str, limit: int) -> Executable:
    """Read what a person asked for, newest first."""
    return (
        select(lookups)
        .where(lookups.c.team_id == team_id, lookups.c.user_id == user_id)
        .order_by(lookups.c.asked_at.desc(), *lookups.primary_key)
        .limit(limit)
    )


def select_preferences(team_id: str, scope: Scope, subject_id: str) -> Executable:
    """Read what a channel or a person chose: one row or none."""
    return select(preferences).where(
        preferences.c.team_id == team_id,
        preferences.c.scope == scope,
        preferences.c.subject_id == subject_id,
    )


def save_preferences(
    insert: InsertInto, subject: tuple[str, Scope, str], chosen: Preferences, by: str, at: datetime
) -> Executable:
    """Replace all that a channel or a person chose; *subject* is team, scope and id."""
    team_id, scope, subject_id = subject
    news = None if chosen.news is None else ",".join(sorted(chosen.news))
    changed = {**asdict(chosen), "news": news, "changed_by": by, "changed_at": at}
    row = insert(preferences).values(team_id=team_id, scope=scope, subject_id=subject_id, **changed)
    return row.on_conflict_do_update(index_elements=preferences.primary_key, set_=changed)


def add_wait(
    insert: InsertInto, team_id: str, execution_id: str, ref: TaskRef, times: dict[str, datetime]
) -> Executable:
    """Begin to wait; gives the row only where this execution never waited before.

    *times* are ``until``, ``next_poll_at`` and ``created_at``.
    """
    row = insert(waits).values(team_id=team_id, execution_id=execution_id, **asdict(ref), **times)
    once = row.on_conflict_do_nothing(index_elements=[waits.c.team_id, waits.c.execution_id])
    return once.returning(waits)


def select_due_waits(now: datetime, limit: int) -> Executable:
    """Read open waits whose next poll has come, the longest overdue first."""
    return (
        select(waits)
        .where(waits.c.ended_at.is_(None), waits.c.next_poll_at <= now)
        .order_by(waits.c.next_poll_at, waits.c.id)
        .limit(limit)
    )


def reschedule_wait(wait_id: int, at: datetime) -> Executable:
    """Move the next poll of a wait that is still open; gives a row if it was."""
    still_open = update(waits).where(waits.c.id == wait_id, waits.c.ended_at.is_(None))
    return still_open.values(next_poll_at=at).returning(waits.c.id)


def end_wait(wait_id: int, at: datetime) -> Executable:
    """End a wait; gives a row to the one who ended it and none to whoever comes later."""
    still_open = update(waits).where(waits.c.id == wait_id, waits.c.ended_at.is_(None))
    return still_open.values(ended_at=at).returning(waits.c.id)


def forget_waits(before: datetime, limit: int) -> Executable:
    """Delete some waits that ended long ago; gives a row for each. Open ones are never deleted."""
    old = select(waits.c.id).where(waits.c.ended_at < before).limit(limit)
    return delete(waits).where(waits.c.id.in_(old)).returning(waits.c.id)


def beat(insert: InsertInto, at: datetime) -> Executable:
    """Write the one row that exists to be written."""
    row = insert(heartbeats).values(id=1, written_at=at)
    return row.on_conflict_do_update(
        index_elements=heartbeats.primary_key, set_={"written_at": row.excluded.written_at}
    )
