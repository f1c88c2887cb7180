"""Which route a trouble takes and what happens on it when: what ``route-test`` prints. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from bot.alerts.quiet import not_in_quiet
from bot.oncall import Cause, Trouble
from bot.settings.sections import AlertRoute

_FINGERPRINT = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an escalation: people, or a pager."""

    number: int
    at: datetime
    notify: tuple[str, ...] = ()
    pager: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows an alert's opening, unless somebody acknowledges it."""

    held_until: datetime | None
    """The end of the quiet hours it was opened in; None: it was not."""
    notify: tuple[str, ...]
    """Who is notified, at the opening or at *held_until*."""
    counts_from: datetime
    steps: tuple[Step, ...]


def fingerprint(route: AlertRoute) -> str:
    """Name a route by what it is for, so that it keeps its alerts when the file is reordered."""
    told = [route.provider, route.account, route.kind, route.room, route.on, route.channel]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:_FINGERPRINT]


def routes_for(trouble: Trouble, routes: Iterable[AlertRoute]) -> tuple[AlertRoute, ...]:
    """Tell every route that wants to hear of a trouble; each has an alert of its own."""
    return tuple(route for route in routes if is_wanted(trouble, route))


def is_wanted(trouble: Trouble, route: AlertRoute) -> bool:
    """Tell whether a route is for a trouble; a glob never fits what nobody told.

    A whole vendor's outage has no room and no kind: whoever wants any of its tasks wants it.
    """
    providers = trouble.facts.get("providers") or [trouble.provider]
    if trouble.cause not in route.on or not any(_fits(route.provider, name) for name in providers):
        return False
    if not _fits(route.account, trouble.account):
        return False
    if trouble.cause is Cause.OUTAGE:
        return True
    return _fits(route.kind, trouble.kind) and _fits(route.room, trouble.room)


def _fits(globs: Sequence[str], told: str | None) -> bool:
    return not globs or (told is not None and any(fnmatchcase(told, glob) for glob in globs))


def plan(route: AlertRoute, opened_at: datetime) -> Plan:
    """Say when who hears of an alert opened at *opened_at*.

    ``after`` counts from the opening, or from the end of the quiet hours it fell into. A step that
    would fall into quiet hours waits for their end.
    """
    counts_from = not_in_quiet(route.quiet, opened_at)
    held_until = counts_from if counts_from > opened_at else None
    return Plan(held_until, route.notify, counts_from, plan_steps(route, counts_from))


def plan_steps(route: AlertRoute, counts_from: datetime) -> tuple[Step, ...]:
    """Lay out the escalation, in the order it is run."""
    in_order = sorted(route.escalate, key=lambda step: step.after)
    return tuple(
        Step(number, not_in_quiet(route.quiet, counts_from + step.after), step.notify, step.pager)
        for number, step in enumerate(in_order)
    )
