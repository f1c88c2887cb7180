"""What a person can ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

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


Command = Show | Help | List | Recent | ShowProviders | OpenSettings
