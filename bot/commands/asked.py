"""What a person can ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from providers.models import TaskState

MOST_IDS = 30
"""Ids in one command, and tasks looked up from one message."""

Accounts = Mapping[str, Sequence[str]]
"""The accounts configured for each provider, the default first."""


@dataclass(frozen=True, slots=True)
class Target:
    """One task to look up; where *provider* is None it is worked out from the id."""

    provider: str | None
    account: str | None
    """Always told where *provider* is."""
    task_id: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show tasks, in the order asked, each once."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be done."""

    topic: str | None = None
    """One of ``TOPICS``; None: everything, in short."""


@dataclass(frozen=True, slots=True)
class List:
    """List an account's tasks."""

    provider: str
    account: str
    state: TaskState | None
    """None: every state; else one that this provider can list by."""
    since: timedelta
    """How far back from now."""
    page: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Show what this person asked for lately."""


@dataclass(frozen=True, slots=True)
class ShowProviders:
    """Show how every account is doing."""


@dataclass(frozen=True, slots=True)
class OpenSettings:
    """Open the settings of this channel and of this person."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Follow tasks until they are finished."""

    targets: tuple[Target, ...]
    only_failures: bool = False
    """Mention people only where the end is no good one."""
    notify: tuple[str, ...] = ()
    """Users (``U…``, ``W…``) and user groups (``S…``) to mention besides who asks, each once."""


@dataclass(frozen=True, slots=True)
class Unwatch:
    """Stop to follow tasks."""

    targets: tuple[Target, ...] | None
    """None: all that one follows."""


class Whose(StrEnum):
    """Which watches are listed."""

    HERE = "here"
    """Those of the conversation."""
    MINE = "mine"
    ALL = "all"
    """Those of the whole workspace."""


@dataclass(frozen=True, slots=True)
class Watches:
    """List what is followed."""

    scope: Whose = Whose.HERE
    page: int = 0
    """Counted from 0; the buttons below the list turn it."""


class Wanted(StrEnum):
    """Which news of tasks a subscription is for."""

    FAILURES = "failures"
    """Ends that are no good ones: ``failed``, ``partial``, ``empty``, ``canceled``."""
    FINISHED = "finished"
    """Every end."""
    ALL = "all"
    """Ends, and what happens on the way."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Let this channel hear of tasks nobody has to watch one by one."""

    provider: str | None
    """None: every one."""
    account: str | None
    """None: every one; else it is configured for *provider*, or for any where that is None."""
    to: Wanted = Wanted.FAILURES
    room: str | None = None
    """A glob, as typed; None: every room."""
    notify: tuple[str, ...] = ()
    """Users (``U…``, ``W…``) and user groups (``S…``) to mention, each once."""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """End this channel's subscriptions that are to what is named; None: it was not said."""

    provider: str | None = None
    account: str | None = None
    room: str | None = None
    everything: bool = False
    """All of the channel's; then nothing else is said."""


class WhichAlerts(StrEnum):
    """Which alerts are listed."""

    OPEN = "open"
    """Those that are not resolved."""
    MINE = "mine"
    """Those of them that one took or was given."""
    ALL = "all"
    """Resolved ones too."""


@dataclass(frozen=True, slots=True)
class ListAlerts:
    """List alerts."""

    scope: WhichAlerts = WhichAlerts.OPEN
    page: int = 0
    """Counted from 0; the buttons below the list turn it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Let nobody be notified of something for a while."""

    target: str
    """A provider, a ref with its account, a glob of rooms, or ``all``."""
    lasting: timedelta
    because: str | None = None
    """In the words of whoever asks, on one line; people named in it are not called."""


@dataclass(frozen=True, slots=True)
class Unsilence:
    """End a silence before its time, by what it is for or by its number."""

    target: str | None = None
    number: int | None = None
    """As lists tell it; one of the two is told."""


Command = (
    Show
    | Help
    | List
    | Recent
    | ShowProviders
    | OpenSettings
    | Watch
    | Unwatch
    | Watches
    | Subscribe
    | Unsubscribe
    | ListAlerts
    | Silence
    | Unsilence
)
