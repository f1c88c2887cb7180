import re
from collections.abc import Callable
from inspect import isfunction

import pytest
from sqlalchemy import Executable, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from bot.models import Preferences, Scope
from bot.store import statements
from bot.store.opening import open_database
from bot.store.statements import InsertInto
from tests.bot.store.samples import NOW, REF, status

TIMES = {"until": NOW, "next_poll_at": NOW, "created_at": NOW}
SUBJECT = ("T1", Scope.CHANNEL, "C1")
STATEMENTS: dict[str, Callable[[InsertInto], Executable]] = {
    "record_receipt": lambda insert: statements.record_receipt(insert, "T1", "Ev1", NOW),
    "forget_receipt": lambda _: statements.forget_receipt("T1", "Ev1"),
    "forget_receipts": lambda _: statements.forget_receipts(NOW, 5),
    "remember_lookups": lambda insert: (
        statements.remember_lookups(insert, "T1", "U1", [status()], NOW).statement
    ),
    "trim_lookups": lambda _: statements.trim_lookups("T1", "U1", 5),
    "forget_lookups": lambda _: statements.forget_lookups(NOW, 5),
    "select_lookups": lambda _: statements.select_lookups("T1", "U1", 5),
    "select_preferences": lambda _: statements.select_preferences(*SUBJECT),
    "save_preferences": lambda insert: statements.save_preferences(
        insert, SUBJECT, Preferences(), "U1", NOW
    ),
    "add_wait": lambda insert: statements.add_wait(insert, "T1", "Fx1", REF, TIMES),
    "select_due_waits": lambda _: statements.select_due_waits(NOW, 5),
    "reschedule_wait": lambda _: statements.reschedule_wait(1, NOW),
    "end_wait": lambda _: statements.end_wait(1, NOW),
    "forget_waits": lambda _: statements.forget_waits(NOW, 5),
    "beat": lambda insert: statements.beat(insert, NOW),
}


CLAUSE = re.compile(r"\b(CONFLICT|NOTHING|SET|WHERE|ORDER BY|LIMIT|RETURNING)\b")


def compile_sql(statement: Executable, dialect: str, *, literal: bool = False) -> str:
    assert isinstance(statement, ClauseElement)
    speaker = make_url(f"{dialect}://").get_dialect()()
    return str(statement.compile(dialect=speaker, compile_kwargs={"literal_binds": literal}))


def test_every_statement_is_listed_here() -> None:
    written = {
        name
        for name, item in vars(statements).items()
        if isfunction(item) and item.__module__ == statements.__name__
    }

    assert written == set(STATEMENTS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_both_dialects_are_told_the_same(name: str) -> None:
    build = STATEMENTS[name]
    theirs: InsertInto = postgresql.insert  # type: ignore[assignment]  # the same clauses by another class

    told = compile_sql(build(sqlite.insert), "sqlite")
    told_theirs = compile_sql(build(theirs), "postgresql")

    assert CLAUSE.findall(told) == CLAUSE.findall(told_theirs) != []


@pytest.mark.parametrize("name", [name for name in STATEMENTS if "forget" in name or "due" in name])
async def test_what_runs_often_over_all_rows_uses_an_index(name: str) -> None:
    sql = compile_sql(STATEMENTS[name](sqlite.insert), "sqlite", literal=True)
    async with (
        open_database("sqlite://") as opened,
        opened.database.writer.begin() as connection,
    ):
        rows = (await connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))).all()

    plan = [row.detail for row in rows]
    assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step]
