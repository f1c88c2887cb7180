from datetime import timedelta

import pytest

from bot.models import RecentLookup
from bot.sandbox.slack.blocks import validate_message
from bot.views.recent import render_recent
from providers.models import TaskRef
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import DEFAULTS, NOW


def lookup(
    task_id: str = "X3CgNeE4I1qAAABN",
    *,
    account: str = "main",
    kind: str | None = "recording",
    state: str | None = "failed",
) -> RecentLookup:
    ref = TaskRef("record", account, task_id)
    return RecentLookup(ref, kind, state, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (lookup(), ":x: *Failed* `X3CgNeE4I1qAAABN` · Recording · Asked <!date^"),
        (lookup(account="spare"), "· Recording · account spare · Asked"),
        (lookup(kind=None), "`X3CgNeE4I1qAAABN` · Media task · Asked"),
        (lookup(kind="later"), "`X3CgNeE4I1qAAABN` · Media task · Asked"),
        (lookup(state=None), ":satellite_antenna: *No answer* `X3"),
        (lookup(state="<later>"), ":satellite_antenna: *&lt;later&gt;* `X3"),
    ],
)
def test_a_lookup_is_shown_with_the_state_one_was_told(one: RecentLookup, told: str) -> None:
    view = render_recent([one], options=DEFAULTS)

    assert told in prose(view)
    assert buttons(view)["show:0"]["value"] == str(one.ref)
    assert validate_message(view.blocks, view.text) == []


def test_the_last_ten_are_shown() -> None:
    view = render_recent([lookup(f"id-{index}") for index in range(15)])

    assert list(buttons(view)) == [f"show:{index}" for index in range(10)]
    assert view.text == "Your last 10 lookups. Recording id-0: Failed."


def test_who_asked_for_nothing_yet_is_told_so() -> None:
    assert render_recent([]).text == "You have not asked for any task yet."
