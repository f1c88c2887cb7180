"""Where a failure would go, as ``mediatask route-test`` prints it: for people, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.views.text import clean
from bot.views.words import ENGLISH, Words
from providers.models import format_instant


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step that would follow; people or a pager."""

    at: datetime
    notify: tuple[str, ...] = ()
    pager: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """One route a failure would take."""

    route: str
    """Its fingerprint."""
    channel: str
    notify: tuple[str, ...]
    held_until: datetime | None
    """The end of the quiet hours; None: people are notified at once."""
    steps: tuple[PlannedStep, ...]


def render_route_test(routes: Sequence[PlannedRoute], words: Words = ENGLISH) -> str:
    """Write a few lines for each route; a sentence where there is none."""
    if not routes:
        return words("route.none")
    return "\n".join(line for route in routes for line in _lines(route, words))


def _lines(route: PlannedRoute, words: Words) -> Iterator[str]:
    yield words("route.head", route=clean(route.route), channel=clean(route.channel))
    notify = _name(route.notify, words)
    if route.held_until is None:
        yield f"  {words('route.notify', who=notify)}"
    else:
        yield f"  {words('route.held', who=notify, when=format_instant(route.held_until))}"
    for step in route.steps:
        when = format_instant(step.at)
        if step.pager is None:
            yield f"  {words('route.step', when=when, who=_name(step.notify, words))}"
        else:
            yield f"  {words('route.pager', when=when, pager=clean(step.pager))}"
    if not route.steps:
        yield f"  {words('route.no_steps')}"


def _name(targets: Sequence[str], words: Words) -> str:
    return words.join(map(clean, targets)) or words("route.nobody")


def list_routes(routes: Sequence[PlannedRoute]) -> list[Mapping[str, Any]]:
    """Write the routes as ``--json`` promises them."""
    return [
        {
            "route": route.route,
            "channel": route.channel,
            "notify": list(route.notify),
            "steps": [_step(step) for step in route.steps],
            "held_until": format_instant(route.held_until) if route.held_until else None,
        }
        for route in routes
    ]


def _step(step: PlannedStep) -> Mapping[str, Any]:
    told = {"notify": list(step.notify)} if step.pager is None else {"pager": step.pager}
    return {"at": format_instant(step.at), **told}
