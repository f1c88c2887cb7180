"""Vendors whose tasks live by the clock: they appear, run, end, and nobody has to tell them to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from providers.clock import Clock
from providers.errors import TaskNotFoundError, UnreachableError
from providers.models import Kind, TaskRef, TaskState, TaskStatus


@dataclass(frozen=True, slots=True)
class Life:
    """What happens to one task at its vendor."""

    born_at: datetime
    """Before this its vendor does not know it."""
    took_s: float = float("inf")
    end: TaskState = TaskState.SUCCEEDED
    kind: Kind | None = Kind.TRANSCODE
    tells_times: bool = True
    better_after_s: float = float("inf")
    """Seconds after a poor end at which the vendor finds that it went well."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ends; None: never."""
        never = self.took_s > timedelta(days=365).total_seconds()
        return None if never else self.born_at + timedelta(seconds=self.took_s)

    def state(self, now: datetime) -> TaskState | None:
        """Tell how it is; None: nobody knows it."""
        age_s = (now - self.born_at).total_seconds()
        if age_s < 0:
            return None
        if age_s < self.took_s:
            return TaskState.RUNNING
        is_better = age_s >= self.took_s + self.better_after_s
        return TaskState.SUCCEEDED if is_better else self.end


@dataclass(slots=True)
class LivingVendor:
    """A provider whose answers take *latency_s*; while *is_down* it never answers."""

    name: str
    clock: Clock
    lives: dict[str, Life] = field(default_factory=dict)
    latency_s: float = 0.05
    is_down: bool = False
    odd: dict[str, Exception] = field(default_factory=dict)
    """Tasks about which it answers with an error, or worse, whatever they do."""
    asked_at: list[float] = field(default_factory=list)
    """When requests came, on the monotonic clock."""
    asked: list[str] = field(default_factory=list)

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        await self._arrive(ref)
        return self.tell(ref)

    async def _arrive(self, *refs: TaskRef) -> None:
        self.asked_at.append(self.clock.monotonic())
        self.asked += [ref.task_id for ref in refs]
        await self.clock.sleep(self.latency_s)
        if self.is_down:
            raise UnreachableError("connection refused")

    def tell(self, ref: TaskRef) -> TaskStatus:
        """Say how a task is now."""
        if ref.task_id in self.odd:
            raise self.odd[ref.task_id]
        now = self.clock.now()
        life = self.lives.get(ref.task_id)
        state = life.state(now) if life else None
        if life is None or state is None:
            raise TaskNotFoundError("no such task")
        return tell(ref, life, state, now)


@dataclass(slots=True)
class LivingBatchVendor(LivingVendor):
    """One that is asked about several tasks in a request."""

    batch_size: ClassVar[int] = 10

    async def fetch_tasks(
        self, refs: Sequence[TaskRef]
    ) -> Mapping[TaskRef, TaskStatus | TaskNotFoundError]:
        assert len(refs) <= self.batch_size
        await self._arrive(*refs)
        return {ref: self._tell_or_deny(ref) for ref in refs}

    def _tell_or_deny(self, ref: TaskRef) -> TaskStatus | TaskNotFoundError:
        try:
            return self.tell(ref)
        except TaskNotFoundError as error:
            return error


def tell(ref: TaskRef, life: Life, state: TaskState, now: datetime) -> TaskStatus:
    """Write what a vendor says of a task."""
    ended_at = life.ended_at if state.is_terminal and life.tells_times else None
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=life.kind,
        state=state,
        created_at=life.born_at if life.tells_times else None,
        started_at=life.born_at if life.tells_times else None,
        finished_at=ended_at,
        queried_at=now,
    )


def older(life: Life, seconds: float) -> Life:
    """The same life, begun so much earlier."""
    return replace(life, born_at=life.born_at - timedelta(seconds=seconds))
