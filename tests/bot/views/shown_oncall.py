"""Everything the bot shows about on-call, one of each; ``shown.py`` takes it in."""

from dataclasses import replace
from typing import Any

from bot.oncall import AlertStatus, What
from bot.views.alert import render_alert
from bot.views.alert_details import render_alert_details
from bot.views.alert_event import render_alert_event
from bot.views.alert_list import render_alerts
from bot.views.buttons import AlertsPage
from bot.views.facts import read_facts
from bot.views.late_press import render_late_press
from bot.views.layout import View
from bot.views.oncall_notice import render_oncall_notice
from bot.views.reported import render_reported
from bot.views.silence import render_silence_news, render_silenced, render_unsilenced
from bot.views.subscription import (
    Deaf,
    render_not_subscribed,
    render_subscribed,
    render_subscription_news,
    render_unsubscribed,
)
from bot.views.words import CHINESE
from tests.bot.views.oncall_samples import (
    DOWN,
    ON_CALL,
    RESOLVED,
    SNOOZED,
    STUCK,
    alert,
    contents,
    event,
    several,
    silence,
    subscription,
)
from tests.bot.views.samples import DEFAULTS, NOW, PUBLIC, STORIES, ago
from tests.bot.views.watch_samples import told

QUIET = replace(PUBLIC, condensed=True)
TAKEN = contents(
    event(What.ACKNOWLEDGED, by="U0BOB"),
    status=AlertStatus.ACKNOWLEDGED,
    acknowledged_by="U0BOB",
    acknowledged_at=ago(minutes=4),
)
DEAF = [Deaf("tiw", "board", "accounts.board.callback_key")]
REPORT = told(STORIES["recording_partial"], late=True, confirmed=False, mentions=["S0ONCALL"])

ONCALL_MESSAGES: dict[str, View] = {
    "alert": render_alert(
        contents(), mentions=["S0ONCALL", "rota:media"], on_call=ON_CALL, now=NOW, options=PUBLIC
    ),
    "alert_acknowledged": render_alert(TAKEN, now=NOW, options=PUBLIC),
    "alert_condensed": render_alert(several(), now=NOW, options=QUIET),
    "alert_in_chinese": render_alert(SNOOZED, now=NOW, options=replace(PUBLIC, words=CHINESE)),
    "alert_many": render_alert(several(), now=NOW, options=PUBLIC),
    "alert_outage": render_alert(DOWN, mentions=["S0ONCALL"], now=NOW, options=PUBLIC),
    "alert_resolved": render_alert(RESOLVED, now=NOW, options=PUBLIC),
    "alert_snoozed": render_alert(SNOOZED, now=NOW, options=PUBLIC),
    "alert_stuck": render_alert(STUCK, now=NOW, options=PUBLIC),
    "alert_event_escalated": render_alert_event(
        event(What.ESCALATED, mentions=("U0LEAD", "rota:media")),
        alert(),
        on_call=ON_CALL,
        options=PUBLIC,
    ),
    "alert_event_acknowledged": render_alert_event(
        event(What.ACKNOWLEDGED, by="U0BOB"), alert(), options=PUBLIC
    ),
    "alert_event_recovered": render_alert_event(
        event(What.RECOVERED, facts={"tasks": 3, "left": 38}), alert(), options=PUBLIC
    ),
    "alert_late_press": render_late_press(TAKEN, options=DEFAULTS),
    "alerts": render_alerts(
        [alert(count=41), SNOOZED.alert, DOWN.alert],
        AlertsPage(0, "open"),
        has_more=True,
        silences=[silence()],
        options=DEFAULTS,
    ),
    "alerts_none": render_alerts([], AlertsPage(0, "mine"), has_more=False, options=DEFAULTS),
    "oncall_route_unusable": render_oncall_notice(
        "route_unusable",
        {"channel_id": "C0ONCALL", "reason": "bot_removed", "alerts": 2},
        options=PUBLIC,
    ),
    "reported": render_reported([read_facts(REPORT, NOW)], subscription(), now=NOW, options=PUBLIC),
    "silenced": render_silenced(silence(), options=DEFAULTS),
    "silence_hides": render_silence_news("hid", silence(), alert(count=41), options=PUBLIC),
    "silence_over": render_silence_news("ended", silence(), options=PUBLIC),
    "unsilenced": render_unsilenced([silence(ended_by="U0ALICE")], options=DEFAULTS),
    "subscribed": render_subscribed(subscription(), deaf=DEAF, options=DEFAULTS),
    "subscription_refused": render_not_subscribed(DEAF, options=DEFAULTS),
    "subscription_paused": render_subscription_news(
        "paused", subscription(paused_why="channel_archived"), options=DEFAULTS
    ),
    "unsubscribed": render_unsubscribed([subscription()], options=DEFAULTS),
}

ONCALL_MODALS: dict[str, dict[str, Any]] = {
    "modal_alert": render_alert_details(
        replace(RESOLVED, alert=replace(RESOLVED.alert, count=41)), options=DEFAULTS
    ),
}
