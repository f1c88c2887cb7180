from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.models import CardOrder, Watch
from bot.store.store import Store
from providers.models import TaskRef
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import (
    ELSEWHERE,
    PLACE,
    finish,
    order,
    ref,
    start_one,
    task_of,
)


async def test_only_tasks_that_were_ever_watched_are_known(store: Store) -> None:
    await store.watches.start(PLACE, [order("a"), order("b")], NOW)

    followed = await store.watches.followed([ref("a"), ref("b"), ref("c")])

    assert set(followed) == {ref("a"), ref("b")}
    assert {task.ref for task in followed.values()} == set(followed)


async def test_the_same_id_of_another_account_is_another_task(store: Store) -> None:
    await start_one(store.watches)

    assert await store.watches.followed([TaskRef("record", "other", "a")]) == {}
    assert await store.watches.followed([]) == {}


async def test_all_who_watch_a_task_are_told_apart_from_those_who_did(store: Store) -> None:
    here = await start_one(store.watches)
    there = await start_one(store.watches, place=ELSEWHERE)
    await store.watches.end(here.id, by="U1", at=NOW)

    still = await store.watches.watches_of([here.task_id, 999])
    ever = await store.watches.watches_of([here.task_id], ended=True)

    assert still == {here.task_id: (there,), 999: ()}
    assert [watch.id for watch in ever[here.task_id]] == [here.id, there.id]
    assert await store.watches.watches_of([]) == {}


async def test_a_card_shows_ended_watches_too(store: Store) -> None:
    started = await store.watches.start(PLACE, [order("a"), order("b")], NOW)
    await store.watches.record(finish(await task_of(store.watches), started.watches[0]))

    contents = await store.watches.card(started.watches[0].card_id)

    assert contents is not None
    assert [one.watch.ended_why for one in contents.watches] == ["finished", None]
    assert [one.task.is_open for one in contents.watches] == [False, True]


async def test_there_is_nothing_to_read_of_what_does_not_exist(store: Store) -> None:
    assert await store.watches.card(7) is None
    assert await store.watches.watch(7) is None


Places = Mapping[str, Watch]


@pytest.fixture
async def places(store: Store) -> Places:
    """Watches of one task or another, by name."""
    group = order("b", watchers=("U2", "S1"))
    return {
        "mine here": await start_one(store.watches, "a"),
        "theirs here": (await store.watches.start(PLACE, [group], NOW)).watches[0],
        "theirs there": (await store.watches.start(ELSEWHERE, [group], NOW)).watches[0],
        "made there": await start_one(store.watches, "a", CardOrder("T1", "C3", None, "U2")),
        "other team": await start_one(store.watches, "a", CardOrder("T2", "C1", None, "U1")),
    }


ALL = ("made there", "theirs there", "theirs here", "mine here")


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ({}, ALL),
        ({"channel_id": None, "subject_ids": (), "created_by": None, "ref": None}, ALL),
        ({"channel_id": "C1"}, ("theirs here", "mine here")),
        ({"subject_ids": ("U1",)}, ("made there", "mine here")),
        ({"subject_ids": ("U2", "S1")}, ("theirs there", "theirs here")),
        ({"created_by": "U2"}, ("made there", "theirs there")),
        (
            {"subject_ids": ("S1",), "created_by": "U2"},
            ("made there", "theirs there", "theirs here"),
        ),
        ({"ref": ref("a")}, ("made there", "mine here")),
        ({"channel_id": "C1", "ref": ref("b")}, ("theirs here",)),
        ({"channel_id": "C1", "created_by": "U2"}, ()),
        ({"ref": ref("zzz")}, ()),
    ],
)
async def test_open_watches_are_listed_newest_first(
    store: Store, places: Places, which: Mapping[str, Any], names: tuple[str, ...]
) -> None:
    listed = await store.watches.open_watches("T1", **which)

    assert [one.watch for one in listed] == [places[name] for name in names]
    assert await store.watches.count_open("T1", **which) == len(names)


async def test_a_list_comes_in_pages(store: Store, places: Places) -> None:
    pages = [await store.watches.open_watches("T1", limit=3, offset=offset) for offset in (0, 3)]

    assert [[one.watch.id for one in page] for page in pages] == [
        [places[name].id for name in ALL[:3]],
        [places[name].id for name in ALL[3:]],
    ]


Ending = Callable[[Store, Watch], Any]


async def test_an_ended_watch_is_not_listed(store: Store, places: Places) -> None:
    await store.watches.end(places["mine here"].id, by="U1", at=NOW)

    listed = await store.watches.open_watches("T1", subject_ids=("U1",))

    assert [one.watch for one in listed] == [places["made there"]]
