from datetime import datetime
from typing import Any

import pytest

from bot.alerts.grouping import group_troubles
from bot.alerts.routing import fingerprint, is_wanted, plan, routes_for
from bot.oncall import Cause
from tests.bot.alerts.samples import (
    HOUR,
    LEAD,
    MINUTE,
    NIGHTS,
    NOW,
    ONCALL,
    QUIET,
    ROUTE,
    TEAM,
    route,
    trouble,
)


@pytest.mark.parametrize(
    ("settings", "told", "is_for_it"),
    [
        ({}, {}, True),
        ({"provider": ["rec*"]}, {}, True),
        ({"provider": ["mpc"]}, {}, False),
        ({"provider": ["mpc", "record"]}, {}, True),
        ({"account": ["main"]}, {}, True),
        ({"account": ["eu-*"]}, {}, False),
        ({"kind": ["recording"]}, {}, True),
        ({"kind": ["merge"]}, {}, False),
        ({"kind": ["*"]}, {"kind": None}, False),
        ({"room": ["room-*"]}, {}, True),
        ({"room": ["class-*"]}, {}, False),
        ({"room": ["*"]}, {"room": None}, False),
        ({}, {"cause": Cause.PARTIAL}, True),
        ({}, {"cause": Cause.EMPTY}, False),
        ({"on": ["empty"]}, {"cause": Cause.EMPTY}, True),
        ({"on": ["partial"]}, {}, False),
        # An outage is its vendor's, whatever the rooms; its API may serve several providers.
        ({"room": ["class-*"], "kind": ["merge"]}, {"cause": Cause.OUTAGE}, True),
        (
            {"provider": ["merge"]},
            {"cause": Cause.OUTAGE, "provider": "media", "facts": {"providers": ["merge"]}},
            True,
        ),
        ({"provider": ["merge"]}, {"cause": Cause.OUTAGE}, False),
    ],
)
def test_a_route_wants_what_fits_all_it_names(
    settings: dict[str, Any], told: dict[str, Any], *, is_for_it: bool
) -> None:
    assert is_wanted(trouble(**told), route(**settings)) is is_for_it


def test_every_route_that_wants_it_hears_of_it() -> None:
    other, third = route(channel="C0OTHER"), route(channel="C0THIRD", provider=["mpc"])

    assert routes_for(trouble(), [ROUTE, third, other]) == (ROUTE, other)


def test_a_route_keeps_its_name_whoever_it_notifies() -> None:
    changed = route(notify=[LEAD], escalate=[], quiet=NIGHTS, group="1h")

    assert fingerprint(changed) == fingerprint(ROUTE)
    assert fingerprint(route(room=["a"])) != fingerprint(ROUTE)


def test_the_plan_of_an_opening_by_day() -> None:
    planned = plan(QUIET, NOW)

    assert (planned.held_until, planned.notify, planned.counts_from) == (None, (ONCALL,), NOW)
    assert [(one.at - NOW, one.notify, one.pager) for one in planned.steps] == [
        (10 * MINUTE, (LEAD,), None),
        (20 * MINUTE, (), "main"),
    ]


def test_the_plan_of_an_opening_at_night_counts_from_the_morning() -> None:
    morning = datetime.fromisoformat("2026-11-21T07:00+00:00")

    planned = plan(QUIET, morning - HOUR)

    assert (planned.held_until, planned.counts_from) == (morning, morning)
    assert [one.at - morning for one in planned.steps] == [10 * MINUTE, 20 * MINUTE]


def test_a_step_that_would_fall_into_quiet_hours_waits_for_their_end() -> None:
    evening = datetime.fromisoformat("2026-11-20T22:45+00:00")

    planned = plan(QUIET, evening)

    assert planned.held_until is None
    assert [one.at.isoformat() for one in planned.steps] == [
        "2026-11-20T22:55:00+00:00",
        "2026-11-21T07:00:00+00:00",
    ]


def test_the_same_cause_is_one_group_on_each_route_that_wants_it() -> None:
    other = route(channel="C0OTHER", room=["room-1"])
    troubles = [
        trouble("a"),
        trouble("b", room="room-2"),
        trouble("c", code="6"),
        trouble("d", account="eu"),
        trouble("e", cause=Cause.PARTIAL),
    ]

    groups = group_troubles(TEAM, troubles, [ROUTE, other])

    listed = [(one.route.channel, [each.key[5] for each in one.troubles]) for one in groups]
    assert listed == [
        ("C0ONCALL", ["a", "b"]),
        ("C0OTHER", ["a"]),
        ("C0ONCALL", ["c"]),
        ("C0OTHER", ["c"]),
        ("C0ONCALL", ["d"]),
        ("C0OTHER", ["d"]),
        ("C0ONCALL", ["e"]),
        ("C0OTHER", ["e"]),
    ]
