"""Alerts in a list, with the silences that hold now."""

import pytest

from bot.views.alert_list import render_alerts
from bot.views.buttons import AlertButton, AlertsPage, SilenceButton, decode
from tests.bot.views.oncall_samples import DOWN, SNOOZED, alert, silence
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import DEFAULTS


def test_each_alert_has_a_row_that_leads_to_its_details() -> None:
    shown = [alert(count=41), SNOOZED.alert, DOWN.alert]

    view = render_alerts(shown, AlertsPage(0, "open"), has_more=False, options=DEFAULTS)

    told = prose(view)
    assert "*41 tasks failed* · Open\nZEGO cloud recording · code `1004` · in <#C0ONCALL>" in told
    assert "Snoozed until <!date^" in told
    assert "*ZEGO cloud recording unreachable since <!date^" in told
    assert decode(buttons(view)["alert_details:1"]["value"]) == AlertButton(12, 3)
    assert view.text == "Open alerts. Open 2. Snoozed 1."


@pytest.mark.parametrize(
    ("page", "has_more", "turns"),
    [(0, False, set()), (0, True, {"page:1"}), (1, True, {"page:0", "page:2"})],
)
def test_pages_are_turned_as_far_as_is_known(page: int, has_more: bool, turns: set[str]) -> None:  # noqa: FBT001 - a table's column
    view = render_alerts([alert()], AlertsPage(page, "mine"), has_more=has_more)

    drawn = {name for name in buttons(view) if name.startswith("page:")}
    assert drawn == turns
    assert "*Your open alerts*" in prose(view)


@pytest.mark.parametrize(
    ("scope", "line"),
    [
        ("open", "No alert is open."),
        ("mine", "No open alert is yours."),
        ("all", "There has been no alert."),
        ("later", "No alert is open."),
    ],
)
def test_where_there_is_none_it_says_so(scope: str, line: str) -> None:
    view = render_alerts([], AlertsPage(0, scope), has_more=False)

    assert view.text == line


def test_silences_that_hold_stand_below() -> None:
    view = render_alerts([], AlertsPage(0, "open"), has_more=False, silences=[silence()])

    assert "*1 silence holds now*" in prose(view)
    assert "*#4* rooms `lesson-*` · until <!date^" in prose(view)
    assert decode(buttons(view)["unsilence:0"]["value"]) == SilenceButton(4)
