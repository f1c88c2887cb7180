"""What the tables of watches hold, as values and back. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from bot.models import Card, FollowedTask, Source, Transition, Watch, Watcher
from providers.models import TaskRef, TaskState, TaskStatus


def read_task(row: Row[Any]) -> FollowedTask:
    """Read a row of ``task`` beside its ``task_answer``."""
    return FollowedTask(
        id=row.id,
        ref=read_ref(row),
        lane=row.lane,
        kind=row.kind,
        state=TaskState(row.state) if row.state else None,
        version=row.version,
        status=_read_answer(row.status),
        born_at=row.born_at,
        added_at=row.added_at,
        changed_at=row.changed_at,
        seen_at=row.seen_at,
        polled_at=row.polled_at,
        polls=row.polls,
        errors=row.errors,
        unreachable_since=row.unreachable_since,
        stalled_at=row.stalled_at,
        is_open=row.is_open,
        poll_after=row.poll_after,
        tag=row.tag,
        check_source=Source(row.check_source) if row.check_source else None,
        check_at=row.check_at,
    )


def _read_answer(words: Mapping[str, Any] | None) -> TaskStatus | None:
    """Read an answer; what a newer version beside this one has added to it is left out."""
    return TaskStatus.model_validate(words, extra="ignore") if words else None


def read_ref(row: Row[Any]) -> TaskRef:
    """Read which task a row of ``task`` is about."""
    return TaskRef(row.provider, row.account, row.task_id)


def read_watch(row: Row[Any], watchers: Iterable[Watcher]) -> Watch:
    """Read a row of ``watch`` beside the ref of its task."""
    return Watch(
        id=row.id,
        team_id=row.team_id,
        task_id=row.task_id,
        ref=TaskRef(row.provider, row.account, row.vendor_id),
        card_id=row.card_id,
        channel_id=row.channel_id,
        created_by=row.created_by,
        created_at=row.created_at,
        ends_at=row.ends_at,
        grace_until=row.grace_until,
        limit_told_at=row.limit_told_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
        ended_by=row.ended_by,
        watchers=tuple(watchers),
    )


def read_watchers(rows: Iterable[Row[Any]]) -> dict[int, list[Watcher]]:
    """Sort rows of ``watcher`` by their watch."""
    watchers: dict[int, list[Watcher]] = {}
    for row in rows:
        watcher = Watcher(row.subject_id, row.added_by, row.only_failures)
        watchers.setdefault(row.watch_id, []).append(watcher)
    return watchers


def read_card(row: Row[Any]) -> Card:
    """Read a row of ``card``."""
    return Card(
        id=row.id,
        team_id=row.team_id,
        kind=row.kind,
        channel_id=row.channel_id,
        thread_ts=row.thread_ts,
        ts=row.ts,
        created_by=row.created_by,
        created_at=row.created_at,
        wanted=row.wanted,
        shown=row.shown,
        lost_at=row.lost_at,
    )


def write_answer(status: TaskStatus) -> dict[str, Any]:
    """Write an answer in the words of the public JSON."""
    return status.model_dump(mode="json")


_PASSING = {"queried_at", "request_id", "vendor_request_id"}
"""What differs between two answers that say the same."""


def says_the_same(one: TaskStatus | None, other: TaskStatus | None) -> bool:
    """Tell whether one of two answers is enough to be kept."""
    if one is other or one is None or other is None:
        return one is other
    said = (status.model_dump(mode="json", exclude=_PASSING) for status in (one, other))
    return next(said) == next(said)


def write_task(task: FollowedTask) -> dict[str, Any]:
    """Write what a change may change of a task; its turn and whether it is open are not in it."""
    return {
        "task": task.id,
        "kind": task.kind,
        "state": task.state,
        "born_at": task.born_at,
        "changed_at": task.changed_at,
        "unreachable_since": task.unreachable_since,
        "stalled_at": task.stalled_at,
        **write_poll(task),
    }


def write_poll(task: FollowedTask) -> dict[str, Any]:
    """Write what every poll changes of a task, its turn apart."""
    return {
        "seen_at": task.seen_at,
        "polled_at": task.polled_at,
        "polls": task.polls,
        "errors": task.errors,
        "poll_after": task.poll_after,
    }


def write_transition(transition: Transition) -> Mapping[str, Any]:
    """Write a row of ``transition``."""
    return {
        "task_id": transition.task_id,
        "version": transition.version,
        "before": transition.before,
        "after": transition.after,
        "happened_at": transition.happened_at,
        "seen_at": transition.seen_at,
        "source": transition.source,
        "confirmed": transition.confirmed,
    }
