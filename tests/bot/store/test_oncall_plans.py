"""However much lies behind, what is due is found in an index that holds nothing else."""

from collections.abc import AsyncIterator, Mapping

import pytest
from sqlalchemy import Executable

from bot.oncall import AlertStatus
from bot.store import (
    alert_changes,
    alert_statements,
    check_statements,
    inbox,
    page_statements,
    poll_statements,
    silences,
    subscriptions,
    sweep_marks,
)
from bot.store.database import Database
from bot.store.opening import open_database
from bot.store.statements import Repeated
from tests.bot.store.alert_samples import CAUSE
from tests.bot.store.samples import NOW
from tests.bot.store.test_watch_plans import TASK, explain
from tests.bot.store.watch_samples import LANE, ref

REFS = [ref("a"), ref("b")]
STATEMENTS: Mapping[str, tuple[Executable | Repeated, str]] = {
    "unrouted": (alert_statements.select_unrouted(10), "ix_transition_unrouted"),
    "routed": (alert_changes.route_transitions([(1, 1)], NOW), "autoindex_transition"),
    "due timers": (alert_statements.select_due_timers(NOW, 10), "ix_timer_due"),
    "an alert's timers": (alert_statements.select_timers(1), "autoindex_timer"),
    "canceled timers": (alert_changes.cancel_timers(1, NOW), "autoindex_timer"),
    "due asks": (alert_statements.select_due_asks(NOW, 10), "ix_alert_task_ask"),
    "due pages": (page_statements.select_due_pages(NOW, 10), "ix_page_due"),
    "a cause": (alert_statements.select_unresolved(CAUSE), "ix_alert_unresolved"),
    "a resolution": (alert_statements.select_resolved_since(CAUSE, NOW), "ix_alert_cause"),
    "a card's": (alert_statements.select_by_card(1), "ix_alert_card_id"),
    "a workspace's": (
        alert_statements.select_alerts("T1", tuple(AlertStatus), limit=10),
        "ix_alert_team_id_opened_at",
    ),
    "a log": (alert_statements.select_events(1), "ix_alert_event_alert_id"),
    "tasks": (alert_statements.select_tasks(1, 10, 0), "autoindex_alert_task"),
    "struck": (alert_statements.select_struck(REFS), "ix_alert_task_provider_account_task_id"),
    "troubled": (alert_statements.select_troubled(["a"]), "ix_alert_task_trouble_key"),
    "forgotten alerts": (alert_changes.forget_alerts(NOW, 10), "ix_alert_resolved_at"),
    "forgotten pages": (page_statements.forget_pages(NOW, 10), "ix_page_sent_at"),
    "checks": (check_statements.count_checks(), "ix_task_checked"),
    "locked tasks": (check_statements.lock_checked(REFS), "autoindex_task"),
    "a hint": (check_statements.hurry(1, NOW, None), "PRIMARY KEY"),
    "a checked task": (check_statements.end_check(TASK), "PRIMARY KEY"),
    "a lane": (poll_statements.count_lane(LANE), "ix_task_due"),
    "open callbacks": (inbox.select_open(10), "ix_callback_open"),
    "their count": (inbox.count_open(), "ix_callback_open"),
    "forgotten callbacks": (inbox.forget_callbacks(NOW, 10), "ix_callback_received_at"),
    "what ran": (sweep_marks.select_running(LANE), "autoindex_running"),
    "a channel's subscriptions": (
        subscriptions.select_open(*subscriptions.of_place("T1", "C1")),
        "ix_subscription_open",
    ),
    "forgotten subscriptions": (
        subscriptions.forget_subscriptions(NOW, 10),
        "ix_subscription_ended_at",
    ),
    "silences": (silences.select_open(), "ix_silence_open"),
    "forgotten silences": (silences.forget_silences(NOW, 10), "ix_silence_ended_at"),
}


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    async with open_database("sqlite://") as opened:
        yield opened.database


@pytest.mark.parametrize("name", STATEMENTS)
async def test_what_is_looked_for_is_found_in_an_index(database: Database, name: str) -> None:
    statement, index = STATEMENTS[name]

    plan = await explain(database, statement)

    walks = [step for step in plan if step.startswith("SCAN") and index not in step]
    assert [step for step in walks if "CONSTANT ROW" not in step] == []
    assert any(index in step for step in plan), plan


async def test_what_is_due_is_found_in_its_order(database: Database) -> None:
    for statement in (
        alert_statements.select_unrouted(10),
        alert_statements.select_due_timers(NOW, 10),
        inbox.select_open(10),
    ):
        plan = await explain(database, statement)

        assert not [step for step in plan if "TEMP B-TREE" in step]
