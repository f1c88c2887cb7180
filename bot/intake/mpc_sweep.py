"""Looks through MPC's transcodings of a time window, whose rows are whole answers.

What is running when its time leaves the window is asked about from then on, ten in a request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.intake.checking import Checking
from bot.intake.lists import List
from bot.intake.marks import Marks
from bot.intake.unsettled import WINDOW, due, still_unsettled
from bot.models import CheckOrder, FollowedTask, Observation, Source
from providers.base import ListQuery
from providers.models import TaskRef, TaskState, TaskStatus

PAGE_SIZE = 100
_GOING = (TaskState.QUEUED, TaskState.RUNNING)


@dataclass(frozen=True, slots=True)
class MpcSweep:
    """Sweeps the transcodings of one account."""

    account: str
    list: List
    marks: Marks
    checking: Checking

    @property
    def lane(self) -> str:
        """Where its tasks are asked."""
        return self.marks.lane

    async def sweep(self) -> None:
        """Take in every end that is listed, and have those asked about that are not any more.

        Raises:
            ProviderError: the list could not be read to its end; nothing is lost.
            StoreError: likewise.
        """
        now = self.checking.clock.now()
        span = await self.marks.span(now)
        listed = await self._look(span.since, span.until)
        if span.is_first:
            listed |= await self._find_running(now)
        await self._tell(listed)
        known = await self.marks.unsettled()
        rows = await self._rows(known)
        going = {id_ for id_, status in listed.items() if not _has_ended(status)}
        unsettled = set(still_unsettled(known, rows, now)) | going
        await self.marks.keep_unsettled(unsettled, now)
        orders = [
            CheckOrder(self._ref(id_), self.lane, Source.SWEEP)
            for id_ in sorted(due(unsettled - listed.keys(), rows, now))
        ]
        await self.checking.ask(orders)
        await self.marks.advance(span.until)

    async def _look(self, since: datetime, until: datetime) -> dict[str, TaskStatus]:
        if since >= until:
            return {}
        query = ListQuery(since=since, until=until)
        return {task.task_id: task async for page in self.list.pages(query) for task in page.tasks}

    async def _find_running(self, now: datetime) -> dict[str, TaskStatus]:
        """Find what runs when the first sweep ever is made: its end will be news."""
        running: dict[str, TaskStatus] = {}
        for state in _GOING:
            query = ListQuery(since=now - WINDOW, until=now, state=state)
            async for page in self.list.pages(query):
                running |= {task.task_id: task for task in page.tasks if not _has_ended(task)}
        return running

    async def _tell(self, listed: Mapping[str, TaskStatus]) -> None:
        """Take in what is not known already."""
        rows = await self._rows(listed)
        answers = [
            Observation(status.ref, status, status.queried_at, Source.SWEEP)
            for id_, status in listed.items()
            if (row := rows.get(id_)) is None or row.state is not status.state
        ]
        if answers:
            await self.checking.tell(answers)

    async def _rows(self, ids: Iterable[str]) -> dict[str, FollowedTask]:
        rows = await self.checking.known(self._ref(id_) for id_ in ids)
        return {ref.task_id: row for ref, row in rows.items()}

    def _ref(self, task_id: str) -> TaskRef:
        return TaskRef("mpc", self.account, task_id)


def _has_ended(status: TaskStatus) -> bool:
    return status.state is not None and status.state.is_terminal
