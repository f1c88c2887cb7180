"""Many ends in one channel are one message, a page at a time."""

import pytest

from bot.views.buttons import DigestPage, decode
from bot.views.digest import PAGE_ROWS, render_digest
from bot.views.facts import Facts
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW
from tests.bot.views.watch_samples import facts

DONE, FAILED = facts("recording_done"), facts("transcode_failed", mentions=["U0BOB", "U0ALICE"])
MANY = [*[DONE] * 20, *[FAILED] * 3]


def rows(told: list[Facts], page: int) -> list[str]:
    view = render_digest(told, "01JD", now=NOW, page=page)
    return [line for line in prose(view).splitlines() if line.startswith(":")]


def test_counts_come_first_and_failures_before_the_rest() -> None:
    view = render_digest(MANY, "01JD", now=NOW)

    lines = prose(view).splitlines()
    assert lines[:2] == [
        "<@U0ALICE> <@U0BOB>",
        "*23 watched tasks finished: 3 failed, 20 done*",
    ]
    assert [line.split("*")[1] for line in rows(MANY, 0)] == [*["Failed"] * 3, *["Done"] * 7]
    assert view.text.startswith("23 watched tasks finished: 3 failed, 20 done. Transcode 22123974")


def test_every_end_is_on_one_page_and_pages_call_nobody_again() -> None:
    pages = [rows(MANY, page) for page in range(3)]

    assert [len(page) for page in pages] == [PAGE_ROWS, PAGE_ROWS, 3]
    assert "<@" not in prose(render_digest(MANY, "01JD", now=NOW, page=1))


def test_the_buttons_know_the_digest() -> None:
    shown = buttons(render_digest(MANY, "01JD", now=NOW, page=1))

    assert decode(shown["page:0"]["value"]) == DigestPage(0, "01JD")
    assert decode(shown["page:2"]["value"]) == DigestPage(2, "01JD")


@pytest.mark.parametrize(("page", "nearest"), [(-1, 0), (9, 2)])
def test_a_page_that_is_not_there_is_the_nearest(page: int, nearest: int) -> None:
    assert rows(MANY, page) == rows(MANY, nearest)


def test_five_hundred_ends_with_as_many_watchers_fit() -> None:
    crowd = [facts("transcode_failed", mentions=[f"U{number:06}"]) for number in range(500)]

    view = render_digest(crowd, "01JD", now=NOW)

    assert len(view.blocks) <= 50
    assert prose(view).count("<@U") == 500
