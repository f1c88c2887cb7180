from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.buttons import ListPage, decode
from bot.views.listing import render_list, render_list_failure
from providers.base import TaskPage
from providers.models import Reason, TaskState, TaskStatus
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import DEFAULTS, NOW, failure, task

QUERY = ListPage("record", "main", None, timedelta(hours=2), 2)
ENDED = task(state=None, task_id="ended-1")


def page(*tasks: TaskStatus, total: int | None = 25, has_more: bool = True) -> TaskPage:
    return TaskPage(tasks, total, has_more)


@pytest.mark.parametrize(
    ("found", "query", "head"),
    [
        (page(task()), QUERY, "ZEGO cloud recording · since 2 h ago: 25 tasks"),
        (page(task(), total=1), replace(QUERY, state="failed"), "· Failed · since 2 h ago: 1 task"),
        (
            page(task(), total=None),
            replace(QUERY, state="<x>"),
            "· &lt;x&gt; · since 2 h ago: 1 task on",
        ),
        (page(total=0), ListPage("record", "spare"), "cloud recording, account spare: 0 tasks"),
    ],
)
def test_the_head_says_what_was_asked_and_how_many_there_are(
    found: TaskPage, query: ListPage, head: str
) -> None:
    view = render_list(found, query, now=NOW, options=DEFAULTS)

    assert head in prose(view)
    assert validate_message(view.blocks, view.text) == []


def test_rows_stand_in_the_vendors_order_and_can_be_shown() -> None:
    tasks = (task(task_id="1"), task(task_id="2", state=TaskState.FAILED))

    shown = buttons(render_list(page(*tasks), QUERY, now=NOW))

    assert shown["show:0"]["value"] == "record@main:1"
    assert shown["show:1"]["value"] == "record@main:2"


def test_an_ended_recording_is_not_called_unanswered() -> None:
    told = prose(render_list(page(ENDED), QUERY, now=NOW))

    assert "*Ended* `ended-1`" in told
    assert "The list does not tell what became of those that ended" in told


def test_a_page_without_tasks_says_so() -> None:
    assert "The vendor lists no such task." in prose(render_list(page(), QUERY, now=NOW))


@pytest.mark.parametrize(
    ("number", "more", "turns"),
    [
        (1, "last", {}),
        (1, "more", {"page:2": 2}),
        (2, "more", {"page:1": 1, "page:3": 3}),
        (3, "last", {"page:2": 2}),
    ],
)
def test_pages_are_turned_as_far_as_is_known(number: int, more: str, turns: dict[str, int]) -> None:
    query = replace(QUERY, page=number)

    shown = buttons(render_list(page(task(), has_more=more == "more"), query, now=NOW))

    assert {name: decode(shown[name]["value"]) for name in shown if "page" in name} == {
        name: query.at(to) for name, to in turns.items()
    }


def test_a_list_the_vendor_refused_says_what_to_do() -> None:
    error = failure(
        message="the last <three> days only", reason=Reason.BAD_REQUEST, hint="Ask for less."
    )

    view = render_list_failure(error, DEFAULTS)

    assert prose(view).splitlines() == [
        "*What happened:* the vendor refused what was asked",
        "> the last &lt;three&gt; days only",
        "*What to do:* Ask for less.",
    ]
    assert view.text == "The vendor refused what was asked."


def test_a_page_longer_than_a_message_says_what_is_left_out() -> None:
    view = render_list(page(*[task()] * 50), QUERY, now=NOW)

    assert "6 more tasks are on this page than fit" in prose(view)
    assert validate_message(view.blocks, view.text) == []
