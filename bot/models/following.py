"""Tasks that are followed, what is seen of them, and who wants to hear, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from providers.errors import ProviderError
from providers.models import TaskRef, TaskState, TaskStatus


class Source(StrEnum):
    """Who told the news; a metric label."""

    POLL = "poll"
    QUESTION = "question"
    """A person asked, and the vendor's answer served the watch too."""
    CALLBACK = "callback"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody saw of a task, or why they could not see it."""

    ref: TaskRef
    seen: TaskStatus | ProviderError
    at: datetime
    """When it was true: the vendor's answer was read, or the callback was signed."""
    source: Source
    confirmed: bool = True
    """Whether the vendor itself was asked, or signed the whole message; a hint is not."""


class Happening(StrEnum):
    """What is news of a watched task; stored, so words are only added."""

    FINISHED = "finished"
    IMPROVED = "improved"
    """After a poor end the vendor told a better one."""
    STARTED = "started"
    PAUSED = "paused"
    REVIEW = "review"
    STALLED = "stalled"
    """It takes far longer than its kind's own history."""
    UNREACHABLE = "unreachable"
    RECOVERED = "recovered"
    """The vendor answers again."""
    MISSING = "missing"
    """Nobody knew it until its grace was over; the watch ends."""
    LIMIT_NEAR = "limit_near"
    LIMIT_REACHED = "limit_reached"
    """The watch ends although the task does not."""


ENDS = frozenset({Happening.FINISHED, Happening.MISSING, Happening.LIMIT_REACHED})
"""After these nobody follows the task for this watch any more."""


@dataclass(frozen=True, slots=True)
class FollowedTask:
    """A task the bot polls, once for all who watch it."""

    id: int
    ref: TaskRef
    lane: str
    """The gate in front of its vendor's API: tasks of one lane share one budget."""
    kind: str | None
    state: TaskState | None
    """The last state a vendor told; None until one did, ``not_found`` while nobody knows it."""
    version: int
    """Counts the changes of its state and of its watches; news of an older one is not recorded."""
    status: TaskStatus | None
    """The last answer about the task; None until there was one."""
    born_at: datetime
    """When its work began, as the vendor says; where it does not, when it was first watched."""
    added_at: datetime
    changed_at: datetime
    """When *state* became what it is, or was first seen to be."""
    seen_at: datetime | None = None
    """When the vendor last answered about it."""
    polled_at: datetime | None = None
    polls: int = 0
    errors: int = 0
    """Questions without an answer, in a row."""
    unreachable_since: datetime | None = None
    """Since when nobody answers; told once, and None again when somebody does."""
    stalled_at: datetime | None = None
    """When it was found to take far too long; told once."""
    is_open: bool = True
    """Whether anybody still waits for its end."""
    poll_after: datetime | None = None
    """After errors: not to be asked before this."""
    tag: float = 0.0
    """Its turn in its lane's virtual time, the smallest first; 0 until it was given one."""
    check_source: Source | None = None
    """Who wants it asked once although nobody may watch it; None: nobody does."""
    check_at: datetime | None = None
    """When somebody last said that there is news of it; an older answer does not tell that."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A task's state changed, once."""

    task_id: int
    version: int
    """The version the task has from now on."""
    before: TaskState | None
    after: TaskState
    happened_at: datetime
    """When, as the vendor says; where it does not, *seen_at*."""
    seen_at: datetime
    source: Source
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is mentioned when a watch has news."""

    subject_id: str
    """A user, ``U…`` or ``W…``, or a user group, ``S…``."""
    added_by: str
    only_failures: bool = False
    """Mention them only where the end is ``failed``, ``partial``, ``empty`` or ``canceled``."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One place that wants to hear of one task."""

    id: int
    team_id: str
    task_id: int
    ref: TaskRef
    card_id: int
    channel_id: str
    created_by: str
    created_at: datetime
    ends_at: datetime
    """The stated limit; the watch ends then, whatever the task does."""
    grace_until: datetime
    """Until when the task may be unknown to its vendor."""
    limit_told_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None
    """A ``Happening``, or ``unwatched``."""
    ended_by: str | None = None
    """The user who unwatched; None where no person did."""
    watchers: tuple[Watcher, ...] = ()
