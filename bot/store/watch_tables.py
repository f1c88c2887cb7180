"""The tables of watches: tasks that are polled, who wants to hear of them, and where.

``task`` is what a poll touches, so it is narrow; the vendor's last answer is beside it in
``task_answer``. The order of polls is ``tag``, a number in the lane's virtual time.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.tables import Instant, metadata

_BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts rows by itself only where the column is called INTEGER."""

tasks = Table(
    "task",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("provider", String, nullable=False),
    Column("account", String, nullable=False),
    Column("task_id", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("kind", String),
    Column("state", String),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("is_open", Boolean, nullable=False),
    Column("tag", Double, nullable=False),
    Column("poll_after", Instant),
    Column("born_at", Instant, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("polled_at", Instant),
    Column("polls", Integer, nullable=False, server_default="0"),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("unreachable_since", Instant),
    Column("stalled_at", Instant),
    Column("check_source", String),
    Column("check_at", Instant),
    UniqueConstraint("provider", "account", "task_id"),
    comment="a vendor's task somebody watches or watched; polled once for all of them",
    sqlite_autoincrement=True,
)
# The poll path's only index; PostgreSQL's conditions stand in the migration alone.
_IS_POLLED = text("is_open = 1")
"""As statements say it to SQLite, which uses a partial index for the same words alone."""
Index("ix_task_due", tasks.c.lane, tasks.c.tag, tasks.c.id, sqlite_where=_IS_POLLED)
Index("ix_task_state", tasks.c.state, sqlite_where=_IS_POLLED)
Index("ix_task_closed", tasks.c.changed_at, sqlite_where=~tasks.c.is_open)
Index("ix_task_stalled", tasks.c.id, sqlite_where=tasks.c.stalled_at.is_not(None))
Index("ix_task_born", tasks.c.born_at, sqlite_where=_IS_POLLED)
Index("ix_task_checked", tasks.c.lane, sqlite_where=tasks.c.check_source.is_not(None))

answers = Table(
    "task_answer",
    metadata,
    Column("task_id", _BigId, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("status", JSON, nullable=False),
    comment="the last answer about a task, in the words of the public JSON",
)

transitions = Table(
    "transition",
    metadata,
    Column("task_id", _BigId, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("before", String),
    Column("after", String, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False, index=True),
    Column("source", String, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("routed_at", Instant),
    comment="how a task's state changed, once per version",
)
Index(
    "ix_transition_unrouted",
    transitions.c.seen_at,
    transitions.c.task_id,
    transitions.c.version,
    sqlite_where=transitions.c.routed_at.is_(None),
)

cards = Table(
    "card",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("thread_ts", String),
    Column("ts", String),
    Column("created_by", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("wanted", Integer, nullable=False, server_default="1"),
    Column("shown", Integer, nullable=False, server_default="0"),
    Column("edit_after", Instant),
    Column("reposts", Integer, nullable=False, server_default="0"),
    Column("lost_at", Instant),
    Index(None, "team_id", "channel_id", "ts"),
    Index(None, "created_at"),
    comment="a message that is kept true by editing it",
    sqlite_autoincrement=True,
)
Index("ix_card_stale", cards.c.id, sqlite_where=cards.c.wanted > cards.c.shown)

watches = Table(
    "watch",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("team_id", String, nullable=False),
    Column("task_id", _BigId, ForeignKey("task.id"), nullable=False),
    Column("card_id", _BigId, ForeignKey("card.id"), nullable=False, index=True),
    Column("channel_id", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("grace_until", Instant, nullable=False),
    Column("limit_told_at", Instant),
    Column("ended_at", Instant),
    Column("ended_why", String),
    Column("ended_by", String),
    Index(None, "task_id", "team_id"),
    comment="one place that wants to hear of one task",
    sqlite_autoincrement=True,
)
_IS_OPEN = watches.c.ended_at.is_(None)
# Without its condition SQLite would look for open watches there, and go through all of them.
Index("ix_watch_ended", watches.c.ended_at, sqlite_where=watches.c.ended_at.is_not(None))
Index("ix_watch_open", watches.c.ends_at, sqlite_where=_IS_OPEN)
Index(
    "ix_watch_untold",
    watches.c.ends_at,
    sqlite_where=_IS_OPEN & watches.c.limit_told_at.is_(None),
)
Index(
    "ix_watch_place",
    watches.c.team_id,
    watches.c.channel_id,
    watches.c.task_id,
    unique=True,
    sqlite_where=_IS_OPEN,
)
# What people list, newest first: their workspace's, a channel's, their own.
Index("ix_watch_team", watches.c.team_id, watches.c.id, sqlite_where=_IS_OPEN)
Index("ix_watch_here", watches.c.team_id, watches.c.channel_id, watches.c.id, sqlite_where=_IS_OPEN)
Index("ix_watch_mine", watches.c.team_id, watches.c.created_by, sqlite_where=_IS_OPEN)

watchers = Table(
    "watcher",
    metadata,
    Column("watch_id", _BigId, ForeignKey("watch.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", String, nullable=False),
    Column("subject_id", String, primary_key=True),
    Column("added_by", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("only_failures", Boolean, nullable=False),
    Index(None, "team_id", "subject_id", "watch_id"),
    comment="who is mentioned when a watch has news",
)

lanes = Table(
    "lane",
    metadata,
    Column("name", String, primary_key=True),
    Column("virtual_s", Double, nullable=False),
    Column("speed", Double, nullable=False),
    Column("price_s", Double, nullable=False),
    Column("log_interval", Double, nullable=False),
    comment="the virtual time of one vendor API's polls",
)

durations = Table(
    "duration",
    metadata,
    Column("provider", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("bin", Integer, primary_key=True, autoincrement=False),
    Column("events", Double, nullable=False),
    Column("exposure_s", Double, nullable=False),
    comment="how long tasks of a kind took: ends and time under watch, by age",
)
