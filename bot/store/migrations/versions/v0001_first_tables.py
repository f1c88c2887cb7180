"""The first tables: receipts, lookups, preferences, waits, and the heartbeat.

Instants are seconds since 1970 in double precision; ``bot.store.tables`` says why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything in an empty database."""
    _create_receipt()
    _create_lookup()
    _create_preference()
    _create_wait()
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("written_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
        comment="one row, written to find out whether the store can be written",
    )


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "key", name="pk_receipt"),
        comment="what came from Slack and has had its effect",
    )
    op.create_index("ix_receipt_received_at", "receipt", ["received_at"])


def _create_lookup() -> None:
    op.create_table(
        "lookup",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("kind", sa.String),
        sa.Column("state", sa.String),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint(
            "team_id", "user_id", "provider", "account", "task_id", name="pk_lookup"
        ),
        comment="the tasks each person asked for, once each, as last seen",
    )
    op.create_index(
        "ix_lookup_team_id_user_id_asked_at", "lookup", ["team_id", "user_id", "asked_at"]
    )
    op.create_index("ix_lookup_asked_at", "lookup", ["asked_at"])


def _create_preference() -> None:
    op.create_table(
        "preference",
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("subject_id", sa.String, nullable=False),
        sa.Column("visibility", sa.String),
        sa.Column("links_in_channel", sa.Boolean),
        sa.Column("thumbnails", sa.Boolean),
        sa.Column("condensed", sa.Boolean),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "scope", "subject_id", name="pk_preference"),
        comment="what a channel or a person chose; null is not chosen",
    )


def _create_wait() -> None:
    op.create_table(
        "wait",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("execution_id", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.Column("next_poll_at", sa.Double, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("ended_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_wait"),
        sa.UniqueConstraint("team_id", "execution_id", name="uq_wait_team_id_execution_id"),
        comment="Workflow Builder steps that wait for a task; ended ones stay a while as a memory",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wait_ended_at", "wait", ["ended_at"])
    op.create_index(
        "ix_wait_open",
        "wait",
        ["next_poll_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
