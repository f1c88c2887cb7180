"""Looks through ZEGO's recordings: which run, and which have ended that nobody saw running.

DescribeTasks lists by start time and tells no file states (ZEGO docs, DescribeTasks, read
2026-11). Whatever ended since the last sweep was either seen running then, or began after it; so
those that began since the watermark are enough, however long the bot was away. A recording that
left the running ones may upload for hours; it is asked about until it has an end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.intake.checking import Checking
from bot.intake.lists import List
from bot.intake.marks import Marks
from bot.intake.unsettled import WINDOW, due, still_unsettled
from bot.models import CheckOrder, FollowedTask, Source
from providers.base import ListQuery
from providers.models import TaskRef, TaskState

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ZegoSweep:
    """Sweeps the recordings of one account."""

    account: str
    list: List
    marks: Marks
    checking: Checking

    @property
    def lane(self) -> str:
        """Where its tasks are asked."""
        return self.marks.lane

    async def sweep(self) -> None:
        """Have everything asked about that may have come to an end.

        Raises:
            ProviderError: the list could not be read to its end; nothing is lost.
            StoreError: likewise.
        """
        now = self.checking.clock.now()
        span = await self.marks.span(now)
        running = await self._ids(now - WINDOW, now, TaskState.RUNNING)
        ended = set()
        if span.since < span.until:
            ended = await self._ids(span.since, span.until, TaskState.SUCCEEDED)
        left = await self.marks.running() - running
        known = await self.marks.unsettled()
        unsettled = (known | left | ended) - running
        rows = await self._rows(unsettled)
        unsettled = set(still_unsettled(unsettled, rows, now)) | left
        # First what is to come back to, then what is not seen running any more.
        await self.marks.keep_unsettled(unsettled, now)
        await self._ask(left | set(due(unsettled, rows, now)))
        await self.marks.keep_running(running, now)
        await self.marks.advance(span.until)

    async def _ask(self, ids: Iterable[str]) -> None:
        orders = [CheckOrder(self._ref(id_), self.lane, Source.SWEEP) for id_ in sorted(ids)]
        await self.checking.ask(orders)

    async def _ids(self, since: datetime, until: datetime, state: TaskState) -> set[str]:
        query = ListQuery(since=since, until=until, state=state)
        return {task.task_id async for page in self.list.pages(query) for task in page.tasks}

    async def _rows(self, ids: Iterable[str]) -> dict[str, FollowedTask]:
        rows = await self.checking.known(self._ref(id_) for id_ in ids)
        return {ref.task_id: row for ref, row in rows.items()}

    def _ref(self, task_id: str) -> TaskRef:
        return TaskRef("record", self.account, task_id)
