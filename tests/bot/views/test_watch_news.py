"""A watch's thread is told what happened: once, to whoever watches, with what came out."""

from dataclasses import replace

import pytest

from bot.models import Happening
from bot.views.results import MAX_ROWS
from bot.views.watch_news import render_group, render_news, render_notice
from bot.views.words import CHINESE
from tests.bot.views.reading import buttons, elements, images, prose
from tests.bot.views.samples import NOW, PUBLIC, STORIES
from tests.bot.views.watch_samples import LONG_ID, facts, told

QUIET = replace(PUBLIC, condensed=True)


def test_an_end_calls_whoever_watches_first_and_once() -> None:
    view = render_news(
        facts("recording_done", mentions=["U0ALICE", "S0ONCALL", "U0ALICE"]), now=NOW
    )

    assert view.blocks[0]["text"]["text"] == "<@U0ALICE> <!subteam^S0ONCALL>"
    assert "<@" not in view.text


def test_an_end_tells_the_outcome_the_links_and_how_long_it_took() -> None:
    view = render_news(facts("recording_done"), now=NOW, options=PUBLIC)

    assert "*Recording · Done*" in prose(view)
    assert "Finished <!date^1795168740^" in prose(view)
    assert "It took 2 min 36 s." in prose(view)
    assert list(buttons(view)) == ["open:0", "open:1", "details"]
    assert view.text.startswith("Recording X3CgNeE4I1qAAABN: Done")


def test_an_end_shows_pictures_and_a_failure_what_to_do() -> None:
    pictures = render_news(facts("thumbnails_done"), now=NOW)
    failure = render_news(facts("transcode_failed"), now=NOW)

    assert len(images(pictures)) == 3
    assert "code `MPC.10212`" in prose(failure)
    assert "*What to do:* Check the input." in prose(failure)
    assert "&lt;broken&gt;" in failure.text


def test_signed_links_stay_out_of_the_channel() -> None:
    view = render_news(facts("video_generation_signed"), now=NOW, options=PUBLIC)

    assert list(buttons(view)) == ["get_link", "details"]
    assert "Signature" not in str(view.blocks)


def test_what_happened_while_the_bot_was_away_is_marked() -> None:
    view = render_news(facts("recording_done", late=True), now=NOW)

    assert "Told late: the bot was away when it happened, <!date^1795168740^" in prose(view)


def test_a_condensed_end_is_three_lines_and_a_link() -> None:
    done = render_news(facts("recording_done", mentions=[]), now=NOW, options=QUIET)
    failed = render_news(facts("transcode_failed", mentions=[]), now=NOW, options=QUIET)

    assert [block["type"] for block in done.blocks] == ["section", "actions"]
    assert list(buttons(done)) == ["open:0", "details"]
    assert "The input is &lt;broken&gt; &amp; short." in prose(failed)


def test_nothing_below_news_changes_it() -> None:
    told_of = [render_news(facts("merge_running", each), now=NOW) for each in Happening]

    assert not [view for view in told_of if {"refresh", "share"} & buttons(view).keys()]


@pytest.mark.parametrize(
    ("happening", "said"),
    [
        (Happening.STARTED, "It began <!date^"),
        (Happening.PAUSED, "The vendor paused it <!date^"),
        (Happening.REVIEW, "It waits for a person at the vendor to review it"),
        (Happening.STALLED, "It takes far longer than tasks of its kind do"),
        (Happening.UNREACHABLE, "the vendor refused our key"),
        (Happening.RECOVERED, "The vendor answers again, since <!date^"),
        (Happening.MISSING, "Nobody knew this task until <!date^"),
        (Happening.LIMIT_NEAR, "The watch ends <!date^1795773600^"),
        (Happening.LIMIT_REACHED, "The watch reached its limit <!date^"),
        (Happening.IMPROVED, "Before, it was: Running."),
    ],
)
def test_every_happening_has_its_sentence(happening: Happening, said: str) -> None:
    happened = facts("merge_running", happening, trouble="auth", ends_at="2026-11-27T10:00:00Z")

    view = render_news(happened, now=NOW)
    chinese = render_news(happened, now=NOW, options=replace(QUIET, words=CHINESE))

    assert said in prose(view)
    assert chinese.text.endswith("。")


@pytest.mark.parametrize(
    ("happening", "offered"),
    [
        (Happening.STARTED, "show:0"),
        (Happening.LIMIT_NEAR, "show:0"),
        (Happening.MISSING, "watch"),
        (Happening.LIMIT_REACHED, "watch"),
    ],
)
def test_where_the_watch_is_over_and_the_task_is_not_another_is_offered(
    happening: Happening, offered: str
) -> None:
    assert list(buttons(render_news(facts("merge_running", happening), now=NOW))) == [offered]


def test_what_is_missing_from_an_older_row_is_left_out() -> None:
    near = render_news(facts("merge_running", Happening.LIMIT_NEAR), now=NOW)
    unreachable = render_news(facts("merge_running", Happening.UNREACHABLE), now=NOW)
    improved = render_news(facts("recording_done", Happening.IMPROVED, before=None), now=NOW)

    assert "The watch ends soon" in prose(near)
    assert "the vendor did not answer" in prose(unreachable)
    assert "Before, it was" not in prose(improved)


def test_a_later_versions_happening_shows_where_the_task_stands() -> None:
    view = render_news(facts("merge_running", "hologram", mentions=[]), now=NOW)

    assert prose(view).splitlines()[0] == ":arrow_forward: *Merge · Running*"
    assert view.text == "Merge X3CgNeE4I1qAAABN: Running (29 %)."


def test_a_ref_too_long_for_a_button_has_none() -> None:
    status = STORIES["merge_running"].model_copy(update={"task_id": LONG_ID})
    happened = facts("merge_running", Happening.STARTED)

    assert buttons(render_news(replace(happened, status=status), now=NOW)) == {}


def test_several_ends_share_a_reply_with_the_failures_first() -> None:
    view = render_group(
        [
            facts("recording_done", mentions=["U0ALICE"]),
            facts("transcode_failed", mentions=["U0ALICE", "S0ONCALL"]),
            facts("thumbnails_done", late=True, mentions=[]),
        ],
        now=NOW,
        options=PUBLIC,
    )

    lines = prose(view).splitlines()
    assert lines[0] == "<@U0ALICE> <!subteam^S0ONCALL>"
    assert lines[1] == "*3 watched tasks finished: 1 failed, 2 done*"
    assert lines[2].startswith(":x: *Failed* `22123974`")
    assert lines[3] == "*What to do:* Check the input."
    assert "Told late" in prose(view)
    assert list(buttons(view)) == ["show:0", "open:1", "show:2"]


def test_one_end_of_a_group_is_told_as_itself() -> None:
    only = facts("recording_done")

    assert render_group([only], now=NOW) == render_news(only, now=NOW)


def test_ends_of_watches_beside_ends_of_tasks_are_told_as_news() -> None:
    view = render_group(
        [facts("not_found", Happening.MISSING), facts("recording_done")], now=NOW, options=PUBLIC
    )

    assert "*News of 2 watched tasks: 1 not found, 1 done*" in prose(view)
    assert "Nobody knew this task until" in prose(view)


def test_ends_beyond_thirty_are_counted() -> None:
    view = render_group([facts("recording_done")] * (MAX_ROWS + 3), now=NOW, options=PUBLIC)

    assert "3 more tasks are not shown." in prose(view)
    assert len(view.blocks) <= 50


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("channel_archived", "<#C0MEDIA> is archived"),
        ("bot_removed", "I am not in <#C0MEDIA> any more"),
        ("card_deleted", "My card in <#C0MEDIA> was deleted twice"),
        ("limit_reached", "A watch of yours in <#C0MEDIA> reached its limit"),
        ("hologram", "Something about a watch of yours in <#C0MEDIA> could not be told there."),
    ],
)
def test_one_person_is_told_what_became_of_a_place(kind: str, said: str) -> None:
    view = render_notice(kind, {"channel_id": "C0MEDIA", "refs": ["mpc@a:1"] * 9})

    assert said in prose(view)
    assert view.text.count("mpc@a:1") == 5


def test_what_could_not_be_told_in_its_place_is_told_in_the_notice() -> None:
    untold = {"happening": told(STORIES["recording_done"])}

    view = render_notice("bot_removed", untold)

    assert "I am not in a channel any more" in prose(view)
    assert "*Recording · Done*" in prose(view)
    assert "show:0" in buttons(view)


@pytest.mark.parametrize("happening", [None, "finished", {}])
def test_a_notice_about_nothing_in_particular_is_one_paragraph(happening: object) -> None:
    view = render_notice("bot_removed", {"happening": happening, "refs": None})

    assert [node["type"] for node in elements(view)] == ["section", "mrkdwn"]
