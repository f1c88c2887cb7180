"""What a due timer does to an alert: the next step, the end of quiet hours, of a snooze. Pure.

A timer runs once. What is due while nobody may be disturbed is moved, never dropped; what is due
after somebody took the alert over has been canceled with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.alerts.machine import STEPS_EACH, moved
from bot.alerts.quiet import not_in_quiet
from bot.alerts.routing import Step, plan_steps
from bot.oncall import (
    Alert,
    AlertChange,
    AlertEvent,
    AlertStatus,
    NewPage,
    NewTimer,
    Timer,
    TimerKind,
    What,
)
from bot.settings.sections import AlertRoute

_Run = Callable[[Alert, Timer, AlertRoute, datetime], AlertChange]


def timer_due(
    alert: Alert,
    timer: Timer,
    route: AlertRoute,
    now: datetime,
    *,
    silenced_until: datetime | None = None,
) -> AlertChange:
    """Run a timer whose time has come; *silenced_until*: until then nobody may be notified."""
    free_at = max(not_in_quiet(route.quiet, now), silenced_until or now)
    if free_at > now:
        return AlertChange(alert, _touched(alert, now), moved=((timer.id, free_at),))
    return _RUNS[timer.kind](alert, timer, route, now)


def _touched(alert: Alert, now: datetime) -> Alert:
    return replace(alert, revision=alert.revision + 1, changed_at=now)


def _is_over(alert: Alert, timer: Timer, now: datetime) -> AlertChange:
    return AlertChange(alert, _touched(alert, now), done=(timer.id,))


def _run_quiet_end(alert: Alert, timer: Timer, route: AlertRoute, now: datetime) -> AlertChange:
    if alert.status is not AlertStatus.OPEN or alert.notified_at is not None:
        return _is_over(alert, timer, now)
    event = AlertEvent(now, What.NOTIFIED, mentions=route.notify)
    after = replace(_touched(alert, now), notified_at=now)
    return AlertChange(alert, after, done=(timer.id,), events=(event,))


def _run_step(alert: Alert, timer: Timer, route: AlertRoute, now: datetime) -> AlertChange:
    opening, number = divmod(timer.number, STEPS_EACH)
    steps = plan_steps(route, alert.counts_from)
    is_its = alert.status is AlertStatus.OPEN and opening == alert.openings
    if not is_its or not alert.steps_run <= number < len(steps):
        return _is_over(alert, timer, now)
    return take_step(alert, steps[number], now, done=(timer.id,))


def take_step(
    alert: Alert, step: Step, now: datetime, *, done: tuple[int, ...] = ()
) -> AlertChange:
    """Take one step: mention its people in the thread, or ring its pager."""
    after = replace(_touched(alert, now), steps_run=max(alert.steps_run, step.number + 1))
    if step.pager is None:
        event = AlertEvent(now, What.ESCALATED, mentions=step.notify)
        return AlertChange(alert, after, done=done, events=(event,))
    return ring(alert, after, step, AlertEvent(now, What.PAGED, facts={"pager": step.pager}), done)


def ring(
    alert: Alert, after: Alert, step: Step, event: AlertEvent, done: tuple[int, ...]
) -> AlertChange:
    """Ring a step's pager; the same step of the same opening rings once, whoever takes it."""
    pager = step.pager or ""
    return AlertChange(
        alert,
        replace(after, paged=tuple(dict.fromkeys((*alert.paged, pager)))),
        done=done,
        events=(event,),
        pages=(NewPage(f"page:{alert.id}:{alert.openings}:{step.number}", pager, "trigger"),),
    )


def ring_early(
    alert: Alert, timers: Sequence[Timer], route: AlertRoute, now: datetime
) -> AlertChange | None:
    """Take the first pager's step at once, for Slack cannot tell anybody; None: there is none.

    Not in quiet hours, and not where a pager rings already.
    """
    steps = plan_steps(route, alert.counts_from)
    step = next((one for one in steps if one.pager), None)
    is_due = alert.status is AlertStatus.OPEN and not alert.paged
    if step is None or not is_due or not_in_quiet(route.quiet, now) > now:
        return None
    number = alert.openings * STEPS_EACH + step.number
    taken = (one.id for one in open_timers(timers) if one.number == number)
    event = AlertEvent(now, What.PAGED, facts={"pager": step.pager, "early": True})
    return ring(alert, _touched(alert, now), step, event, tuple(taken))


def open_timers(timers: Iterable[Timer], kind: TimerKind = TimerKind.STEP) -> Iterator[Timer]:
    """Choose the timers of a kind that are still to run."""
    return (
        one
        for one in timers
        if one.kind is kind and one.done_at is None and one.canceled_at is None
    )


def _run_snooze_end(alert: Alert, timer: Timer, route: AlertRoute, now: datetime) -> AlertChange:
    if alert.status is not AlertStatus.SNOOZED:
        return _is_over(alert, timer, now)
    after = replace(moved(alert, AlertStatus.OPEN, now), notified_at=alert.notified_at or now)
    whom = (alert.assigned_to,) if alert.assigned_to else route.notify
    event = AlertEvent(now, What.WOKEN, mentions=whom)
    return AlertChange(
        alert, after, done=(timer.id,), events=(event,), timers=steps_left(after, route, now)
    )


def steps_left(alert: Alert, route: AlertRoute, now: datetime) -> tuple[NewTimer, ...]:
    """Set the steps that have not run; those that are overdue are due now."""
    base = alert.openings * STEPS_EACH
    return tuple(
        NewTimer(TimerKind.STEP, base + step.number, max(step.at, now))
        for step in plan_steps(route, alert.counts_from)
        if step.number >= alert.steps_run
    )


def is_kept_quiet(alert: Alert) -> bool:
    """Tell whether nobody has been notified of an open alert."""
    return alert.notified_at is None and alert.status is AlertStatus.OPEN


def unsilence(alert: Alert, route: AlertRoute, now: datetime) -> AlertChange:
    """Notify of an open alert nobody was notified of, for nothing keeps it quiet any more.

    Its escalation counts from now; from the end of the quiet hours, where it is those.
    """
    counts_from = not_in_quiet(route.quiet, now)
    is_held = counts_from > now
    after = replace(
        _touched(alert, now),
        counts_from=counts_from,
        notified_at=None if is_held else now,
        silence_id=None,
    )
    quiet_end = NewTimer(TimerKind.QUIET_END, after.openings * STEPS_EACH, counts_from)
    return AlertChange(
        alert,
        after,
        events=() if is_held else (AlertEvent(now, What.NOTIFIED, mentions=route.notify),),
        cancels=True,
        timers=(*((quiet_end,) if is_held else ()), *steps_left(after, route, now)),
    )


def unsilence_with(change: AlertChange, route: AlertRoute, now: datetime) -> AlertChange:
    """Notify of an alert in the same change that lets something join it which is not silenced."""
    woken = unsilence(change.after, route, now)
    return replace(
        change,
        after=replace(woken.after, revision=change.after.revision),
        events=(*change.events, *woken.events),
        cancels=True,
        timers=woken.timers,
    )


def due_as_planned(
    alert: Alert, timers: Sequence[Timer], route: AlertRoute, now: datetime
) -> AlertChange | None:
    """Take timers back to their time after a silence was ended early; None: they are.

    What was due meanwhile is due now.
    """
    planned = {
        alert.openings * STEPS_EACH + step.number: step.at
        for step in plan_steps(route, alert.counts_from)
    }
    wanted = {one.id: (one, planned.get(one.number)) for one in open_timers(timers)}
    for one in open_timers(timers, TimerKind.SNOOZE_END):
        wanted[one.id] = (one, alert.snoozed_until)
    early = tuple(
        (id_, soon)
        for id_, (timer, at) in wanted.items()
        if at and (soon := max(at, now)) < timer.due_at
    )
    return AlertChange(alert, _touched(alert, now), moved=early) if early else None


_RUNS: Mapping[TimerKind, _Run] = {
    TimerKind.STEP: _run_step,
    TimerKind.QUIET_END: _run_quiet_end,
    TimerKind.SNOOZE_END: _run_snooze_end,
}
