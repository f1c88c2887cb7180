"""Reads a vendor's list of tasks, page after page, when nobody else wants to ask anything."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from providers.base import ListQuery, TaskLister, TaskPage
from providers.errors import MalformedResponseError, RateLimitError
from providers.gate import Gate

_MOST_PAGES = 2_000
"""A list that goes on beyond that does not end."""
_TRIES = 5
"""How often a page is asked for where the pace does not allow it at once."""


@dataclass(frozen=True, slots=True)
class List:
    """One vendor's list, behind the gate of its API."""

    lister: TaskLister
    gate: Gate
    page_size: int

    async def pages(self, query: ListQuery) -> AsyncIterator[TaskPage]:
        """Go through the pages of *query*; a task may be on two of them, or slip between them.

        Raises:
            ProviderError: a page could not be had.
        """
        for number in range(1, _MOST_PAGES + 1):
            page = await self._fetch(replace(query, page=number, page_size=self.page_size))
            yield page
            if not page.has_more:
                return
        raise MalformedResponseError("the vendor's list does not end")

    async def _fetch(self, query: ListQuery) -> TaskPage:
        for _ in range(_TRIES - 1):
            try:
                return await self._fetch_once(query)
            except RateLimitError:
                continue  # whoever asked in the meantime went first, and the gate has waited
        return await self._fetch_once(query)

    async def _fetch_once(self, query: ListQuery) -> TaskPage:
        return await self.gate.call(lambda: self.lister.list_tasks(query), background=True)
