"""Tasks that are asked once, at the head of their lane, although nobody watches them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.models import CheckOrder, FollowedTask, Source
from bot.store.checks import MAY_IMPROVE
from bot.store.store import Store
from bot.store.watches import WatchStore
from bot.watch.moves import NEXT
from providers.models import TaskState
from tests.bot.store.samples import NOW, status
from tests.bot.store.watch_samples import (
    HOUR,
    LANE,
    PLACE,
    SECOND,
    answer,
    finish,
    order,
    ref,
    replica_of,
    start_one,
    task_of,
)


def check(task_id: str = "a", **changed: Any) -> CheckOrder:
    return replace(CheckOrder(ref(task_id), LANE, Source.CALLBACK), **changed)


async def close_with(store: WatchStore, state: TaskState, task_id: str = "a") -> FollowedTask:
    """Follow a task to its end, and no further."""
    watch = await start_one(store, task_id)
    news = finish(await task_of(store, task_id), watch)
    assert news.transition is not None
    ended = replace(news.after, state=state, status=answer(task_id, state=state))
    await store.record(replace(news, after=ended, transition=replace(news.transition, after=state)))
    return await task_of(store, task_id)


async def polled_from(store: WatchStore, lane: str = LANE) -> FollowedTask:
    (task,) = await store.due(lane, 1, now=NOW)
    return task


async def test_a_task_nobody_knows_is_asked_before_all_others_that_had_a_turn(
    store: Store,
) -> None:
    for name in "bc":
        await start_one(store.watches, name)
    for task in await store.watches.due(LANE, 9, now=NOW):
        store.watches.polled(task, 5.0)

    assert await store.watches.check([check()], NOW) == 1

    task = await polled_from(store.watches)
    assert (task.ref, task.lane, task.state, task.status) == (ref("a"), LANE, None, None)
    assert (task.is_open, task.check_source, task.check_at) == (True, Source.CALLBACK, NOW)
    assert 0 < task.tag < 1e-6
    assert await store.watches.count_checks() == {LANE: 1}
    assert await store.watches.count_lane(LANE) == 3


async def test_what_a_list_told_is_where_a_tasks_story_starts(store: Store) -> None:
    listed = check("a", source=Source.SWEEP, status=status("a", TaskState.RUNNING))
    ended = check("b", source=Source.SWEEP, status=status("b", TaskState.FAILED))

    await store.watches.check([listed, ended], NOW)

    running, failed = await task_of(store.watches, "a"), await task_of(store.watches, "b")
    assert (running.state, running.kind) == (TaskState.RUNNING, "recording")
    assert running.status is not None
    assert (failed.state, failed.status) == (None, None)


async def test_nothing_is_checked_of_nothing(store: Store) -> None:
    assert await store.watches.check([], NOW) == 0
    assert await store.watches.count_checks() == {}


async def test_more_tasks_than_a_statement_takes_are_checked(store: Store) -> None:
    orders = [check(f"{number:04}") for number in range(450)]

    assert await store.watches.check([*orders, *orders[:10]], NOW) == 450

    assert await store.watches.count_checks() == {LANE: 450}


async def test_a_check_waits_until_it_may_be_asked(store: Store) -> None:
    await store.watches.check([check(ask_at=NOW + 5 * SECOND)], NOW)

    assert await store.watches.due(LANE, 1, now=NOW) == []
    (task,) = await store.watches.due(LANE, 1, now=NOW + 5 * SECOND)
    assert task.ref == ref("a")


async def test_one_answer_ends_the_check_of_a_task_nobody_watches(store: Store) -> None:
    await store.watches.check([check()], NOW)
    task = await polled_from(store.watches)
    after = replace(task, polls=1, polled_at=NOW, seen_at=NOW, status=answer(progress=0.5))

    is_open = await store.watches.checked(after)

    known = await task_of(store.watches)
    assert not is_open
    assert (known.is_open, known.check_source) == (False, None)
    assert (known.polls, known.seen_at) == (1, NOW)
    assert known.status is not None
    assert known.status.progress == 0.5
    store.watches.polled(after, 7.0)
    await store.watches.flush()
    assert await store.watches.due(LANE, 1, now=NOW) == []
    assert await store.watches.count_checks() == {}


async def test_a_checked_task_that_is_watched_is_followed_on(store: Store) -> None:
    await start_one(store.watches)
    await store.watches.check([check()], NOW)
    task = await polled_from(store.watches)

    assert await store.watches.checked(task)

    known = await task_of(store.watches)
    assert (known.is_open, known.check_source) == (True, None)
    store.watches.polled(task, 7.0)
    assert (await polled_from(store.watches)).tag == 7.0


async def test_a_task_to_be_checked_outlives_its_last_watch(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.check([check()], NOW)

    await store.watches.end(watch.id, by="U1", at=NOW)

    assert (await task_of(store.watches)).is_open


async def test_an_end_and_the_end_of_its_check_are_one_commit(store: Store) -> None:
    await store.watches.check([check()], NOW)
    news = replace(finish(await task_of(store.watches)), checked=True)

    assert await store.watches.record(news)

    known = await task_of(store.watches)
    assert (known.is_open, known.check_source) == (False, None)
    assert known.state is TaskState.SUCCEEDED
    assert len(await store.alerts.unrouted(10)) == 1


async def test_news_that_answer_no_check_leave_it_to_be_asked(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.check([check()], NOW)

    await store.watches.record(finish(await task_of(store.watches), watch))

    known = await task_of(store.watches)
    assert (known.is_open, known.check_source) == (True, Source.CALLBACK)


@pytest.mark.parametrize("says_so", ["news", "nothing new"])
async def test_what_is_said_while_a_task_is_asked_is_asked_about_again(
    store: Store, says_so: str
) -> None:
    await store.watches.check([check()], NOW)
    task = await polled_from(store.watches)
    await store.watches.check([check()], NOW + SECOND)

    if says_so == "news":
        await store.watches.record(replace(finish(task), checked=True))
    else:
        assert await store.watches.checked(task)
    store.watches.polled(task, 99.0)

    again = await polled_from(store.watches)
    assert (again.ref, again.check_at) == (ref("a"), NOW + SECOND)
    assert 0 < again.tag < 1e-6


async def test_two_hints_of_the_same_instant_are_two(store: Store) -> None:
    await store.watches.check([check()], NOW)
    task = await polled_from(store.watches)
    await store.watches.poll_now(task.id, NOW)
    await store.watches.check([check()], NOW - HOUR)

    assert await store.watches.checked(task)
    store.watches.polled(task, 99.0)

    again = await polled_from(store.watches)
    assert again.check_at is not None
    assert again.check_at > NOW
    assert not await store.watches.checked(again)


async def test_what_another_replica_is_told_while_a_task_is_asked_is_asked_about_too(
    store: Store,
) -> None:
    await store.watches.check([check()], NOW)
    task = await polled_from(store.watches)
    await replica_of(store).check([check(ask_at=NOW)], NOW + SECOND)

    assert await store.watches.checked(task)
    store.watches.polled(task, 99.0)
    await store.watches.flush()

    again = await polled_from(store.watches)
    assert (again.ref, again.check_at, again.poll_after) == (ref("a"), NOW + SECOND, NOW)
    assert 0 < again.tag < 1e-6


@pytest.mark.parametrize(
    ("state", "changed", "is_asked"),
    [
        (TaskState.SUCCEEDED, {}, False),
        (TaskState.CANCELED, {"source": Source.SWEEP}, False),
        (TaskState.SUCCEEDED, {"again": True}, True),
        (TaskState.SUCCEEDED, {"status": status("a", TaskState.FAILED)}, False),
        (TaskState.FAILED, {}, True),
        (TaskState.EMPTY, {}, True),
        (TaskState.PARTIAL, {}, True),
        (TaskState.FAILED, {"source": Source.SWEEP}, False),
        (TaskState.FAILED, {"source": Source.SWEEP, "again": True}, True),
        (TaskState.FAILED, {"status": status("a", TaskState.FAILED)}, False),
        (
            TaskState.FAILED,
            {"source": Source.SWEEP, "status": status("a", TaskState.SUCCEEDED)},
            True,
        ),
    ],
)
async def test_an_end_that_is_known_is_asked_about_where_it_may_be_news(
    store: Store,
    state: TaskState,
    changed: dict[str, Any],
    is_asked: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    before = await close_with(store.watches, state)

    count = await store.watches.check([check(**changed)], NOW + HOUR)

    known = await task_of(store.watches)
    assert count == int(is_asked)
    assert known.is_open is is_asked
    assert (known.state, known.status) == (state, before.status)


def test_ends_that_may_become_better_are_those_that_something_may_follow() -> None:
    ends = {state for state in TaskState if state.is_terminal}

    assert {state for state in ends if NEXT[state]} == MAY_IMPROVE


async def test_a_task_that_was_followed_no_more_before_its_end_is_asked(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.end(watch.id, by="U1", at=NOW)

    assert await store.watches.check([check(source=Source.SWEEP)], NOW) == 1

    assert (await polled_from(store.watches)).state is TaskState.RUNNING


async def test_a_check_wakes_a_task_that_was_left_alone_after_an_error(store: Store) -> None:
    await start_one(store.watches)
    task = await polled_from(store.watches)
    tired = replace(task, errors=3, poll_after=NOW + HOUR / 10)
    store.watches.polled(tired, 3.0)
    assert await store.watches.due(LANE, 1, now=NOW) == []

    await store.watches.check([check()], NOW)

    again = await polled_from(store.watches)
    assert (again.poll_after, again.errors) == (None, 3)


async def test_who_watches_a_task_that_is_checked_joins_it(store: Store) -> None:
    await store.watches.check([check()], NOW)
    await store.watches.start(PLACE, [order("a")], NOW)
    task = await polled_from(store.watches)

    assert await store.watches.checked(task)
    assert (await task_of(store.watches)).is_open


async def test_a_hint_lets_a_followed_task_be_asked_next(store: Store) -> None:
    for name in "ab":
        await start_one(store.watches, name)
    for task in await store.watches.due(LANE, 9, now=NOW):
        store.watches.polled(replace(task, poll_after=NOW + HOUR / 10), 5.0)
    hinted = await task_of(store.watches, "b")

    assert await store.watches.poll_now(hinted.id, NOW)

    task = await polled_from(store.watches)
    assert (task.ref, task.poll_after) == (ref("b"), None)
    assert await store.watches.count_checks() == {}


async def test_a_hint_may_ask_for_some_patience(store: Store) -> None:
    await start_one(store.watches)
    task = await task_of(store.watches)

    await store.watches.poll_now(task.id, NOW, ask_at=NOW + 5 * SECOND)

    assert await store.watches.due(LANE, 1, now=NOW) == []
    assert len(await store.watches.due(LANE, 1, now=NOW + 5 * SECOND)) == 1


async def test_a_hint_about_a_task_nobody_follows_changes_nothing(store: Store) -> None:
    task = await close_with(store.watches, TaskState.SUCCEEDED)

    assert not await store.watches.poll_now(task.id, NOW)
    assert not await store.watches.poll_now(999, NOW)
    assert await store.watches.due(LANE, 1, now=NOW) == []


async def test_a_hint_that_comes_while_a_task_is_asked_is_not_lost(store: Store) -> None:
    await start_one(store.watches)
    task = await polled_from(store.watches)
    await store.watches.poll_now(task.id, NOW)

    store.watches.polled(replace(task, polls=1), 50.0)

    again = await polled_from(store.watches)
    assert (again.polls, 0 < again.tag < 1e-6) == (1, True)
    store.watches.polled(again, 60.0)
    await store.watches.flush()
    assert (await task_of(replica_of(store))).tag == 60.0


async def test_a_hint_about_a_task_that_is_given_back_is_not_lost(store: Store) -> None:
    await start_one(store.watches)
    store.watches.polled(await polled_from(store.watches), 50.0)
    task = await polled_from(store.watches)
    await store.watches.poll_now(task.id, NOW)

    store.watches.give_back(task.id)

    assert (await polled_from(store.watches)).tag < 1e-6


@pytest.mark.parametrize("has_news", [False, True])
async def test_a_hint_outlives_what_was_unwritten_when_it_came(
    store: Store,
    has_news: bool,  # noqa: FBT001  # named by its parameter
) -> None:
    watch = await start_one(store.watches)
    polled = replace(await polled_from(store.watches), poll_after=NOW + HOUR / 10)
    store.watches.polled(polled, 50.0)
    await store.watches.poll_now(watch.task_id, NOW)
    if has_news:
        known = await task_of(store.watches)
        paused = replace(known, state=TaskState.PAUSED)
        await store.watches.record(replace(finish(known), after=paused, transition=None))

    await store.watches.flush()

    (task,) = (await replica_of(store).followed([ref("a")])).values()
    assert (task.poll_after, task.tag < 1e-6) == (None, True)


async def test_a_lane_that_is_lost_takes_its_hints_with_it(store: Store) -> None:
    await start_one(store.watches)
    task = await polled_from(store.watches)
    await store.watches.poll_now(task.id, NOW)
    store.watches.drop_claims(LANE)

    (again,) = await store.watches.due(LANE, 1, now=NOW)
    store.watches.polled(again, 50.0)

    assert (await polled_from(store.watches)).tag == 50.0


async def test_what_was_checked_and_forgotten_takes_nothing_with_it(store: Store) -> None:
    await store.watches.check([check()], NOW)
    await store.watches.record(replace(finish(await task_of(store.watches)), checked=True))

    await store.prune(NOW + timedelta(days=31))

    assert await store.watches.followed([ref("a")]) == {}
