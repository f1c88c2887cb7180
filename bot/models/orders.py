"""What the store is asked to do about watches, and what it tells, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models.following import FollowedTask, Happening, Source, Transition, Watch, Watcher
from bot.models.outgoing import Card, NewDelivery
from providers.models import TaskRef, TaskStatus

LIMIT_NEAR = timedelta(hours=2)
"""How long before a watch's stated limit its end is announced."""


@dataclass(frozen=True, slots=True)
class CardOrder:
    """Where a new card goes: into the thread it was asked in, or the channel itself."""

    team_id: str
    channel_id: str
    thread_ts: str | None
    created_by: str


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """One task somebody wants to watch."""

    ref: TaskRef
    lane: str
    status: TaskStatus | None
    """What the vendor answered just now, if it did; an end is left for a poll to find and tell."""
    ends_at: datetime
    grace_until: datetime
    watchers: tuple[Watcher, ...]


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """One task that is to be asked once, at the head of its lane, although nobody watches it."""

    ref: TaskRef
    lane: str
    source: Source
    """``callback`` or ``sweep``."""
    status: TaskStatus | None = None
    """What its vendor answered just now, by a list; never what a hint says. Nothing is asked of a
    task whose end was known and is told again."""
    ask_at: datetime | None = None
    """Not to be asked before this; None: at once."""
    again: bool = False
    """Also where its end is known, however good, and followed no more."""


@dataclass(frozen=True, slots=True)
class WatchedTask:
    """A watch beside what is known of its task."""

    watch: Watch
    task: FollowedTask


@dataclass(frozen=True, slots=True)
class CardContents:
    """A card and all it shows, in the order it was asked for; ended watches are among it."""

    card: Card
    watches: tuple[WatchedTask, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """What became of an order: what is new, and the open watches that were joined."""

    card: Card | None
    """The new one; None where every task was watched in that channel already."""
    watches: tuple[Watch, ...]
    joined: tuple[Watch, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What one task's end taught about how long its kind takes; it is added to what is known."""

    provider: str
    kind: str
    """A kind, or a class of one: ``transcode:long``."""
    events_by_bin: Mapping[int, float]
    exposure_by_bin: Mapping[int, float]
    """Seconds under watch."""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that follows from one piece of news; it is committed whole or not at all."""

    before: FollowedTask
    after: FollowedTask
    """Its version is one more than before; whether it stays open is the store's to find out."""
    transition: Transition | None = None
    ended: tuple[tuple[int, Happening], ...] = ()
    """Watches that end with it, by id, and why."""
    limit_told: tuple[int, ...] = ()
    """Watches whose coming limit is announced with it."""
    deliveries: tuple[NewDelivery, ...] = ()
    cards: tuple[int, ...] = ()  # to be drawn anew
    learned: Learned | None = None
    checked: bool = False
    """Whether it answers what the task was to be asked once for, as far as *before* knew of it."""
