"""Whatever a vendor sends and a person types, Slack takes the message."""

import json
import re
import string
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Preferences, RecentLookup
from bot.sandbox.slack.blocks import validate_message, validate_view
from bot.views.batch import render_batch
from bot.views.buttons import ListPage
from bot.views.details import render_details
from bot.views.gallery import render_gallery, render_sheet
from bot.views.help import render_usage_error
from bot.views.home import HomeModel, render_home
from bot.views.layout import View, without_images
from bot.views.listing import render_list
from bot.views.lookup_form import LookupChoice, render_lookup_form
from bot.views.modals import render_in_modal
from bot.views.options import Options
from bot.views.recent import render_recent
from bot.views.task import render_task
from bot.views.words import CHINESE, ENGLISH
from providers.base import TaskPage
from providers.models import (
    Kind,
    Output,
    OutputStatus,
    OutputType,
    Reason,
    TaskError,
    TaskRef,
    TaskState,
    TaskStatus,
)
from tests.bot.views.reading import elements

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ATTACKS = (
    "<!channel>",
    "<@U0ALICE>",
    "<https://evil.example|click>",
    "&<>|`*_~",
    "`" * 40,
    "\u202egnp.exe",
    "&" * 4000,
    "<" * 300,
    "x" * 5000,
    "\n\n> quoted",
    "\ud800",
    "\x00\x1b[2J",
    "录制" * 1500,
    "",
)
WORD = st.sampled_from(ATTACKS) | st.text(max_size=30)
MAYBE_WORD = st.none() | WORD
PATH = st.sampled_from(ATTACKS) | st.text(string.ascii_letters + "/%?&=.", max_size=30)
URL = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        ["https://cdn.example/", "http://cdn.example/", "http://127.0.0.1/", "https://[", "js:", ""]
    ),
    PATH,
    st.sampled_from([".mp4", ".jpg", ".webp", ""]),
)
INSTANT = st.none() | st.integers(-(10**6), 10**6).map(lambda by: NOW + timedelta(minutes=by))
OUTPUT = st.builds(
    Output,
    type=st.sampled_from(OutputType),
    url=st.none() | URL,
    object=MAYBE_WORD,
    name=MAYBE_WORD,
    file_id=MAYBE_WORD,
    format=MAYBE_WORD,
    size_bytes=st.none() | st.integers(0, 10**18),
    duration_s=st.none() | st.floats(0, 10**8),
    width=st.none() | st.integers(0, 10**5),
    height=st.none() | st.integers(0, 10**5),
    status=st.none() | st.sampled_from(OutputStatus),
    stream_id=MAYBE_WORD,
    user_id=MAYBE_WORD,
    signed=st.booleans(),
    expires_at=INSTANT,
)
STATUS = st.builds(
    TaskStatus,
    provider=st.sampled_from(["tencent", "huawei", "record", "mpc", "tiw"]) | WORD,
    account=WORD,
    task_id=WORD,
    kind=st.none() | st.sampled_from(Kind),
    state=st.none() | st.sampled_from(TaskState),
    vendor_status=MAYBE_WORD,
    room=MAYBE_WORD,
    progress=st.none() | st.floats(0, 1),
    created_at=INSTANT,
    started_at=INSTANT,
    finished_at=INSTANT,
    outputs=st.lists(OUTPUT, max_size=14).map(tuple),
    thumbnails=st.lists(URL, max_size=5).map(tuple) | st.just(("https://cdn.example/a.jpg",) * 300),
    error=st.none()
    | st.builds(
        TaskError,
        code=MAYBE_WORD,
        message=WORD,
        reason=st.sampled_from(Reason),
        hint=MAYBE_WORD,
    ),
    request_id=MAYBE_WORD,
    vendor_request_id=MAYBE_WORD,
    queried_at=st.just(NOW),
    undocumented=st.lists(WORD, max_size=5).map(tuple),
)
OPTIONS = st.builds(
    Options,
    public=st.booleans(),
    local_images=st.booleans(),
    links_in_channel=st.booleans(),
    thumbnails=st.booleans(),
    condensed=st.booleans(),
    words=st.sampled_from([ENGLISH, CHINESE]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORD | URL,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORD, inner, max_size=4),
    max_leaves=20,
)
LOOKUP = st.builds(
    RecentLookup,
    ref=st.builds(TaskRef, WORD, WORD, WORD),
    kind=MAYBE_WORD,
    state=MAYBE_WORD,
    asked_at=st.just(NOW),
)
LIST_QUERY = st.builds(
    ListPage,
    provider=WORD,
    account=WORD,
    state=MAYBE_WORD,
    since=st.integers(0, 10**6).map(lambda by: timedelta(seconds=by)),
    page=st.integers(1, 99),
)
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_slack_takes(view: View) -> None:
    assert validate_message(view.blocks, view.text) == []
    assert view.text.isprintable()
    assert view.text.strip()
    assert len(view.text) < 4000
    assert json.dumps(view.blocks, ensure_ascii=False).isprintable()
    assert_nobody_is_called(view)


def assert_nobody_is_called(view: View) -> None:
    """Nothing foreign became a link, a mention or a shout."""
    marked_up = [node["text"] for node in elements(view) if node.get("type") == "mrkdwn"]
    for text in (view.text, *marked_up):
        assert not MARKUP.findall(DATE.sub("", text))


def assert_slack_opens(modal: dict[str, Any]) -> None:
    assert validate_view(modal) == []
    assert_nobody_is_called(View(modal["blocks"], ""))


MARKUP = re.compile(r"<[^>]*>")
DATE = re.compile(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: -]+UTC>")


@BOUNDED
@given(status=STATUS, options=OPTIONS)
def test_slack_takes_every_card(status: TaskStatus, options: Options) -> None:
    view = render_task(status, now=NOW, options=options)

    assert_slack_takes(view)
    assert_slack_takes(without_images(view))


@BOUNDED
@given(status=STATUS, page=st.integers(-1, 40), options=OPTIONS)
def test_slack_takes_every_gallery_and_sheet(
    status: TaskStatus, page: int, options: Options
) -> None:
    gallery = render_gallery(status, page=page, options=options)

    assert_slack_takes(gallery)
    assert_slack_takes(without_images(gallery))
    assert_slack_opens(render_in_modal(gallery))
    assert_slack_takes(render_sheet(status, "F0SHEET", page, options))


@BOUNDED
@given(status=STATUS, raw=st.dictionaries(WORD, JSON, max_size=6), options=OPTIONS)
def test_slack_opens_all_details(status: TaskStatus, raw: dict[str, Any], options: Options) -> None:
    told = status.model_copy(update={"raw": raw})

    assert_slack_opens(render_details(told, now=NOW, options=options))


@BOUNDED
@given(tasks=st.lists(STATUS, max_size=3), times=st.integers(1, 20), query=LIST_QUERY)
def test_slack_takes_every_list(tasks: list[TaskStatus], times: int, query: ListPage) -> None:
    page = TaskPage(tuple(tasks * times), total=None, has_more=bool(tasks))

    assert_slack_takes(render_list(page, query, now=NOW))


@BOUNDED
@given(lookups=st.lists(LOOKUP, max_size=3), times=st.integers(1, 5), options=OPTIONS)
def test_slack_takes_every_history(
    lookups: list[RecentLookup], times: int, options: Options
) -> None:
    home = HomeModel(lookups * times, {}, Preferences(), {}, [])

    assert_slack_takes(render_recent(lookups * times, options=options))
    assert_slack_opens(render_home(home, now=NOW, options=options))


NAME = st.from_regex("[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)


@BOUNDED
@given(accounts=st.dictionaries(NAME, st.lists(NAME), max_size=4), remark=MAYBE_WORD)
def test_slack_opens_every_form(accounts: dict[str, list[str]], remark: str | None) -> None:
    choice = LookupChoice(next(iter(accounts), None))

    assert_slack_opens(render_lookup_form(accounts, choice=choice, remark=remark))


@BOUNDED
@given(statuses=st.lists(STATUS, max_size=4), times=st.integers(1, 12), options=OPTIONS)
def test_slack_takes_every_batch(statuses: list[TaskStatus], times: int, options: Options) -> None:
    assert_slack_takes(render_batch(statuses * times, now=NOW, options=options))


@BOUNDED
@given(understood=WORD.filter(str.strip), nearest=MAYBE_WORD, example=WORD)
def test_slack_takes_every_usage_error(understood: str, nearest: Any, example: str) -> None:
    assert_slack_takes(render_usage_error(understood, nearest, example))
