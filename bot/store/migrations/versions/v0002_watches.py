"""Watches: the tasks that are polled, who wants to hear of them and where, and how long they take.

Also what a channel wants to hear, and the oldest version of the program that may use the tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_UNENDED = "ended_at IS NULL"
_UNTOLD = "ended_at IS NULL AND limit_told_at IS NULL"


def upgrade() -> None:
    """Add the tables of watches; what was there keeps its meaning."""
    op.add_column("preference", sa.Column("news", sa.String))
    op.add_column("preference", sa.Column("broadcast", sa.String))
    _create_task()
    _create_what_was_seen()
    _create_card()
    _create_watch()
    _create_watcher()
    _create_what_was_learned()
    _create_compatibility()


def _create_task() -> None:
    op.create_table(
        "task",
        sa.Column("id", _BIG_ID, nullable=False, autoincrement=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("kind", sa.String),
        sa.Column("state", sa.String),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("tag", sa.Double, nullable=False),
        sa.Column("poll_after", sa.Double),
        sa.Column("born_at", sa.Double, nullable=False),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.Column("seen_at", sa.Double),
        sa.Column("polled_at", sa.Double),
        sa.Column("polls", sa.Integer, nullable=False, server_default="0"),
        sa.Column("errors", sa.Integer, nullable=False, server_default="0"),
        sa.Column("unreachable_since", sa.Double),
        sa.Column("stalled_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint(
            "provider", "account", "task_id", name="uq_task_provider_account_task_id"
        ),
        comment="a vendor's task somebody watches or watched; polled once for all of them",
        sqlite_autoincrement=True,
        # Every poll writes its row anew: old versions are cleared away early, at full speed.
        postgresql_with={
            "fillfactor": 80,
            "autovacuum_vacuum_scale_factor": 0.01,
            "autovacuum_vacuum_cost_delay": 0,
        },
    )
    _create_index_where("is_open", "ix_task_due", "task", ["lane", "tag", "id"])
    _create_index_where("is_open", "ix_task_state", "task", ["state"])
    _create_index_where("NOT is_open", "ix_task_closed", "task", ["changed_at"])


def _create_what_was_seen() -> None:
    op.create_table(
        "task_answer",
        sa.Column("task_id", _BIG_ID, nullable=False),
        sa.Column("status", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_task_answer"),
        _reference("task_answer", "task_id", "task", ondelete="CASCADE"),
        comment="the last answer about a task, in the words of the public JSON",
    )
    op.create_table(
        "transition",
        sa.Column("task_id", _BIG_ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("before", sa.String),
        sa.Column("after", sa.String, nullable=False),
        sa.Column("happened_at", sa.Double, nullable=False),
        sa.Column("seen_at", sa.Double, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "version", name="pk_transition"),
        _reference("transition", "task_id", "task", ondelete="CASCADE"),
        comment="how a task's state changed, once per version",
    )
    op.create_index("ix_transition_seen_at", "transition", ["seen_at"])


def _create_card() -> None:
    op.create_table(
        "card",
        sa.Column("id", _BIG_ID, nullable=False, autoincrement=True),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("thread_ts", sa.String),
        sa.Column("ts", sa.String),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False, server_default="1"),
        sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
        sa.Column("edit_after", sa.Double),
        sa.Column("reposts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lost_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        comment="a message that is kept true by editing it",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_card_team_id_channel_id_ts", "card", ["team_id", "channel_id", "ts"])
    op.create_index("ix_card_created_at", "card", ["created_at"])
    _create_index_where("wanted > shown", "ix_card_stale", "card", ["id"])


def _create_watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", _BIG_ID, nullable=False, autoincrement=True),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("task_id", _BIG_ID, nullable=False),
        sa.Column("card_id", _BIG_ID, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
        sa.Column("grace_until", sa.Double, nullable=False),
        sa.Column("limit_told_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.Column("ended_why", sa.String),
        sa.Column("ended_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_watch"),
        _reference("watch", "task_id", "task"),
        _reference("watch", "card_id", "card"),
        comment="one place that wants to hear of one task",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watch_task_id_team_id", "watch", ["task_id", "team_id"])
    op.create_index("ix_watch_card_id", "watch", ["card_id"])
    _create_index_where("ended_at IS NOT NULL", "ix_watch_ended", "watch", ["ended_at"])
    place = ["team_id", "channel_id", "task_id"]
    _create_index_where(_UNENDED, "ix_watch_open", "watch", ["ends_at"])
    _create_index_where(_UNTOLD, "ix_watch_untold", "watch", ["ends_at"])
    _create_index_where(_UNENDED, "ix_watch_place", "watch", place, unique=True)
    _create_index_where(_UNENDED, "ix_watch_team", "watch", ["team_id", "id"])
    _create_index_where(_UNENDED, "ix_watch_here", "watch", ["team_id", "channel_id", "id"])
    _create_index_where(_UNENDED, "ix_watch_mine", "watch", ["team_id", "created_by"])


def _create_watcher() -> None:
    op.create_table(
        "watcher",
        sa.Column("watch_id", _BIG_ID, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("subject_id", sa.String, nullable=False),
        sa.Column("added_by", sa.String, nullable=False),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("only_failures", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("watch_id", "subject_id", name="pk_watcher"),
        _reference("watcher", "watch_id", "watch", ondelete="CASCADE"),
        comment="who is mentioned when a watch has news",
    )
    op.create_index(
        "ix_watcher_team_id_subject_id_watch_id", "watcher", ["team_id", "subject_id", "watch_id"]
    )


def _create_what_was_learned() -> None:
    op.create_table(
        "lane",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("virtual_s", sa.Double, nullable=False),
        sa.Column("speed", sa.Double, nullable=False),
        sa.Column("price_s", sa.Double, nullable=False),
        sa.Column("log_interval", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lane"),
        comment="the virtual time of one vendor API's polls",
    )
    op.create_table(
        "duration",
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("bin", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("events", sa.Double, nullable=False),
        sa.Column("exposure_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("provider", "kind", "bin", name="pk_duration"),
        comment="how long tasks of a kind took: ends and time under watch, by age",
    )


def _create_compatibility() -> None:
    table = op.create_table(
        "compatibility",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("oldest", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_compatibility"),
        comment="one row: the oldest schema whose program can still work with these tables",
    )
    op.bulk_insert(table, [{"id": 1, "oldest": revision}])


_IN_SQLITE = {"is_open": "is_open = 1", "NOT is_open": "is_open = 0"}
"""An index is used only where a statement says the same in the same words."""


def _create_index_where(
    where: str, name: str, table: str, columns: list[str], *, unique: bool = False
) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=sa.text(_IN_SQLITE.get(where, where)),
        postgresql_where=sa.text(where),
    )


def _reference(
    table: str, column: str, referred: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, ondelete=ondelete)
