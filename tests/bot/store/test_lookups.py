from datetime import timedelta

from bot.models import RecentLookup
from bot.store.store import LOOKUPS_EACH, Store
from providers.models import Kind, TaskState
from tests.bot.store.samples import NOW, REF, status

SECOND = timedelta(seconds=1)


async def test_what_was_asked_is_told_newest_first(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status("a")], NOW)
    await store.remember_lookups("T1", "U1", [status("b")], NOW + SECOND)

    recent = await store.recent_lookups("T1", "U1")

    assert [lookup.ref.task_id for lookup in recent] == ["b", "a"]


async def test_a_lookup_comes_back_as_it_went_in(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status()], NOW)

    recent = await store.recent_lookups("T1", "U1")

    assert recent == [RecentLookup(REF, Kind.RECORDING, TaskState.RUNNING, NOW)]


async def test_a_task_asked_for_again_stands_once_with_its_newest_state(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status(state=TaskState.RUNNING)], NOW)
    await store.remember_lookups("T1", "U1", [status(state=TaskState.SUCCEEDED)], NOW + SECOND)

    recent = await store.recent_lookups("T1", "U1")

    assert [(lookup.state, lookup.asked_at) for lookup in recent] == [
        (TaskState.SUCCEEDED, NOW + SECOND)
    ]


async def test_a_question_without_an_answer_keeps_what_was_known(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status(state=TaskState.RUNNING)], NOW)
    await store.remember_lookups("T1", "U1", [status(state=None, kind=None)], NOW + SECOND)

    recent = await store.recent_lookups("T1", "U1")

    assert recent == [RecentLookup(REF, Kind.RECORDING, TaskState.RUNNING, NOW + SECOND)]


async def test_a_lookup_written_late_changes_nothing(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status(state=TaskState.SUCCEEDED)], NOW)
    await store.remember_lookups("T1", "U1", [status(state=TaskState.RUNNING)], NOW - SECOND)

    recent = await store.recent_lookups("T1", "U1")

    assert [lookup.state for lookup in recent] == [TaskState.SUCCEEDED]


async def test_the_same_task_twice_in_one_command_is_remembered_as_last_seen(store: Store) -> None:
    twice = [status(state=TaskState.RUNNING), status(state=TaskState.FAILED)]

    await store.remember_lookups("T1", "U1", twice, NOW)

    recent = await store.recent_lookups("T1", "U1")
    assert [lookup.state for lookup in recent] == [TaskState.FAILED]


async def test_a_person_sees_only_their_own_workspace_and_their_own_lookups(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status("mine")], NOW)
    await store.remember_lookups("T1", "U2", [status("theirs")], NOW)
    await store.remember_lookups("T2", "U1", [status("elsewhere")], NOW)

    recent = await store.recent_lookups("T1", "U1")

    assert [lookup.ref.task_id for lookup in recent] == ["mine"]


async def test_only_as_many_are_told_as_wanted(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [status(f"{n:02}") for n in range(20)], NOW)

    recent = await store.recent_lookups("T1", "U1", limit=3)

    assert [lookup.ref.task_id for lookup in recent] == ["00", "01", "02"]


async def test_beyond_fifty_the_oldest_of_that_person_are_forgotten(store: Store) -> None:
    await store.remember_lookups("T1", "U2", [status("other")], NOW - SECOND)
    for n in range(LOOKUPS_EACH + 5):
        await store.remember_lookups("T1", "U1", [status(f"{n:02}")], NOW + n * SECOND)

    mine = await store.recent_lookups("T1", "U1", limit=100)
    theirs = await store.recent_lookups("T1", "U2", limit=100)

    assert [lookup.ref.task_id for lookup in mine] == [f"{n:02}" for n in range(54, 4, -1)]
    assert [lookup.ref.task_id for lookup in theirs] == ["other"]


async def test_nothing_asked_is_nothing_remembered(store: Store) -> None:
    await store.remember_lookups("T1", "U1", [], NOW)

    assert await store.recent_lookups("T1", "U1") == []
