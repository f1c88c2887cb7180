from dataclasses import replace
from datetime import timedelta

import pytest

from bot.hazard import Durations
from bot.models import Change, Happening, Learned
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock
from providers.models import TaskState
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    HOUR,
    PLACE,
    answer,
    finish,
    order,
    start_one,
    task_of,
)


async def test_an_end_is_recorded_with_all_that_follows_from_it(store: Store, clock: Clock) -> None:
    watch = await start_one(store.watches)
    change = finish(await task_of(store.watches), watch)

    assert await store.watches.record(change)

    task = await task_of(store.watches)
    assert task == replace(change.after, is_open=False, status=task.status)
    assert task.status is not None
    assert task.status.state is TaskState.SUCCEEDED
    ended = await store.watches.watch(watch.id)
    assert ended is not None
    assert (ended.watch.ended_at, ended.watch.ended_why) == (clock.now(), "finished")
    assert ended.watch.ended_by is None
    contents = await store.watches.card(watch.card_id)
    assert contents is not None
    assert contents.card.wanted == 2
    deliveries = await store.deliveries.open_or_dead(10)
    assert [one.key for one in deliveries] == [f"news:{watch.id}:1:finished", "card:1"]


async def test_of_two_who_decided_on_the_same_version_one_is_recorded(store: Store) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)
    failed = replace(finish(task, watch).after, state=TaskState.FAILED)

    assert await store.watches.record(finish(task, watch))
    assert not await store.watches.record(replace(finish(task, watch), after=failed))

    assert (await task_of(store.watches)).state is TaskState.SUCCEEDED
    assert len(await store.deliveries.open_or_dead(10)) == 2


async def test_a_change_of_anything_makes_a_new_version(store: Store) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)

    assert await store.watches.record(Change(task, replace(task, stalled_at=NOW)))
    assert not await store.watches.record(Change(task, replace(task, unreachable_since=NOW)))

    after = await task_of(store.watches)
    assert (after.version, after.stalled_at, after.unreachable_since) == (1, NOW, None)


async def test_a_task_is_followed_while_one_watch_of_it_is_open(store: Store) -> None:
    here, there = await start_one(store.watches), await start_one(store.watches, place=ELSEWHERE)
    task = await task_of(store.watches)
    limit = Change(task, task, ended=((here.id, Happening.LIMIT_REACHED),))

    await store.watches.record(limit)
    after_one = await task_of(store.watches)
    await store.watches.record(
        Change(after_one, after_one, ended=((there.id, Happening.LIMIT_REACHED),))
    )

    assert after_one.is_open
    assert not (await task_of(store.watches)).is_open


async def test_a_better_end_is_recorded_of_a_task_nobody_follows_any_more(store: Store) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)
    poor = finish(task, watch)
    await store.watches.record(replace(poor, after=replace(poor.after, state=TaskState.PARTIAL)))
    task = await task_of(store.watches)

    assert await store.watches.record(replace(finish(task, watch), ended=()))

    task = await task_of(store.watches)
    assert (task.state, task.is_open) == (TaskState.SUCCEEDED, False)


async def test_a_watch_that_had_ended_stays_as_it_ended(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.end(watch.id, by="U1", at=NOW)

    await store.watches.record(finish(await task_of(store.watches), watch))

    ended = await store.watches.watch(watch.id)
    assert ended is not None
    assert (ended.watch.ended_why, ended.watch.ended_by) == ("unwatched", "U1")


async def test_an_announced_limit_is_noted(store: Store, clock: Clock) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)

    await store.watches.record(Change(task, task, limit_told=(watch.id,)))

    told = await store.watches.watch(watch.id)
    assert told is not None
    assert told.watch.limit_told_at == clock.now()


async def test_the_same_delivery_twice_is_one(store: Store) -> None:
    watch = await start_one(store.watches)
    change = finish(await task_of(store.watches), watch)
    await store.watches.record(change)
    task = await task_of(store.watches)

    await store.watches.record(Change(task, task, deliveries=change.deliveries))

    assert len(await store.deliveries.open_or_dead(10)) == 2


async def test_nothing_of_a_change_is_written_where_one_part_cannot_be(store: Store) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)
    change = finish(task, watch)
    assert change.transition is not None
    await store.watches.record(Change(task, task, transition=change.transition))
    task = await task_of(store.watches)

    with pytest.raises(StoreError):
        await store.watches.record(
            replace(finish(task, watch), transition=replace(change.transition, version=1))
        )

    assert await task_of(store.watches) == task
    open_ = await store.watches.watch(watch.id)
    assert open_ is not None
    assert open_.watch.ended_at is None


async def test_what_an_end_taught_is_added_to_what_is_known(store: Store) -> None:
    await start_one(store.watches)
    for _ in range(2):
        task = await task_of(store.watches)
        learned = Learned("record", "recording:long", {7: 1.0}, {6: 30.0, 7: 2.5})
        await store.watches.record(Change(task, task, learned=learned))

    known = await store.watches.durations("record", "recording:long")

    assert known.saved == Durations({7: 2.0}, {6: 60.0, 7: 5.0}).saved
    assert (await store.watches.durations("record", "recording")).samples == 0


async def test_nothing_learned_is_nothing_written(store: Store) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)

    assert await store.watches.record(
        Change(task, task, learned=Learned("record", "recording", {}, {}))
    )


async def test_an_answer_that_says_the_same_is_kept_once(store: Store) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)
    later = answer("a", queried_at=NOW + HOUR, request_id="r2")

    await store.watches.record(Change(task, replace(task, status=later, seen_at=NOW + HOUR)))

    after = await task_of(store.watches)
    assert after.seen_at == NOW + HOUR
    assert after.status == task.status


async def test_a_limit_that_is_reached_comes_until_it_is_recorded(store: Store) -> None:
    watch = await start_one(store.watches)

    early = await store.watches.due_timers(NOW + timedelta(days=6), 10)
    due = await store.watches.due_timers(watch.ends_at, 10)

    assert early == []
    assert [one.watch.id for one in due] == [watch.id]
    task = due[0].task
    await store.watches.record(Change(task, task, ended=((watch.id, Happening.LIMIT_REACHED),)))
    assert await store.watches.due_timers(watch.ends_at, 10) == []


async def test_a_limit_is_near_two_hours_before_until_it_is_told(store: Store) -> None:
    watch = await start_one(store.watches)

    before = await store.watches.due_timers(watch.ends_at - 2 * HOUR - HOUR / 60, 10)
    near = await store.watches.due_timers(watch.ends_at - 2 * HOUR, 10)

    assert before == []
    assert [one.watch.id for one in near] == [watch.id]
    task = near[0].task
    await store.watches.record(Change(task, task, limit_told=(watch.id,)))
    assert await store.watches.due_timers(watch.ends_at - HOUR, 10) == []


async def test_a_watch_too_short_for_an_announcement_comes_at_its_limit_only(store: Store) -> None:
    await store.watches.start(PLACE, [order("a", ends_at=NOW + 3 * HOUR)], NOW)

    assert await store.watches.due_timers(NOW + 2 * HOUR, 10) == []
    assert len(await store.watches.due_timers(NOW + 3 * HOUR, 10)) == 1


@pytest.mark.parametrize(
    ("state", "denied_after_s", "comes"),
    [
        (TaskState.NOT_FOUND, 600, True),
        (TaskState.NOT_FOUND, 599, False),
        (TaskState.RUNNING, 600, False),
    ],
)
async def test_a_task_denied_after_its_grace_comes(
    store: Store, state: TaskState, denied_after_s: int, *, comes: bool
) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)
    seen_at = NOW + timedelta(seconds=denied_after_s)
    await store.watches.record(Change(task, replace(task, state=state, seen_at=seen_at)))

    early = await store.watches.due_timers(NOW + timedelta(seconds=599), 10)
    due = await store.watches.due_timers(NOW + timedelta(seconds=601), 10)

    assert early == []
    assert bool(due) is comes


async def test_timers_of_one_sort_do_not_keep_those_of_another_waiting(store: Store) -> None:
    late = [order(f"late{n}", ends_at=NOW) for n in range(5)]
    near = [order(f"near{n}", ends_at=NOW + 6 * HOUR) for n in range(5)]
    await store.watches.start(PLACE, [*late, *near], NOW)

    due = await store.watches.due_timers(NOW + 5 * HOUR, 3)

    assert [one.watch.ref.task_id[:4] for one in due] == ["late"] * 3 + ["near"] * 3


async def test_a_watch_that_is_due_twice_comes_once(store: Store) -> None:
    watch = await start_one(store.watches)

    assert len(await store.watches.due_timers(watch.ends_at + HOUR, 10)) == 1
