from datetime import datetime, timedelta

import pytest

from bot.alerts.machine import is_inhibited, join, joining, next_ask, recover, reopen
from bot.oncall import Alert, AlertStatus, Cause, NewPage, NewTimer, TimerKind, What
from tests.bot.alerts.samples import (
    ALICE,
    HOUR,
    LEAD,
    MINUTE,
    NOW,
    ONCALL,
    QUIET,
    ROUTE,
    SECOND,
    alert,
    opened,
    route,
    trouble,
)

NIGHT = datetime.fromisoformat("2026-11-20T23:30+00:00")
MORNING = datetime.fromisoformat("2026-11-21T07:00+00:00")


def test_an_opening_notifies_at_once_and_sets_every_step() -> None:
    change = opened(trouble("a"), trouble("b"))

    assert change.mentions == (ONCALL,)
    assert (change.after.count, change.after.notified_at) == (2, NOW)
    assert change.timers == (
        NewTimer(TimerKind.STEP, 100, NOW + 10 * MINUTE),
        NewTimer(TimerKind.STEP, 101, NOW + 20 * MINUTE),
    )


def test_in_quiet_hours_it_is_posted_and_everything_else_counts_from_their_end() -> None:
    change = opened(on=QUIET, at=NIGHT)

    assert change.mentions == ()
    assert (change.after.notified_at, change.after.counts_from) == (None, MORNING)
    assert change.timers == (
        NewTimer(TimerKind.QUIET_END, 100, MORNING),
        NewTimer(TimerKind.STEP, 100, MORNING + 10 * MINUTE),
        NewTimer(TimerKind.STEP, 101, MORNING + 20 * MINUTE),
    )


def test_under_a_silence_nobody_is_notified_and_nothing_is_due() -> None:
    change = opened(silenced_by=4)

    assert (change.mentions, change.timers) == ((), ())
    assert (change.after.notified_at, change.after.silence_id) == (None, 4)


@pytest.mark.parametrize("status", [one for one in AlertStatus if one is not AlertStatus.RESOLVED])
def test_more_of_the_same_joins_and_disturbs_nobody(status: AlertStatus) -> None:
    before = alert(status=status)

    change = join(before, [trouble("b"), trouble("c")], NOW + MINUTE)

    assert (change.after.count, change.after.status) == (3, status)
    assert (change.after.version, change.after.revision) == (before.version, before.revision + 1)
    assert [event.mentions for event in change.events] == [()]
    assert (change.timers, change.pages) == ((), ())


def test_a_task_is_asked_again_after_5_15_and_60_minutes_and_then_hourly() -> None:
    task = joining([trouble(ask_until=NOW + 4 * HOUR)], NOW)[0]
    asked_at = []
    while task.ask_at is not None:
        asked_at.append(task.ask_at - NOW)
        task = next_ask(task, task.ask_at)

    hours = [timedelta(hours=hour) for hour in (1, 2, 3, 4)]
    assert asked_at == [5 * MINUTE, 15 * MINUTE, *hours]


def test_questions_missed_while_nobody_could_ask_are_one_question() -> None:
    task = joining([trouble()], NOW)[0]

    after = next_ask(task, NOW + 5 * HOUR + MINUTE)

    assert after.ask_at == NOW + 6 * HOUR


@pytest.mark.parametrize(
    ("ask_until", "asked_at"),
    [
        (None, NOW + 5 * MINUTE),
        (NOW + 5 * MINUTE, NOW + 5 * MINUTE),
        (NOW + 5 * MINUTE - SECOND, None),
    ],
)
def test_what_its_vendor_forgets_sooner_is_not_asked_again(
    ask_until: datetime | None, asked_at: datetime | None
) -> None:
    task = joining([trouble(ask_until=ask_until)], NOW)[0]

    assert task.ask_at == asked_at


def test_an_outage_has_no_task_to_be_asked() -> None:
    task = joining([trouble(ref=None, cause=Cause.OUTAGE)], NOW)[0]

    assert (task.ref, task.ask_at) == (None, None)


def test_a_failure_soon_after_the_resolution_opens_the_same_alert_anew() -> None:
    before = alert(
        status=AlertStatus.RESOLVED,
        version=3,
        resolved_at=NOW,
        resolved_by=ALICE,
        acknowledged_by=ALICE,
        acknowledged_at=NOW,
        steps_run=2,
        paged=("main",),
    )

    change = reopen(before, [trouble("b")], ROUTE, NOW + MINUTE)

    after = change.after
    assert (after.status, after.version, after.openings, after.count) == (AlertStatus.OPEN, 4, 2, 2)
    assert (after.steps_run, after.paged, after.resolved_at, after.resolved_by) == (
        0,
        (),
        None,
        None,
    )
    assert (after.acknowledged_by, after.notified_at) == (None, NOW + MINUTE)
    assert [(event.what, event.mentions) for event in change.events] == [(What.REOPENED, (ONCALL,))]
    assert [timer.number for timer in change.timers] == [200, 201]


@pytest.mark.parametrize("silenced_by", [None, 4])
def test_an_alert_opened_anew_is_held_like_a_new_one(silenced_by: int | None) -> None:
    before = alert(on=QUIET, status=AlertStatus.RESOLVED, resolved_at=NOW)

    change = reopen(before, [trouble("b")], QUIET, NIGHT, silenced_by=silenced_by)

    assert (change.after.notified_at, change.events[0].mentions) == (None, ())
    assert [timer.kind for timer in change.timers] == (
        [] if silenced_by else [TimerKind.QUIET_END, TimerKind.STEP, TimerKind.STEP]
    )


def test_a_task_that_recovers_is_counted_and_said_so() -> None:
    change = recover(alert(count=3), ["task:a:2"], NOW, left=2)

    assert (change.after.status, change.after.recovered) == (AlertStatus.OPEN, 1)
    assert [(one.what, one.facts, one.is_told) for one in change.events] == [
        (What.RECOVERED, {"tasks": 1, "left": 2}, True)
    ]


def test_recoveries_of_many_tasks_are_counted_by_the_message_alone() -> None:
    change = recover(alert(count=3000), ["task:a:2"], NOW, left=2999)

    assert [one.is_told for one in change.events] == [False]


@pytest.mark.parametrize("status", [one for one in AlertStatus if one is not AlertStatus.RESOLVED])
def test_the_last_recovery_resolves_wherever_the_alert_stands(status: AlertStatus) -> None:
    before = alert(status=status, count=2, recovered=1, paged=("main",))

    change = recover(before, ["task:a:2"], NOW, left=0)

    after = change.after
    assert (after.status, after.resolved_at, after.resolved_by) == (AlertStatus.RESOLVED, NOW, None)
    assert after.version == before.version + 1
    assert change.cancels
    assert [event.what for event in change.events] == [What.RESOLVED]
    assert change.pages == (NewPage("page:1:2:main:resolve", "main", "resolve"),)


def test_what_recovers_after_the_resolution_resolves_nothing_again() -> None:
    before = alert(status=AlertStatus.RESOLVED, resolved_at=NOW, resolved_by=ALICE)

    change = recover(before, ["task:a:2"], NOW + HOUR, left=0)

    assert (change.after.resolved_by, change.after.version) == (ALICE, before.version)
    assert not change.cancels


@pytest.mark.parametrize(
    ("about", "lane", "inhibited"),
    [
        (alert(cause=Cause.OUTAGE, provider="record"), "record@main", True),
        (alert(cause=Cause.OUTAGE, provider="mpc"), "record@main", False),
        (alert(cause=Cause.OUTAGE, provider="record", account="eu"), "record@main", False),
        (
            alert(cause=Cause.OUTAGE, provider="record", status=AlertStatus.ACKNOWLEDGED),
            "record@main",
            True,
        ),
        (
            alert(cause=Cause.OUTAGE, provider="record", status=AlertStatus.RESOLVED),
            "record@main",
            False,
        ),
        (alert(cause=Cause.FAILED, provider="record"), "record@main", False),
    ],
)
def test_only_the_outage_of_its_own_api_explains_a_stuck_task(
    about: Alert, lane: str, *, inhibited: bool
) -> None:
    stuck = trouble(cause=Cause.STUCK, facts={"lane": lane})

    assert is_inhibited(stuck, [about]) is inhibited


def test_an_outage_does_not_hide_a_failure() -> None:
    outage = alert(cause=Cause.OUTAGE)

    assert not is_inhibited(trouble(facts={"lane": "record@main"}), [outage])


def test_a_route_without_escalation_sets_no_timer() -> None:
    change = opened(on=route(notify=(), escalate=()))

    assert (change.timers, change.mentions) == ((), ())


def test_an_escalation_is_run_in_the_order_of_its_times() -> None:
    later_first = (
        {"after": "20m", "pager": "main"},
        {"after": "10m", "notify": (LEAD,)},
    )

    change = opened(on=route(escalate=later_first))

    assert [timer.due_at - NOW for timer in change.timers] == [10 * MINUTE, 20 * MINUTE]
