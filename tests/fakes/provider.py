"""Providers that answer from memory and note what they were asked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from providers.clock import Clock
from providers.errors import TaskNotFoundError
from providers.models import TaskRef, TaskState, TaskStatus

Said = TaskState | Exception


def told(ref: TaskRef, state: TaskState, *undocumented: str) -> TaskStatus:
    """Write what a vendor says of *ref*."""
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        state=state,
        undocumented=undocumented,
        queried_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
    )


class FakeProvider:
    """Says the same of every task, after *takes_s* seconds; errors are raised."""

    def __init__(self, name: str, clock: Clock, says: Said = TaskState.RUNNING) -> None:
        self.name = name
        self.clock = clock
        self.says = says
        self.undocumented: tuple[str, ...] = ()
        self.takes_s = 0.0
        self.asked: list[str] = []

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        self.asked.append(ref.task_id)
        if self.takes_s:
            await self.clock.sleep(self.takes_s)
        if isinstance(self.says, Exception):
            raise self.says
        return told(ref, self.says, *self.undocumented)


class FakeBatchProvider(FakeProvider):
    """Says it of several tasks in one request; the id ``404`` is never known."""

    batch_size: ClassVar[int] = 3

    async def fetch_tasks(
        self, refs: Sequence[TaskRef]
    ) -> Mapping[TaskRef, TaskStatus | TaskNotFoundError]:
        self.asked.append(" ".join(ref.task_id for ref in refs))
        missing = TaskNotFoundError("no such task")
        return {
            ref: missing if ref.task_id == "404" else told(ref, TaskState.RUNNING) for ref in refs
        }
