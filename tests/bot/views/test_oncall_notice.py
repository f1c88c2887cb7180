"""Operators are told what on-call cannot do; and ``route-test`` prints what it would."""

from datetime import timedelta
from typing import Any

import pytest

from bot.views.oncall_notice import NOTICES, render_oncall_notice
from bot.views.route_test import PlannedRoute, PlannedStep, list_routes, render_route_test
from tests.bot.views.reading import prose
from tests.bot.views.samples import NOW


@pytest.mark.parametrize(
    ("kind", "facts", "line"),
    [
        (
            "route_unusable",
            {"channel_id": "C0X", "reason": "channel_archived", "alerts": 1},
            "1 alert waits to be posted there.",
        ),
        (
            "route_unusable",
            {"channel_id": "C0X", "reason": "channel_archived"},
            "Alerts cannot be posted to <#C0X>: the channel is archived.",
        ),
        (
            "page_dead",
            {"pager": "main", "channel_id": "C0X", "error": "HTTP 400 <b>"},
            "It is not tried again; look at the alert.\n> HTTP 400 &lt;b&gt;",
        ),
        (
            "rota_unreadable",
            {"rota": "media"},
            "The calendar of the rota `media` cannot be read",
        ),
        (
            "found_late",
            {"account": "record@main", "tasks": 12},
            "12 tasks of `record@main` that ended while nobody looked, since some time ago.",
        ),
        (
            "topic_left",
            {"account": "transcode", "topic": "urn:smn:x"},
            "notifications of `transcode` no longer come from `urn:smn:x`",
        ),
        ("later", {}, "Something about on-call has changed."),
    ],
)
def test_each_notice_says_what_is_wrong_and_what_to_do(
    kind: str, facts: dict[str, Any], line: str
) -> None:
    assert line in prose(render_oncall_notice(kind, facts))


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_without_facts_is_still_one(kind: str) -> None:
    assert render_oncall_notice(kind, {"since": "2026-11-20T10:00:00Z"}).text


ROUTES = [
    PlannedRoute(
        "0123456789ab",
        "C0ONCALL",
        ("S0ONCALL", "rota:media"),
        NOW,
        (PlannedStep(NOW + timedelta(minutes=10), ("U0LEAD",)), PlannedStep(NOW, pager="main")),
    ),
    PlannedRoute("ba9876543210", "C0X", (), None, ()),
]


def test_a_route_test_says_where_whom_and_when() -> None:
    assert render_route_test(ROUTES).splitlines() == [
        "route 0123456789ab to channel C0ONCALL",
        "  quiet hours: notifies S0ONCALL, rota:media at 2026-11-20T10:00:00Z",
        "  2026-11-20T10:10:00Z: notifies U0LEAD, unless somebody has acknowledged it",
        "  2026-11-20T10:00:00Z: rings the pager main, unless somebody has acknowledged it",
        "route ba9876543210 to channel C0X",
        "  at once: notifies nobody",
        "  no escalation follows",
    ]
    assert render_route_test([]).startswith("No route wants to hear of that.")


def test_a_route_test_has_the_promised_json() -> None:
    assert list_routes(ROUTES) == [
        {
            "route": "0123456789ab",
            "channel": "C0ONCALL",
            "notify": ["S0ONCALL", "rota:media"],
            "steps": [
                {"at": "2026-11-20T10:10:00Z", "notify": ["U0LEAD"]},
                {"at": "2026-11-20T10:00:00Z", "pager": "main"},
            ],
            "held_until": "2026-11-20T10:00:00Z",
        },
        {"route": "ba9876543210", "channel": "C0X", "notify": [], "steps": [], "held_until": None},
    ]
