"""What is watched is listed with all that is known of the time to come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.buttons import WatchButton, WatchesPage, decode
from bot.views.layout import View
from bot.views.watch_list import PAGE_ROWS, Schedule, render_watches
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, STORIES, task
from tests.bot.views.watch_samples import LONG_ID, SOON, watched

RUNNING = watched(STORIES["merge_running"])
MINE = WatchesPage(0, "mine")


def draw(total: int = 1, schedule: Schedule | None = None, query: WatchesPage = MINE) -> View:
    return render_watches([RUNNING], query, total, schedule or Schedule(), now=NOW)


def test_a_row_says_everything_known_of_its_task() -> None:
    schedule = Schedule({11: SOON}, {11: NOW + timedelta(seconds=40)})

    told = prose(draw(schedule=schedule))

    assert "*Running* `X3CgNeE4I1qAAABN` · Merge" in told
    for said in ("since", "last asked", "next", "last answer", "until"):
        assert f"{said} <!date^" in told
    assert "usually 4 to 9 min" in told
    assert "told in <#C0MEDIA> · Watched by <@U0ALICE>, <@U0BOB> (only failures)" in told


def test_what_is_not_known_is_left_out() -> None:
    told = prose(render_watches([watched()], MINE, 1, Schedule(), now=NOW))

    assert "next in its turn" in told
    assert "last answer none yet" in told
    assert "last asked" not in told
    assert "Nobody knows this task yet" in told


def test_every_row_can_be_unwatched() -> None:
    shown = buttons(draw())

    assert decode(shown["unwatch:0"]["value"]) == WatchButton(7, "tencent@staging:X3CgNeE4I1qAAABN")


def test_a_ref_too_long_for_a_button_has_none() -> None:
    long = watched(task(state="running", task_id=LONG_ID))

    assert buttons(render_watches([long], MINE, 1, Schedule(), now=NOW)) == {}


@pytest.mark.parametrize(
    ("scope", "total", "head"),
    [
        ("here", 1, "1 task is watched here"),
        ("mine", 12, "You watch 12 tasks"),
        ("all", 2000, "2,000 tasks are watched in this workspace"),
        ("hologram", 2, "2 tasks are watched in this workspace"),
    ],
)
def test_the_head_says_whose_they_are_and_how_many(scope: str, total: int, head: str) -> None:
    view = draw(total, query=WatchesPage(0, scope))

    assert view.text == f"{head}."
    assert f"*{head}*" in prose(view)


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("here", "Nothing is watched here."),
        ("mine", "You watch nothing."),
        ("all", "Nothing is watched in this workspace."),
    ],
)
def test_where_nothing_is_watched_that_is_said(scope: str, told: str) -> None:
    view = render_watches([], WatchesPage(0, scope), 0, Schedule(), now=NOW)

    assert (prose(view), view.text) == (told, told)


def test_pages_are_turned_within_the_same_list() -> None:
    query = replace(MINE, page=1)

    view = render_watches([RUNNING] * 20, query, 25, Schedule(), now=NOW)

    shown = buttons(view)
    assert decode(shown["page:0"]["value"]) == query.at(0)
    assert decode(shown["page:2"]["value"]) == query.at(2)
    assert sum(name.startswith("unwatch:") for name in shown) == PAGE_ROWS
    assert "Page 2 of 3" in prose(view)
