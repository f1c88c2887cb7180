from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.store.store import Store
from tests.bot.store.alert_samples import DAY, open_one, page, resolve, tasks_of
from tests.bot.store.samples import NOW
from tests.bot.store.test_inbox import pushed
from tests.bot.store.test_silences import silence
from tests.bot.store.test_subscriptions import subscription


async def resolved_alert(store: Store) -> Callable[[], Awaitable[object]]:
    alert = await open_one(store.alerts, pages=(page(),))
    await store.alerts.apply(resolve(alert), NOW)
    return lambda: store.alerts.find(alert.id)


async def ended_silence(store: Store) -> Callable[[], Awaitable[object]]:
    made = await store.silences.add(silence())
    await store.silences.end(made.id, None, NOW)
    return lambda: store.silences.find(made.id)


async def ended_subscription(store: Store) -> Callable[[], Awaitable[object]]:
    made = await store.subscriptions.add(subscription())
    await store.subscriptions.end(made.id, "U1", NOW)
    return lambda: store.subscriptions.find(made.id)


@pytest.mark.parametrize("make", [resolved_alert, ended_silence, ended_subscription])
async def test_what_is_over_is_remembered_for_ninety_days(
    store: Store, make: Callable[[Store], Awaitable[Callable[[], Awaitable[object]]]]
) -> None:
    find = await make(store)

    await store.prune(NOW + 89 * DAY)
    before = await find()
    await store.prune(NOW + 91 * DAY)

    assert before is not None
    assert await find() is None


async def test_an_alert_that_is_forgotten_takes_all_that_is_its_with_it(store: Store) -> None:
    alert = await open_one(store.alerts, pages=(page(),))
    await store.alerts.apply(resolve(alert), NOW)

    await store.prune(NOW + 91 * DAY)

    for table in ("alert_task", "alert_event", "timer", "page", "card"):
        assert await store._database.fetch(text(f"SELECT 1 FROM {table}")) == []  # noqa: SLF001, S608  # a name from the list above


async def test_what_is_open_is_never_forgotten(store: Store) -> None:
    alert = await open_one(store.alerts, pages=(page(),))
    (rung,) = await store.alerts.due_pages(NOW, 1)
    await store.alerts.page_sent(rung.id, NOW)
    await store.inbox.accept([pushed("a")])
    hushed = await store.silences.add(silence())
    heard = await store.subscriptions.add(subscription())

    await store.prune(NOW + 999 * DAY)

    assert await store.alerts.find(alert.id) == alert
    assert len(await tasks_of(store.alerts, alert)) == 1
    assert await store.cards.card(alert.card_id) is not None
    assert len(await store._database.fetch(text("SELECT 1 FROM page"))) == 1  # noqa: SLF001  # nothing reads sent ones
    assert await store.inbox.count_open() == 1
    assert await store.silences.find(hushed.id) == hushed
    assert await store.subscriptions.find(heard.id) == heard


async def test_pages_that_were_taken_are_forgotten_once_their_alert_is_over(store: Store) -> None:
    alert = await open_one(store.alerts, pages=(page(), page(step=1)))
    sent, _ = await store.alerts.due_pages(NOW, 10)
    await store.alerts.page_sent(sent.id, NOW)
    await store.alerts.apply(resolve(alert, at=NOW), NOW)

    await store.prune(NOW + 31 * DAY)

    left = await store.alerts.due_pages(NOW + 31 * DAY, 10)
    assert [one.id for one in left] != [sent.id]
    assert len(await store._database.fetch(text("SELECT 1 FROM page"))) == 1  # noqa: SLF001  # nothing reads sent ones


async def test_a_callback_is_known_for_three_days_after_it_came(store: Store) -> None:
    await store.inbox.accept([pushed("a"), replace(pushed("b"), received_at=NOW + 2 * DAY)])
    await store.inbox.taken([one.id for one in await store.inbox.open(10)], NOW)

    await store.prune(NOW + 4 * DAY)

    assert await store.inbox.accept([pushed("a"), pushed("b")]) == [True, False]
