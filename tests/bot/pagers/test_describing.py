"""What somebody is told of an alert who is not in Slack."""

from dataclasses import replace

import pytest

from bot.oncall import AlertContents, Cause
from bot.pagers.describing import describe_alert
from tests.bot.alerts.samples import alert, opened, trouble


def contents(count: int = 1, **changed: object) -> AlertContents:
    tasks = opened(*(trouble(f"t{number}") for number in range(count))).joined
    told = {"count": count, **changed}
    return AlertContents(replace(alert(), **told), tasks, ())  # type: ignore[arg-type]  # its own


@pytest.mark.parametrize(
    ("cause", "count", "summary"),
    [
        (Cause.FAILED, 1, "1 task failed at record@main (5)"),
        (Cause.FAILED, 3, "3 tasks failed at record@main (5)"),
        (Cause.PARTIAL, 2, "2 tasks came out only in part at record@main (5)"),
        (Cause.EMPTY, 1, "1 task came out empty at record@main (5)"),
        (Cause.STUCK, 1, "1 task stuck at record@main (5)"),
        (Cause.OUTAGE, 1, "record@main does not answer (5)"),
    ],
)
def test_one_line_says_what_is_wrong(cause: Cause, count: int, summary: str) -> None:
    assert describe_alert(contents(count, cause=cause))["summary"] == summary


def test_a_code_nobody_told_is_not_mentioned() -> None:
    told = describe_alert(contents(code=""))

    assert (told["summary"], told["code"]) == ("1 task failed at record@main", None)


def test_the_first_ten_tasks_are_listed_with_their_rooms_and_the_way_to_slack() -> None:
    told = describe_alert(contents(12))

    assert len(told["tasks"]) == 10
    assert told["tasks"][0] == {"ref": "record@main:t0", "room": "room-1"}
    assert told["link"] == "https://slack.com/app_redirect?channel=C0ONCALL&team=T1"
    assert told["count"] == 12


def test_an_alert_without_tasks_is_described_too() -> None:
    told = describe_alert(AlertContents(replace(alert(), cause=Cause.OUTAGE, count=1), (), ()))

    assert (told["tasks"], told["message"]) == ([], None)
