from dataclasses import replace

from bot.models import Watcher
from bot.store.store import Store
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    HOUR,
    PLACE,
    finish,
    order,
    start_one,
    task_of,
)


async def test_a_person_ends_a_watch_and_is_remembered_for_it(store: Store) -> None:
    watch = await start_one(store.watches)

    ended = await store.watches.end(watch.id, by="U7", at=NOW + HOUR)

    assert ended == replace(watch, ended_at=NOW + HOUR, ended_why="unwatched", ended_by="U7")
    assert await store.watches.count_open("T1") == 0


async def test_a_watch_ends_once(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.end(watch.id, by="U1", at=NOW)

    again = await store.watches.end(watch.id, by="U2", at=NOW + HOUR)

    assert again is None
    kept = await store.watches.watch(watch.id)
    assert kept is not None
    assert (kept.watch.ended_by, kept.watch.ended_at) == ("U1", NOW)


async def test_another_workspaces_watch_cannot_be_ended_or_left(store: Store) -> None:
    watch = await start_one(store.watches)

    assert await store.watches.end(watch.id, by="U1", at=NOW, team_id="T2") is None
    assert await store.watches.leave(watch.id, "U1", NOW, team_id="T2") is None
    assert await store.watches.watch(watch.id, team_id="T2") is None

    assert await store.watches.leave(watch.id, "U1", NOW, team_id="T1") is not None


async def test_a_task_nobody_watches_is_followed_no_longer(store: Store) -> None:
    here, there = await start_one(store.watches), await start_one(store.watches, place=ELSEWHERE)

    await store.watches.end(here.id, by="U1", at=NOW)
    is_open_after_one = (await task_of(store.watches)).is_open
    await store.watches.end(there.id, by="U1", at=NOW)

    assert is_open_after_one
    assert not (await task_of(store.watches)).is_open


async def test_ending_lets_the_card_be_drawn_anew(store: Store) -> None:
    watch = await start_one(store.watches)

    await store.watches.end(watch.id, by="U1", at=NOW)

    contents = await store.watches.card(watch.card_id)
    assert contents is not None
    assert contents.card.wanted == 2


async def test_one_of_two_watchers_leaves_and_the_watch_stays(store: Store) -> None:
    started = await store.watches.start(PLACE, [order("a", watchers=("U1", "U2"))], NOW)

    left = await store.watches.leave(started.watches[0].id, "U1", NOW)

    assert left is not None
    assert (left.watchers, left.ended_at) == ((Watcher("U2", "U1"),), None)
    assert (await task_of(store.watches)).is_open


async def test_the_last_watchers_leaving_ends_the_watch(store: Store) -> None:
    watch = await start_one(store.watches)

    left = await store.watches.leave(watch.id, "U1", NOW + HOUR)

    assert left is not None
    assert (left.ended_at, left.ended_why, left.ended_by) == (NOW + HOUR, "unwatched", "U1")
    assert not (await task_of(store.watches)).is_open
    assert await store.watches.leave(watch.id, "U1", NOW) is None


async def test_who_does_not_watch_leaves_nothing_behind(store: Store) -> None:
    watch = await start_one(store.watches)

    assert await store.watches.leave(watch.id, "U9", NOW) == watch


async def test_a_watch_that_does_not_exist_cannot_be_ended(store: Store) -> None:
    assert await store.watches.end(12345, by="U1", at=NOW) is None


async def test_news_decided_before_somebody_unwatched_is_not_recorded(store: Store) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)
    await store.watches.end(watch.id, by="U1", at=NOW)

    assert not await store.watches.record(finish(task, watch))

    assert await store.deliveries.waiting("C1", 10) != []
    assert [one.kind for one in await store.deliveries.waiting("C1", 10)] == ["card"]


async def test_a_watch_that_finished_cannot_be_unwatched(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.record(finish(await task_of(store.watches), watch))

    assert await store.watches.end(watch.id, by="U1", at=NOW) is None
