"""The outbox: what has to be told to Slack, committed together with what happened.

Also what several replicas share: the pace of every vendor API and Slack lane, and who holds what.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Index, Integer, String, Table

from bot.store.tables import Instant, metadata

_BigId = BigInteger().with_variant(Integer, "sqlite")

deliveries = Table(
    "delivery",
    metadata,
    Column("number", _BigId, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("key", String, nullable=False, unique=True),
    Column("team_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("card_id", _BigId),
    Column("priority", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("state", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant),
    Column("attempt_at", Instant),
    Column("fence", String),
    Column("ts", String),
    Column("error", String),
    Column("unverified", Boolean, nullable=False, server_default="0"),
    Column("happened_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant, index=True),
    Column("check_at", Instant),
    Column("digest_id", String, index=True),
    comment="what has to be told, in order; what was told stays a while as a receipt",
    sqlite_autoincrement=True,
)
# PostgreSQL's conditions stand in the migration alone.
Index(
    "ix_delivery_due",
    deliveries.c.channel_id,
    deliveries.c.priority,
    deliveries.c.number,
    sqlite_where=deliveries.c.state < 2,  # noqa: PLR2004  # DeliveryState.SENT
)
Index(
    "ix_delivery_dead",
    deliveries.c.number,
    sqlite_where=deliveries.c.state == 3,  # noqa: PLR2004  # DeliveryState.DEAD
)
Index("ix_delivery_check", deliveries.c.check_at, sqlite_where=deliveries.c.check_at.is_not(None))

paces = Table(
    "pace",
    metadata,
    Column("name", String, primary_key=True),
    Column("due_at", Double, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("slow_until", Double, nullable=False),
    comment="when the next request of a lane is due, in seconds since 1970, for all replicas",
)

leases = Table(
    "lease",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until", Double, nullable=False),
    comment="which replica does what there is only one to do, in seconds since 1970",
)
