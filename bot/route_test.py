"""``mediatask route-test``: where a failure would go and when each step would follow.

It decides with the same functions as the bot does, and sends nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.alerts.routing import fingerprint, plan, routes_for
from bot.oncall import Cause, Trouble
from bot.settings.sections import AlertRoute
from bot.views.route_test import PlannedRoute, PlannedStep, list_routes, render_route_test
from providers.registry import AnyAccount, accounts_of

STATES = tuple(cause.value for cause in Cause)
"""What can be asked for with ``--state``: the words of ``alerts.on``."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that did not happen."""

    provider: str
    account: str
    state: str
    at: datetime
    kind: str | None = None
    room: str | None = None


def read_failure(
    options: Mapping[str, str | None], accounts: Mapping[str, AnyAccount], now: datetime
) -> Failure:
    """Read what was asked for; without an account it is the provider's default one.

    Raises:
        ValueError: in words for whoever typed it.
    """
    provider, _, account = (options["provider"] or "").partition("@")
    configured = accounts_of(accounts).get(provider)
    if configured is None:
        known = ", ".join(accounts_of(accounts))
        raise ValueError(f"--provider: no account is configured for {provider}, only for {known}")
    if account and account not in configured:
        raise ValueError(f"--provider: {provider} has the accounts {', '.join(configured)}")
    return Failure(
        provider=provider,
        account=account or configured[0],
        state=options["state"] or "",
        at=_read_instant(options["at"]) if options["at"] else now,
        kind=options["kind"],
        room=options["room"],
    )


def _read_instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("--at: wanted an instant such as 2026-11-20T23:30") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def plan_routes(routes: Sequence[AlertRoute], failure: Failure) -> list[PlannedRoute]:
    """Plan a failure on every route that wants it, in the order of the file."""
    trouble = Trouble(
        key="route-test",
        cause=Cause(failure.state),
        provider=failure.provider,
        account=failure.account,
        code="",
        happened_at=failure.at,
        seen_at=failure.at,
        kind=failure.kind,
        room=failure.room,
    )
    return [_plan(route, failure.at) for route in routes_for(trouble, routes)]


def _plan(route: AlertRoute, at: datetime) -> PlannedRoute:
    planned = plan(route, at)
    return PlannedRoute(
        route=fingerprint(route),
        channel=route.channel,
        notify=planned.notify,
        held_until=planned.held_until,
        steps=tuple(PlannedStep(step.at, step.notify, step.pager) for step in planned.steps),
    )


def show_routes(routes: Sequence[AlertRoute], failure: Failure, *, as_json: bool) -> str:
    """Write the plans for people, or as the JSON array the README promises."""
    planned = plan_routes(routes, failure)
    if not as_json:
        return render_route_test(planned)
    return json.dumps(list_routes(planned), indent=2)
