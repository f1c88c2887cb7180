"""The card of a watch tells where its tasks stand, who watches, and until when."""

from dataclasses import replace
from typing import Any

import pytest

from bot.hazard import Expected
from bot.models import Happening, WatchedTask
from bot.views.layout import View
from bot.views.options import Options
from bot.views.watch import MAX_ROWS, render_watch_card
from bot.views.watched import describe_expected
from bot.views.words import CHINESE, ENGLISH
from providers.models import TaskState
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, PUBLIC, SIGNED, STORIES, ago, task
from tests.bot.views.watch_samples import (
    ALICE,
    BOB,
    LONG_ID,
    ONCALL,
    SLOW,
    SOON,
    batch,
    contents,
    followed,
    watch,
    watched,
)

RUNNING = watched(STORIES["merge_running"])


def draw(*rows: WatchedTask, options: Options = PUBLIC, **card: object) -> View:
    return render_watch_card(contents(*rows, **card), {}, now=NOW, options=options)


def test_one_task_is_told_with_its_hope_its_last_answer_and_its_limit() -> None:
    view = render_watch_card(contents(RUNNING), {11: SOON}, now=NOW, options=PUBLIC)

    told = prose(view)
    assert "*Merge · Running*" in told
    assert "*Expected*\nusually 4 to 9 min, 80 % done by <!date^" in told
    assert "*Last answer*\n<!date^" in told
    assert "*Watched until*\n<!date^1795773600^" in told
    assert "Watched by <@U0ALICE>, <@U0BOB> (only failures)" in told


def test_whoever_sees_it_can_watch_too_and_stop() -> None:
    shown = buttons(draw(RUNNING))

    value = '{"k":"watch","w":7,"r":"tencent@staging:X3CgNeE4I1qAAABN"}'
    assert {name: one["value"] for name, one in shown.items()} == {"join": value, "unwatch": value}


def test_the_buttons_of_several_tasks_are_about_the_whole_card() -> None:
    shown = buttons(draw(RUNNING, watched(STORIES["transcode_running"])))

    assert shown["join"]["value"] == shown["unwatch"]["value"] == '{"k":"card","c":5}'


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (SOON, "usually 4 to 9 min, 80 % done by"),
        (SLOW, "slower than 95 of 100"),
        (replace(SOON, low_s=200, high_s=205), "usually 3 min, 80"),
        (replace(SOON, low_s=20, high_s=200), "usually 20 s to 3 min, 80"),
        (replace(SOON, low_s=3720, high_s=7320), "usually 1 h 02 min to 2 h 02 min, 80"),
    ],
)
def test_the_hope_is_told_as_people_say_it(expected: Expected, said: str) -> None:
    assert said in describe_expected(RUNNING.task, expected, ENGLISH)


@pytest.mark.parametrize(
    ("state", "expected"), [(TaskState.RUNNING, None), (TaskState.NOT_FOUND, SLOW), (None, SLOW)]
)
def test_of_what_nobody_can_tell_nothing_is_hoped(
    state: TaskState | None, expected: Expected | None
) -> None:
    assert describe_expected(replace(RUNNING.task, state=state), expected, ENGLISH) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unreachable_since": ago(minutes=5)}, "The vendor has not answered since <!date^"),
        ({"stalled_at": ago(minutes=5)}, "It takes far longer than tasks of its kind do"),
        ({"state": TaskState.NOT_FOUND}, "Nobody knows this task yet; it is asked for until"),
        ({"state": None, "status": None}, "*Media task · No answer*"),
        ({"seen_at": None}, "*Last answer*\nnone yet"),
        ({"status": task(vendor_status="2")}, "UTC>, in its words `2`"),
    ],
)
def test_what_keeps_the_bot_from_knowing_more_is_said(changed: dict[str, Any], said: str) -> None:
    on = replace(RUNNING.task, **changed)

    assert said in prose(draw(WatchedTask(watch(on), on)))


def test_a_first_posting_calls_nobody_but_who_asked() -> None:
    row = watched(STORIES["merge_running"], watchers=(ALICE, BOB, ONCALL))

    assert "Watched by <@U0ALICE>, 2 more" in prose(draw(row, ts=None))
    assert "<!subteam^S0ONCALL>" in prose(draw(row))


def test_a_first_posting_for_others_counts_them() -> None:
    row = watched(STORIES["merge_running"], watchers=(ONCALL,))

    assert "Watched by 1 more" in prose(draw(row, ts=None))


def test_a_first_posting_for_oneself_counts_nobody() -> None:
    row = watched(STORIES["merge_running"], watchers=(ALICE,))

    assert prose(draw(row, ts=None)).endswith("Watched by <@U0ALICE>")


def test_who_wants_to_hear_of_everything_once_is_told_so() -> None:
    rows = [
        watched(STORIES["merge_running"], watchers=(BOB,)),
        watched(STORIES["transcode_running"], watchers=(replace(BOB, only_failures=False), BOB)),
    ]

    assert "Watched by <@U0BOB>\n" in prose(draw(*rows)) + "\n"


def test_an_ended_task_shows_its_link_and_offers_no_watch() -> None:
    view = draw(watched(STORIES["recording_done"]))

    assert list(buttons(view)) == ["open:0", "details"]
    assert "*Came out*\n2 files, 433 MB" in prose(view)
    assert "Watched by" not in prose(view)


def test_a_link_that_signs_in_stays_out_of_the_channel() -> None:
    view = draw(watched(task(outputs=(SIGNED,))))

    assert list(buttons(view)) == ["get_link", "details"]


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ({"ended_by": "U0BOB", "ended_why": "unwatched"}, "<@U0BOB> stopped watching it <!date^"),
        ({"ended_why": "unwatched"}, "Nobody watches it any more"),
        ({"ended_why": Happening.MISSING}, "Nobody knew this task until"),
        ({"ended_why": Happening.LIMIT_REACHED}, "The watch reached its limit"),
        ({"ended_why": "hologram"}, "The watch ended <!date^"),
        ({"ended_why": None}, "The watch ended <!date^"),
    ],
)
def test_a_watch_that_ended_before_its_task_says_why_and_offers_another(
    ended: dict[str, str], said: str
) -> None:
    view = draw(watched(STORIES["merge_running"], ended_at=ago(minutes=1), **ended))

    assert said in prose(view)
    assert list(buttons(view)) == ["watch"]


def test_several_tasks_are_summed_up_and_told_on_a_line_each() -> None:
    view = render_watch_card(batch(), {}, now=NOW, options=PUBLIC)

    head = "7 of 12 finished, 1 failed, 1 partly done, 1 finished with nothing, 1 no longer watched"
    assert view.text == f"{head}."
    assert f"*{head}*" in prose(view)
    assert sum(name.startswith("show:") for name in buttons(view)) == 12


def test_condensed_tasks_share_a_few_blocks() -> None:
    condensed = replace(PUBLIC, condensed=True)

    several = render_watch_card(batch(), {}, now=NOW, options=condensed)
    one = draw(RUNNING, options=condensed)

    assert len(several.blocks) < 8
    assert len(one.blocks) == 3
    assert "Watched until: <!date^" in prose(one)


def test_tasks_beyond_thirty_are_counted() -> None:
    view = draw(*[RUNNING] * (MAX_ROWS + 2))

    assert "2 more tasks are not shown." in prose(view)
    assert len(view.blocks) <= 50


def test_a_ref_too_long_for_a_button_has_none() -> None:
    on = followed(task(state=TaskState.RUNNING, task_id=LONG_ID))
    shown = replace(PUBLIC, words=CHINESE)

    assert buttons(draw(WatchedTask(watch(on), on), options=shown)) == {}
