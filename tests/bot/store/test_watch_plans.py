"""However many watches there are, a statement looks at those it is about and at no others."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite

from bot.models import FollowedTask
from bot.store import (
    card_statements,
    delivery_statements,
    poll_statements,
    start_statements,
    watch_changes,
    watch_statements,
)
from bot.store.database import Database
from bot.store.opening import open_database
from bot.store.statements import Repeated
from bot.store.watch_rows import write_task
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import LANE, PLACE, ref

REFS = [ref("a"), ref("b")]
TASK = FollowedTask(1, REFS[0], LANE, None, None, 0, None, NOW, NOW, NOW)
STATEMENTS: Mapping[str, Executable | Repeated] = {
    "a task": watch_statements.select_tasks(REFS[:1]),
    "tasks": watch_statements.select_tasks(REFS),
    "tasks by id": watch_statements.select_tasks_by_id([1, 2]),
    "heads": poll_statements.select_heads(LANE, (1.0, 7), 100),
    "watches": watch_statements.select_watches([1], "T1"),
    "watches of tasks": watch_statements.select_watches_of([1, 2], ended=False),
    "all watches of tasks": watch_statements.select_watches_of([1, 2], ended=True),
    "watches on a card": watch_statements.select_watches_on(1),
    "watchers": watch_statements.select_watchers([1, 2]),
    "a workspace's": watch_statements.select_open("T1", {}, 50, 0),
    "a channel's": watch_statements.select_open("T1", {"channel_id": "C1"}, 50, 0),
    "one's own": watch_statements.select_open(
        "T1", {"subject_ids": ["U1", "S1"], "created_by": "U1"}, 50, 0
    ),
    "a task's": watch_statements.select_open("T1", {"ref": REFS[0]}, 50, 0),
    "a count": watch_statements.count_open("T1", {"channel_id": "C1"}),
    **{
        f"timers {place}": sort
        for place, sort in enumerate(watch_statements.select_due_timers(NOW, 100))
    },
    "locked tasks": start_statements.lock_tasks(REFS),
    "a place": start_statements.select_place(PLACE, [1, 2]),
    "a change": watch_changes.change_task(0, write_task(TASK)),
    "a closed task": watch_changes.close_task(1),
    "an ended watch": watch_changes.end_watch(1, "U1", NOW, if_unwatched=True),
    "a farewell": watch_changes.touch_task(1, "T1"),
    "forgotten watches": watch_changes.forget_watches(NOW, 500),
    "forgotten cards": watch_changes.forget_cards(NOW, 500),
    "forgotten tasks": watch_changes.forget_tasks(NOW, 500),
    "a stale card": card_statements.claim_stale(NOW, NOW),
    "stale cards": card_statements.count_stale(),
    "due channels": delivery_statements.select_heads(NOW, 100),
    "due deliveries": delivery_statements.select_waiting("C1", 100),
    "begun deliveries": delivery_statements.select_overdue(NOW, 100),
    "deliveries to check": delivery_statements.select_to_check(NOW, 100),
    "dead deliveries": delivery_statements.select_dead("T1", 10),
    "a backlog": delivery_statements.select_backlog(),
    "members": delivery_statements.select_members("d1"),
}
OF_A_FEW_ROWS = {"ix_card_stale", "ix_delivery_due", "ix_delivery_dead", "ix_delivery_check"}
"""Indexes that hold what is still to be done, and nothing else."""


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_statement_goes_through_a_whole_table(name: str) -> None:
    statement = STATEMENTS[name]

    async with open_database("sqlite://") as opened:
        plan = await explain(opened.database, statement)

    assert [step for step in plan if is_a_walk(step)] == []
    assert plan


def is_a_walk(step: str) -> bool:
    walks = step.startswith("SCAN") or "ended_at=?" in step
    return walks and step.rpartition(" ")[2] not in OF_A_FEW_ROWS


async def explain(database: Database, statement: Executable | Repeated) -> Sequence[str]:
    alone = statement.statement if isinstance(statement, Repeated) else statement
    compiled = alone.compile(  # type: ignore[attr-defined]  # whatever is executable can be compiled
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    values = tuple(1 for _ in compiled.positiontup)
    async with database.writer.connect() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        return [row.detail for row in rows]
