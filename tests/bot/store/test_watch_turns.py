"""Whose turn it is: heads read ahead, polls written behind."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.models import Change, FollowedTask
from bot.store.store import Store
from bot.virtual_time import VirtualTime
from providers.models import TaskState
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    HOUR,
    LANE,
    PLACE,
    SECOND,
    answer,
    finish,
    order,
    ref,
    replica_of,
    start_many,
    start_one,
    task_of,
)


async def due(store: Store, limit: int = 10, now: datetime = NOW) -> list[FollowedTask]:
    return await store.watches.due(LANE, limit, now=now)


async def names(store: Store, limit: int = 10, now: datetime = NOW) -> list[str]:
    return [task.ref.task_id for task in await due(store, limit, now)]


def poll(store: Store, tasks: Sequence[FollowedTask], *tags: float) -> None:
    """Give tasks back as if polled, each with its tag."""
    for task, tag in zip(tasks, tags, strict=True):
        store.watches.polled(replace(task, polls=task.polls + 1, polled_at=NOW), tag)


async def test_the_smallest_tag_is_handed_out_first(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b"), order("c")], NOW)
    poll(store, await due(store), 3.0, 1.0, 2.0)

    assert await names(store, 2) == ["b", "c"]
    assert await names(store, 2) == ["a"]


async def test_what_is_handed_out_is_not_handed_out_again(store: Store) -> None:
    await start_one(store.watches)

    assert await names(store) == ["a"]
    assert await names(store) == []
    await store.watches.flush()
    assert await names(store) == []


async def test_what_is_given_back_has_its_turn_where_it_was(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b")], NOW)
    poll(store, await due(store), 1.0, 2.0)
    first = (await due(store, 1))[0]

    store.watches.give_back(first.id)

    assert await names(store) == ["a", "b"]
    store.watches.give_back(12345)


async def test_what_was_given_back_after_a_flush_is_read_again(store: Store) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]
    await store.watches.flush()

    store.watches.give_back(task.id)

    assert await names(store) == ["a"]


async def test_many_workers_never_get_the_same_task(store: Store) -> None:
    await start_many(store.watches, 250)

    taken = await asyncio.gather(*(names(store, 7) for _ in range(40)))

    everybody = [name for some in taken for name in some]
    assert len(everybody) == 250
    assert len(set(everybody)) == 250


async def test_turns_come_in_order_however_many_there_are(store: Store) -> None:
    await start_many(store.watches, 350)
    poll(store, await due(store, 350), *(float(tag % 97) for tag in range(350)))

    tags = []
    while some := await due(store, 16):
        tags += [task.tag for task in some]

    assert tags == sorted(float(tag % 97) for tag in range(350))


async def test_a_task_polled_often_does_not_wait_for_those_read_ahead(store: Store) -> None:
    await start_many(store.watches, 150)
    poll(store, await due(store, 150), *(float(tag) for tag in range(10, 160)))
    first = await due(store, 1)

    poll(store, first, 11.5)

    assert [task.tag for task in await due(store, 3)] == [11.0, 11.5, 12.0]


async def test_each_lane_has_its_own_turns(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b", lane="mpc@main")], NOW)

    assert await names(store) == ["a"]
    assert len(await store.watches.due("mpc@main", 10, now=NOW)) == 1
    assert await store.watches.due("none@main", 10, now=NOW) == []


async def test_a_task_left_alone_is_passed_over_until_its_time(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b")], NOW)
    first, second = await due(store)
    store.watches.polled(replace(first, poll_after=NOW + 30 * SECOND), 1.0)
    store.watches.polled(second, 2.0)

    assert await names(store) == ["b"]
    assert await names(store, now=NOW + 29 * SECOND) == []
    assert await names(store, now=NOW + 30 * SECOND) == ["a"]


async def test_a_task_left_alone_is_so_after_a_restart_too(store: Store) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]
    store.watches.polled(replace(task, poll_after=NOW + 30 * SECOND), 1.0)
    await store.watches.flush()

    assert await names(store, now=NOW + SECOND) == []
    assert await names(store, now=NOW + 31 * SECOND) == ["a"]


async def test_behind_many_that_rest_somebody_is_found(store: Store) -> None:
    await start_many(store.watches, 250)
    for task in await due(store, 249):
        store.watches.polled(replace(task, poll_after=NOW + 30 * SECOND), 0.5)
    poll(store, await due(store), 99.0)
    await store.watches.flush()

    assert [task.tag for task in await due(store)] == [99.0]
    assert len(await due(store, 300, NOW + HOUR / 60)) == 249


async def test_a_clock_set_back_leaves_nobody_alone_for_hours(store: Store) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]
    store.watches.polled(replace(task, poll_after=NOW + 30 * SECOND), 1.0)

    assert await names(store, now=NOW - HOUR) == ["a"]


async def test_polls_are_seen_before_they_are_written(store: Store) -> None:
    watch = await start_one(store.watches)
    task = (await due(store))[0]
    polled = replace(
        task,
        polls=3,
        errors=1,
        polled_at=NOW + SECOND,
        seen_at=NOW + SECOND,
        poll_after=NOW + HOUR,
        status=answer("a", progress=0.7),
    )

    store.watches.polled(polled, 4.5)

    assert await task_of(store.watches) == replace(polled, tag=4.5)
    seen = await store.watches.watch(watch.id)
    assert seen is not None
    assert seen.task.polls == 3


async def test_polls_are_written_by_a_flush(store: Store) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]
    polled = replace(task, polls=3, polled_at=NOW + SECOND, status=answer("a", progress=0.75))
    store.watches.polled(polled, 4.5)

    await store.watches.flush()
    store.watches.drop_claims(LANE)

    assert await task_of(store.watches) == replace(
        polled,
        tag=4.5,
        status=answer("a", progress=0.75, queried_at=NOW.replace(microsecond=123000)),
    )


async def test_a_first_answer_is_written_by_a_flush(store: Store) -> None:
    await store.watches.start(PLACE, [order("a", status=None)], NOW)
    task = (await due(store))[0]
    store.watches.polled(replace(task, status=answer("a")), 1.0)

    await store.watches.flush()

    status = (await task_of(store.watches)).status
    assert status is not None
    assert status.state is TaskState.RUNNING


async def test_an_answer_stays_unwritten_news_when_the_next_poll_says_the_same(
    store: Store,
) -> None:
    await start_one(store.watches)
    for queried_at in (NOW, NOW + SECOND):
        task = (await due(store))[0]
        told = answer("a", progress=0.5, queried_at=queried_at)
        store.watches.polled(replace(task, status=told), 1.0)

    await store.watches.flush()
    store.watches.drop_claims(LANE)

    status = (await task_of(store.watches)).status
    assert status is not None
    assert status.progress == 0.5


async def test_a_flush_does_not_undo_what_was_recorded_elsewhere(store: Store) -> None:
    watch = await start_one(store.watches)
    task = (await due(store))[0]
    store.watches.polled(replace(task, polls=1, status=answer("a", progress=0.5)), 4.0)
    assert await replica_of(store).record(finish(task, watch))

    await store.watches.flush()

    after = await task_of(store.watches)
    assert after.status is not None
    assert (after.status.state, after.state) == (TaskState.SUCCEEDED, TaskState.SUCCEEDED)
    assert (after.polls, after.tag) == (0, 4.0)


async def test_what_another_replica_started_has_its_turn_after_a_flush(store: Store) -> None:
    await start_one(store.watches)
    await due(store)
    await start_one(replica_of(store), "b")

    before = await names(store)
    await store.watches.flush()

    assert before == []
    assert await names(store) == ["b"]


async def test_what_is_started_here_has_its_turn_at_once(store: Store) -> None:
    await start_one(store.watches)
    poll(store, await due(store), 0.5)
    await due(store, 1)

    await start_one(store.watches, "b")

    assert await names(store) == ["b"]


async def test_what_was_recorded_while_handed_out_is_not_handed_out_as_it_was(
    store: Store,
) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]
    await store.watches.record(Change(task, replace(task, stalled_at=NOW)))

    store.watches.give_back(task.id)

    again = (await due(store))[0]
    assert (again.stalled_at, again.version) == (NOW, task.version + 1)


async def test_what_was_recorded_while_waiting_is_handed_out_as_it_is(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b")], NOW)
    poll(store, await due(store), 1.0, 2.0)
    task = await task_of(store.watches)

    await store.watches.record(Change(task, replace(task, stalled_at=NOW)))

    again = (await due(store))[0]
    assert (again.ref, again.stalled_at, again.tag, again.polls) == (ref("a"), NOW, 1.0, 1)


async def test_polls_recorded_with_news_are_not_undone_by_a_flush(store: Store) -> None:
    await start_one(store.watches)
    poll(store, await due(store), 1.0)
    task = await task_of(store.watches)
    await store.watches.record(Change(task, replace(task, polls=8, stalled_at=NOW)))

    await store.watches.flush()

    after = await task_of(store.watches)
    assert (after.polls, after.tag, after.stalled_at) == (8, 1.0, NOW)


async def test_a_finished_task_has_no_more_turn(store: Store) -> None:
    watch = await start_one(store.watches)
    handed_out = (await due(store))[0]
    await store.watches.record(finish(handed_out, watch))

    store.watches.polled(handed_out, 1.0)

    assert await due(store) == []
    await store.watches.flush()
    assert await due(store) == []


async def test_an_unwatched_task_has_no_more_turn(store: Store) -> None:
    watch = await start_one(store.watches)
    poll(store, await due(store), 1.0)

    await store.watches.end(watch.id, by="U1", at=NOW)

    assert await due(store) == []


async def test_a_closed_task_that_a_poller_gives_back_as_such_has_no_more_turn(
    store: Store,
) -> None:
    await start_one(store.watches)
    task = (await due(store))[0]

    store.watches.polled(replace(task, is_open=False), 1.0)

    assert await due(store) == []


async def test_a_task_that_was_not_handed_out_is_left_alone(store: Store) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)

    store.watches.polled(replace(task, polls=5), 9.0)

    assert (await task_of(store.watches)).polls == 0


async def test_a_lost_lease_forgets_claims_and_unwritten_polls(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b", lane="mpc@main")], NOW)
    task = (await due(store))[0]
    other = (await store.watches.due("mpc@main", 1, now=NOW))[0]
    poll(store, [task, other], 5.0, 6.0)
    store.watches.keep_lane(LANE, VirtualTime(7.0))

    store.watches.drop_claims(LANE)
    await store.watches.flush()

    assert (await task_of(store.watches)).polls == 0
    assert (await task_of(store.watches, "b")).polls == 1
    assert await names(store) == ["a"]
    assert await store.watches.lane(LANE) == VirtualTime()


async def test_a_thousand_unwritten_polls_are_written_before_the_next_turn(store: Store) -> None:
    for first in range(0, 1000, 100):
        orders = [order(f"{n:04}") for n in range(first, first + 100)]
        await store.watches.start(PLACE, orders, NOW)
    poll(store, await due(store, 1000), *[1.0] * 1000)

    await due(store, 1)
    store.watches.drop_claims(LANE)

    assert (await task_of(store.watches, "0999")).polls == 1


async def test_a_lanes_virtual_time_outlives_a_restart(store: Store) -> None:
    time = VirtualTime(12.5, 0.25, 3.0, 4.0)
    for kept in (VirtualTime(1.0), time):
        store.watches.keep_lane(LANE, kept)
    at_once = await store.watches.lane(LANE)

    await store.watches.flush()
    await store.watches.flush()
    store.watches.drop_claims(LANE)

    assert at_once == await store.watches.lane(LANE) == time


async def test_followed_tasks_are_counted_by_state(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b"), order("c", status=None)], NOW)
    watch = await start_one(store.watches, "d", ELSEWHERE)
    await store.watches.end(watch.id, by="U1", at=NOW + timedelta(days=1))

    assert await store.watches.count_by_state() == {"running": 2, "": 1}


async def test_a_task_that_ended_while_it_was_left_alone_has_no_more_turn(store: Store) -> None:
    watch = await start_one(store.watches)
    task = (await due(store))[0]
    store.watches.polled(replace(task, poll_after=NOW + 30 * SECOND), 1.0)
    await due(store)

    await store.watches.end(watch.id, by="U1", at=NOW)

    assert await due(store, now=NOW + HOUR / 60) == []
