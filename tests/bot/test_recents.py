from collections.abc import AsyncIterator

import pytest

from bot.asker import Asker
from bot.recents import Recents
from bot.store.errors import StoreError
from bot.store.store import Store, open_store
from providers.models import TaskState, TaskStatus
from tests.fakes.clock import FakeClock

ALICE = Asker("T1", "U1", "C1")
BOB = Asker("T1", "U2", "C1")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with open_store("sqlite://", FakeClock()) as opened:
        yield opened


def status(task_id: str, state: TaskState = TaskState.RUNNING) -> TaskStatus:
    now = FakeClock().now()
    return TaskStatus(provider="mpc", account="main", task_id=task_id, state=state, queried_at=now)


async def test_what_was_asked_for_a_moment_ago_is_told(store: Store) -> None:
    recents = Recents(store, FakeClock())

    recents.note(ALICE, [status("1"), status("2")])
    recents.note(BOB, [status("3")])

    assert {lookup.ref.task_id for lookup in await recents.of(ALICE)} == {"1", "2"}
    assert [lookup.ref.task_id for lookup in await recents.of(BOB)] == ["3"]


async def test_of_two_answers_about_a_task_the_later_counts(store: Store) -> None:
    recents = Recents(store, FakeClock())

    recents.note(ALICE, [status("1", TaskState.RUNNING)])
    recents.note(ALICE, [status("1", TaskState.SUCCEEDED)])

    assert [lookup.state for lookup in await recents.of(ALICE)] == ["succeeded"]


async def test_lookups_are_written_every_second_and_at_the_end(store: Store) -> None:
    clock = FakeClock()
    recents = Recents(store, clock)
    recents.start()
    await clock.settle()

    recents.note(ALICE, [status("1")])
    await clock.advance(1)
    await recents.close()
    recents.note(ALICE, [status("2")])
    await recents.close()

    told = await store.recent_lookups("T1", "U1")
    assert {lookup.ref.task_id for lookup in told} == {"1", "2"}


async def test_a_store_in_trouble_loses_nothing_and_costs_no_answer(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    failing = FailingStore(store)
    recents = Recents(failing, FakeClock())  # type: ignore[arg-type]  # it stands in for one

    recents.note(ALICE, [status("1")])
    during = await recents.of(ALICE)
    await recents.close()
    failing.is_full = False
    recents.note(ALICE, [status("2")])

    assert during == []
    assert {lookup.ref.task_id for lookup in await recents.of(ALICE)} == {"1", "2"}
    assert "lookups_unknown reason=the disk is full" in caplog.text
    assert "lookups_not_remembered reason=the disk is full" in caplog.text
    caplog.clear()


async def test_a_store_in_trouble_for_long_does_not_fill_the_memory(store: Store) -> None:
    recents = Recents(store, FakeClock())

    for number in range(1_001):
        recents.note(Asker("T1", f"U{number}"), [status("1")])

    assert len(await recents.of(Asker("T1", "U999"))) == 1
    assert await recents.of(Asker("T1", "U1000")) == []


class FailingStore:
    """A store whose disk is full until it is not."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.is_full = True
        self.recent_lookups = store.recent_lookups

    async def remember_everybodys_lookups(self, *told: object) -> None:
        if self.is_full:
            raise StoreError("the disk is full")
        await self._store.remember_everybodys_lookups(*told)  # type: ignore[arg-type]  # as told
