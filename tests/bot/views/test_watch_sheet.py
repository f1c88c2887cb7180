"""A reply that tells an end shows all thumbnails on one picture, above its buttons."""

import pytest

from bot.views.layout import MAX_BLOCKS, View, section
from bot.views.watch_news import render_news
from bot.views.watch_sheet import add_sheet
from tests.bot.views.samples import NOW, PUBLIC, STORIES
from tests.bot.views.watch_samples import facts

THUMBNAILS = STORIES["thumbnails_done"]


@pytest.mark.parametrize(("shown", "title"), [(12, "All 12 thumbnails"), (9, "9 of 12 thumbnails")])
def test_the_sheet_stands_above_the_buttons_and_says_how_many_it_shows(
    shown: int, title: str
) -> None:
    news = render_news(facts("thumbnails_done"), now=NOW, options=PUBLIC)

    view = add_sheet(news, THUMBNAILS, "F0SHEET", shown, PUBLIC)

    picture, row = view.blocks[-2:]
    assert picture["slack_file"] == {"id": "F0SHEET"}
    assert picture["title"]["text"] == title
    assert row["type"] == "actions"
    assert view.text == news.text


def test_where_there_are_no_buttons_it_stands_at_the_end() -> None:
    view = add_sheet(View([section("done")], "done"), THUMBNAILS, "F0SHEET", 12, PUBLIC)

    assert [block["type"] for block in view.blocks] == ["section", "image"]


def test_the_fullest_message_stays_within_slacks_limit() -> None:
    full = View([section("done")] * MAX_BLOCKS, "done")

    assert len(add_sheet(full, THUMBNAILS, "F0SHEET", 12, PUBLIC).blocks) == MAX_BLOCKS
