"""Everything the bot shows about watches, one of each; ``shown.py`` takes it in."""

from dataclasses import replace
from datetime import timedelta

from bot.models import Happening
from bot.views.buttons import WatchesPage
from bot.views.dead_letters import render_dead_letters
from bot.views.digest import render_digest
from bot.views.layout import View
from bot.views.watch import render_watch_card
from bot.views.watch_list import Schedule, render_watches
from bot.views.watch_news import render_group, render_news, render_notice
from bot.views.watch_notes import render_unclear, render_unwatched, render_watching
from bot.views.words import CHINESE
from providers.models import TaskRef
from tests.bot.views.samples import DEFAULTS, NOW, PUBLIC, STORIES
from tests.bot.views.watch_samples import (
    ONCALL,
    SLOW,
    SOON,
    batch,
    contents,
    dead,
    facts,
    told,
    watch,
    watched,
)

RUNNING = watched(STORIES["merge_running"])
QUIET = replace(PUBLIC, condensed=True)
SEVERAL = [
    facts("recording_done", mentions=["U0ALICE"]),
    facts("transcode_failed", mentions=["U0ALICE", "S0ONCALL"]),
    facts("thumbnails_done", late=True),
]
WATCHES = [
    RUNNING,
    watched(STORIES["transcode_running"], watchers=(ONCALL,), channel_id="C0STUDIO"),
    watched(),
]

WATCH_MESSAGES: dict[str, View] = {
    "watch_card": render_watch_card(contents(RUNNING), {11: SOON}, now=NOW, options=PUBLIC),
    "watch_card_condensed": render_watch_card(
        contents(RUNNING), {11: SOON}, now=NOW, options=QUIET
    ),
    "watch_card_first": render_watch_card(
        contents(
            watched(STORIES["not_found"], watchers=(*RUNNING.watch.watchers, ONCALL)), ts=None
        ),
        {},
        now=NOW,
        options=PUBLIC,
    ),
    "watch_card_ended": render_watch_card(
        contents(watched(STORIES["recording_done"])), {}, now=NOW, options=PUBLIC
    ),
    "watch_card_failed": render_watch_card(
        contents(watched(STORIES["transcode_failed"])), {}, now=NOW, options=PUBLIC
    ),
    "watch_card_many": render_watch_card(batch(), {11: SLOW}, now=NOW, options=PUBLIC),
    "watch_final": render_news(facts("recording_done"), now=NOW, options=PUBLIC),
    "watch_final_condensed": render_news(facts("recording_done"), now=NOW, options=QUIET),
    "watch_final_failed": render_news(
        facts("transcode_failed", mentions=["U0ALICE", "S0ONCALL"], late=True),
        now=NOW,
        options=PUBLIC,
    ),
    "watch_final_in_chinese": render_news(
        facts("thumbnails_done", Happening.IMPROVED, before="partial"),
        now=NOW,
        options=replace(PUBLIC, words=CHINESE),
    ),
    "watch_final_signed": render_news(facts("video_generation_signed"), now=NOW, options=PUBLIC),
    "watch_group": render_group(SEVERAL, now=NOW, options=PUBLIC),
    "watch_digest": render_digest(SEVERAL * 7, "01JD", now=NOW, options=PUBLIC),
    "watch_news_unreachable": render_news(
        facts("merge_running", Happening.UNREACHABLE, trouble="unreachable", mentions=[]),
        now=NOW,
        options=PUBLIC,
    ),
    "watch_limit_near": render_news(
        facts("merge_running", Happening.LIMIT_NEAR, ends_at="2026-11-20T12:00:00Z"),
        now=NOW,
        options=PUBLIC,
    ),
    "watch_limit_reached": render_news(
        facts("merge_running", Happening.LIMIT_REACHED), now=NOW, options=PUBLIC
    ),
    "watch_notice": render_notice(
        "channel_archived",
        {
            "channel_id": "C0MEDIA",
            "refs": ["record@main:X3CgNeE4I1qAAABN"],
            "happening": told(STORIES["recording_done"]),
        },
        options=DEFAULTS,
    ),
    "watches": render_watches(
        WATCHES,
        WatchesPage(0, "mine"),
        12,
        Schedule({11: SLOW}, {11: NOW + timedelta(seconds=40)}),
        now=NOW,
        options=DEFAULTS,
    ),
    "watches_none": render_watches(
        [], WatchesPage(0, "here"), 0, Schedule(), now=NOW, options=DEFAULTS
    ),
    "watching": render_watching(
        ["record@main:X3CgNeE4I1qAAABN", "mpc@transcode:22123973"],
        ["mpc@transcode:22123974"],
        ["mpc@transcode:22123975"],
        ends_at=NOW + timedelta(days=7),
        options=DEFAULTS,
    ),
    "watching_unclear": render_unclear(
        "22123973",
        [TaskRef("mpc", "transcode", "22123973"), TaskRef("huawei", "main", "22123973")],
        DEFAULTS,
    ),
    "unwatched": render_unwatched(
        [watch(RUNNING.task)], [], [watch(WATCHES[1].task)], options=DEFAULTS
    ),
    "dead_letters": render_dead_letters(
        [dead(), dead(2, kind="digest", channel_id="C0STUDIO", error=None, attempts=1)],
        options=DEFAULTS,
    ),
}
