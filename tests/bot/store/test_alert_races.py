"""Several replicas change alerts at the same time: one is first, and the others find out."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.store.alerts import Alerts
from bot.store.store import Store
from tests.bot.store.alert_samples import (
    acknowledge,
    due,
    move,
    new_alert,
    open_one,
    opening,
    page,
    replica_of,
    resolve,
    tasks_of,
    trouble,
)
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import finish, start_one, task_of


@pytest.fixture
def replicas(store: Store) -> Sequence[Alerts]:
    return [replica_of(store) for _ in range(5)]


async def test_of_all_who_open_one_cause_at_once_one_does(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    changes = [opening(joined=(trouble(name),), pages=(page(),)) for name in "abcde"]

    opened = await asyncio.gather(
        *(one.apply(change, NOW) for one, change in zip(replicas, changes, strict=True))
    )

    (alert,) = [one for one in opened if one]
    assert await store.alerts.all_unresolved() == [alert]
    assert len(await tasks_of(store.alerts, alert)) == 1
    assert len(await store.alerts.due_pages(NOW, 10)) == 1
    assert [one.kind for one in await store.deliveries.open_or_dead(10)] == ["alert"]


async def test_of_all_who_press_at_once_one_is_first(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    alert = await open_one(store.alerts)
    presses = [acknowledge(alert, by=f"U{number}") for number in range(4)] + [resolve(alert)]

    moved = await asyncio.gather(
        *(one.apply(change, NOW) for one, change in zip(replicas, presses, strict=True))
    )

    (winner,) = [one for one in moved if one]
    assert await store.alerts.find(alert.id) == winner
    assert winner.revision == alert.revision + 1
    assert await due(store.alerts) == []


async def test_all_who_let_tasks_join_are_counted_in_the_end(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    alert = await open_one(store.alerts)

    async def join(alerts: Alerts, name: str) -> None:
        joined = None
        while joined is None:
            known = await alerts.find(alert.id)
            assert known is not None
            wanted = move(known, {"count": known.count + 2}, joined=(trouble(name), trouble("z")))
            joined = await alerts.apply(wanted, NOW)

    await asyncio.gather(*(join(one, name) for one, name in zip(replicas, "bcdef", strict=True)))

    known = await store.alerts.find(alert.id)
    assert known is not None
    assert known.count == len(await tasks_of(store.alerts, alert)) == 7


async def test_a_timer_read_before_another_ran_it_is_not_run_again(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    alert = await open_one(store.alerts)
    timer = (await due(store.alerts))[0]

    async def run(alerts: Alerts) -> int:
        known = await alerts.find(alert.id)
        assert known is not None
        step = move(known, done=(timer.id,), pages=(page(alert.id),))
        return int(await alerts.apply(step, NOW) is not None)

    ran = [await run(one) for one in replicas]

    assert ran == [1, 0, 0, 0, 0]


async def test_a_press_while_slack_takes_the_message_loses_neither(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    alert = await open_one(store.alerts)
    (post,) = await store.deliveries.waiting("C1", 10)
    claimed = await store.deliveries.claim(post.id, fence="f", now=NOW)
    assert claimed is not None

    pressed, sent = await asyncio.gather(
        replicas[0].apply(acknowledge(alert), NOW),
        store.deliveries.card_sent(claimed, "1.2", NOW, shown=1, check_at=None),
    )

    known = await store.alerts.find(alert.id)
    card = await store.cards.card(alert.card_id)
    assert (pressed is not None, sent) == (True, True)
    assert known is not None
    assert (known.acknowledged_by, known.told_at) == ("U1", NOW)
    assert card is not None
    assert (card.ts, card.shown, card.wanted) == ("1.2", 1, 2)


async def test_what_is_routed_by_two_is_counted_by_one_alert(
    store: Store, replicas: Sequence[Alerts]
) -> None:
    keys = []
    for number in range(20):
        watch = await start_one(store.watches, f"{number:02}")
        task = await task_of(store.watches, watch.ref.task_id)
        await store.watches.record(finish(task, watch))
        keys.append((task.id, task.version + 1))
    forwards = opening(routed=tuple(keys))
    backwards = replace(opening(new_alert(route="r2")), routed=tuple(keys[::-1]))

    opened = await asyncio.gather(
        replicas[0].apply(forwards, NOW), replicas[1].apply(backwards, NOW)
    )

    assert all(opened)
    assert await store.alerts.unrouted(50) == []
