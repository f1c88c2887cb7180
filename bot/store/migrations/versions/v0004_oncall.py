"""On-call: what vendors pushed, what was swept, subscriptions, alerts and silences."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add what on-call remembers; the version before does not look at it."""
    op.add_column("transition", sa.Column("routed_at", sa.Double))
    # What was seen before is over: nobody is alerted of the past.
    op.execute("UPDATE transition SET routed_at = seen_at")
    unrouted = ["seen_at", "task_id", "version"]
    _partial("ix_transition_unrouted", "transition", unrouted, "routed_at IS NULL")
    op.add_column("task", sa.Column("check_source", sa.String))
    op.add_column("task", sa.Column("check_at", sa.Double))
    _partial("ix_task_checked", "task", ["lane"], "check_source IS NOT NULL")
    _partial("ix_task_stalled", "task", ["id"], "stalled_at IS NOT NULL")
    op.create_index(
        "ix_task_born",
        "task",
        ["born_at"],
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    _create_intake()
    _create_subscription()
    _create_alert()
    _create_alert_task()
    _create_timer()
    _create_alert_event()
    _create_page()
    _create_silence()


def _partial(name: str, table: str, columns: list[str], where: str, **options: Any) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, sqlite_where=condition, postgresql_where=condition, **options
    )


def _numbered() -> sa.Column[int]:
    return sa.Column("id", _BIG_ID, nullable=False, autoincrement=True)


def _alert_id() -> sa.Column[int]:
    return sa.Column("alert_id", _BIG_ID, nullable=False)


def _of_alert(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_alert_id"
    return sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=name, ondelete="CASCADE")


def _create_intake() -> None:
    op.create_table(
        "callback",
        _numbered(),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("replay_key", sa.String, nullable=False),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("taken_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
        sa.UniqueConstraint("account", "replay_key", name="uq_callback_account_replay_key"),
        comment="what vendors pushed, verified and kept before it is answered",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_callback_received_at", "callback", ["received_at"])
    _partial("ix_callback_open", "callback", ["received_at", "id"], "taken_at IS NULL")
    op.create_table(
        "watermark",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("swept_until", sa.Double, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_watermark"),
        comment="up to when an account's list was looked through",
    )
    op.create_table(
        "running",
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("seen_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("lane", "task_id", name="pk_running"),
        comment="the recordings a sweep saw running; one that leaves is asked for",
    )
    op.create_table(
        "ending",
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("ordinarily", sa.Boolean),
        sa.Column("cause", sa.JSON),
        sa.Column("told_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("provider", "account", "task_id", name="pk_ending"),
        comment="why tasks ended, as callbacks said that nobody can confirm",
    )
    op.create_index("ix_ending_told_at", "ending", ["told_at"])


def _create_subscription() -> None:
    op.create_table(
        "subscription",
        _numbered(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("provider", sa.String),
        sa.Column("account", sa.String),
        sa.Column("to", sa.String, nullable=False),
        sa.Column("room", sa.String),
        sa.Column("watchers", sa.JSON, nullable=False),
        sa.Column("paused_at", sa.Double),
        sa.Column("paused_why", sa.String),
        sa.Column("ended_at", sa.Double),
        sa.Column("ended_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        comment="channels that hear of tasks nobody watches one by one",
        sqlite_autoincrement=True,
    )
    place = ["team_id", "channel_id"]
    _partial("ix_subscription_open", "subscription", place, "ended_at IS NULL")
    _partial("ix_subscription_ended_at", "subscription", ["ended_at"], "ended_at IS NOT NULL")


def _create_alert() -> None:
    op.create_table(
        "alert",
        _numbered(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("route", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("card_id", _BIG_ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.Column("counts_from", sa.Double, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.Column("assigned_to", sa.String),
        sa.Column("acknowledged_by", sa.String),
        sa.Column("acknowledged_at", sa.Double),
        sa.Column("snoozed_until", sa.Double),
        sa.Column("resolved_at", sa.Double),
        sa.Column("resolved_by", sa.String),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("recovered", sa.Integer, nullable=False),
        sa.Column("openings", sa.Integer, nullable=False),
        sa.Column("steps_run", sa.Integer, nullable=False),
        sa.Column("paged", sa.JSON, nullable=False),
        sa.Column("silence_id", _BIG_ID),
        sa.Column("notified_at", sa.Double),
        sa.Column("told_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_alert_card_id"),
        comment="one cause in one channel",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_card_id", "alert", ["card_id"])
    op.create_index("ix_alert_resolved_at", "alert", ["resolved_at"])
    op.create_index("ix_alert_team_id_opened_at", "alert", ["team_id", "opened_at"])
    cause = ["team_id", "route", "account", "cause", "code"]
    op.create_index("ix_alert_cause", "alert", [*cause, "resolved_at"])
    whole = [*cause, "provider"]
    _partial("ix_alert_unresolved", "alert", whole, "resolved_at IS NULL", unique=True)


def _create_alert_task() -> None:
    op.create_table(
        "alert_task",
        _alert_id(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("trouble_key", sa.String, nullable=False),
        sa.Column("provider", sa.String),
        sa.Column("account", sa.String),
        sa.Column("task_id", sa.String),
        sa.Column("room", sa.String),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("joined_at", sa.Double, nullable=False),
        sa.Column("recovered_at", sa.Double),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("ask_at", sa.Double),
        sa.Column("ask_until", sa.Double),
        sa.PrimaryKeyConstraint("alert_id", "trouble_key", name="pk_alert_task"),
        _of_alert("alert_task"),
        comment="the tasks an alert counts",
    )
    ref = ["provider", "account", "task_id"]
    op.create_index("ix_alert_task_provider_account_task_id", "alert_task", ref)
    op.create_index("ix_alert_task_trouble_key", "alert_task", ["trouble_key"])
    _partial("ix_alert_task_ask", "alert_task", ["ask_at"], "ask_at IS NOT NULL")


def _create_timer() -> None:
    op.create_table(
        "timer",
        _numbered(),
        _alert_id(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("done_at", sa.Double),
        sa.Column("canceled_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("alert_id", "kind", "number", name="uq_timer_alert_id_kind_number"),
        _of_alert("timer"),
        comment="what becomes due for an alert; a row is done once",
        sqlite_autoincrement=True,
    )
    open_ones = "done_at IS NULL AND canceled_at IS NULL"
    _partial("ix_timer_due", "timer", ["due_at"], open_ones)


def _create_alert_event() -> None:
    op.create_table(
        "alert_event",
        _numbered(),
        _alert_id(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("by", sa.String),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("mentions", sa.JSON, nullable=False),
        sa.Column("is_told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_event"),
        _of_alert("alert_event"),
        comment="what happened to an alert, and who did it",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_event_alert_id", "alert_event", ["alert_id"])


def _create_page() -> None:
    op.create_table(
        "page",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        _alert_id(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("pager", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("dedup_key", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Double),
        sa.Column("sent_at", sa.Double),
        sa.Column("error", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("key", name="uq_page_key"),
        _of_alert("page"),
        comment="what has to be told to a pager",
    )
    op.create_index("ix_page_alert_id", "page", ["alert_id"])
    op.create_index("ix_page_sent_at", "page", ["sent_at"])
    _partial("ix_page_due", "page", ["created_at"], "state = 0")


def _create_silence() -> None:
    op.create_table(
        "silence",
        _numbered(),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.Column("because", sa.String),
        sa.Column("hidden", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.Double),
        sa.Column("ended_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_silence"),
        comment="what nobody is notified of for a while",
        sqlite_autoincrement=True,
    )
    _partial("ix_silence_open", "silence", ["until", "id"], "ended_at IS NULL")
    _partial("ix_silence_ended_at", "silence", ["ended_at"], "ended_at IS NOT NULL")
