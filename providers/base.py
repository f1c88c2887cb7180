"""The contract between a vendor's adapter and everything that asks it.

An adapter is built from values (its account, the session, a clock, a source of nonces) and makes
one attempt per call. Who asks again, how fast, and how long it may take is the gate's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from providers.errors import TaskNotFoundError
from providers.models import TaskRef, TaskState, TaskStatus


class Provider(Protocol):
    """One vendor query API, asked with one account's credentials."""

    @property
    def name(self) -> str:
        """The word typed in Slack, and a metric label."""
        ...

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        """Ask the vendor once.

        Raises:
            ProviderError: no answer about the task was obtained; only its children are raised.
        """
        ...


@runtime_checkable
class BatchProvider(Provider, Protocol):
    """A provider whose API takes several ids in one request."""

    batch_size: ClassVar[int]

    async def fetch_tasks(
        self, refs: Sequence[TaskRef]
    ) -> Mapping[TaskRef, TaskStatus | TaskNotFoundError]:
        """Ask the vendor once about at most ``batch_size`` tasks; every ref has an entry.

        Raises:
            ProviderError: the request as a whole was not answered.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which tasks of an account to list."""

    since: datetime
    until: datetime
    state: TaskState | None = None
    """None: every state the vendor lists."""
    room: str | None = None
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One page of a list, in the vendor's order."""

    tasks: tuple[TaskStatus, ...]
    total: int | None
    """How many there are over all pages; None where the vendor does not say."""
    has_more: bool


@runtime_checkable
class TaskLister(Protocol):
    """A provider that can list an account's tasks."""

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        """Ask the vendor once for one page.

        Raises:
            InvalidRequestError: the vendor cannot filter like that; the text says what it can.
            ProviderError: as for ``fetch_task``.
        """
        ...
