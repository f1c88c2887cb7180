"""The tables, as the newest migration leaves them.

Every row that belongs to a workspace carries its Slack team id. Instants are seconds since 1970 in
double precision, in every dialect: exact to the microsecond until 2242, comparable, and without a
time zone to get wrong.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as seconds since 1970; it comes back in UTC."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Double
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> float | None:
        """Refuse a datetime that does not say where its midnight is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.timestamp()

    def process_result_value(self, value: float | None, _dialect: Dialect) -> datetime | None:
        """Round to the microsecond, which undoes the conversion above exactly."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
"""Named constraints, because a later migration can only change what has a name."""

receipts = Table(
    "receipt",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("received_at", Instant, nullable=False, index=True),
    comment="what came from Slack and has had its effect",
)

lookups = Table(
    "lookup",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("provider", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("task_id", String, primary_key=True),
    Column("kind", String),
    Column("state", String),
    Column("asked_at", Instant, nullable=False),
    Index(None, "team_id", "user_id", "asked_at"),
    Index(None, "asked_at"),
    comment="the tasks each person asked for, once each, as last seen",
)

preferences = Table(
    "preference",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("scope", String, primary_key=True),
    Column("subject_id", String, primary_key=True),
    Column("visibility", String),
    Column("links_in_channel", Boolean),
    Column("thumbnails", Boolean),
    Column("condensed", Boolean),
    Column("changed_by", String, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("news", String),
    Column("broadcast", String),
    comment="what a channel or a person chose; null is not chosen",
)

waits = Table(
    "wait",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("execution_id", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("account", String, nullable=False),
    Column("task_id", String, nullable=False),
    Column("until", Instant, nullable=False),
    Column("next_poll_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant, index=True),
    UniqueConstraint("team_id", "execution_id"),
    comment="Workflow Builder steps that wait for a task; ended ones stay a while as a memory",
    sqlite_autoincrement=True,  # an id is never given twice
)
# PostgreSQL's condition stands in the migration alone: naming it here would load that dialect.
Index("ix_wait_open", waits.c.next_poll_at, sqlite_where=waits.c.ended_at.is_(None))

heartbeats = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("written_at", Instant, nullable=False),
    comment="one row, written to find out whether the store can be written",
)

compatibility = Table(
    "compatibility",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("oldest", String, nullable=False),
    comment="one row: the oldest schema whose program can still work with these tables",
)
