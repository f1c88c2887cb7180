"""An account's tasks, as far as its vendor lists them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.commands import List
from bot.lists import Lists
from providers.base import ListQuery, TaskPage
from providers.errors import InvalidRequestError, UnreachableError
from providers.gate import Gate
from providers.limiter import Limit
from providers.lookup import Endpoint, Lookup
from providers.models import Reason, TaskError, TaskRef, TaskState, TaskStatus
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeProvider, told

RUNNING, SUCCEEDED, FAILED = TaskState.RUNNING, TaskState.SUCCEEDED, TaskState.FAILED


class FakeLister(FakeProvider):
    """Lists what it is told to for a state, and notes what it is asked."""

    def __init__(self, name: str, clock: FakeClock) -> None:
        super().__init__(name, clock, FAILED)
        self.pages: dict[TaskState | None, TaskPage] = {}
        self.queries: list[ListQuery] = []

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        self.queries.append(query)
        return self.pages.get(query.state, TaskPage((), 0, has_more=False))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@asynccontextmanager
async def lists_of(provider: FakeProvider, clock: FakeClock) -> AsyncIterator[Lists]:
    """Ask one provider's account, behind a gate of its own."""
    gate = Gate("x", limit=Limit(1000, 1), timeout=10, clock=clock, random=lambda: 0.0)
    endpoints = {(provider.name, "main"): Endpoint(provider, gate)}
    lookup = Lookup(endpoints, clock=clock, on_undocumented=lambda *_: None)
    yield Lists(endpoints, lookup, clock)
    await lookup.aclose()


def query(provider: str, state: TaskState | None = None) -> List:
    return List(provider, "main", state, timedelta(hours=2), 3)


def task(provider: str, task_id: str, state: TaskState) -> TaskStatus:
    return told(TaskRef(provider, "main", task_id), state)


def ended(provider: str, task_id: str) -> TaskStatus:
    """A task of which a list tells no more than that it ended."""
    return task(provider, task_id, SUCCEEDED).model_copy(update={"state": None})


async def test_a_list_is_asked_for_as_it_was_typed(clock: FakeClock) -> None:
    lister = FakeLister("mpc", clock)
    lister.pages[None] = TaskPage((task("mpc", "1", RUNNING),), 41, has_more=True)

    async with lists_of(lister, clock) as lists:
        page = await lists.fetch(query("mpc"))

    now = clock.now()
    assert page == lister.pages[None]
    assert lister.queries == [
        ListQuery(since=now - timedelta(hours=2), until=now, page=3, page_size=10)
    ]


async def test_halves_that_a_vendor_keeps_apart_are_put_together(clock: FakeClock) -> None:
    lister = FakeLister("record", clock)
    lister.pages[RUNNING] = TaskPage((task("record", "1", RUNNING),), 1, has_more=False)
    lister.pages[SUCCEEDED] = TaskPage((task("record", "2", SUCCEEDED),), 7, has_more=True)

    async with lists_of(lister, clock) as lists:
        page = await lists.fetch(query("record"))

    assert [one.task_id for one in page.tasks] == ["1", "2"]
    assert (page.total, page.has_more) == (8, True)


@pytest.mark.parametrize(
    ("state", "ids", "total"), [(FAILED, ["1"], 1), (SUCCEEDED, [], None), (None, ["1"], 1)]
)
async def test_a_task_that_only_ended_is_asked_about(
    state: TaskState | None, ids: list[str], total: int | None, clock: FakeClock
) -> None:
    lister = FakeLister("mpc", clock)
    lister.pages[state] = TaskPage((ended("mpc", "1"),), 1, has_more=False)

    async with lists_of(lister, clock) as lists:
        page = await lists.fetch(query("mpc", state))

    assert [one.task_id for one in page.tasks] == ids
    assert page.total == total
    assert lister.asked == ["1"]


async def test_a_task_of_which_the_list_tells_why_not_is_left_so(clock: FakeClock) -> None:
    lister = FakeLister("mpc", clock)
    error = TaskError(reason=Reason.UNAVAILABLE, message="busy")
    silent = ended("mpc", "1").model_copy(update={"error": error})
    lister.pages[None] = TaskPage((silent,), None, has_more=False)

    async with lists_of(lister, clock) as lists:
        page = await lists.fetch(query("mpc"))

    assert page == TaskPage((silent,), None, has_more=False)
    assert lister.asked == []


async def test_a_provider_that_lists_nothing_is_no_question(clock: FakeClock) -> None:
    async with lists_of(FakeProvider("tiw", clock), clock) as lists:
        with pytest.raises(InvalidRequestError, match="tiw cannot list its tasks"):
            await lists.fetch(query("tiw"))


async def test_a_vendor_that_does_not_answer_is_said_to(clock: FakeClock) -> None:
    class Silent(FakeLister):
        async def list_tasks(self, query: ListQuery) -> TaskPage:
            raise UnreachableError(f"no answer on page {query.page}", retries=0)

    async with lists_of(Silent("mpc", clock), clock) as lists:
        with pytest.raises(UnreachableError):
            await lists.fetch(query("mpc"))
