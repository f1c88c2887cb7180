"""The statements of checks: tasks that are asked once although nobody watches them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, case, func, null, select, update

from bot.models import FollowedTask
from bot.store.poll_statements import IS_STILL_WANTED, polled_values
from bot.store.statements import InsertInto, Repeated
from bot.store.turns import HEAD
from bot.store.watch_changes import STILL_WATCHED
from bot.store.watch_rows import write_poll
from bot.store.watch_statements import are_among
from bot.store.watch_tables import tasks
from providers.models import TaskRef


def lock_checked(refs: Iterable[TaskRef]) -> Executable:
    """Take the rows of tasks that are known, always in the same order; give how they stand."""
    named = (tasks.c.provider, tasks.c.account, tasks.c.task_id)
    stands = (tasks.c.state, tasks.c.is_open, tasks.c.check_at)
    known = select(tasks.c.id, *named, *stands).where(are_among(refs))
    return known.order_by(tasks.c.id).with_for_update()


def lock_followed(task_id: int) -> Executable:
    """Take the row of a task, if it is followed; give its lane and when it was last wanted."""
    followed = (tasks.c.id == task_id, tasks.c.is_open)
    return select(tasks.c.lane, tasks.c.check_at).where(*followed).with_for_update()


@cache
def _add_checks(insert: InsertInto) -> Executable:
    row = insert(tasks)
    now, new = tasks.c, row.excluded
    reopened = {
        "kind": func.coalesce(new.kind, now.kind),
        "errors": 0,
        "unreachable_since": null(),
        "stalled_at": null(),
    }
    asked = ("lane", "tag", "is_open", "poll_after", "check_source", "check_at")
    added = row.on_conflict_do_update(
        index_elements=[now.provider, now.account, now.task_id],
        set_={
            **{name: new[name] for name in asked},
            **{name: case((now.is_open, now[name]), else_=to) for name, to in reopened.items()},
        },
    )
    return added.returning(now.id, now.provider, now.account, now.task_id, now.lane)


def add_checks(insert: InsertInto, rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Put tasks at the head of their lanes, adding or opening them; gives a row for each.

    One that was closed keeps its state: what its vendor says next is compared with it.
    """
    return Repeated(_add_checks(insert), rows)


def hurry(task_id: int, at: datetime, ask_at: datetime | None) -> Executable:
    """Put a task at the head of its lane."""
    values = {"tag": HEAD, "poll_after": ask_at, "check_at": at}
    return update(tasks).where(tasks.c.id == task_id).values(**values)


_END_CHECK = (
    update(tasks)
    .where(tasks.c.id == bindparam("task"), IS_STILL_WANTED)
    .values(check_source=null(), is_open=STILL_WATCHED, **polled_values())
    .returning(tasks.c.is_open)
)


def end_check(task: FollowedTask) -> Repeated:
    """Note that a task was asked; gives whether it is still followed.

    Gives no row where it was wanted anew after *task* was read.
    """
    known = {"task": task.id, "known": task.version, "wanted": task.check_at}
    return Repeated(_END_CHECK, [{**known, **write_poll(task)}])


_CLEAR_CHECK = (
    update(tasks)
    .where(tasks.c.id == bindparam("task"), IS_STILL_WANTED)
    .values(check_source=null())
)


def clear_check(task: FollowedTask) -> Repeated:
    """Note that a task was asked, unless it was wanted anew after *task* was read."""
    return Repeated(_CLEAR_CHECK, [{"task": task.id, "wanted": task.check_at}])


def count_checks() -> Executable:
    """Count by lane the tasks that are still to be asked once."""
    counted = select(tasks.c.lane, func.count().label("tasks"))
    return counted.where(tasks.c.check_source.is_not(None)).group_by(tasks.c.lane)
