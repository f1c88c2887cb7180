"""Deliveries: what has to be told to Slack; and what several replicas share, paces and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OF_FEW_ROWS = {"fillfactor": 10, "autovacuum_vacuum_scale_factor": 0.01}
"""Rows that are written anew many times a second find room beside their old version."""


def upgrade() -> None:
    """Add the outbox and the shared tables; the version before does not look at them."""
    _create_delivery()
    op.create_table(
        "pace",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("not_before", sa.Double, nullable=False),
        sa.Column("slow_until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pace"),
        comment="when the next request of a lane is due, in seconds since 1970, for all replicas",
        postgresql_with=_OF_FEW_ROWS,
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
        comment="which replica does what there is only one to do, in seconds since 1970",
        postgresql_with=_OF_FEW_ROWS,
    )


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("number", _BIG_ID, nullable=False, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("channel_id", sa.String, nullable=False),
        sa.Column("card_id", _BIG_ID),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Double),
        sa.Column("attempt_at", sa.Double),
        sa.Column("fence", sa.String),
        sa.Column("ts", sa.String),
        sa.Column("error", sa.String),
        sa.Column("unverified", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("happened_at", sa.Double, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("sent_at", sa.Double),
        sa.Column("check_at", sa.Double),
        sa.Column("digest_id", sa.String),
        sa.PrimaryKeyConstraint("number", name="pk_delivery"),
        sa.UniqueConstraint("id", name="uq_delivery_id"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
        comment="what has to be told, in order; what was told stays a while as a receipt",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_sent_at", "delivery", ["sent_at"])
    op.create_index("ix_delivery_digest_id", "delivery", ["digest_id"])
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["channel_id", "priority", "number"],
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    )
    op.create_index(
        "ix_delivery_dead",
        "delivery",
        ["number"],
        sqlite_where=sa.text("state = 3"),
        postgresql_where=sa.text("state = 3"),
    )
    op.create_index(
        "ix_delivery_check",
        "delivery",
        ["check_at"],
        sqlite_where=sa.text("check_at IS NOT NULL"),
        postgresql_where=sa.text("check_at IS NOT NULL"),
    )
