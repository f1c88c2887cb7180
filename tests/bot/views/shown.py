"""Everything the bot can show, one of each: for the snapshots and for ``docs/gallery``."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.models import Broadcast, Preferences, RecentLookup, Visibility
from bot.views.batch import render_batch
from bot.views.buttons import ListPage
from bot.views.details import render_details
from bot.views.gallery import render_gallery, render_sheet
from bot.views.health import render_health
from bot.views.help import render_failure, render_help, render_usage_error
from bot.views.home import HomeModel, render_home
from bot.views.layout import View, without_images
from bot.views.listing import render_list
from bot.views.lookup_form import LookupChoice, render_lookup_form
from bot.views.recent import render_recent
from bot.views.settings_form import render_settings
from bot.views.sharing import render_denied, render_not_member, render_shared
from bot.views.task import render_task
from bot.views.words import CHINESE
from providers.base import TaskPage
from providers.gate import Health
from providers.models import TaskRef, TaskState
from tests.bot.views.oncall_samples import alert, silence
from tests.bot.views.samples import DEFAULTS, NOW, PUBLIC, STORIES, ago, task
from tests.bot.views.shown_oncall import ONCALL_MESSAGES, ONCALL_MODALS
from tests.bot.views.shown_watches import WATCH_MESSAGES, WATCHES
from tests.bot.views.watch_samples import dead

ACCOUNTS = {
    "tencent": ["main", "staging"],
    "record": ["main"],
    "mpc": ["transcode"],
    "tiw": [],
}
EXAMPLES = ["record X3CgNeE4I1qAAABN", "mpc 22123973", "tencent 1400341231-ComposeMedia-6fdf"]
HEALTH = {
    ("tencent", "main"): Health(answering=True, since=ago(days=3), latency_s=0.12, budget=1.0),
    ("record", "main"): Health(answering=True, since=ago(hours=5), latency_s=0.31, budget=0.87),
    ("mpc", "transcode"): Health(answering=False, since=ago(minutes=4), latency_s=0.2, budget=1.0),
    ("tiw", "board"): Health(answering=True, since=None, latency_s=None, budget=1.0),
}
LOOKUPS = [
    RecentLookup(TaskRef("mpc", "transcode", "22123974"), "transcode", "failed", ago(minutes=2)),
    RecentLookup(
        TaskRef("record", "main", "X3CgNeE4I1qAAABN"), "recording", "running", ago(hours=1)
    ),
    RecentLookup(TaskRef("huawei", "main", "289665200"), None, None, ago(days=2)),
]
RECORDINGS = (
    task(state=TaskState.RUNNING, started_at=ago(minutes=20), room="lesson-7"),
    task(state=None, task_id="X3CgNeE4I1qAAABM", started_at=ago(hours=1)),
    task(state=None, task_id="X3CgNeE4I1qAAABL", started_at=ago(hours=2)),
)
RAW = {
    "TaskId": "22123974",
    "Status": "FAILED",
    "Message": "The input is <broken> & short.",
    "Input": {"Bucket": "media", "Object": "in/lesson-7.flv"},
    "CallbackUrl": "https://hook.example/media?token=abc",
    "AccessKeyId": "AK0123456789",
    "Outputs": [],
}
MANY = [
    status.model_copy(update={"task_id": f"{status.task_id[:12]}-{number}"})
    for number in range(3)
    for status in STORIES.values()
]
DONE = STORIES["recording_done"]
THUMBNAILS = STORIES["thumbnails_done"]

MESSAGES: dict[str, View] = {
    **WATCH_MESSAGES,
    **ONCALL_MESSAGES,
    **{
        f"card_{name}": render_task(status, now=NOW, options=DEFAULTS)
        for name, status in STORIES.items()
    },
    "batch": render_batch(list(STORIES.values()), now=NOW, options=DEFAULTS),
    "batch_second_page": render_batch(MANY, now=NOW, options=DEFAULTS, page=1),
    "condensed_done": render_task(DONE, now=NOW, options=replace(DEFAULTS, condensed=True)),
    "condensed_failed": render_task(
        STORIES["transcode_failed"], now=NOW, options=replace(DEFAULTS, condensed=True)
    ),
    "denied": render_denied("no links at night", "S0ONCALL"),
    "failure": render_failure("K3J9QX"),
    "gallery": render_gallery(THUMBNAILS, options=DEFAULTS),
    "help": render_help(ACCOUNTS, EXAMPLES),
    "help_before_set_up": render_help({}, []),
    "help_topic": render_help(ACCOUNTS, EXAMPLES, topic="list"),
    "in_chinese": render_task(
        STORIES["recording_partial"], now=NOW, options=replace(DEFAULTS, words=CHINESE)
    ),
    "list": render_list(
        TaskPage(RECORDINGS, 23, has_more=True),
        ListPage("record", "main", None, timedelta(hours=3), 2),
        now=NOW,
        options=DEFAULTS,
    ),
    "not_member": render_not_member("C0STUDIO"),
    "providers": render_health(HEALTH),
    "recent": render_recent(LOOKUPS, options=DEFAULTS),
    "shared": render_shared(DONE, "U0BOB", now=NOW, options=DEFAULTS),
    "sheet": render_sheet(THUMBNAILS, "F0SHEET", 12, DEFAULTS),
    "signed_in_a_channel": render_task(STORIES["video_generation_signed"], now=NOW, options=PUBLIC),
    "usage_error": render_usage_error("`tencnet` is no provider here.", "tencent", "tencent 1-A"),
    "without_pictures": without_images(render_task(THUMBNAILS, now=NOW)),
}

MODALS: dict[str, dict[str, Any]] = {
    **ONCALL_MODALS,
    "modal_details": render_details(
        STORIES["transcode_failed"].model_copy(update={"raw": RAW}), now=NOW, options=DEFAULTS
    ),
    "modal_lookup": render_lookup_form(
        ACCOUNTS, choice=LookupChoice("tencent"), remark="Looks like a ZEGO cloud recording."
    ),
    "modal_settings": render_settings(
        Preferences(
            Visibility.CHANNEL,
            links_in_channel=False,
            news=frozenset({"paused", "unreachable"}),
            broadcast=Broadcast.FAILURES,
        ),
        Preferences(condensed=True),
        True,
        metadata="C0MEDIA",
    ),
    "modal_settings_read_only": render_settings(Preferences(), Preferences(), False),
}

HOME = render_home(
    HomeModel(
        LOOKUPS,
        HEALTH,
        Preferences(condensed=True),
        ACCOUNTS,
        EXAMPLES,
        watches=WATCHES[:2],
        alerts=[alert(count=41)],
        on_call={"media": ["U0EVE"], "nights": []},
        silences=[silence()],
        dead_letters=[dead()],
    ),
    now=NOW,
    options=DEFAULTS,
)
