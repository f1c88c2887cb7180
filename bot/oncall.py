"""What on-call remembers: subscriptions, alerts, their timers and silences, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.models import Watcher
from providers.models import TaskRef


class AlertStatus(StrEnum):
    """Where an alert stands; stored."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Cause(StrEnum):
    """What an alert is about; the words of ``alerts.on``."""

    FAILED = "failed"
    PARTIAL = "partial"
    EMPTY = "empty"
    STUCK = "stuck"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a route may want to hear of, whoever saw it first."""

    key: str
    """Unique for ever: ``task:<id>:<version>``, ``stuck:<id>``, ``outage:<lane>:<since>``."""
    cause: Cause
    provider: str
    account: str
    code: str
    """The vendor's own, or the reason; empty where neither was told. One code, one alert."""
    happened_at: datetime
    seen_at: datetime
    ref: TaskRef | None = None
    """None for an outage."""
    kind: str | None = None
    room: str | None = None
    ask_until: datetime | None = None
    """When the vendor forgets the task, or its evidence is gone; None: never, or nobody says."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the message tells of it: message, hint, request ids, evidence; JSON, never a secret."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause in one channel: one message, however many tasks it strikes."""

    id: int
    team_id: str
    route: str
    """Which ``[[alerts]]`` entry, by its fingerprint: it outlives a reordering of the file."""
    cause: Cause
    provider: str
    account: str
    code: str
    channel_id: str
    card_id: int
    version: int
    """Grows whenever a person or a timer changes where it stands; a button carries its own."""
    revision: int
    """Grows with every change, joining tasks too; a change is made from one to the next."""
    status: AlertStatus
    opened_at: datetime
    counts_from: datetime
    """What ``after`` of the escalation counts from: the opening, or the end of the quiet hours."""
    changed_at: datetime
    assigned_to: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    """The user; None where the tasks recovered by themselves."""
    count: int = 0
    """Tasks it ever struck."""
    recovered: int = 0
    openings: int = 1
    """How often it was opened; a failure soon after the resolution opens it again."""
    steps_run: int = 0
    """How many steps of the escalation were taken since it was last opened."""
    paged: tuple[str, ...] = ()
    """The pagers that ring since it was last opened."""
    silence_id: int | None = None
    """The silence that kept its opening quiet; None: none did, or it is over."""
    notified_at: datetime | None = None
    """When somebody was first mentioned since it was last opened; None: held or silenced."""
    told_at: datetime | None = None
    """When Slack's ``ts`` was stored; until then nobody has heard of it."""

    @property
    def dedup_key(self) -> str:
        """What pagers know it by, from its trigger to its resolution."""
        return f"mediatask-{self.team_id}-{self.id}"


@dataclass(frozen=True, slots=True)
class AlertTask:
    """One task an alert counts."""

    trouble_key: str
    ref: TaskRef | None
    """None for an outage."""
    joined_at: datetime
    room: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    recovered_at: datetime | None = None
    asked: int = 0
    """How often it was asked again since."""
    ask_at: datetime | None = None
    """When it is asked again; None: never more."""
    ask_until: datetime | None = None
    """When the vendor forgets it, or its evidence is gone."""


class TimerKind(StrEnum):
    """What becomes due; stored."""

    STEP = "step"
    """One step of the escalation, by its number."""
    QUIET_END = "quiet_end"
    SNOOZE_END = "snooze_end"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that becomes due for an alert; each runs once, late rather than never."""

    id: int
    alert_id: int
    kind: TimerKind
    number: int
    due_at: datetime
    done_at: datetime | None = None
    canceled_at: datetime | None = None


class What(StrEnum):
    """What happened to an alert; stored, so words are only added."""

    OPENED = "opened"
    REOPENED = "reopened"
    JOINED = "joined"
    NOTIFIED = "notified"
    """Quiet hours or a silence are over, and it is still open."""
    ESCALATED = "escalated"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    """The snooze is over."""
    RECOVERED = "recovered"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """A line of an alert's log, most of which stands in its thread."""

    at: datetime
    what: What
    by: str | None = None
    """The user who did it; None where nobody did."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    """Users, groups and ``rota:…`` whom the line notifies; a rota is read when it is sent."""
    is_told: bool = True
    """Whether it is written in the thread; what the message itself shows need not be."""


@dataclass(frozen=True, slots=True)
class AlertContents:
    """An alert with a page of its tasks and its whole log."""

    alert: Alert
    tasks: tuple[AlertTask, ...]
    events: tuple[AlertEvent, ...]


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A timer to be set; *number* is unique for its alert and kind."""

    kind: TimerKind
    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NewPage:
    """Something to be told to a pager, once for each *key*."""

    key: str
    pager: str
    action: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlertChange:
    """Everything that changes for one alert at once; committed whole or not at all."""

    before: Alert | None
    """None: it is new, and *after* has no id yet."""
    after: Alert
    mentions: tuple[str, ...] = ()
    """Whom the alert's own message notifies, where it is new."""
    joined: tuple[AlertTask, ...] = ()
    recovered: tuple[str, ...] = ()
    """Keys of troubles that are over."""
    events: tuple[AlertEvent, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    done: tuple[int, ...] = ()
    """Timers that have run."""
    moved: tuple[tuple[int, datetime], ...] = ()
    """Timers that are due later: their id and when."""
    cancels: bool = False
    """Whether every timer that has not run is canceled, before *timers* are set."""
    pages: tuple[NewPage, ...] = ()
    routed: tuple[tuple[int, int], ...] = ()
    """The transitions dealt with herewith: task and version."""


@dataclass(frozen=True, slots=True)
class Page:
    """One message to a pager."""

    id: str
    """Its idempotency key."""
    alert_id: int
    pager: str
    action: str
    """``trigger``, ``acknowledge`` or ``resolve``."""
    dedup_key: str
    created_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: int = 0
    """As ``DeliveryState``: 0 pending, 2 sent, 3 dead."""
    attempts: int = 0
    not_before: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What nobody is to be notified of for a while."""

    id: int
    team_id: str
    target: str
    """A provider, a ref, a glob of rooms, or ``all``."""
    created_by: str
    channel_id: str
    created_at: datetime
    until: datetime
    because: str | None = None
    hidden: int = 0
    """How many alerts it has kept quiet."""
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that wants to hear of tasks nobody has to watch one by one."""

    id: int
    team_id: str
    channel_id: str
    created_by: str
    created_at: datetime
    provider: str | None
    """None: all."""
    account: str | None
    to: str
    """``failures``, ``finished`` or ``all``."""
    room: str | None
    """A glob; None: every room."""
    watchers: tuple[Watcher, ...] = ()
    paused_at: datetime | None = None
    paused_why: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class NewCallback:
    """What a vendor pushed: verified, and not looked into yet."""

    account: str
    """As in ``POST /callbacks/{account}``."""
    replay_key: str
    received_at: datetime
    headers: Mapping[str, str]
    """Those its verification needs, once more."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that is kept until somebody has dealt with it."""

    id: int
    """Grows in the order they came."""
    account: str
    replay_key: str
    received_at: datetime
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """What changed between two looks at a vendor's list of what runs."""

    came: frozenset[str]
    left: frozenset[str]
