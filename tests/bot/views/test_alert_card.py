"""An alert's card says what failed, what to do, who has it, and offers what can be done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.oncall import AlertStatus, Cause
from bot.sandbox.slack.blocks import validate_message
from bot.views.alert import render_alert
from bot.views.buttons import AlertButton, AlertTasksPage, SnoozeOption, decode
from bot.views.layout import Block, View
from bot.views.words import CHINESE
from providers.models import format_instant
from tests.bot.views.oncall_samples import (
    DOWN,
    FAILED,
    ON_CALL,
    RESOLVED,
    SNOOZED,
    STUCK,
    contents,
    several,
    struck,
)
from tests.bot.views.reading import buttons, elements, prose
from tests.bot.views.samples import DEFAULTS, NOW, PUBLIC


def menu(view: View, action_id: str) -> Block:
    return next(node for node in elements(view) if node.get("action_id") == action_id)


def test_it_says_what_failed_where_what_it_means_and_what_to_do() -> None:
    view = render_alert(contents(), now=NOW, options=DEFAULTS)

    told = prose(view)
    assert "*Recording failed* · Open\nZEGO cloud recording · code `1004`" in told
    assert "*Room*\n`lesson-7`" in told
    assert "> The recorder ran out of &lt;storage&gt; space." in told
    assert "*What to do:* Start the recording again." in told
    assert "*Last good sign*\nRunning" in told
    assert "*Evidence kept until*" in told
    assert view.text == (
        "Open: Recording failed. The recorder ran out of &lt;storage&gt; space. "
        "Start the recording again."
    )


def test_both_request_ids_stand_there_to_be_copied() -> None:
    told = prose(render_alert(contents(), now=NOW))

    copied = "task=record@main:X3CgNeE4I1qAAA00 request_id=abcd123 vendor_request_id=v-1 code=1004"
    assert copied in told


def test_evidence_that_is_gone_is_not_promised() -> None:
    gone = struck(facts={**FAILED, "evidence_until": format_instant(NOW)})

    told = prose(render_alert(contents(tasks=(gone,)), now=NOW))

    assert "*Evidence gone since*" in told
    assert "kept until" not in told


def test_people_groups_and_whoever_is_on_call_are_called_first_and_once() -> None:
    mentions = ["S0ONCALL", "rota:media", "U0EVE"]

    view = render_alert(contents(), mentions=mentions, on_call=ON_CALL, now=NOW)

    assert prose(view).splitlines()[0] == "<!subteam^S0ONCALL> <@U0EVE>"
    assert prose(view).count("<@U0EVE>") == 1
    assert "On call in the rota `media`, and nobody in Slack: `Dana`" in prose(view)


@pytest.mark.parametrize("rota", ["rota:empty", "rota:unheard-of"])
def test_a_rota_without_anybody_is_said(rota: str) -> None:
    told = prose(render_alert(contents(), mentions=[rota], on_call=ON_CALL, now=NOW))

    name = rota.partition(":")[2]
    assert f"Nobody is on call in the rota `{name}` now" in told


def test_an_edited_card_calls_nobody() -> None:
    assert "<@" not in prose(render_alert(contents(), now=NOW))


def test_every_button_and_menu_carries_the_alert_and_its_version() -> None:
    view = render_alert(contents(), now=NOW)

    drawn = AlertButton(12, 3)
    row = next(block for block in view.blocks if block["type"] == "actions")
    names = ("acknowledge", "resolve", "alert_details")
    assert [decode(buttons(view)[name]["value"]) for name in names] == [drawn] * 3
    assert decode(row["block_id"]) == drawn
    lasting = [decode(one["value"]) for one in menu(view, "snooze")["options"]]
    assert lasting[:2] == [
        SnoozeOption(12, 3, timedelta(minutes=15)),
        SnoozeOption(12, 3, timedelta(hours=1)),
    ]


def test_the_menu_of_people_shows_who_has_it() -> None:
    assert menu(render_alert(SNOOZED, now=NOW), "assign")["initial_user"] == "U0ALICE"
    assert "initial_user" not in menu(render_alert(contents(), now=NOW), "assign")


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (AlertStatus.OPEN, {"acknowledge", "resolve", "alert_details"}),
        (AlertStatus.SNOOZED, {"acknowledge", "resolve", "alert_details"}),
        (AlertStatus.ACKNOWLEDGED, {"resolve", "alert_details"}),
        (AlertStatus.RESOLVED, {"alert_details"}),
    ],
)
def test_what_can_be_done_follows_where_it_stands(status: AlertStatus, offered: set[str]) -> None:
    assert buttons(render_alert(contents(status=status), now=NOW)).keys() == offered


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"count": 3}, "3 tasks have not recovered"),
        ({"count": 2, "recovered": 1}, "1 task has not recovered"),
        ({"cause": Cause.OUTAGE}, "The vendor does not answer yet."),
        ({"count": 2, "recovered": 2}, None),
    ],
)
def test_resolving_asks_first_unless_everything_has_recovered(
    fields: dict[str, Any], asked: str | None
) -> None:
    resolve = buttons(render_alert(contents(**fields), now=NOW))["resolve"]

    assert ("confirm" in resolve) == (asked is not None)
    assert asked is None or asked in resolve["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Open since <!date^"),
        ({"openings": 3}, "opened 3 times"),
        ({"assigned_to": "U0BOB"}, "Assigned to <@U0BOB>"),
        ({"paged": ("main", "ops")}, "Pagers told: `main`, `ops`"),
        ({"notified_at": None}, "Nobody is notified before the quiet hours end"),
        ({"notified_at": None, "silence_id": 4}, "Nobody is notified: a silence keeps it quiet"),
        (
            {"status": AlertStatus.ACKNOWLEDGED, "acknowledged_by": "U0BOB"},
            "Acknowledged by <@U0BOB> <!date^",
        ),
        ({"status": AlertStatus.ACKNOWLEDGED}, "Acknowledged by Somebody <!date^"),
        ({"status": AlertStatus.SNOOZED}, "Snoozed until <!date^"),
        ({"status": AlertStatus.RESOLVED, "resolved_by": "U0BOB"}, "Resolved by <@U0BOB> <!date^"),
        ({"status": AlertStatus.RESOLVED}, ": everything recovered"),
    ],
)
def test_it_says_how_it_stands(fields: dict[str, Any], line: str) -> None:
    assert line in prose(render_alert(contents(**fields), now=NOW))


def test_whoever_snoozed_it_is_named() -> None:
    assert "Snoozed by <@U0BOB> until <!date^" in prose(render_alert(SNOOZED, now=NOW))


def test_many_tasks_are_counted_and_listed_a_page_at_a_time() -> None:
    view = render_alert(several(), page=1, now=NOW)

    told = prose(view)
    assert "*41 tasks failed* · Open" in told
    assert "*41 tasks*, 3 recovered" in told
    assert told.count("• `record@main:") == 10
    assert told.count("recovered <!date^") == 1
    assert told.count("not asked any more") == 1
    assert "Page 2 of 5" in told
    assert decode(buttons(view)["page:2"]["value"]) == AlertTasksPage(2, 12)
    assert "First happened" not in told


def test_of_very_many_rooms_the_first_are_named() -> None:
    told = prose(render_alert(several(), now=NOW))

    assert "*Rooms*\n`lesson-0`, `lesson-1`, `lesson-2`, `lesson-3`, `lesson-5`, 1 more" in told
    assert "*First happened*" in told


def test_ids_are_left_out_before_slack_would_refuse_their_number() -> None:
    long = {**FAILED, "request_id": "r" * 600, "vendor_request_id": "v" * 600}
    tasks = tuple(struck(number, facts=long) for number in range(10))

    view = render_alert(contents(tasks=tasks, count=10), now=NOW)

    assert prose(view).count("task=record@main:") == 2
    assert validate_message(view.blocks, view.text) == []


def test_an_outage_is_one_trouble_and_counts_what_nobody_sees() -> None:
    view = render_alert(DOWN, now=NOW, options=DEFAULTS)

    told = prose(view)
    assert "*ZEGO cloud recording unreachable since <!date^" in told
    assert "41 tasks unseen* · Open" in told
    assert "code" not in told
    assert "task=" not in told
    assert "the vendor's status page" in told


@pytest.mark.parametrize(
    ("account", "name"), [("main", "ZEGO media tasks"), ("b", "ZEGO media tasks, account b")]
)
def test_an_api_of_two_providers_has_a_name_of_its_own(account: str, name: str) -> None:
    quiet = contents(cause=Cause.OUTAGE, provider="media", account=account, tasks=(), code="")

    assert f"*{name} unreachable since <!date^" in prose(
        render_alert(quiet, now=NOW, options=DEFAULTS)
    )


def test_a_stuck_task_is_compared_with_its_kind_or_warned_of_its_window() -> None:
    ends = {"state": "queued", "window_ends_at": format_instant(NOW)}
    nearing = replace(STUCK, tasks=(struck(facts=ends),))
    unknown = replace(STUCK, tasks=(struck(facts={}),))

    assert "still not done (Running), and 99 of 100" in prose(render_alert(STUCK, now=NOW))
    assert "(Queued), and the vendor tells nothing of it after" in prose(
        render_alert(nearing, now=NOW)
    )
    assert "(its state is not known)" in prose(render_alert(unknown, now=NOW))
    assert "code" not in prose(render_alert(unknown, now=NOW)).replace("code=", "")


@pytest.mark.parametrize(
    ("cause", "title", "reason"),
    [
        (Cause.PARTIAL, "Recording only partly done", "a part of the task failed"),
        (Cause.EMPTY, "Recording finished with nothing", "the task itself failed"),
    ],
)
def test_other_bad_ends_are_called_what_they_are(cause: Cause, title: str, reason: str) -> None:
    told = prose(render_alert(contents(cause=cause), now=NOW))

    assert title in told
    assert reason in told


def test_where_the_vendor_told_nothing_there_is_still_a_card() -> None:
    view = render_alert(contents(code="", tasks=(struck(facts={}, room=None),)), now=NOW)

    assert "*Media task failed* · Open" in prose(view)
    assert "What happened" not in prose(view)
    assert validate_message(view.blocks, view.text) == []


def test_a_condensed_card_counts_instead_of_listing() -> None:
    quiet = replace(PUBLIC, condensed=True)

    many = render_alert(several(), now=NOW, options=quiet)
    bare = render_alert(contents(tasks=(struck(facts={}),)), now=NOW, options=quiet)

    assert "*41 tasks*, 3 recovered" in prose(many)
    assert "•" not in prose(many)
    assert "task=" not in prose(many)
    assert len(many.blocks) == 4
    assert len(bare.blocks) == 3


def test_a_resolved_card_is_drawn_in_the_language_of_the_channel() -> None:
    told = prose(render_alert(RESOLVED, now=NOW, options=replace(DEFAULTS, words=CHINESE)))

    assert "已解决" in told
    assert "第 2 次打开" in told
