"""Several replicas at the same time: whatever comes first, nobody is forgotten or told twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.models import CardOrder, Started
from bot.store.store import Store
from bot.store.watches import WatchStore
from providers.models import TaskState
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    LANE,
    PLACE,
    finish,
    order,
    ref,
    replica_of,
    start_one,
    task_of,
)


@pytest.fixture
def replicas(store: Store) -> Sequence[WatchStore]:
    return [replica_of(store) for _ in range(5)]


async def test_all_who_start_one_watch_at_once_share_it(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    orders = [order("a", watchers=(f"U{number}",)) for number in range(5)]

    started = await asyncio.gather(
        *(one.start(PLACE, [wanted], NOW) for one, wanted in zip(replicas, orders, strict=True))
    )

    assert [bool(one.card) for one in started].count(True) == 1
    (watched,) = await store.watches.open_watches("T1")
    assert {one.subject_id for one in watched.watch.watchers} == {f"U{n}" for n in range(5)}
    assert len(await store.deliveries.waiting("C1", 10)) == 1


async def test_all_who_start_the_same_task_in_their_channels_share_its_polls(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    places = [CardOrder("T1", f"C{number}", None, "U1") for number in range(5)]

    started = await asyncio.gather(
        *(one.start(place, [order("a")], NOW) for one, place in zip(replicas, places, strict=True))
    )

    assert len({watch.task_id for one in started for watch in one.watches}) == 1
    assert len(await store.watches.due(LANE, 10, now=NOW)) == 1


async def test_orders_for_the_same_tasks_in_any_order_do_not_wait_for_each_other(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    wanted = [order(name) for name in "abcdefgh"]
    await store.watches.start(PLACE, wanted[::3], NOW)
    places = [CardOrder("T1", f"C{number}", None, "U1") for number in range(5)]

    started = await asyncio.gather(
        *(
            one.start(place, wanted[turn:] + wanted[:turn], NOW)
            for turn, (one, place) in enumerate(zip(replicas, places, strict=True))
        )
    )

    assert sum(len(one.watches) + len(one.joined) for one in started) == 40


async def tell(store: WatchStore) -> int:
    """Do as an observer does that saw the task end; give how many watches were told."""
    while True:
        task = await task_of(store)
        if task.state is TaskState.SUCCEEDED:
            return 0
        watches = (await store.watches_of([task.id]))[task.id]
        if await store.record(finish(task, *watches)):
            return len(watches)


@pytest.mark.parametrize("turn", range(4))
async def test_who_joins_while_a_task_ends_is_told_with_the_others_or_polled_for(
    store: Store, replicas: Sequence[WatchStore], turn: int
) -> None:
    await start_one(store.watches)
    join = replicas[0].start(ELSEWHERE, [order("a")], NOW)
    ends = [tell(one) for one in replicas[1:]]

    ends.insert(turn, count(join))
    await asyncio.gather(*ends)

    task = await task_of(store.watches)
    watches = (await store.watches.watches_of([task.id], ended=True))[task.id]
    told = [one.key for one in await store.deliveries.open_or_dead(10) if one.kind == "news"]
    still_open = [watch for watch in watches if watch.ended_at is None]
    assert len(watches) == 2
    assert len(told) == 2 - len(still_open)
    assert task.is_open is bool(still_open)
    assert (task.state is TaskState.SUCCEEDED) is not task.is_open


async def count(started: object) -> int:
    assert asyncio.iscoroutine(started)
    result: Started = await started
    return len(result.watches)


async def test_of_a_person_and_an_end_exactly_one_ends_a_watch(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    watch = await start_one(store.watches)

    ended, told, *_ = await asyncio.gather(
        replicas[0].end(watch.id, by="U1", at=NOW),
        tell(replicas[1]),
        replicas[2].leave(watch.id, "U1", NOW),
    )

    known = await store.watches.watch(watch.id)
    assert known is not None
    news = [one for one in await store.deliveries.open_or_dead(10) if one.kind == "news"]
    assert len(news) == told
    assert known.watch.ended_why == ("finished" if told else "unwatched")
    assert ended is None or ended.ended_why == "unwatched"
    assert not (await task_of(store.watches)).is_open


async def test_of_all_who_leave_at_once_the_last_ends_the_watch(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    people = tuple(f"U{number}" for number in range(5))
    started = await store.watches.start(PLACE, [order("a", watchers=people)], NOW)
    watch = started.watches[0]

    await asyncio.gather(
        *(one.leave(watch.id, who, NOW) for one, who in zip(replicas, people, strict=True))
    )

    known = await store.watches.watch(watch.id)
    assert known is not None
    assert (known.watch.watchers, known.watch.ended_why) == ((), "unwatched")
    assert not known.task.is_open


async def test_flushes_and_news_and_starts_do_not_wait_for_each_other(
    store: Store, replicas: Sequence[WatchStore]
) -> None:
    names = [f"{number:02}" for number in range(20)]
    await store.watches.start(PLACE, [order(name) for name in names], NOW)
    for one in replicas[:3]:
        for task in await one.due(LANE, 20, now=NOW):
            one.polled(replace(task, polls=1), 5.0)
    known = await store.watches.followed([ref(name) for name in names])
    changes = [finish(task) for task in list(known.values())[::-1]]

    await asyncio.gather(
        *(one.flush() for one in replicas),
        *(replicas[3].record(change) for change in changes),
        replicas[4].start(ELSEWHERE, [order(name) for name in names[::-1]], NOW),
    )

    assert await store.watches.count_open("T1") == 40
