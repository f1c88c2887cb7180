"""An alert's life, decided: what a failure, a recovery, a press or a due timer changes.

::

                     acknowledge
               ┌──────────────────────────────► acknowledged ─┐
    (none) ─► open ◄───── snooze, its end ────► snoozed ◄─────┤ acknowledge, snooze
               ▲ │                                 │          │
               │ └──── resolve, or all recover ────┴──────────┴─► resolved
               └────────── the same fails within `group` ────────────┘

Every function takes an alert as it is and gives the whole change; the store makes it from one
revision to the next, or not at all. Nothing here leads from ``resolved`` to another status but a
new failure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.routing import Plan, fingerprint, plan
from bot.oncall import (
    Alert,
    AlertChange,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Cause,
    NewPage,
    NewTimer,
    TimerKind,
    Trouble,
    What,
)
from bot.settings.sections import AlertRoute

_ASKED_AGAIN = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
_THEN_EVERY = timedelta(hours=1)
STEPS_EACH = 100
"""Timers of one opening are numbered from this times its count, so that none is set twice."""
_LISTED = 10
"""An alert of more tasks counts their recoveries in its message; of fewer each has its line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alert is opened: its workspace and its route."""

    team_id: str
    route: AlertRoute


def open_alert(
    place: Place, troubles: Sequence[Trouble], now: datetime, *, silenced_by: int | None = None
) -> AlertChange:
    """Open an alert for *troubles*, which are of one cause, account and code; at least one."""
    first, route = troubles[0], place.route
    planned = plan(route, now)
    alert = Alert(
        id=0,
        team_id=place.team_id,
        route=fingerprint(route),
        cause=first.cause,
        provider=first.provider,
        account=first.account,
        code=first.code,
        channel_id=route.channel,
        card_id=0,
        version=1,
        revision=1,
        status=AlertStatus.OPEN,
        opened_at=now,
        counts_from=planned.counts_from,
        changed_at=now,
        count=len(troubles),
        silence_id=silenced_by,
    )
    is_held = planned.held_until is not None or silenced_by is not None
    return AlertChange(
        before=None,
        after=replace(alert, notified_at=None if is_held else now),
        mentions=() if is_held else route.notify,
        joined=joining(troubles, now),
        events=(AlertEvent(now, What.OPENED, is_told=False),),
        timers=() if silenced_by is not None else _first_timers(alert, planned),
    )


def _first_timers(alert: Alert, planned: Plan) -> tuple[NewTimer, ...]:
    """Set what follows an opening: the end of its quiet hours, then each step."""
    base = alert.openings * STEPS_EACH
    held = planned.held_until
    quiet_end = (NewTimer(TimerKind.QUIET_END, base, held),) if held else ()
    return quiet_end + tuple(
        NewTimer(TimerKind.STEP, base + step.number, step.at) for step in planned.steps
    )


def joining(troubles: Iterable[Trouble], now: datetime) -> tuple[AlertTask, ...]:
    """Make what an alert remembers of each trouble; a task is asked again in five minutes."""
    return tuple(
        AlertTask(
            trouble_key=trouble.key,
            ref=trouble.ref,
            joined_at=now,
            room=trouble.room,
            facts=trouble.facts,
            ask_at=_ask_at(now, 0, trouble.ask_until) if trouble.ref else None,
            ask_until=trouble.ask_until,
        )
        for trouble in troubles
    )


def next_ask(task: AlertTask, now: datetime) -> AlertTask:
    """Say when a task that is asked again *now* is asked the next time.

    5, 15 and 60 minutes after it joined, then hourly, never after the vendor forgets it. What was
    missed while nobody could ask is not made up for: one question answers all of them.
    """
    asked = task.asked + 1
    while (at := _ask_at(task.joined_at, asked, task.ask_until)) is not None and at <= now:
        asked += 1
    return replace(task, asked=asked, ask_at=at)


def _ask_at(joined_at: datetime, asked: int, until: datetime | None) -> datetime | None:
    """Tell when a task that was asked *asked* times is asked again; None: it is forgotten then."""
    hours_more = max(0, asked + 1 - len(_ASKED_AGAIN)) * _THEN_EVERY
    at = joined_at + _ASKED_AGAIN[min(asked, len(_ASKED_AGAIN) - 1)] + hours_more
    return None if until is not None and at > until else at


def join(alert: Alert, troubles: Sequence[Trouble], now: datetime) -> AlertChange:
    """Let more of the same be counted by an alert that is not resolved; nobody is disturbed."""
    after = replace(
        alert, count=alert.count + len(troubles), revision=alert.revision + 1, changed_at=now
    )
    joined = AlertEvent(now, What.JOINED, facts={"tasks": len(troubles)}, is_told=False)
    return AlertChange(alert, after, joined=joining(troubles, now), events=(joined,))


def reopen(
    alert: Alert,
    troubles: Sequence[Trouble],
    route: AlertRoute,
    now: datetime,
    *,
    silenced_by: int | None = None,
) -> AlertChange:
    """Open a resolved alert again: its cause is back within the route's ``group``."""
    planned = plan(route, now)
    is_held = planned.held_until is not None or silenced_by is not None
    after = replace(
        moved(alert, AlertStatus.OPEN, now),
        opened_at=now,
        counts_from=planned.counts_from,
        count=alert.count + len(troubles),
        openings=alert.openings + 1,
        steps_run=0,
        paged=(),
        silence_id=silenced_by,
        notified_at=None if is_held else now,
        acknowledged_by=None,
        acknowledged_at=None,
        resolved_at=None,
        resolved_by=None,
    )
    event = AlertEvent(
        now,
        What.REOPENED,
        facts={"tasks": len(troubles)},
        mentions=() if is_held else route.notify,
    )
    return AlertChange(
        alert,
        after,
        joined=joining(troubles, now),
        events=(event,),
        timers=() if silenced_by is not None else _first_timers(after, planned),
    )


def recover(alert: Alert, keys: Sequence[str], now: datetime, *, left: int) -> AlertChange:
    """Count troubles that are over; the last of them resolves the alert, which says so.

    *keys* are of troubles this alert counts and that were not over before. *left* are those of its
    present opening that are not over then: what somebody resolved once is nobody's trouble now.
    """
    counted = replace(
        alert,
        recovered=alert.recovered + len(keys),
        revision=alert.revision + 1,
        changed_at=now,
    )
    facts = {"tasks": len(keys), "left": left}
    if left or alert.status is AlertStatus.RESOLVED:
        is_told = alert.count <= _LISTED
        event = AlertEvent(now, What.RECOVERED, facts=facts, is_told=is_told)
        return AlertChange(alert, counted, recovered=tuple(keys), events=(event,))
    resolved = replace(
        moved(alert, AlertStatus.RESOLVED, now),
        recovered=counted.recovered,
        resolved_at=now,
        resolved_by=None,
    )
    return AlertChange(
        alert,
        resolved,
        recovered=tuple(keys),
        events=(AlertEvent(now, What.RESOLVED, facts=facts),),
        cancels=True,
        pages=pages_for(resolved, "resolve"),
    )


def moved(alert: Alert, status: AlertStatus, now: datetime) -> Alert:
    """Give the alert at its next version, in *status*, without a snooze."""
    return replace(
        alert,
        status=status,
        snoozed_until=None,
        version=alert.version + 1,
        revision=alert.revision + 1,
        changed_at=now,
    )


def pages_for(alert: Alert, action: str) -> tuple[NewPage, ...]:
    """Tell every pager that rings for this alert; each once per opening, or per new version."""
    return tuple(
        NewPage(f"page:{alert.id}:{alert.version}:{pager}:{action}", pager, action)
        for pager in alert.paged
    )


def is_inhibited(trouble: Trouble, unresolved: Iterable[Alert]) -> bool:
    """Tell whether a task only seems stuck because its vendor's API cannot be asked."""
    lane = trouble.facts.get("lane")
    return trouble.cause is Cause.STUCK and any(
        alert.cause is Cause.OUTAGE
        and alert.status is not AlertStatus.RESOLVED
        and f"{alert.provider}@{alert.account}" == lane
        for alert in unresolved
    )
