from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.models import NewDelivery, Priority, Watcher
from bot.oncall import Subscription
from bot.store.store import Store
from tests.bot.store.samples import NOW

HOUR = timedelta(hours=1)


def subscription(**changed: Any) -> Subscription:
    wanted = Subscription(
        id=0,
        team_id="T1",
        channel_id="C1",
        created_by="U1",
        created_at=NOW,
        provider="record",
        account="main",
        to="failures",
        room="lecture-*",
        watchers=(Watcher("S1", "U1"), Watcher("U2", "U1", only_failures=True)),
    )
    return replace(wanted, **changed)


def notice(key: str = "notice:1") -> NewDelivery:
    return NewDelivery(key, "T1", "notice", "C1", Priority.ANSWER, NOW)


async def test_a_subscription_comes_back_as_it_was_made(store: Store) -> None:
    made = await store.subscriptions.add(subscription())

    assert made == subscription(id=made.id)
    assert await store.subscriptions.find(made.id) == made
    assert await store.subscriptions.find(made.id + 1) is None


async def test_a_channel_and_a_person_know_theirs(store: Store) -> None:
    add = store.subscriptions.add
    first, second = await add(subscription()), await add(subscription(created_by="U2"))
    await add(subscription(channel_id="C2", created_by="U3"))
    await add(subscription(team_id="T2"))

    assert await store.subscriptions.of_channel("T1", "C1") == [first, second]
    assert await store.subscriptions.of_creator("T1", "U2") == [second]
    assert len(await store.subscriptions.all_open()) == 4


@pytest.mark.parametrize(
    ("provider", "account", "matches"),
    [
        ("record", "main", True),
        (None, "main", True),
        ("record", None, True),
        (None, None, True),
        ("mpc", "main", False),
        ("record", "second", False),
    ],
)
async def test_a_subscription_hears_of_what_it_names(
    store: Store,
    provider: str | None,
    account: str | None,
    matches: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    made = await store.subscriptions.add(subscription(provider=provider, account=account))

    found = await store.subscriptions.matching("record", "main")

    assert found == ([made] if matches else [])


async def test_an_ended_subscription_hears_no_more_and_ends_once(store: Store) -> None:
    made = await store.subscriptions.add(subscription())

    ended = await store.subscriptions.end(made.id, "U2", NOW + HOUR, [notice()])
    again = await store.subscriptions.end(made.id, "U3", NOW + HOUR, [notice("notice:2")])

    assert ended == replace(made, ended_at=NOW + HOUR, ended_by="U2")
    assert again is None
    assert await store.subscriptions.matching("record", "main") == []
    assert await store.subscriptions.of_channel("T1", "C1") == []
    assert [one.key for one in await store.deliveries.waiting("C1", 10)] == ["notice:1"]


async def test_a_paused_subscription_rests_and_is_still_listed(store: Store) -> None:
    made = await store.subscriptions.add(subscription())

    paused = await store.subscriptions.pause(made.id, "archived", NOW)

    assert paused == replace(made, paused_at=NOW, paused_why="archived")
    assert await store.subscriptions.pause(made.id, "removed", NOW) is None
    assert await store.subscriptions.matching("record", "main") == []
    assert await store.subscriptions.of_channel("T1", "C1") == [paused]


async def test_a_resumed_subscription_hears_again(store: Store) -> None:
    made = await store.subscriptions.add(subscription())
    assert await store.subscriptions.resume(made.id, NOW) is None
    await store.subscriptions.pause(made.id, "archived", NOW)

    resumed = await store.subscriptions.resume(made.id, NOW)

    assert resumed == made
    assert await store.subscriptions.matching("record", "main") == [made]


async def test_one_that_ended_neither_rests_nor_wakes(store: Store) -> None:
    made = await store.subscriptions.add(subscription())
    await store.subscriptions.end(made.id, None, NOW)

    assert await store.subscriptions.pause(made.id, "archived", NOW) is None
    assert await store.subscriptions.resume(made.id, NOW) is None
