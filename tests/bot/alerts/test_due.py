from dataclasses import replace
from datetime import datetime

import pytest

from bot.alerts.due import (
    due_as_planned,
    ring_early,
    take_step,
    timer_due,
    unsilence,
    unsilence_with,
)
from bot.alerts.machine import join
from bot.alerts.routing import plan_steps
from bot.oncall import Alert, AlertStatus, NewTimer, TimerKind, What
from bot.settings.sections import AlertRoute
from tests.bot.alerts.samples import (
    ALICE,
    HOUR,
    LEAD,
    MINUTE,
    NOW,
    ONCALL,
    QUIET,
    ROUTE,
    alert,
    route,
    timer,
    trouble,
)

NIGHT = datetime.fromisoformat("2026-11-20T23:30+00:00")
MORNING = datetime.fromisoformat("2026-11-21T07:00+00:00")
SNOOZED = alert(status=AlertStatus.SNOOZED, snoozed_until=NOW + HOUR)
TAKEN = [AlertStatus.ACKNOWLEDGED, AlertStatus.SNOOZED, AlertStatus.RESOLVED]


def test_a_step_for_people_mentions_them() -> None:
    change = timer_due(alert(), timer(TimerKind.STEP), ROUTE, NOW)

    assert [(one.what, one.mentions) for one in change.events] == [(What.ESCALATED, (LEAD,))]
    assert (change.done, change.after.steps_run, change.pages) == ((1,), 1, ())


def test_a_step_for_a_pager_rings_it_once_for_the_opening() -> None:
    change = timer_due(alert(openings=2), timer(TimerKind.STEP, 201), ROUTE, NOW)

    assert [(page.key, page.action) for page in change.pages] == [("page:1:2:1", "trigger")]
    assert (change.after.paged, change.after.steps_run) == (("main",), 2)


@pytest.mark.parametrize("status", TAKEN)
@pytest.mark.parametrize("kind", [TimerKind.STEP, TimerKind.QUIET_END])
def test_what_is_due_after_somebody_took_it_over_does_nothing(
    status: AlertStatus, kind: TimerKind
) -> None:
    change = timer_due(alert(status=status, notified_at=None), timer(kind), ROUTE, NOW)

    assert (change.done, change.events, change.pages) == ((1,), (), ())
    assert change.after.status is status


@pytest.mark.parametrize(
    ("before", "number"),
    [
        (alert(steps_run=1), 100),  # it was taken
        (alert(), 105),  # the settings know no such step any more
        (alert(openings=2), 100),  # it was an earlier opening's
    ],
)
def test_a_step_that_is_no_step_any_more_does_nothing(before: Alert, number: int) -> None:
    change = timer_due(before, timer(TimerKind.STEP, number), ROUTE, NOW)

    assert (change.done, change.events, change.pages) == ((1,), (), ())


@pytest.mark.parametrize("kind", list(TimerKind))
def test_whatever_is_due_in_quiet_hours_waits_for_their_end(kind: TimerKind) -> None:
    change = timer_due(SNOOZED, timer(kind), QUIET, NIGHT)

    assert change.moved == ((1, MORNING),)
    assert (change.done, change.events) == ((), ())


def test_whatever_is_due_under_a_silence_waits_for_its_end() -> None:
    change = timer_due(alert(), timer(TimerKind.STEP), ROUTE, NOW, silenced_until=NOW + HOUR)

    assert change.moved == ((1, NOW + HOUR),)


def test_the_end_of_quiet_hours_notifies() -> None:
    held = alert(on=QUIET, at=NIGHT)

    change = timer_due(held, timer(TimerKind.QUIET_END), QUIET, MORNING)

    assert [(one.what, one.mentions) for one in change.events] == [(What.NOTIFIED, (ONCALL,))]
    assert change.after.notified_at == MORNING


def test_the_end_of_quiet_hours_notifies_nobody_a_second_time() -> None:
    notified = alert(on=QUIET, at=NIGHT, notified_at=MORNING)

    change = timer_due(notified, timer(TimerKind.QUIET_END), QUIET, MORNING)

    assert (change.done, change.events) == ((1,), ())


def test_a_step_does_not_stand_in_for_the_first_notification() -> None:
    step = plan_steps(ROUTE, NOW)[0]

    assert take_step(alert(notified_at=None), step, NOW).after.notified_at is None


@pytest.mark.parametrize(("assigned_to", "whom"), [(None, ONCALL), (ALICE, ALICE)])
def test_a_snoozes_end_opens_it_and_calls_whoever_has_it(
    assigned_to: str | None, whom: str
) -> None:
    before = replace(SNOOZED, assigned_to=assigned_to)

    change = timer_due(before, timer(TimerKind.SNOOZE_END, 2), ROUTE, NOW + HOUR)

    assert (change.after.status, change.after.snoozed_until) == (AlertStatus.OPEN, None)
    assert change.after.version == before.version + 1
    assert [(one.what, one.mentions) for one in change.events] == [(What.WOKEN, (whom,))]


def test_a_snoozes_end_resumes_the_steps_that_were_not_taken() -> None:
    before = replace(SNOOZED, steps_run=1)
    soon = NOW + 12 * MINUTE

    change = timer_due(before, timer(TimerKind.SNOOZE_END, 2), ROUTE, soon)

    assert change.timers == (NewTimer(TimerKind.STEP, 101, NOW + 20 * MINUTE),)


def test_steps_that_were_missed_while_it_was_snoozed_are_due_when_it_ends() -> None:
    change = timer_due(SNOOZED, timer(TimerKind.SNOOZE_END, 2), ROUTE, NOW + HOUR)

    assert [one.due_at for one in change.timers] == [NOW + HOUR, NOW + HOUR]


@pytest.mark.parametrize("status", [one for one in AlertStatus if one is not AlertStatus.SNOOZED])
def test_a_snoozes_end_wakes_nothing_that_is_not_snoozed(status: AlertStatus) -> None:
    change = timer_due(alert(status=status), timer(TimerKind.SNOOZE_END, 2), ROUTE, NOW)

    assert (change.after.status, change.done, change.events) == (status, (1,), ())


def test_where_nothing_keeps_it_quiet_any_more_everything_begins_then() -> None:
    quiet = alert(silence_id=4, notified_at=None)

    change = unsilence(quiet, ROUTE, NOW + HOUR)

    assert [(one.what, one.mentions) for one in change.events] == [(What.NOTIFIED, (ONCALL,))]
    assert (change.after.counts_from, change.after.silence_id) == (NOW + HOUR, None)
    assert [one.due_at - NOW for one in change.timers] == [HOUR + 10 * MINUTE, HOUR + 20 * MINUTE]


def test_a_silence_that_ends_in_quiet_hours_leaves_the_notifying_to_their_end() -> None:
    change = unsilence(alert(on=QUIET, silence_id=4, notified_at=None), QUIET, NIGHT)

    assert (change.events, change.after.notified_at, change.after.silence_id) == ((), None, None)
    assert change.timers[0] == NewTimer(TimerKind.QUIET_END, 100, MORNING)
    assert change.cancels


def test_what_joins_and_is_not_silenced_is_heard_in_the_same_change() -> None:
    before = alert(silence_id=4, notified_at=None)

    change = unsilence_with(join(before, [trouble("b")], NOW), ROUTE, NOW)

    assert [one.what for one in change.events] == [What.JOINED, What.NOTIFIED]
    assert change.after.revision == before.revision + 1
    assert (change.after.count, change.after.notified_at, len(change.joined)) == (2, NOW, 1)


STEPS = (timer(TimerKind.STEP, 100, id=7), timer(TimerKind.STEP, 101, id=8))


def test_where_slack_does_not_answer_the_pagers_step_is_taken_at_once() -> None:
    change = ring_early(alert(), STEPS, ROUTE, NOW + MINUTE)

    assert change is not None
    assert [page.key for page in change.pages] == ["page:1:1:1"]
    assert (change.done, change.after.paged) == ((8,), ("main",))
    assert change.events[0].facts == {"pager": "main", "early": True}


def test_a_step_taken_early_leaves_the_people_before_it_their_turn() -> None:
    change = ring_early(alert(), STEPS, ROUTE, NOW + MINUTE)

    assert change is not None
    people = timer_due(change.after, STEPS[0], ROUTE, NOW + 10 * MINUTE)
    assert [one.what for one in people.events] == [What.ESCALATED]


@pytest.mark.parametrize(
    ("before", "on", "at"),
    [
        (alert(paged=("main",)), ROUTE, NOW),
        (alert(), route(escalate=()), NOW),
        (alert(), route(escalate=({"after": "5m", "notify": (LEAD,)},)), NOW),
        (alert(), QUIET, NIGHT),
        *((alert(status=status), ROUTE, NOW) for status in TAKEN),
    ],
)
def test_no_pager_rings_early_where_none_is_to_ring(
    before: Alert, on: AlertRoute, at: datetime
) -> None:
    assert ring_early(before, STEPS, on, at) is None


def test_after_a_silence_was_ended_early_timers_are_due_as_planned() -> None:
    put_off = [
        timer(TimerKind.STEP, 100, NOW + 24 * HOUR, id=7),
        timer(TimerKind.STEP, 101, NOW + 20 * MINUTE, id=8),
        timer(TimerKind.STEP, 102, NOW + 24 * HOUR, id=9),  # of no step there is
        timer(TimerKind.STEP, 100, NOW + 24 * HOUR, id=10, done_at=NOW),
    ]

    change = due_as_planned(alert(), put_off, ROUTE, NOW + 15 * MINUTE)

    assert change is not None
    assert change.moved == ((7, NOW + 15 * MINUTE),)


def test_a_snooze_that_a_silence_lengthened_ends_when_it_was_to_end() -> None:
    put_off = [timer(TimerKind.SNOOZE_END, 2, NOW + 24 * HOUR, id=7)]

    change = due_as_planned(SNOOZED, put_off, ROUTE, NOW)

    assert change is not None
    assert change.moved == ((7, NOW + HOUR),)


def test_timers_that_are_due_as_planned_stay_where_they_are() -> None:
    planned = [timer(TimerKind.STEP, 100, NOW + 10 * MINUTE)]

    assert due_as_planned(alert(), planned, ROUTE, NOW + MINUTE) is None
