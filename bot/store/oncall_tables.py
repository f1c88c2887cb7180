"""The tables of on-call: what vendors pushed, what was swept, subscriptions, alerts, silences."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.tables import Instant, metadata

_BigId = BigInteger().with_variant(Integer, "sqlite")

callbacks = Table(
    "callback",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("account", String, nullable=False),
    Column("replay_key", String, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("taken_at", Instant),
    UniqueConstraint("account", "replay_key"),
    comment="what vendors pushed, verified and kept before it is answered",
    sqlite_autoincrement=True,
)
Index(
    "ix_callback_open",
    callbacks.c.received_at,
    callbacks.c.id,
    sqlite_where=callbacks.c.taken_at.is_(None),
)

watermarks = Table(
    "watermark",
    metadata,
    Column("name", String, primary_key=True),
    Column("swept_until", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    comment="up to when an account's list was looked through",
)

running = Table(
    "running",
    metadata,
    Column("lane", String, primary_key=True),
    Column("task_id", String, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    comment="the recordings a sweep saw running; one that leaves is asked for",
)

endings = Table(
    "ending",
    metadata,
    Column("provider", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("task_id", String, primary_key=True),
    Column("ordinarily", Boolean),
    Column("cause", JSON(none_as_null=True)),
    Column("told_at", Instant, nullable=False, index=True),
    comment="why tasks ended, as callbacks said that nobody can confirm",
)

subscriptions = Table(
    "subscription",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("provider", String),
    Column("account", String),
    Column("to", String, nullable=False),
    Column("room", String),
    Column("watchers", JSON, nullable=False),
    Column("paused_at", Instant),
    Column("paused_why", String),
    Column("ended_at", Instant),
    Column("ended_by", String),
    comment="channels that hear of tasks nobody watches one by one",
    sqlite_autoincrement=True,
)
_IS_HELD = subscriptions.c.ended_at.is_(None)
_SUBSCRIBED = (subscriptions.c.team_id, subscriptions.c.channel_id)
Index("ix_subscription_open", *_SUBSCRIBED, sqlite_where=_IS_HELD)
Index("ix_subscription_ended_at", subscriptions.c.ended_at, sqlite_where=~_IS_HELD)

alerts = Table(
    "alert",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("route", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("account", String, nullable=False),
    Column("code", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("card_id", _BigId, ForeignKey("card.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("counts_from", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("assigned_to", String),
    Column("acknowledged_by", String),
    Column("acknowledged_at", Instant),
    Column("snoozed_until", Instant),
    Column("resolved_at", Instant, index=True),
    Column("resolved_by", String),
    Column("count", Integer, nullable=False),
    Column("recovered", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("steps_run", Integer, nullable=False),
    Column("paged", JSON, nullable=False),
    Column("silence_id", _BigId),
    Column("notified_at", Instant),
    Column("told_at", Instant),
    Index(None, "team_id", "opened_at"),
    Index("ix_alert_cause", "team_id", "route", "account", "cause", "code", "resolved_at"),
    comment="one cause in one channel",
    sqlite_autoincrement=True,
)
Index(
    "ix_alert_unresolved",
    alerts.c.team_id,
    alerts.c.route,
    alerts.c.account,
    alerts.c.cause,
    alerts.c.code,
    alerts.c.provider,
    unique=True,
    sqlite_where=alerts.c.resolved_at.is_(None),
)

alert_tasks = Table(
    "alert_task",
    metadata,
    Column("alert_id", _BigId, ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", String, nullable=False),
    Column("trouble_key", String, primary_key=True),
    Column("provider", String),
    Column("account", String),
    Column("task_id", String),
    Column("room", String),
    Column("facts", JSON, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("recovered_at", Instant),
    Column("asked", Integer, nullable=False),
    Column("ask_at", Instant),
    Column("ask_until", Instant),
    Index(None, "provider", "account", "task_id"),
    Index(None, "trouble_key"),
    comment="the tasks an alert counts",
)
Index("ix_alert_task_ask", alert_tasks.c.ask_at, sqlite_where=alert_tasks.c.ask_at.is_not(None))

timers = Table(
    "timer",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("alert_id", _BigId, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("canceled_at", Instant),
    UniqueConstraint("alert_id", "kind", "number"),
    comment="what becomes due for an alert; a row is done once",
    sqlite_autoincrement=True,
)
Index(
    "ix_timer_due",
    timers.c.due_at,
    sqlite_where=timers.c.done_at.is_(None) & timers.c.canceled_at.is_(None),
)

alert_events = Table(
    "alert_event",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("alert_id", _BigId, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", String, nullable=False),
    Column("by", String),
    Column("facts", JSON, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("is_told", Boolean, nullable=False),
    Index(None, "alert_id"),
    comment="what happened to an alert, and who did it",
    sqlite_autoincrement=True,
)

pages = Table(
    "page",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("alert_id", _BigId, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", String, nullable=False),
    Column("pager", String, nullable=False),
    Column("action", String, nullable=False),
    Column("dedup_key", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("sent_at", Instant, index=True),
    Column("error", String),
    Index(None, "alert_id"),
    comment="what has to be told to a pager",
)
Index("ix_page_due", pages.c.created_at, sqlite_where=pages.c.state == 0)

silences = Table(
    "silence",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("target", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("because", String),
    Column("hidden", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String),
    comment="what nobody is notified of for a while",
    sqlite_autoincrement=True,
)
_IS_KEPT = silences.c.ended_at.is_(None)
Index("ix_silence_open", silences.c.until, silences.c.id, sqlite_where=_IS_KEPT)
Index("ix_silence_ended_at", silences.c.ended_at, sqlite_where=~_IS_KEPT)
