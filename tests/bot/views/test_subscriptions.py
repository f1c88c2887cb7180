"""Subscriptions are told, refused with what would help, listed, and announced."""

import pytest

from bot.views.buttons import SubscriptionButton, WatchesPage, decode
from bot.views.facts import read_facts
from bot.views.layout import View, section
from bot.views.reported import render_reported
from bot.views.subscription import (
    Deaf,
    add_subscriptions,
    render_not_subscribed,
    render_subscribed,
    render_subscription_news,
    render_unsubscribed,
)
from bot.views.watch_list import Schedule, render_watches
from tests.bot.views.oncall_samples import subscription
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import DEFAULTS, NOW, PUBLIC, STORIES, ago
from tests.bot.views.watch_samples import told

DEAF = Deaf("tiw", "board", "accounts.board.callback_key")


def test_a_subscription_says_what_is_heard_where_from_and_who_is_called() -> None:
    view = render_subscribed(subscription())

    assert prose(view) == (
        "This channel now hears of tasks that do not end well at `record`, account `main`, "
        "in rooms `lesson-*`, calling <!subteam^S0ONCALL>. Nobody has to watch them one by one."
    )


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"provider": None, "account": None}, "tasks that do not end well at every provider,"),
        ({"to": "finished"}, "every end of a task at `record`"),
        ({"to": "all", "room": None}, "ends and news of tasks at `record`, account `main`, call"),
        ({"to": "later <words>"}, "later &lt;words&gt; at `record`"),
    ],
)
def test_what_is_not_narrowed_down_is_all(fields: dict[str, str | None], what: str) -> None:
    assert what in prose(render_subscribed(subscription(**fields), is_new=False))


def test_where_everybody_reads_it_nobody_is_called_by_being_named() -> None:
    assert "<!subteam" not in prose(render_subscribed(subscription(), options=PUBLIC))


def test_what_nothing_is_heard_of_says_which_setting_would_help() -> None:
    refused = prose(render_not_subscribed([DEAF]))
    made = prose(render_subscribed(subscription(), deaf=[DEAF]))

    assert "so it was not made." in refused
    for shown in (refused, made):
        assert "`tiw@board` does not list its tasks" in shown
        assert "`accounts.board.callback_key`" in shown
        assert "`/callbacks/board`" in shown


def test_what_one_ended_and_what_is_somebody_elses_is_told_apart() -> None:
    view = render_unsubscribed([subscription()], [subscription(room=None)])

    ended, kept = prose(view).splitlines()
    assert ended.endswith("has ended.")
    assert "somebody else's" in kept
    assert "<!subteam" not in prose(view)
    assert render_unsubscribed([]).text == "This channel has no such subscription."


@pytest.mark.parametrize(
    ("happening", "fields", "line"),
    [
        ("started", {}, "<@U0ALICE> subscribed <#C0MEDIA> to tasks that do not end well at"),
        ("ended", {"ended_by": "U0BOB"}, "<@U0BOB> ended the subscription of <#C0MEDIA> to tasks"),
        ("ended", {}, "The subscription of <#C0MEDIA> to tasks"),
        ("paused", {"paused_why": "bot_removed"}, "I am not in the channel any more"),
        ("paused", {"paused_why": "is_frozen"}, "Slack does not take messages for the channel"),
        ("resumed", {}, "goes on."),
        ("later", {}, "Something about the subscription of <#C0MEDIA>"),
    ],
)
def test_what_becomes_of_a_subscription_is_announced(
    happening: str, fields: dict[str, str], line: str
) -> None:
    shown = prose(render_subscription_news(happening, subscription(**fields)))

    assert line in shown
    assert "<!subteam" not in shown


def test_subscriptions_stand_below_what_is_watched() -> None:
    watches = render_watches([], WatchesPage(0, "here"), 0, Schedule(), now=NOW)
    paused = subscription(id=10, paused_at=ago(hours=1), paused_why="channel_archived")

    view = add_subscriptions(watches, [subscription(), paused], DEFAULTS)

    assert "*2 subscriptions of this channel*" in prose(view)
    assert "told in <#C0MEDIA> · made by <@U0ALICE>" in prose(view)
    assert "paused <!date^" in prose(view)
    assert decode(buttons(view)["unsubscribe:1"]["value"]) == SubscriptionButton(10)
    assert view.text.endswith("2 subscriptions of this channel.")


def test_without_subscriptions_the_list_stays_as_it_is() -> None:
    watches = View([section("x")], "x")

    assert add_subscriptions(watches, [], DEFAULTS) is watches


def test_no_list_grows_over_what_slack_takes() -> None:
    full = View([section("x")] * 45, "x")

    view = add_subscriptions(full, [subscription(id=number) for number in range(12)], DEFAULTS)

    assert len(view.blocks) == 50


def test_ten_subscriptions_are_shown_and_the_rest_counted() -> None:
    shown = [subscription(id=number) for number in range(12)]

    view = add_subscriptions(View([section("x")], "x"), shown, DEFAULTS)

    assert "2 more subscriptions are not shown." in prose(view)


def test_a_report_says_that_it_was_found_late_and_is_not_confirmed() -> None:
    report = told(STORIES["recording_partial"], "", late=True, confirmed=False)

    view = render_reported([read_facts(report, NOW)], subscription(), now=NOW, options=PUBLIC)

    shown = prose(view)
    assert "Found late: it happened <!date^" in shown
    assert "Reported by the vendor, not confirmed" in shown
    assert "Told late" not in shown
    assert "Told because this channel subscribed to tasks that do not end well at" in shown
    assert "<!subteam" not in shown


def test_several_reports_keep_their_doubts() -> None:
    doubtful = read_facts(told(STORIES["transcode_failed"], "", confirmed=False), NOW)
    sure = read_facts(told(STORIES["recording_done"], ""), NOW)

    view = render_reported([sure, doubtful, sure], now=NOW, options=PUBLIC)

    assert prose(view).count("not confirmed") == 1
    assert "*3 tasks finished: 1 failed, 2 done*" in prose(view)


@pytest.mark.parametrize(
    ("story", "line"),
    [("merge_running", "It began <!date^"), ("unknown_word", "*Recording · Unknown state*")],
)
def test_news_on_the_way_are_told_by_the_state(story: str, line: str) -> None:
    report = read_facts(told(STORIES[story], ""), NOW)

    assert line in prose(render_reported([report], now=NOW))
