"""The thread of an alert is its log; whoever presses too late is told what it says."""

from typing import Any

import pytest

from bot.oncall import AlertStatus, What
from bot.views.alert_details import render_alert_details
from bot.views.alert_event import last_move, render_alert_event
from bot.views.late_press import render_late_press
from bot.views.layout import View
from providers.models import format_instant
from tests.bot.views.oncall_samples import DOWN, ON_CALL, RESOLVED, alert, contents, event, several
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, ago


@pytest.mark.parametrize(
    ("what", "fields", "line"),
    [
        (What.OPENED, {}, "The alert was opened."),
        (
            What.REOPENED,
            {"facts": {"tasks": 2}},
            "It is back: 2 more tasks. The alert is open again.",
        ),
        (What.JOINED, {"facts": {"tasks": 1}}, "1 more task joined it."),
        (What.ESCALATED, {}, "Nobody has acknowledged it, and it is open since <!date^"),
        (What.NOTIFIED, {}, "It was kept quiet until now, and it is still open, since <!date^"),
        (
            What.PAGED,
            {"facts": {"pager": "main"}},
            "The pager `main` rings: nobody has acknowledged it.",
        ),
        (
            What.PAGED,
            {"facts": {"pager": "main", "early": True}},
            "The pager `main` rings at once: Slack could not be reached.",
        ),
        (What.PAGED, {}, "The pager of the escalation rings"),
        (What.ACKNOWLEDGED, {"by": "U0BOB"}, "<@U0BOB> acknowledged it."),
        (What.ACKNOWLEDGED, {}, "Somebody acknowledged it."),
        (
            What.ASSIGNED,
            {"by": "U0BOB", "facts": {"to": "U0EVE"}},
            "<@U0BOB> assigned it to <@U0EVE>.",
        ),
        (What.ASSIGNED, {"by": "U0BOB", "facts": {"to": "U0BOB"}}, "<@U0BOB> took it."),
        (What.ASSIGNED, {"by": "U0BOB", "facts": {"to": None}}, "<@U0BOB> assigned it to nobody."),
        (
            What.SNOOZED,
            {"by": "U0BOB", "facts": {"until": format_instant(NOW)}},
            "<@U0BOB> snoozed it until <!date^",
        ),
        (What.SNOOZED, {"by": "U0BOB"}, "<@U0BOB> snoozed it until later."),
        (What.WOKEN, {}, "The snooze is over, and it is still open."),
        (What.RECOVERED, {"facts": {"tasks": 3, "left": 1038}}, "3 tasks recovered, 1,038 left."),
        (What.RECOVERED, {"facts": {"tasks": "x", "left": True}}, "1 task recovered, 0 left."),
        (What.RESOLVED, {}, "Everything recovered by itself. The alert is resolved."),
        (What.RESOLVED, {"by": "U0BOB"}, "<@U0BOB> resolved it."),
    ],
)
def test_every_event_is_told_in_a_sentence(what: What, fields: dict[str, Any], line: str) -> None:
    view = render_alert_event(event(what, **fields), alert())

    assert prose(view).startswith(line)
    assert view.text.startswith(line.replace("`", ""))


def test_whom_a_line_notifies_stands_in_front() -> None:
    escalated = event(What.ESCALATED, mentions=("U0LEAD", "rota:media"))

    told = prose(render_alert_event(escalated, alert(), on_call=ON_CALL)).splitlines()

    assert told[0] == "<@U0LEAD> <@U0EVE>"
    assert "`Dana`" in told[1]


def test_the_last_move_is_what_makes_an_older_button_too_late() -> None:
    taken = event(What.ACKNOWLEDGED, by="U0BOB")

    assert last_move([event(What.OPENED), taken, event(What.JOINED)]) is taken
    assert last_move([event(What.OPENED)]) is None


def test_the_late_one_is_told_who_did_what_and_when() -> None:
    taken = event(What.ACKNOWLEDGED, by="U0BOB")

    view = render_late_press(contents(taken, status=AlertStatus.ACKNOWLEDGED))

    assert prose(view).splitlines()[0] == "That came too late, and nothing was changed."
    assert "<@U0BOB> acknowledged it." in prose(view)
    assert "<!date^" in prose(view)
    assert len(prose(view).splitlines()) == 2


@pytest.mark.parametrize(
    "log", [(), (event(What.ASSIGNED, by="U0BOB", facts={"to": "U0EVE"}),)], ids=["empty", "moved"]
)
def test_where_the_log_does_not_say_how_it_stands_the_alert_does(log: tuple[Any, ...]) -> None:
    told = prose(render_late_press(contents(*log, assigned_to="U0EVE")))

    assert "Open since <!date^" in told
    assert "Assigned to <@U0EVE>" in told


def test_details_show_the_tasks_and_the_whole_log() -> None:
    modal = render_alert_details(RESOLVED)

    told = prose(View(modal["blocks"], ""))
    assert "*1 task*, 1 recovered" in told
    assert "The pager `main` rings" in told
    assert "Everything recovered by itself." in told
    assert "task=record@main:X3CgNeE4I1qAAA00" in told


def test_details_turn_the_pages_of_the_tasks() -> None:
    modal = View(render_alert_details(several(), page=4)["blocks"], "")

    assert "Page 5 of 5" in prose(modal)
    assert buttons(modal).keys() == {"page:3"}


def test_an_outage_has_no_tasks_to_list() -> None:
    told = prose(View(render_alert_details(DOWN)["blocks"], ""))

    assert "41 tasks unseen" in told
    assert "*1 task*" not in told


def test_of_a_very_long_log_the_latest_hundred_lines_are_shown() -> None:
    lines = [event(What.JOINED, ago(minutes=number)) for number in range(130)]

    told = prose(View(render_alert_details(contents(*lines))["blocks"], ""))

    assert "30 older lines are not shown." in told
    assert told.count("joined it.") == 100
