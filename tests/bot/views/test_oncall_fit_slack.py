"""Whatever a vendor sends, a row holds and people write, Slack takes what is said of on-call."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Watcher
from bot.oncall import (
    Alert,
    AlertContents,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Cause,
    Silence,
    Subscription,
    What,
)
from bot.sandbox.slack.blocks import validate_view
from bot.views.alert import render_alert
from bot.views.alert_details import render_alert_details
from bot.views.alert_event import render_alert_event
from bot.views.alert_list import render_alerts
from bot.views.buttons import AlertsPage
from bot.views.facts import read_facts
from bot.views.late_press import render_late_press
from bot.views.layout import View
from bot.views.oncall_notice import NOTICES, render_oncall_notice
from bot.views.options import Options
from bot.views.reported import render_reported
from bot.views.silence import (
    render_silence_news,
    render_silenced,
    render_silences,
    render_unsilenced,
)
from bot.views.subscription import (
    NEWS,
    Deaf,
    add_subscriptions,
    render_not_subscribed,
    render_subscribed,
    render_subscription_news,
    render_unsubscribed,
)
from providers.models import TaskState
from tests.bot.views.test_views_fit_slack import (
    BOUNDED,
    INSTANT,
    JSON,
    MAYBE_WORD,
    NOW,
    OPTIONS,
    WORD,
)
from tests.bot.views.test_watches_fit_slack import REF, SUBJECT, TOLD, assert_slack_takes

HAPPENED = st.just("2026-11-20T09:00:00Z") | JSON
COUNT = st.integers(-3, 10**12) | JSON
TROUBLE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("message", "hint", "code", "request_id", "vendor_request_id"), JSON),
        **dict.fromkeys(("happened_at", "started_at", "since", "evidence_until"), HAPPENED),
        "message": WORD,
        "hint": WORD,
        "kind": st.just("recording") | JSON,
        "state": st.sampled_from(TaskState) | JSON,
        "last_good": st.sampled_from(TaskState) | JSON,
        "window_ends_at": HAPPENED,
        "unseen": COUNT,
    },
)
TASK = st.builds(
    AlertTask,
    trouble_key=WORD,
    ref=st.none() | REF,
    joined_at=st.just(NOW),
    room=MAYBE_WORD,
    facts=TROUBLE,
    recovered_at=INSTANT,
    ask_at=INSTANT,
    ask_until=INSTANT,
)
EVENT = st.builds(
    AlertEvent,
    at=st.just(NOW),
    what=st.sampled_from(What),
    by=st.none() | SUBJECT,
    facts=st.fixed_dictionaries(
        {},
        optional={
            "tasks": COUNT,
            "left": COUNT,
            "to": SUBJECT | JSON,
            "until": HAPPENED,
            "pager": WORD | JSON,
            "early": JSON,
        },
    ),
    mentions=st.lists(SUBJECT | st.just("rota:media") | WORD, max_size=4).map(tuple),
)
ALERT = st.builds(
    Alert,
    id=st.integers(0, 2**63 - 1),
    team_id=WORD,
    route=WORD,
    cause=st.sampled_from(Cause),
    provider=st.sampled_from(["record", "media"]) | WORD,
    account=st.just("main") | WORD,
    code=WORD,
    channel_id=st.just("C0MEDIA") | WORD,
    card_id=st.just(5),
    version=st.integers(0, 2**63 - 1),
    revision=st.just(1),
    status=st.sampled_from(AlertStatus),
    opened_at=st.just(NOW),
    counts_from=st.just(NOW),
    changed_at=st.just(NOW),
    assigned_to=st.none() | st.just("U0ALICE"),
    acknowledged_by=st.none() | SUBJECT,
    snoozed_until=INSTANT,
    resolved_at=INSTANT,
    resolved_by=st.none() | SUBJECT,
    count=st.integers(0, 10**6),
    recovered=st.integers(0, 10**6),
    openings=st.integers(1, 10**6),
    paged=st.lists(WORD, max_size=12).map(tuple),
    silence_id=st.none() | st.just(4),
    notified_at=INSTANT,
)
CONTENTS = st.builds(
    AlertContents,
    alert=ALERT,
    tasks=st.lists(TASK, max_size=3).map(lambda tasks: tuple(tasks * 4)),
    events=st.lists(EVENT, max_size=3).map(lambda events: tuple(events * 45)),
)
ON_CALL = st.dictionaries(st.just("media") | WORD, st.lists(SUBJECT, max_size=3), max_size=2)
MENTIONS = st.lists(SUBJECT | st.just("rota:media") | WORD, max_size=4)
PAGE = st.integers(0, 20)
SILENCE = st.builds(
    Silence,
    id=st.integers(0, 2**63 - 1),
    team_id=WORD,
    target=WORD | st.sampled_from(["all", "mpc"]) | WORD.map("room {}".format),
    created_by=SUBJECT,
    channel_id=st.just("C0MEDIA") | WORD,
    created_at=st.just(NOW),
    until=st.just(NOW),
    because=MAYBE_WORD,
    hidden=st.integers(0, 10**6),
    ended_by=st.none() | SUBJECT,
)
SUBSCRIPTION = st.builds(
    Subscription,
    id=st.integers(0, 2**63 - 1),
    team_id=WORD,
    channel_id=st.just("C0MEDIA") | WORD,
    created_by=SUBJECT,
    created_at=st.just(NOW),
    provider=MAYBE_WORD,
    account=MAYBE_WORD,
    to=st.sampled_from(["failures", "finished", "all"]) | WORD,
    room=MAYBE_WORD,
    watchers=st.lists(st.builds(Watcher, SUBJECT, SUBJECT, st.booleans()), max_size=4).map(tuple),
    paused_at=INSTANT,
    paused_why=MAYBE_WORD,
    ended_by=st.none() | SUBJECT,
)
DEAF = st.builds(Deaf, WORD, WORD, WORD)


@BOUNDED
@given(contents=CONTENTS, mentions=MENTIONS, on_call=ON_CALL, page=PAGE, options=OPTIONS)
def test_slack_takes_every_alert(
    contents: AlertContents, mentions: list[str], on_call: Any, page: int, options: Options
) -> None:
    view = render_alert(
        contents, mentions=mentions, on_call=on_call, page=page, now=NOW, options=options
    )

    assert_slack_takes(view)


@BOUNDED
@given(contents=CONTENTS, page=PAGE, options=OPTIONS)
def test_slack_takes_the_details_of_every_alert(
    contents: AlertContents, page: int, options: Options
) -> None:
    assert validate_view(render_alert_details(contents, page=page, options=options)) == []


@BOUNDED
@given(event=EVENT, contents=CONTENTS, on_call=ON_CALL, options=OPTIONS)
def test_slack_takes_every_line_of_the_log_and_every_word_to_a_late_one(
    event: AlertEvent, contents: AlertContents, on_call: Any, options: Options
) -> None:
    assert_slack_takes(render_alert_event(event, contents.alert, on_call=on_call, options=options))
    assert_slack_takes(render_late_press(contents, options=options))


@BOUNDED
@given(
    alerts=st.lists(ALERT, max_size=3),
    scope=WORD,
    page=PAGE,
    silences=st.lists(SILENCE, max_size=3),
    options=OPTIONS,
)
def test_slack_takes_every_list_of_alerts(
    alerts: list[Alert], scope: str, page: int, silences: list[Silence], options: Options
) -> None:
    view = render_alerts(
        alerts * 4, AlertsPage(page, scope), has_more=True, silences=silences * 4, options=options
    )

    assert_slack_takes(view)


@BOUNDED
@given(silence=SILENCE, alert=st.none() | ALERT, happening=WORD, options=OPTIONS)
def test_slack_takes_all_news_of_silences(
    silence: Silence, alert: Alert | None, happening: str, options: Options
) -> None:
    for one in ("begun", "hid", "ended", happening):
        assert_slack_takes(render_silence_news(one, silence, alert, options=options))
    assert_slack_takes(render_silenced(silence, options=options))
    assert_slack_takes(render_unsilenced([silence] * 12, options=options))
    assert_slack_takes(render_silences([silence] * 12, options=options))


@BOUNDED
@given(subscription=SUBSCRIPTION, deaf=st.lists(DEAF, max_size=3), options=OPTIONS)
def test_slack_takes_all_news_of_subscriptions(
    subscription: Subscription, deaf: list[Deaf], options: Options
) -> None:
    many = [subscription] * 12

    for happening in (*NEWS, "later"):
        assert_slack_takes(render_subscription_news(happening, subscription, options=options))
    assert_slack_takes(render_subscribed(subscription, deaf=deaf * 4, options=options))
    assert_slack_takes(render_not_subscribed(deaf * 4, options=options))
    assert_slack_takes(render_unsubscribed(many, many, options=options))
    assert_slack_takes(add_subscriptions(View([], "x"), many, options))


@BOUNDED
@given(told=st.lists(TOLD, min_size=1, max_size=3), more=st.data(), options=OPTIONS)
def test_slack_takes_every_report(
    told: list[dict[str, Any]], more: st.DataObject, options: Options
) -> None:
    doubts = more.draw(st.fixed_dictionaries({"late": st.booleans(), "confirmed": st.booleans()}))
    subscription = more.draw(st.none() | SUBSCRIPTION)
    reports = [read_facts(one | doubts, NOW) for one in told]

    view = render_reported(
        reports * more.draw(st.integers(1, 14)), subscription, now=NOW, options=options
    )

    assert_slack_takes(view)


@BOUNDED
@given(
    kind=st.sampled_from([*NOTICES, "later"]),
    facts=st.dictionaries(
        st.sampled_from(
            ["channel_id", "reason", "alerts", "pager", "rota", "error", "account", "tasks"]
        ),
        JSON | WORD | COUNT,
    ),
    options=OPTIONS,
)
def test_slack_takes_every_announcement(kind: str, facts: Any, options: Options) -> None:
    assert_slack_takes(render_oncall_notice(kind, facts, options=options))
