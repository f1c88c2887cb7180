from dataclasses import replace

import pytest

from bot.alerts.presses import Press, TooLate, press
from bot.oncall import Alert, AlertChange, AlertStatus, NewPage, NewTimer, TimerKind, What
from tests.bot.alerts.samples import ALICE, BOB, HOUR, NOW, alert

PRESSES = (What.ACKNOWLEDGED, What.ASSIGNED, What.SNOOZED, What.RESOLVED)
OPEN = alert(paged=("main",))
TAKEN = alert(status=AlertStatus.ACKNOWLEDGED, acknowledged_by=BOB, version=2)
SNOOZED = alert(status=AlertStatus.SNOOZED, snoozed_until=NOW + HOUR, version=2)
RESOLVED = alert(status=AlertStatus.RESOLVED, resolved_at=NOW, resolved_by=BOB, version=2)


def pressed(what: What, on: Alert, by: str = ALICE) -> Press:
    return Press(what, by, on.version, to=ALICE, lasting=2 * HOUR)


def done(what: What, on: Alert, by: str = ALICE) -> AlertChange:
    change = press(on, pressed(what, on, by), NOW)
    assert isinstance(change, AlertChange)
    return change


def test_acknowledging_stops_the_escalation_and_the_pagers() -> None:
    change = done(What.ACKNOWLEDGED, OPEN)

    assert (change.after.status, change.after.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, ALICE)
    assert change.cancels
    assert change.pages == (NewPage("page:1:2:main:acknowledge", "main", "acknowledge"),)
    assert [(one.what, one.by) for one in change.events] == [(What.ACKNOWLEDGED, ALICE)]


def test_assigning_leaves_it_where_it_stands() -> None:
    change = done(What.ASSIGNED, OPEN, BOB)

    assert (change.after.status, change.after.assigned_to) == (AlertStatus.OPEN, ALICE)
    assert not change.cancels
    assert change.events[0].mentions == (ALICE,)


def test_who_takes_it_themselves_is_not_mentioned() -> None:
    assert done(What.ASSIGNED, OPEN, ALICE).events[0].mentions == ()


def test_snoozing_stops_the_escalation_until_its_end() -> None:
    change = done(What.SNOOZED, OPEN)

    assert (change.after.status, change.after.snoozed_until) == (
        AlertStatus.SNOOZED,
        NOW + 2 * HOUR,
    )
    assert change.cancels
    assert change.timers == (NewTimer(TimerKind.SNOOZE_END, 2, NOW + 2 * HOUR),)


def test_snoozing_without_a_time_is_for_an_hour() -> None:
    change = press(OPEN, Press(What.SNOOZED, ALICE, OPEN.version), NOW)

    assert isinstance(change, AlertChange)
    assert change.after.snoozed_until == NOW + HOUR


def test_resolving_ends_everything() -> None:
    change = done(What.RESOLVED, OPEN)

    assert (change.after.status, change.after.resolved_by, change.after.resolved_at) == (
        AlertStatus.RESOLVED,
        ALICE,
        NOW,
    )
    assert change.cancels
    assert [page.action for page in change.pages] == ["resolve"]


@pytest.mark.parametrize("what", PRESSES)
@pytest.mark.parametrize("before", [OPEN, TAKEN, SNOOZED])
def test_every_press_makes_a_new_version(what: What, before: Alert) -> None:
    after = done(what, before).after

    assert (after.version, after.revision) == (before.version + 1, before.revision + 1)


@pytest.mark.parametrize("what", PRESSES)
@pytest.mark.parametrize("before", [TAKEN, SNOOZED, RESOLVED])
def test_a_button_of_an_older_version_changes_nothing(what: What, before: Alert) -> None:
    stale = replace(pressed(what, before), version=1)

    assert press(before, stale, NOW) == TooLate(before)


@pytest.mark.parametrize("what", PRESSES)
def test_nothing_leads_out_of_resolved_by_a_press(what: What) -> None:
    assert press(RESOLVED, pressed(what, RESOLVED), NOW) == TooLate(RESOLVED)


@pytest.mark.parametrize(
    ("before", "what", "by"),
    [
        (TAKEN, What.ACKNOWLEDGED, BOB),
        (RESOLVED, What.RESOLVED, BOB),
        (replace(OPEN, assigned_to=ALICE), What.ASSIGNED, BOB),
    ],
)
def test_who_presses_twice_has_done_so_already(before: Alert, what: What, by: str) -> None:
    again = replace(pressed(what, before, by), version=before.version - 1)

    assert press(before, again, NOW) is None
