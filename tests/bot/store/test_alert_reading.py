from dataclasses import replace

import pytest

from bot.models import Source
from bot.oncall import AlertStatus, Cause
from bot.store.alerts import CountedTask
from bot.store.store import Store
from providers.models import TaskState
from tests.bot.store.alert_samples import (
    CAUSE,
    DAY,
    MINUTE,
    acknowledge,
    move,
    new_alert,
    open_one,
    page,
    resolve,
    tasks_of,
    trouble,
)
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import LANE, PLACE, finish, order, ref, start_one, task_of


async def test_an_alert_is_found_by_its_number_and_by_its_message(store: Store) -> None:
    alert = await open_one(store.alerts)

    assert await store.alerts.find(alert.id) == alert
    assert await store.alerts.by_card(alert.card_id) == alert
    assert await store.alerts.find(alert.id + 1) is None
    assert await store.alerts.by_card(999) is None
    assert await store.alerts.contents(999) is None


@pytest.mark.parametrize("differing", ["team_id", "route", "provider", "account", "code"])
async def test_another_cause_has_another_alert(store: Store, differing: str) -> None:
    alert = await open_one(store.alerts)
    other = await open_one(store.alerts, new_alert(**{differing: "other"}))

    assert await store.alerts.find_open(CAUSE) == alert
    assert await store.alerts.find_open(CAUSE | {differing: "other"}) == other


async def test_the_last_resolution_of_a_cause_is_found_while_it_is_recent(store: Store) -> None:
    for minutes in (1, 3):
        alert = await open_one(store.alerts)
        await store.alerts.apply(resolve(alert, at=NOW + minutes * MINUTE), NOW)
    other = await open_one(store.alerts, new_alert(code="2002"))
    await store.alerts.apply(resolve(other, at=NOW + 4 * MINUTE), NOW)

    last = await store.alerts.resolved_since(CAUSE, NOW + 2 * MINUTE)

    assert last is not None
    assert last.resolved_at == NOW + 3 * MINUTE
    assert await store.alerts.resolved_since(CAUSE, NOW + 4 * MINUTE) is None


async def test_alerts_are_listed_newest_first_and_narrowed_down(store: Store) -> None:
    first = await open_one(store.alerts)
    second = await open_one(
        store.alerts, new_alert(code="2", channel_id="C2", opened_at=NOW + MINUTE)
    )
    taken = await store.alerts.apply(acknowledge(second, by="U7"), NOW)
    given = await store.alerts.apply(move(first, {"assigned_to": "U7"}), NOW)
    ended = await open_one(store.alerts, new_alert(code="3", opened_at=NOW + 2 * MINUTE))
    resolved = await store.alerts.apply(resolve(ended), NOW)
    theirs = await open_one(store.alerts, new_alert(team_id="T2"))

    listed = store.alerts.listed
    assert await listed("T1") == [taken, given]
    assert await listed("T1", channel_id="C2") == [taken]
    assert await listed("T1", mine="U7") == [taken, given]
    assert await listed("T1", mine="U1") == []
    assert await listed("T1", (AlertStatus.OPEN,)) == [given]
    assert await listed("T1", tuple(AlertStatus)) == [resolved, taken, given]
    assert await listed("T1", tuple(AlertStatus), limit=1, offset=1) == [taken]
    assert await store.alerts.all_unresolved() == [given, taken, theirs]


async def test_alerts_are_counted_by_status_and_route(store: Store) -> None:
    await open_one(store.alerts)
    await open_one(store.alerts, new_alert(code="2"))
    other = await open_one(store.alerts, new_alert(route="r2"))
    await store.alerts.apply(acknowledge(other), NOW)
    ended = await open_one(store.alerts, new_alert(code="3"))
    await store.alerts.apply(resolve(ended), NOW)

    assert await store.alerts.counts() == {("open", "r1"): 2, ("acknowledged", "r2"): 1}


async def test_tasks_are_paged_those_still_in_trouble_first(store: Store) -> None:
    joined = [trouble(name, joined_at=NOW + n * MINUTE) for n, name in enumerate("abc")]
    alert = await open_one(store.alerts, joined=joined)
    await store.alerts.apply(move(alert, recovered=("task:a",)), NOW)

    first = await store.alerts.contents(alert.id, tasks=2)
    rest = await store.alerts.contents(alert.id, tasks_from=2, tasks=2)

    assert first is not None
    assert rest is not None
    names = [[task.trouble_key for task in page.tasks] for page in (first, rest)]
    assert names == [["task:b", "task:c"], ["task:a"]]


async def test_an_outage_is_about_no_task(store: Store) -> None:
    outage = replace(trouble(), trouble_key="outage:record@main:1", ref=None, room=None)

    alert = await open_one(store.alerts, new_alert(cause=Cause.OUTAGE), joined=(outage,))

    assert await tasks_of(store.alerts, alert) == (outage,)


async def test_tasks_in_trouble_are_found_by_what_they_are_and_by_their_keys(store: Store) -> None:
    alert = await open_one(store.alerts, joined=(trouble("a"), trouble("b")))
    await store.alerts.apply(move(alert, recovered=("task:b",)), NOW)
    elsewhere = await open_one(store.alerts, new_alert(route="r2"))
    ended = await open_one(store.alerts, new_alert(route="r3"), joined=(trouble("c"),))
    await store.alerts.apply(resolve(ended), NOW)

    struck = await store.alerts.struck([ref("a"), ref("b"), ref("c"), ref("unheard-of")])
    counted = await store.alerts.troubled(["task:a", "task:c", "task:none"])

    assert sorted(one.alert_id for one in struck) == [alert.id, elsewhere.id]
    assert {one.task.trouble_key for one in struck} == {"task:a"}
    assert sorted(one.alert_id for one in counted) == [alert.id, elsewhere.id, ended.id]
    assert await store.alerts.struck([]) == await store.alerts.troubled([]) == []


async def test_tasks_are_asked_again_when_their_time_has_come(store: Store) -> None:
    first, second = trouble("a", ask_at=NOW + 2 * MINUTE), trouble("b", ask_at=NOW + MINUTE)
    alert = await open_one(store.alerts, joined=(first, second, trouble("c")))
    assert await store.alerts.due_asks(NOW, 10) == []
    due = await store.alerts.due_asks(NOW + 2 * MINUTE, 10)

    later = replace(second, asked=1, ask_at=NOW + 15 * MINUTE)
    never = replace(first, asked=9, ask_at=None)
    await store.alerts.asked([CountedTask(alert.id, later), CountedTask(alert.id, never)])
    await store.alerts.asked([])

    assert due == [CountedTask(alert.id, second), CountedTask(alert.id, first)]
    assert await store.alerts.due_asks(NOW + DAY, 10) == [CountedTask(alert.id, later)]


async def test_tasks_of_a_resolved_alert_are_asked_no_more(store: Store) -> None:
    alert = await open_one(store.alerts, joined=(trouble(ask_at=NOW),))

    await store.alerts.apply(resolve(alert), NOW)

    assert await store.alerts.due_asks(NOW + DAY, 10) == []


async def test_what_nobody_has_dealt_with_is_told_with_its_task_oldest_first(store: Store) -> None:
    for minutes, name in ((2, "b"), (1, "a")):
        watch = await start_one(store.watches, name)
        ends = finish(await task_of(store.watches, name), watch, at=NOW + minutes * MINUTE)
        await store.watches.record(ends)

    first, second = await store.alerts.unrouted(10)

    assert (first.ref, second.ref) == (ref("a"), ref("b"))
    assert (first.lane, first.kind) == (LANE, "recording")
    assert first.transition.after is TaskState.SUCCEEDED
    assert (first.transition.source, first.transition.confirmed) == (Source.POLL, True)
    assert first.status is not None
    assert first.status.state is TaskState.SUCCEEDED
    assert await store.alerts.unrouted(1) == [first]


async def test_what_was_dealt_with_is_told_no_more(store: Store) -> None:
    keys = []
    for name in "abc":
        task = await task_of(store.watches, (await start_one(store.watches, name)).ref.task_id)
        await store.watches.record(finish(task))
        keys.append((task.id, task.version + 1))

    await open_one(store.alerts, routed=tuple(keys[:1]))
    await store.alerts.mark_routed(keys[1:2], NOW)
    await store.alerts.mark_routed([], NOW)

    assert [one.ref for one in await store.alerts.unrouted(10)] == [ref("c")]


async def test_a_transition_of_a_task_without_an_answer_has_none(store: Store) -> None:
    await store.watches.start(PLACE, [order(state=None)], NOW)
    unknown = finish(await task_of(store.watches))
    await store.watches.record(replace(unknown, after=replace(unknown.after, status=None)))

    (one,) = await store.alerts.unrouted(10)

    assert (one.transition.before, one.status) == (None, None)


async def test_pages_are_claimed_by_one_and_due_again_where_it_died(store: Store) -> None:
    await open_one(store.alerts, pages=(page(),))
    (due,) = await store.alerts.due_pages(NOW, 10)

    claims = [await store.alerts.claim_page(due, NOW) for _ in range(2)]

    assert claims == [True, False]
    assert await store.alerts.due_pages(NOW + MINUTE / 3, 10) == []
    (again,) = await store.alerts.due_pages(NOW + MINUTE, 10)
    assert (again.id, again.attempts) == (due.id, 1)


async def test_a_page_that_was_taken_is_not_due_any_more(store: Store) -> None:
    await open_one(store.alerts, pages=(page(), page(step=1)))
    taken, refused = await store.alerts.due_pages(NOW, 10)

    await store.alerts.page_sent(taken.id, NOW)
    await store.alerts.page_dead(refused.id, "the routing key is refused")

    assert await store.alerts.due_pages(NOW + DAY, 10) == []


async def test_a_page_that_did_not_get_through_is_due_later(store: Store) -> None:
    await open_one(store.alerts, pages=(page(),))
    (due,) = await store.alerts.due_pages(NOW, 10)

    await store.alerts.page_failed(due.id, "no answer", NOW + MINUTE)

    assert await store.alerts.due_pages(NOW, 10) == []
    (again,) = await store.alerts.due_pages(NOW + MINUTE, 10)
    assert again.error == "no answer"
