"""An account's tasks, as its vendor lists them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.commands import List
from bot.views.listing import PAGE_ROWS
from providers.base import ListQuery, TaskLister, TaskPage
from providers.clock import Clock
from providers.errors import InvalidRequestError
from providers.lookup import Endpoint, Lookup
from providers.models import TaskState, TaskStatus

_BOTH_HALVES = {"record": (TaskState.RUNNING, TaskState.SUCCEEDED)}
"""ZEGO lists what runs and what has ended apart (DescribeTasks, Status 2 and 3), never together."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Asks vendors for pages; every request goes through the account's gate."""

    endpoints: Mapping[tuple[str, str], Endpoint]
    lookup: Lookup
    clock: Clock

    async def fetch(self, query: List) -> TaskPage:
        """Fetch one page; where a vendor keeps halves apart, the same page of both.

        A task of which the list tells only that it ended is asked about, so that the page says how;
        of those, only the ones in the wanted state stay.

        Raises:
            ProviderError: the vendor refused, or did not answer.
        """
        halves = _BOTH_HALVES.get(query.provider) if query.state is None else None
        states: Sequence[TaskState | None] = halves or (query.state,)
        pages = await asyncio.gather(*(self._fetch(query, state) for state in states))
        listed = [task for page in pages for task in page.tasks]
        told = await asyncio.gather(*(self._settle(task) for task in listed))
        tasks = tuple(task for task in told if query.state in (None, task.state))
        totals = [page.total for page in pages if page.total is not None]
        is_known = len(totals) == len(pages) and len(tasks) == len(listed)
        return TaskPage(
            tasks,
            total=sum(totals) if is_known else None,
            has_more=any(page.has_more for page in pages),
        )

    async def _settle(self, task: TaskStatus) -> TaskStatus:
        if task.state is not None or task.error is not None:
            return task
        return await self.lookup.ask(task.ref)

    async def _fetch(self, query: List, state: TaskState | None) -> TaskPage:
        endpoint = self.endpoints[query.provider, query.account]
        lister = endpoint.provider
        if not isinstance(lister, TaskLister):
            raise InvalidRequestError(f"{query.provider} cannot list its tasks")
        now = self.clock.now()
        asked = ListQuery(
            since=now - query.since,
            until=now,
            state=state,
            page=query.page,
            page_size=PAGE_ROWS,
        )
        return await endpoint.gate.call(lambda: lister.list_tasks(asked))
