from dataclasses import replace
from datetime import timedelta

import pytest

from bot.models import Card, CardOrder, Priority, Watcher
from bot.store.store import Store
from providers.models import TaskState
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    HOUR,
    LANE,
    PLACE,
    answer,
    finish,
    order,
    ref,
    start_one,
    task_of,
)


async def test_an_order_makes_one_card_with_a_watch_for_each_task(store: Store) -> None:
    started = await store.watches.start(ELSEWHERE, [order("b"), order("a")], NOW)

    assert started.card == Card(
        started.card.id if started.card else 0,
        "T1",
        "watch",
        "C2",
        "1700000000.000100",
        None,
        created_by="U2",
        created_at=NOW,
    )
    assert [watch.ref.task_id for watch in started.watches] == ["b", "a"]
    assert {watch.card_id for watch in started.watches} == {started.card.id}
    assert started.joined == ()


async def test_a_new_watch_says_what_was_ordered(store: Store) -> None:
    wanted = order("a", watchers=("U1", "S7"))

    watch = (await store.watches.start(PLACE, [wanted], NOW)).watches[0]

    assert (watch.team_id, watch.channel_id, watch.created_by) == ("T1", "C1", "U1")
    assert (watch.created_at, watch.ends_at) == (NOW, wanted.ends_at)
    assert watch.grace_until == wanted.grace_until
    assert {one.subject_id for one in watch.watchers} == {"U1", "S7"}
    assert watch.ended_at is watch.limit_told_at is None


async def test_the_cards_delivery_is_committed_with_it(store: Store) -> None:
    started = await store.watches.start(PLACE, [order("a"), order("b")], NOW)

    assert started.card is not None
    (delivery,) = await store.deliveries.waiting("C1", 10)
    assert (delivery.key, delivery.kind) == (f"card:{started.card.id}", "card")
    assert (delivery.card_id, delivery.priority) == (started.card.id, Priority.ANSWER)
    assert delivery.happened_at == NOW


async def test_a_task_begins_with_what_its_vendor_told_just_now(store: Store) -> None:
    told = answer("a", started_at=NOW - HOUR, created_at=NOW - 2 * HOUR, progress=0.5)

    await store.watches.start(PLACE, [order("a", status=told)], NOW)

    task = await task_of(store.watches)
    assert (task.state, task.kind, task.lane) == (TaskState.RUNNING, "recording", LANE)
    assert (task.born_at, task.added_at, task.seen_at) == (NOW - HOUR, NOW, NOW)
    assert (task.version, task.tag, task.is_open, task.polls) == (0, 0.0, True, 0)
    assert task.status is not None
    assert task.status.progress == 0.5


async def test_a_task_nobody_was_asked_about_begins_with_nothing(store: Store) -> None:
    await store.watches.start(PLACE, [order("a", status=None)], NOW)

    task = await task_of(store.watches)
    assert (task.state, task.kind, task.status, task.seen_at) == (None, None, None, None)
    assert task.born_at == NOW


@pytest.mark.parametrize("state", [None, TaskState.SUCCEEDED, TaskState.FAILED])
async def test_an_end_is_left_for_a_poll_to_tell(store: Store, state: TaskState | None) -> None:
    await store.watches.start(PLACE, [order("a", state)], NOW)

    task = await task_of(store.watches)
    assert (task.state, task.status) == (None, None)


async def test_a_birth_in_the_future_is_not_believed(store: Store) -> None:
    told = answer("a", started_at=NOW + HOUR)

    await store.watches.start(PLACE, [order("a", status=told)], NOW)

    assert (await task_of(store.watches)).born_at == NOW


async def test_what_is_watched_in_the_channel_is_joined(store: Store) -> None:
    first = await store.watches.start(PLACE, [order("a")], NOW)
    theirs = replace(PLACE, created_by="U2")

    second = await store.watches.start(theirs, [order("a", watchers=("U2",))], NOW + HOUR)

    assert (second.card, second.watches) == (None, ())
    assert [watch.id for watch in second.joined] == [first.watches[0].id]
    assert [one.subject_id for one in second.joined[0].watchers] == ["U1", "U2"]
    assert len(await store.deliveries.waiting("C1", 10)) == 1


async def test_joining_lets_the_card_be_drawn_anew(store: Store) -> None:
    watch = await start_one(store.watches)

    await store.watches.start(PLACE, [order("a", watchers=("U2",))], NOW)

    contents = await store.watches.card(watch.card_id)
    assert contents is not None
    assert (contents.card.wanted, contents.card.shown) == (2, 0)


async def test_joining_again_says_anew_what_one_wants(store: Store) -> None:
    await start_one(store.watches)
    failures_only = order("a", watchers=())
    failures_only = replace(failures_only, watchers=(Watcher("U1", "U1", only_failures=True),))

    started = await store.watches.start(PLACE, [failures_only], NOW)

    assert started.joined[0].watchers == (Watcher("U1", "U1", only_failures=True),)


async def test_a_card_shows_only_what_is_new_in_the_channel(store: Store) -> None:
    await start_one(store.watches, "a")

    started = await store.watches.start(PLACE, [order("b"), order("a"), order("c")], NOW)

    assert [watch.ref.task_id for watch in started.watches] == ["b", "c"]
    assert [watch.ref.task_id for watch in started.joined] == ["a"]
    assert started.card is not None
    contents = await store.watches.card(started.card.id)
    assert contents is not None
    assert [one.watch.ref.task_id for one in contents.watches] == ["b", "c"]


@pytest.mark.parametrize(
    "place", [ELSEWHERE, CardOrder("T2", "C1", None, "U9")], ids=["channel", "workspace"]
)
async def test_another_place_has_a_watch_of_its_own_on_the_same_task(
    store: Store, place: CardOrder
) -> None:
    first = await start_one(store.watches)

    second = await start_one(store.watches, place=place)

    assert second.id != first.id
    assert second.task_id == first.task_id


async def test_a_new_watch_makes_a_new_version_of_its_task(store: Store) -> None:
    await start_one(store.watches)
    before = await task_of(store.watches)

    await start_one(store.watches, place=ELSEWHERE)

    after = await task_of(store.watches)
    assert after == replace(before, version=before.version + 1)


async def test_news_decided_before_somebody_joined_is_not_recorded(store: Store) -> None:
    watch = await start_one(store.watches)
    task = await task_of(store.watches)
    await start_one(store.watches, place=ELSEWHERE)

    assert not await store.watches.record(finish(task, watch))

    assert (await task_of(store.watches)).state is TaskState.RUNNING


async def test_the_same_task_twice_in_one_order_is_watched_once(store: Store) -> None:
    started = await store.watches.start(
        PLACE, [order("a", watchers=("U1", "U2")), order("a", watchers=("U2", "U3"))], NOW
    )

    assert len(started.watches) == 1
    assert {one.subject_id for one in started.watches[0].watchers} == {"U1", "U2", "U3"}


async def test_an_empty_order_does_nothing(store: Store) -> None:
    started = await store.watches.start(PLACE, [], NOW)

    assert (started.card, started.watches, started.joined) == (None, (), ())
    assert await store.watches.count_open("T1") == 0


async def test_thirty_tasks_make_one_card(store: Store) -> None:
    orders = [order(f"{number:02}") for number in range(30)]

    started = await store.watches.start(PLACE, orders, NOW)

    assert [watch.ref for watch in started.watches] == [one.ref for one in orders]
    assert len(await store.deliveries.waiting("C1", 10)) == 1


async def _end(store: Store, state: TaskState = TaskState.SUCCEEDED) -> None:
    """Watch a task until it ends."""
    watch = await start_one(store.watches)
    change = finish(await task_of(store.watches), watch)
    await store.watches.record(replace(change, after=replace(change.after, state=state)))


async def test_what_ended_can_be_watched_again_under_a_new_watch(store: Store) -> None:
    await _end(store)
    before = await task_of(store.watches)

    started = await store.watches.start(PLACE, [order("a", TaskState.PAUSED)], NOW + 2 * HOUR)

    task = await task_of(store.watches)
    assert started.card is not None
    assert (task.id, task.is_open, task.tag) == (before.id, True, 0.0)
    assert task.version == before.version + 1
    assert (task.state, task.changed_at) == (TaskState.PAUSED, NOW + 2 * HOUR)


async def test_an_end_that_was_told_to_others_is_told_again_to_a_new_watch(store: Store) -> None:
    await _end(store)

    again = await store.watches.start(PLACE, [order("a", TaskState.SUCCEEDED)], NOW + 2 * HOUR)

    task = await task_of(store.watches)
    assert task.state is None
    assert await store.watches.record(finish(task, *again.watches))


async def test_a_state_that_is_no_end_outlives_its_watch(store: Store) -> None:
    watch = await start_one(store.watches)
    await store.watches.end(watch.id, by="U1", at=NOW)

    await store.watches.start(PLACE, [order("a", status=None)], NOW + HOUR)

    task = await task_of(store.watches)
    assert (task.state, task.changed_at, task.is_open) == (TaskState.RUNNING, NOW, True)


async def test_troubles_of_before_are_over_when_a_task_is_watched_again(store: Store) -> None:
    watch = await start_one(store.watches)
    change = finish(await task_of(store.watches), watch)
    after = replace(
        change.after, errors=9, unreachable_since=NOW, stalled_at=NOW, poll_after=NOW + HOUR
    )
    await store.watches.record(replace(change, after=after))

    await start_one(store.watches, at=NOW + timedelta(days=1))

    task = await task_of(store.watches)
    assert (task.errors, task.unreachable_since, task.stalled_at) == (0, None, None)
    assert task.poll_after is None


async def test_a_lane_that_was_renamed_takes_its_tasks_along(store: Store) -> None:
    await start_one(store.watches)

    await store.watches.start(ELSEWHERE, [order("a", lane="record@new")], NOW)

    assert (await store.watches.followed([ref("a")]))[ref("a")].lane == "record@new"


async def test_a_watch_may_have_nobody_to_mention(store: Store) -> None:
    started = await store.watches.start(PLACE, [order("a", watchers=())], NOW)

    assert started.watches[0].watchers == ()
