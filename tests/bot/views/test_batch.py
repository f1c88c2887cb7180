from hashlib import sha256

import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.batch import WORST_FIRST, render_batch
from bot.views.buttons import BatchPage, decode
from providers.models import TaskState, TaskStatus
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, ago, failure, task, video


def rows(statuses: list[TaskStatus]) -> list[str]:
    """The lines of the tasks, without the counts above and below them."""
    pages = [render_batch(statuses, now=NOW, page=page) for page in range(-(-len(statuses) // 10))]
    return [
        block["text"]["text"]
        for view in pages
        for block in view.blocks[1:]
        if block["type"] == "section"
    ]


def test_the_worst_comes_first_and_equals_stay_in_the_order_asked() -> None:
    statuses = [task(state=state, task_id=f"{state}-1") for state in reversed(WORST_FIRST)]
    statuses.append(task(state=TaskState.FAILED, task_id="failed-2"))

    ids = [row.split("`")[1] for row in rows(statuses)]

    assert ids == ["failed-1", "failed-2", *(f"{state}-1" for state in WORST_FIRST[1:])]


def test_the_counts_stand_on_top() -> None:
    statuses = [task(), task(), task(state=TaskState.FAILED)]

    view = render_batch(statuses, now=NOW)

    assert view.blocks[0]["text"]["text"] == "*3 tasks*: 1 failed, 2 done"
    assert view.text == "3 tasks: 1 failed, 2 done. Recording X3CgNeE4I1qAAABN: Failed."


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (task(state=TaskState.FAILED, error=failure(message="a <b>")), "a &lt;b&gt;"),
        (task(state=TaskState.FAILED, error=failure(message="")), "the task itself failed"),
        (task(state=TaskState.UNKNOWN, vendor_status="HOT"), "`HOT`"),
        (task(state=TaskState.RUNNING, progress=0.3), "███░░░░░░░ 30 %"),
        (task(state=TaskState.RUNNING, started_at=ago(seconds=7)), "7 s"),
        (task(state=TaskState.RUNNING, outputs=(video(),), progress=0.3), "███░░░░░░░ 30 %"),
        (task(started_at=ago(seconds=9), finished_at=ago(seconds=2)), "7 s"),
        (task(outputs=(video(),), thumbnails=("https://a.example",)), "1 file, 1 thumbnail"),
        (task(), "account main"),
    ],
)
def test_a_row_tells_what_most_matters_beside_the_state(status: TaskStatus, told: str) -> None:
    (row,) = rows([status])

    assert row.endswith(told)


def test_every_row_can_be_shown_whole() -> None:
    statuses = [task(task_id="1"), task(task_id="2")]

    shown = buttons(render_batch(statuses, now=NOW))

    assert {action: button["value"] for action, button in shown.items()} == {
        "show:0": "record@main:1",
        "show:1": "record@main:2",
    }


def test_a_ref_too_long_for_a_button_leaves_its_row() -> None:
    view = render_batch([task(task_id="x" * 3000)], now=NOW)

    assert buttons(view) == {}
    assert validate_message(view.blocks, view.text) == []


def test_a_long_batch_is_one_message_whose_pages_are_turned_by_buttons() -> None:
    statuses = [task(task_id=f"id-{index}") for index in range(25)]

    pages = [render_batch(statuses, now=NOW, page=page) for page in range(3)]

    turns = [[name for name in buttons(view) if name.startswith("page:")] for view in pages]
    shown = [name for view in pages for name in buttons(view) if name.startswith("show:")]
    assert turns == [["page:1"], ["page:0", "page:2"], ["page:1"]]
    assert shown == [f"show:{index}" for index in range(25)]
    assert "Page 2 of 3" in prose(pages[1])
    assert {view.text for view in pages} == {pages[0].text}


def test_a_page_is_turned_by_what_its_button_carries() -> None:
    refs = tuple(f"record@main:id-{index}" for index in range(25))
    statuses = [task(task_id=ref.partition(":")[2]) for ref in refs]

    turn = buttons(render_batch(statuses, now=NOW))["page:1"]

    assert decode(turn["value"]) == BatchPage(1, refs)


@pytest.mark.parametrize(("asked", "last"), [(7, "show:24"), (-3, "show:9")])
def test_a_page_that_is_none_is_the_nearest(asked: int, last: str) -> None:
    statuses = [task(task_id=f"id-{index}") for index in range(25)]

    shown = buttons(render_batch(statuses, now=NOW, page=asked))

    assert [name for name in shown if name.startswith("show:")][-1] == last


@pytest.mark.parametrize(("number", "rows"), [(29, 29), (30, 30), (36, 30)])
def test_where_no_button_can_carry_the_refs_all_rows_stand_in_one_message(
    number: int, rows: int
) -> None:
    seals = [sha256(bytes([index])) for index in range(number)]
    statuses = [task(task_id=f"{seal.hexdigest()}-{seal.digest().hex('-')}") for seal in seals]

    view = render_batch(statuses, now=NOW)

    assert list(buttons(view)) == [f"show:{index}" for index in range(rows)]
    assert ("6 more tasks are not shown: 6 done" in prose(view)) == (number > rows)
    assert validate_message(view.blocks, view.text) == []


def test_no_task_at_all_is_said() -> None:
    view = render_batch([], now=NOW)

    assert view.text == "No task was asked for."
    assert validate_message(view.blocks, view.text) == []
