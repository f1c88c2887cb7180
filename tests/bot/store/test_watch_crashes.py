"""A process that dies between two statements: what it began is there whole, or not at all."""

import pytest

from bot.crashpoint import CrashPoint
from bot.store.store import open_store
from providers.clock import SystemClock
from providers.models import TaskState
from tests.bot.store.test_processes import run_python
from tests.bot.store.watch_samples import start_one, task_of

DIES = """
import asyncio
from bot.crashpoint import arm
from bot.store.store import open_store
from providers.clock import SystemClock
from tests.bot.store.watch_samples import finish, start_one, task_of
async def live():
    async with open_store({url!r}, SystemClock()) as store:
        {work}
asyncio.run(live())
"""
START = "arm({point!r}); await start_one(store.watches)"
FINISH = """watch = (await store.watches.open_watches("T1"))[0].watch
        arm({point!r})
        await store.watches.record(finish(await task_of(store.watches), watch))"""


async def die(url: str, work: str, point: CrashPoint) -> None:
    code = DIES.format(url=url, work=work.format(point=point.value))
    status, _, log = await run_python("-c", code)
    assert (status, log) == (137, "")


@pytest.mark.parametrize(
    ("point", "watches"),
    [(CrashPoint.BEFORE_WATCH_COMMIT, 0), (CrashPoint.AFTER_WATCH_COMMIT, 1)],
)
async def test_a_watch_is_there_with_its_card_and_its_delivery_or_not_at_all(
    url: str, point: CrashPoint, watches: int
) -> None:
    await die(url, START, point)

    async with open_store(url, SystemClock()) as store:
        assert await store.watches.count_open("T1") == watches
        assert len(await store.deliveries.waiting("C1", 10)) == watches
        assert len(await store.watches.due("record@main", 10, now=SystemClock().now())) == watches


@pytest.mark.parametrize(
    ("point", "is_told"),
    [(CrashPoint.INSIDE_FINISH, False), (CrashPoint.AFTER_FINISH_COMMIT, True)],
)
async def test_an_end_is_recorded_with_what_is_to_be_told_or_not_at_all(
    url: str,
    point: CrashPoint,
    is_told: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    async with open_store(url, SystemClock()) as store:
        await start_one(store.watches)

    await die(url, FINISH, point)

    async with open_store(url, SystemClock()) as store:
        task = await task_of(store.watches)
        assert (task.state is TaskState.SUCCEEDED) is is_told
        assert task.is_open is not is_told
        assert await store.watches.count_open("T1") == (0 if is_told else 1)
        assert len(await store.deliveries.open_or_dead(10)) == (2 if is_told else 1)
