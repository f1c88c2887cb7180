"""One change of an alert: everything that belongs to it is there, or nothing is."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.models import Priority
from bot.oncall import AlertEvent, NewTimer, TimerKind, What
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.bot.store.alert_samples import (
    CAUSE,
    LATER_STEP,
    MINUTE,
    STEP,
    acknowledge,
    due,
    move,
    new_alert,
    open_one,
    opening,
    page,
    resolve,
    tasks_of,
    trouble,
)
from tests.bot.store.samples import NOW


async def test_a_new_alert_is_there_with_all_that_is_its(store: Store) -> None:
    alert = await open_one(store.alerts, pages=(page(),))

    contents = await store.alerts.contents(alert.id)
    assert contents is not None
    assert contents.alert == replace(new_alert(), id=alert.id, card_id=alert.card_id)
    assert contents.tasks == (trouble(),)
    assert contents.events == (AlertEvent(NOW, What.OPENED, is_told=False),)
    assert [one.number for one in await due(store.alerts)] == [100, 101]
    assert await store.alerts.find_open(CAUSE) == alert


async def test_a_new_alerts_message_is_to_be_posted_and_mentions_whom_it_notifies(
    store: Store,
) -> None:
    alert = await open_one(store.alerts)

    (delivery,) = await store.deliveries.waiting("C1", 10)
    card = await store.cards.card(alert.card_id)
    assert (delivery.kind, delivery.priority, delivery.card_id) == (
        "alert",
        Priority.PAGE,
        alert.card_id,
    )
    assert delivery.facts == {"alert_id": alert.id, "mentions": ["S1"]}
    assert card is not None
    assert (card.kind, card.channel_id, card.ts) == ("alert", "C1", None)


async def test_a_page_of_a_new_alert_is_known_by_the_alerts_own_number(store: Store) -> None:
    alert = await open_one(store.alerts, pages=(page(),))
    again = move(alert, pages=(page(alert.id),))

    assert await store.alerts.apply(again, NOW) is not None

    (due_page,) = await store.alerts.due_pages(NOW, 10)
    assert (due_page.alert_id, due_page.dedup_key) == (alert.id, f"mediatask-T1-{alert.id}")
    assert due_page.facts == {"summary": "a lecture failed"}


async def test_a_change_moves_the_alert_and_has_its_message_edited(store: Store) -> None:
    alert = await open_one(store.alerts)

    moved = await store.alerts.apply(acknowledge(alert, by="U7"), NOW)

    card = await store.cards.card(alert.card_id)
    assert moved is not None
    assert (moved.acknowledged_by, moved.version, moved.revision) == ("U7", 2, 2)
    assert await store.alerts.find(alert.id) == moved
    assert card is not None
    assert card.wanted == 2


async def test_a_change_of_an_older_revision_changes_nothing(store: Store) -> None:
    alert = await open_one(store.alerts)
    await store.alerts.apply(acknowledge(alert, by="U1"), NOW)

    late = replace(acknowledge(alert, by="U2"), joined=(trouble("b"),), timers=(STEP,))
    assert await store.alerts.apply(late, NOW) is None

    contents = await store.alerts.contents(alert.id)
    assert contents is not None
    assert contents.alert.acknowledged_by == "U1"
    assert contents.tasks == (trouble(),)
    assert [event.by for event in contents.events] == [None, "U1"]


async def test_what_is_told_of_a_change_waits_in_the_thread_for_the_message(store: Store) -> None:
    alert = await open_one(store.alerts)
    heard = AlertEvent(NOW, What.ESCALATED, mentions=("U9",), facts={"step": 1})
    seen = AlertEvent(NOW, What.JOINED, facts={"tasks": 2}, is_told=False)
    told = AlertEvent(NOW, What.ACKNOWLEDGED, by="U1")

    await store.alerts.apply(move(alert, events=(heard, seen, told)), NOW)

    (post,) = await store.deliveries.waiting("C1", 10)
    lines = [one for one in await store.deliveries.open_or_dead(10) if one.kind == "alert_event"]
    lines.reverse()
    assert post.kind == "alert"
    assert [one.priority for one in lines] == [Priority.PAGE, Priority.PROGRESS]
    assert [await store.alerts.event(one.facts["event_id"]) for one in lines] == [heard, told]
    assert {one.card_id for one in lines} == {alert.card_id}
    assert await store.alerts.event(999) is None


async def test_a_task_that_is_counted_already_is_not_counted_again(store: Store) -> None:
    alert = await open_one(store.alerts)
    join = move(alert, {"count": 3}, joined=(trouble("a"), trouble("b")))

    joined = await store.alerts.apply(join, NOW)

    assert joined is not None
    assert joined.count == 2
    assert await store.alerts.find(alert.id) == joined
    assert [one.trouble_key for one in await tasks_of(store.alerts, alert)] == ["task:a", "task:b"]


async def test_a_task_that_recovered_is_not_asked_for_any_more(store: Store) -> None:
    alert = await open_one(store.alerts, joined=(trouble(ask_at=NOW + MINUTE),))
    (asked,) = await store.alerts.due_asks(NOW + MINUTE, 10)

    over = move(alert, {"recovered": 1}, recovered=("task:a",))
    await store.alerts.apply(over, NOW + MINUTE)

    (task,) = await tasks_of(store.alerts, alert)
    assert asked.task.ask_at == NOW + MINUTE
    assert task.recovered_at == NOW + MINUTE
    assert await store.alerts.due_asks(NOW + 99 * MINUTE, 10) == []


@pytest.mark.parametrize("recovered", [("task:a",), ("task:unheard-of",)])
async def test_a_trouble_that_was_over_is_not_over_again(
    store: Store, recovered: tuple[str, ...]
) -> None:
    opened = await open_one(store.alerts, joined=(trouble("a"), trouble("b")))
    alert = await store.alerts.apply(move(opened, recovered=("task:a",)), NOW)
    assert alert is not None

    decided = move(alert, {"recovered": 2}, recovered=recovered)

    assert await store.alerts.apply(decided, NOW) is None
    assert await store.alerts.find(alert.id) == alert


async def test_many_tasks_join_and_recover_at_once(store: Store) -> None:
    names = [f"{number:04}" for number in range(2500)]
    alert = await open_one(store.alerts, joined=tuple(map(trouble, names)))
    keys = tuple(f"task:{name}" for name in names)

    over = await store.alerts.apply(move(alert, recovered=keys), NOW)

    assert over is not None
    struck = await store.alerts.struck([task.ref for task in map(trouble, names[:50]) if task.ref])
    assert struck == []


async def test_a_timer_runs_once(store: Store) -> None:
    alert = await open_one(store.alerts)
    first, second = await due(store.alerts)
    ran = await store.alerts.apply(move(alert, done=(first.id,)), NOW)
    assert ran is not None

    again = await store.alerts.apply(move(ran, done=(first.id,)), NOW)

    assert again is None
    assert await due(store.alerts) == [second]
    assert [one.done_at for one in await store.alerts.timers_of(alert.id)] == [NOW, None]


async def test_a_timer_set_again_after_it_ran_stays_done(store: Store) -> None:
    alert = await open_one(store.alerts)
    first, second = await due(store.alerts)
    ran = await store.alerts.apply(move(alert, done=(first.id,)), NOW)
    assert ran is not None

    await store.alerts.apply(move(ran, timers=(STEP,)), NOW)

    assert await due(store.alerts) == [second]


async def test_canceled_timers_are_not_due_and_can_be_set_again(store: Store) -> None:
    alert = await open_one(store.alerts)
    acknowledged = await store.alerts.apply(acknowledge(alert), NOW)
    assert acknowledged is not None
    assert await due(store.alerts) == []

    again = replace(LATER_STEP, due_at=NOW + 30 * MINUTE)
    await store.alerts.apply(move(acknowledged, timers=(again,)), NOW)

    (timer,) = await due(store.alerts)
    assert (timer.number, timer.due_at, timer.canceled_at) == (101, NOW + 30 * MINUTE, None)


async def test_what_is_set_together_with_a_cancellation_is_due(store: Store) -> None:
    alert = await open_one(store.alerts)
    snooze_end = NewTimer(TimerKind.SNOOZE_END, 1, NOW + 5 * MINUTE)

    await store.alerts.apply(move(alert, cancels=True, timers=(snooze_end,)), NOW)

    assert [one.kind for one in await due(store.alerts)] == [TimerKind.SNOOZE_END]


async def test_a_timer_is_moved_unless_it_is_done_or_canceled(store: Store) -> None:
    alert = await open_one(store.alerts)
    first, second = await due(store.alerts)

    moved = await store.alerts.apply(move(alert, moved=((first.id, NOW + 60 * MINUTE),)), NOW)

    assert moved is not None
    assert await due(store.alerts, NOW + 59 * MINUTE) == [second]
    canceled = await store.alerts.apply(move(moved, cancels=True), NOW)
    assert canceled is not None
    assert await store.alerts.apply(move(canceled, moved=((first.id, NOW),)), NOW) is None


async def test_a_page_is_told_once_for_its_key(store: Store) -> None:
    alert = await open_one(store.alerts)

    changed = await store.alerts.apply(move(alert, pages=(page(alert.id), page(alert.id))), NOW)
    assert changed is not None
    await store.alerts.apply(move(changed, pages=(page(alert.id), page(alert.id, step=1))), NOW)

    assert len(await store.alerts.due_pages(NOW, 10)) == 2


async def test_a_change_that_fails_at_its_end_leaves_nothing_of_it(store: Store) -> None:
    alert = await open_one(store.alerts)
    await store._database.change(text("DROP TABLE page"))  # noqa: SLF001  # the last that is written
    change = replace(acknowledge(alert), joined=(trouble("b"),), pages=(page(alert.id),))
    other = opening(new_alert(code="2002"), joined=(trouble("c"),), pages=(page(),))

    for failing in (change, other):
        with pytest.raises(StoreError):
            await store.alerts.apply(failing, NOW)

    assert await store.alerts.all_unresolved() == [alert]
    assert await tasks_of(store.alerts, alert) == (trouble(),)
    assert len(await due(store.alerts)) == 2
    assert [one.kind for one in await store.deliveries.open_or_dead(10)] == ["alert"]


async def test_when_slack_has_the_message_it_is_told_whatever_changed_meanwhile(
    store: Store,
) -> None:
    alert = await open_one(store.alerts)
    (post,) = await store.deliveries.waiting("C1", 10)
    claimed = await store.deliveries.claim(post.id, fence="f1", now=NOW)
    assert claimed is not None

    await store.deliveries.card_sent(claimed, "1.2", NOW + MINUTE, shown=1, check_at=None)
    await store.alerts.told(alert.card_id, NOW + 2 * MINUTE)
    moved = await store.alerts.apply(acknowledge(alert), NOW + 3 * MINUTE)

    assert moved is not None
    assert moved.told_at == NOW + MINUTE


async def test_a_message_that_got_into_slack_another_way_is_noted_too(store: Store) -> None:
    alert = await open_one(store.alerts)
    await store.alerts.note_told(NOW)
    untold = await store.alerts.find(alert.id)
    await store._database.change(text("UPDATE card SET ts = '1.2'"))  # noqa: SLF001  # such as a repost

    await store.alerts.note_told(NOW + MINUTE)

    told = await store.alerts.find(alert.id)
    assert (untold and untold.told_at, told and told.told_at) == (None, NOW + MINUTE)


async def test_a_resolved_alert_leaves_its_cause_to_a_new_one(store: Store) -> None:
    first = await open_one(store.alerts)
    await store.alerts.apply(resolve(first), NOW)

    second = await open_one(store.alerts)

    assert second.id != first.id
    assert await store.alerts.find_open(CAUSE) == second


async def test_tasks_are_asked_no_more_while_their_alert_is_resolved(store: Store) -> None:
    joined = (
        trouble("a", ask_at=NOW + MINUTE),
        trouble("b", ask_at=NOW + MINUTE, ask_until=NOW + 2 * MINUTE),
        trouble("c", ask_at=NOW + MINUTE),
        trouble("d", ref=None),
    )
    alert = await open_one(store.alerts, joined=joined)
    alert = await store.alerts.apply(move(alert, recovered=("task:c",)), NOW) or alert
    resolved = await store.alerts.apply(resolve(alert), NOW)
    assert resolved is not None
    assert await store.alerts.due_asks(NOW + 99 * MINUTE, 10) == []

    again = move(resolved, {"resolved_at": None, "status": alert.status})
    await store.alerts.apply(again, NOW + 3 * MINUTE)

    (asked,) = await store.alerts.due_asks(NOW + 3 * MINUTE, 10)
    assert asked.task.trouble_key == "task:a"


async def test_an_alert_is_not_opened_again_beside_another_of_its_cause(store: Store) -> None:
    first = await open_one(store.alerts)
    resolved = await store.alerts.apply(resolve(first), NOW)
    assert resolved is not None
    second = await open_one(store.alerts)

    again = move(resolved, {"resolved_at": None, "status": first.status})

    assert await store.alerts.apply(again, NOW) is None
    assert await store.alerts.all_unresolved() == [second]


async def test_a_resolved_alert_is_opened_again_with_its_message(store: Store) -> None:
    first = await open_one(store.alerts)
    resolved = await store.alerts.apply(resolve(first), NOW)
    assert resolved is not None

    again = move(resolved, {"resolved_at": None, "status": first.status, "openings": 2})
    reopened = await store.alerts.apply(again, NOW)

    assert reopened is not None
    assert (reopened.id, reopened.card_id) == (first.id, first.card_id)


async def test_an_alert_whose_message_slack_refuses_lets_its_thread_go_to_the_channel(
    store: Store,
) -> None:
    alert = await open_one(store.alerts)
    event = AlertEvent(NOW, What.ESCALATED, mentions=("U9",))
    await store.alerts.apply(move(alert, events=(event,)), NOW)
    (post,) = await store.deliveries.waiting("C1", 10)
    claimed = await store.deliveries.claim(post.id, fence="f1", now=NOW)
    assert claimed is not None

    await store.deliveries.bury(claimed, "is_archived", NOW)

    (line,) = await store.deliveries.waiting("C1", 10)
    assert line.kind == "alert_event"
    assert await store.deliveries.resend(post.id)
    (again,) = await store.deliveries.waiting("C1", 10)
    assert again.kind == "alert"
