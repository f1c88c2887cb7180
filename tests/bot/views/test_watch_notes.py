"""Who watches, joins or stops is told what that came to."""

from datetime import timedelta

from bot.views.notes import render_note
from bot.views.text import date_token
from bot.views.watch_notes import render_unclear, render_unwatched, render_watching
from bot.views.words import CHINESE, ENGLISH
from providers.models import TaskRef
from tests.bot.views.reading import prose
from tests.bot.views.samples import NOW, STORIES
from tests.bot.views.watch_samples import watch, watched

LATER = NOW + timedelta(days=7)
MINE = watch(watched(STORIES["merge_running"]).task)


def test_what_is_watched_joined_and_over_is_told_apart() -> None:
    view = render_watching(["mpc@a:1", "mpc@a:2"], ["mpc@a:3"], ["mpc@a:4"], ends_at=LATER)

    assert prose(view).splitlines() == [
        (
            "Watching 2 tasks: `mpc@a:1`, `mpc@a:2`. What becomes of them is told here once, "
            "in the thread of their card."
        ),
        "`mpc@a:3` was watched here already; you watch it too now.",
        "`mpc@a:4` needs no watch, for nothing more is to come.",
        f"The watch ends {date_token(LATER)} at the latest, and says so.",
    ]
    assert "`" not in view.text


def test_where_nothing_is_watched_no_limit_is_named() -> None:
    assert "at the latest" not in prose(render_watching([], [], ["mpc@a:4"], ends_at=LATER))


def test_more_than_five_are_counted() -> None:
    refs = [f"mpc@a:{number}" for number in range(30)]

    told = prose(render_watching([], refs, [], ends_at=LATER))

    assert "30 tasks were watched here already" in told
    assert "`mpc@a:4` and 25 more." in told


def test_what_one_is_out_of_has_ended_or_is_kept_is_told_apart() -> None:
    told = prose(render_unwatched([MINE], [MINE, MINE], [MINE])).splitlines()

    assert [line.partition(" ")[0] for line in told] == [
        "You",
        "2",
        "`tencent@staging:X3CgNeE4I1qAAABN`",
    ]


def test_nothing_to_unwatch_is_said() -> None:
    assert render_unwatched([], [], []).text == "There was nothing to unwatch."


def test_an_id_that_may_be_several_tasks_names_them() -> None:
    view = render_unclear("1", [TaskRef("mpc", "a", "1"), TaskRef("huawei", "main", "1")])

    assert prose(view).splitlines() == [
        "`1` may be several tasks. Say which one you mean:",
        "`/mediatask watch mpc@a:1`",
        "`/mediatask watch huawei@main:1`",
    ]


def test_trouble_is_said_in_one_sentence_in_every_language() -> None:
    names = ("watch_not_saved", "watches_unknown", "watch_nowhere", "resent", "operators_only")

    for name in names:
        assert render_note(ENGLISH, name).text != render_note(CHINESE, name).text
