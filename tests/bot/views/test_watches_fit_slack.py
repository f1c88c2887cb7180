"""Whatever a vendor sends, a row holds and people wish, Slack takes what is said of watches."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.hazard import Expected
from bot.models import (
    CardContents,
    Delivery,
    FollowedTask,
    Happening,
    Priority,
    Watch,
    WatchedTask,
    Watcher,
)
from bot.sandbox.slack.blocks import validate_message
from bot.views.buttons import WatchesPage
from bot.views.dead_letters import render_dead_letters
from bot.views.digest import render_digest
from bot.views.facts import read_facts
from bot.views.layout import View, without_images
from bot.views.options import Options
from bot.views.watch import render_watch_card
from bot.views.watch_list import Schedule, render_watches
from bot.views.watch_news import render_group, render_news, render_notice
from bot.views.watch_notes import render_unclear, render_unwatched, render_watching
from providers.models import Reason, TaskRef, TaskState
from tests.bot.views.reading import elements
from tests.bot.views.test_views_fit_slack import (
    BOUNDED,
    DATE,
    INSTANT,
    JSON,
    MARKUP,
    MAYBE_WORD,
    NOW,
    OPTIONS,
    STATUS,
    WORD,
)
from tests.bot.views.watch_samples import CARD

SOMEBODY = st.sampled_from(["U0ALICE", "S0ONCALL", "W0EVE"])
SUBJECT = SOMEBODY | WORD
CALLS = {"<@U0ALICE>", "<!subteam^S0ONCALL>", "<@W0EVE>", "<#C0MEDIA>"}
REF = st.builds(TaskRef, WORD, WORD, WORD)
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "ref": REF.map(str) | JSON,
        "happening": st.sampled_from(Happening) | JSON,
        "before": st.sampled_from(TaskState) | JSON,
        "after": st.sampled_from(TaskState) | JSON,
        "status": STATUS.map(lambda status: status.model_dump(mode="json")) | JSON,
        "mentions": st.lists(SUBJECT, max_size=4) | JSON,
        "happened_at": st.just("2026-11-20T10:00:00Z") | JSON,
        "ends_at": st.just("2026-11-27T10:00:00Z") | JSON,
        "late": st.booleans() | JSON,
        "trouble": st.sampled_from(Reason) | JSON,
    },
)
FACTS = TOLD.map(lambda told: read_facts(told, NOW))
TASK = st.builds(
    FollowedTask,
    id=st.integers(1, 2),
    ref=REF,
    lane=WORD,
    kind=MAYBE_WORD,
    state=st.none() | st.sampled_from(TaskState),
    version=st.just(1),
    status=st.none() | STATUS,
    born_at=st.just(NOW),
    added_at=st.just(NOW),
    changed_at=st.just(NOW),
    seen_at=INSTANT,
    polled_at=INSTANT,
    unreachable_since=INSTANT,
    stalled_at=INSTANT,
)
WATCH = st.builds(
    Watch,
    id=st.integers(0, 9),
    team_id=WORD,
    task_id=st.integers(1, 2),
    ref=REF,
    card_id=st.just(5),
    channel_id=st.just("C0MEDIA") | WORD,
    created_by=SUBJECT,
    created_at=st.just(NOW),
    ends_at=st.just(NOW),
    grace_until=st.just(NOW),
    ended_at=INSTANT,
    ended_why=st.none() | st.sampled_from(Happening) | WORD,
    ended_by=st.none() | SUBJECT,
    watchers=st.lists(st.builds(Watcher, SUBJECT, SUBJECT, st.booleans()), max_size=4).map(tuple),
)
WATCHED = st.builds(WatchedTask, WATCH, TASK)
EXPECTED = st.dictionaries(
    st.integers(1, 2),
    st.none() | st.builds(Expected, *[st.floats(0, 10**7)] * 3, st.floats(0, 1)),
)
DELIVERY = st.builds(
    Delivery,
    id=WORD,
    key=WORD,
    team_id=WORD,
    kind=WORD,
    channel_id=st.just("C0MEDIA") | WORD,
    priority=st.sampled_from(Priority),
    happened_at=st.just(NOW),
    created_at=st.just(NOW),
    attempts=st.integers(0, 99),
    error=MAYBE_WORD,
)


def assert_slack_takes(view: View) -> None:
    """Slack takes it, and it calls nobody but those whose ids stand in the row."""
    assert validate_message(view.blocks, view.text) == []
    assert view.text.isprintable()
    assert view.text.strip()
    assert len(view.text) < 4000
    marked_up = [node["text"] for node in elements(view) if node.get("type") == "mrkdwn"]
    for text in (view.text, *marked_up):
        assert set(MARKUP.findall(DATE.sub("", text))) <= CALLS


@BOUNDED
@given(rows=st.lists(WATCHED, min_size=1, max_size=3), times=st.integers(1, 11), more=st.data())
def test_slack_takes_every_card(rows: list[WatchedTask], times: int, more: st.DataObject) -> None:
    expected, options = more.draw(EXPECTED), more.draw(OPTIONS)
    card = replace(CARD, ts=more.draw(st.none() | st.just("1.0")))

    view = render_watch_card(
        CardContents(card, tuple(rows * times)), expected, now=NOW, options=options
    )

    assert_slack_takes(view)
    assert_slack_takes(without_images(view))


@BOUNDED
@given(told=TOLD, options=OPTIONS)
def test_slack_takes_all_news(told: dict[str, Any], options: Options) -> None:
    view = render_news(read_facts(told, NOW), now=NOW, options=options)

    assert_slack_takes(view)
    assert_slack_takes(without_images(view))


@BOUNDED
@given(told=st.lists(FACTS, min_size=1, max_size=3), times=st.integers(1, 14), options=OPTIONS)
def test_slack_takes_every_group_and_digest(told: list[Any], times: int, options: Options) -> None:
    assert_slack_takes(render_group(told * times, now=NOW, options=options))
    assert_slack_takes(render_digest(told * times, "01JD", now=NOW, options=options, page=times))


@BOUNDED
@given(kind=WORD, told=TOLD, refs=st.lists(REF.map(str)) | JSON, options=OPTIONS)
def test_slack_takes_every_notice(kind: str, told: Any, refs: Any, options: Options) -> None:
    facts = {"channel_id": "C0MEDIA", "happening": told, "refs": refs}

    assert_slack_takes(render_notice(kind, facts, options=options))


@BOUNDED
@given(rows=st.lists(WATCHED, max_size=3), scope=WORD, expected=EXPECTED, options=OPTIONS)
def test_slack_takes_every_list_of_watches(
    rows: list[WatchedTask], scope: str, expected: Any, options: Options
) -> None:
    view = render_watches(
        rows * 4, WatchesPage(0, scope), 40, Schedule(expected), now=NOW, options=options
    )

    assert_slack_takes(view)


@BOUNDED
@given(watches=st.lists(WATCH, max_size=2), refs=st.lists(REF, max_size=3), options=OPTIONS)
def test_slack_takes_every_note(
    watches: list[Watch], refs: list[TaskRef], options: Options
) -> None:
    named, many = [str(ref) for ref in refs] * 3, watches * 4

    assert_slack_takes(render_unwatched(many, many, many, options=options))
    assert_slack_takes(render_watching(named, named, ["mpc@a:1"], ends_at=NOW, options=options))
    assert_slack_takes(render_unclear("x", refs * 3, options))


@BOUNDED
@given(deliveries=st.lists(DELIVERY, max_size=12), options=OPTIONS)
def test_slack_takes_all_dead_letters(deliveries: list[Delivery], options: Options) -> None:
    assert_slack_takes(render_dead_letters(deliveries, options=options))
