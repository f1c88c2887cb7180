"""What people chose and asked for, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from providers.models import TaskRef


class Visibility(StrEnum):
    """Who sees an answer."""

    ME = "me"
    """Only the person who asked."""
    CHANNEL = "channel"


class Broadcast(StrEnum):
    """Which ends of watches stand in the channel too, beside the reply in their thread."""

    NEVER = "never"
    FAILURES = "failures"
    """Those that are no good end: ``failed``, ``partial``, ``empty``, ``canceled``."""
    ALWAYS = "always"


class Scope(StrEnum):
    """Whose choice a preference is."""

    CHANNEL = "channel"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one channel or one person chose; None: not chosen here, so somebody else decides."""

    visibility: Visibility | None = None
    links_in_channel: bool | None = None
    """Whether links that sign their reader in may be posted where everybody reads them."""
    thumbnails: bool | None = None
    condensed: bool | None = None
    """Whether cards are two or three lines instead of the whole."""
    news: frozenset[str] | None = None
    """Which happenings, beside ends, are told in the thread; words of ``Happening``, of which
    ``unreachable`` stands for ``recovered`` too. The channel's to say, like *broadcast*."""
    broadcast: Broadcast | None = None


@dataclass(frozen=True, slots=True)
class RecentLookup:
    """A task somebody asked for, as it was when they last did."""

    ref: TaskRef
    kind: str | None
    """One of ``Kind``'s words, or a later version's; None where no vendor ever told."""
    state: str | None
    """The last state a vendor told; None where none ever answered."""
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """A Workflow Builder step that waits for a task to end."""

    id: int
    team_id: str
    execution_id: str
    """Slack's ``function_execution_id``; a workspace never sees it twice."""
    ref: TaskRef
    until: datetime
    """When the step is answered even if the task still runs."""
    next_poll_at: datetime
    created_at: datetime
