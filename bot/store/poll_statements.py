"""The statements of polling: whose turn it is, and what polls changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    union,
    update,
)

from bot.store.statements import InsertInto, Repeated
from bot.store.watch_changes import POLLED, task_values
from bot.store.watch_statements import TASKS
from bot.store.watch_tables import answers, lanes, tasks
from bot.virtual_time import VirtualTime


def select_heads(lane: str, after: tuple[float, int], limit: int) -> Executable:
    """Read open tasks of a lane in the order of their turns, from behind one tag and id on."""
    return (
        TASKS.where(
            tasks.c.lane == lane,
            tasks.c.is_open,
            tuple_(tasks.c.tag, tasks.c.id) > tuple_(*map(literal, after)),
        )
        .order_by(tasks.c.tag, tasks.c.id)
        .limit(limit)
    )


_IS_IT = tasks.c.id == bindparam("task")
_IS_STILL_KNOWN = tasks.c.version == bindparam("known")
"""Nobody recorded anything this poll did not know."""
IS_STILL_WANTED = tasks.c.check_at.is_not_distinct_from(
    bindparam("wanted", type_=tasks.c.check_at.type)
)
"""Nobody has had news of the task that this poll did not know."""


def polled_values() -> dict[str, ColumnElement[Any]]:
    """Write what a poll changed, unless more was recorded, or more is wanted, since."""
    values = task_values(*POLLED)
    conditions = dict.fromkeys(values, _IS_STILL_KNOWN)
    conditions["poll_after"] = and_(_IS_STILL_KNOWN, IS_STILL_WANTED)
    return {
        name: case((condition, values[name]), else_=tasks.c[name])
        for name, condition in conditions.items()
    }


_TURN = case((IS_STILL_WANTED, bindparam("tag", type_=tasks.c.tag.type)), else_=tasks.c.tag)
_SAVE_POLL = update(tasks).where(_IS_IT).values(tag=_TURN, **polled_values())


def save_polls(rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Write the turns of tasks, and what polls changed unless more was recorded since.

    A task that is wanted at once since then keeps its place at the head.
    """
    return Repeated(_SAVE_POLL, rows)


@cache
def _save_polled_answers(insert: InsertInto) -> Executable:
    answer = bindparam("status", type_=JSON)
    still = select(tasks.c.id, answer).where(_IS_IT, _IS_STILL_KNOWN)
    row = insert(answers).from_select(["task_id", "status"], still)
    return row.on_conflict_do_update(
        index_elements=[answers.c.task_id], set_={"status": row.excluded.status}
    )


def save_polled_answers(insert: InsertInto, rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Keep what polls were answered, unless more was recorded since."""
    return Repeated(_save_polled_answers(insert), rows)


@cache
def _save_lane(insert: InsertInto) -> Executable:
    row = insert(lanes)
    columns = {column.name: column for column in row.excluded if column.name != "name"}
    return row.on_conflict_do_update(index_elements=lanes.primary_key, set_=columns)


def save_lanes(insert: InsertInto, times: Mapping[str, VirtualTime]) -> Repeated:
    """Keep the virtual time of lanes."""
    return Repeated(
        _save_lane(insert), [{"name": name, **asdict(time)} for name, time in times.items()]
    )


def select_lane(name: str) -> Executable:
    """Read a lane's virtual time."""
    return select(lanes).where(lanes.c.name == name)


def count_lane(lane: str) -> Executable:
    """Count the open tasks of a lane: one row."""
    return select(func.count()).select_from(tasks).where(tasks.c.lane == lane, tasks.c.is_open)


_STALLED = tasks.c.stalled_at.is_not(None)


def select_slow(born: tuple[datetime, datetime], after: int, limit: int) -> Executable:
    """Read open tasks that were found slow, or were born between two instants, by id."""
    ids = union(
        select(tasks.c.id).where(_STALLED, tasks.c.is_open, tasks.c.id > after),
        select(tasks.c.id).where(tasks.c.is_open, tasks.c.born_at.between(*born)),
    )
    page = TASKS.where(tasks.c.id.in_(ids), tasks.c.id > after)
    return page.order_by(tasks.c.id).limit(limit)


def count_states() -> Executable:
    """Count open tasks by state."""
    return (
        select(tasks.c.state, func.count().label("tasks"))
        .where(tasks.c.is_open)
        .group_by(tasks.c.state)
    )
