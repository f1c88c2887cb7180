"""A simulated week in small; ``python -m tests.simulation`` lives through the whole of it."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Row

from bot.models import Happening, Watch
from providers.models import TaskRef, TaskState
from tests.fakes.jumping_loop import START, run_jumping
from tests.fakes.lives import Life, older
from tests.simulation.__main__ import describe
from tests.simulation.ledger import BrokenPromiseError, Ledger, judge_history
from tests.simulation.plan import draw_plan
from tests.simulation.week import live

REF = TaskRef("tiw", "main", "1")
WATCH = Watch(
    id=1,
    team_id="T1",
    task_id=7,
    ref=REF,
    card_id=1,
    channel_id="C1",
    created_by="U1",
    created_at=START,
    ends_at=START.replace(hour=20),
    grace_until=START.replace(minute=10),
)


def test_a_week_goes_by_without_a_broken_promise(tmp_path: Path) -> None:
    plan = draw_plan(200, seed=7, days=1)

    outcome = run_jumping(live(plan, tmp_path / "week.db", days=2))

    ledger = outcome.ledger
    assert sum(ledger.told[one] for one in ("finished", "missing", "limit_reached")) > 0
    assert describe(plan, outcome)
    assert ledger.checks > len(ledger.entries)


def test_the_same_seed_is_the_same_week() -> None:
    assert draw_plan(100, seed=5) == draw_plan(100, seed=5)
    assert draw_plan(100, seed=5) != draw_plan(100, seed=6)


def row(**columns: Any) -> Row[Any]:
    """Something to be taken for a row of a table."""
    return SimpleNamespace(**columns)  # type: ignore[return-value]  # it has the columns asked for


def news(happening: Happening, after: TaskState | None = None, watch_id: int = 1) -> Row[Any]:
    key = f"news:{watch_id}:1:{happening}"
    return row(kind="news", key=key, facts={"happening": happening, "after": after})


def ledger_over(life: Life) -> Ledger:
    ledger = Ledger({REF: life})
    ledger.started([WATCH])
    return ledger


ENDED = older(Life(START, 60), 100)
"""A life that was over forty seconds ago."""


def test_a_right_message_is_counted() -> None:
    ledger = ledger_over(ENDED)

    ledger.deliver(news(Happening.FINISHED, TaskState.SUCCEEDED), START, bots_now=START)

    assert ledger.told == Counter({"finished": 1})
    assert ledger.waiting == {}


@pytest.mark.parametrize(
    ("life", "message", "complaint"),
    [
        (Life(START, 60), news(Happening.FINISHED, TaskState.SUCCEEDED), "told succeeded"),
        (Life(START, 60), news(Happening.FINISHED, TaskState.RUNNING), "too early"),
        (ENDED, news(Happening.FINISHED, TaskState.FAILED), "told failed"),
        (ENDED, news(Happening.MISSING), "grace was not over"),
        (ENDED, news(Happening.LIMIT_REACHED), "limit was not reached"),
        (ENDED, news(Happening.FINISHED, watch_id=2), "nobody started"),
    ],
)
def test_the_ledger_finds_a_wrong_message(life: Life, message: Row[Any], complaint: str) -> None:
    ledger = ledger_over(life)

    with pytest.raises(BrokenPromiseError, match=complaint):
        ledger.deliver(message, START, bots_now=START)


def test_the_ledger_finds_a_second_message() -> None:
    ledger = ledger_over(ENDED)
    ledger.deliver(news(Happening.FINISHED, TaskState.SUCCEEDED), START, bots_now=START)

    with pytest.raises(BrokenPromiseError, match="told after finished"):
        ledger.deliver(news(Happening.FINISHED, TaskState.SUCCEEDED), START, bots_now=START)


def test_the_ledger_finds_a_message_to_nobody() -> None:
    ledger = ledger_over(ENDED)
    ledger.unwatched(WATCH)

    with pytest.raises(BrokenPromiseError, match="told to nobody"):
        ledger.deliver(news(Happening.FINISHED, TaskState.SUCCEEDED), START, bots_now=START)


@pytest.mark.parametrize(
    ("open_tasks", "open_watches", "complaint"),
    [({7}, set(), "lost"), ({7}, {1, 2}, "over and still open"), (set(), {1}, "not as watched")],
)
def test_the_ledger_finds_what_is_open_and_should_not_be(
    open_tasks: set[int], open_watches: set[int], complaint: str
) -> None:
    ledger = ledger_over(Life(START))

    with pytest.raises(BrokenPromiseError, match=complaint):
        ledger.audit(open_tasks, open_watches, START)


def test_the_ledger_finds_who_starves() -> None:
    ledger = ledger_over(older(Life(START, 60), 100))

    with pytest.raises(BrokenPromiseError, match="untold"):
        ledger.audit({7}, {1}, START.replace(hour=14))


def test_the_ledger_finds_a_place_that_hears_twice() -> None:
    ledger = ledger_over(Life(START))

    with pytest.raises(BrokenPromiseError, match="watched twice"):
        ledger.started([replace(WATCH, id=2)])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [([], "lost, or made up"), ([row(id=1, ended_why="finished")], "finished, not None")],
)
def test_the_ledger_finds_a_watch_that_ended_otherwise(
    rows: list[Row[Any]], complaint: str
) -> None:
    ledger = ledger_over(Life(START))

    with pytest.raises(BrokenPromiseError, match=complaint):
        ledger.audit_all(rows)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ([(1, None, "running"), (1, "running", "failed")], "two at a version"),
        ([(1, None, "running"), (2, "queued", "failed")], "skipped a state"),
        ([(1, "succeeded", "failed")], "left succeeded"),
    ],
)
def test_the_ledger_finds_a_history_that_cannot_be(
    changes: list[tuple[int, str | None, str]], complaint: str
) -> None:
    rows = [row(task_id=1, version=one, before=old, after=new) for one, old, new in changes]

    with pytest.raises(BrokenPromiseError, match=complaint):
        judge_history(rows, Ledger({}))
