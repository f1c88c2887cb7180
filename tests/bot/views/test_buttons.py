import base64
import json
import zlib
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.buttons import (
    AlertButton,
    AlertsPage,
    AlertTasksPage,
    BatchPage,
    CardButton,
    DeliveryButton,
    DigestPage,
    GalleryPage,
    ListPage,
    SilenceButton,
    SnoozeOption,
    SubscriptionButton,
    TaskButton,
    Value,
    WatchButton,
    WatchesPage,
    decode,
    encode,
)
from bot.views.layout import MAX_BUTTON_VALUE

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"))
REFS = st.builds("{}@{}:{}".format, NAMES.filter(bool), NAMES, st.text(max_size=60))
LISTS = st.builds(
    ListPage,
    provider=st.sampled_from(["mpc", "record"]),
    account=NAMES,
    state=st.none() | st.sampled_from(["failed", "running"]),
    since=st.integers(0, 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    page=st.integers(1, 900),
)
PAGES = (
    st.builds(BatchPage, st.integers(0, 9), st.lists(REFS, min_size=1, max_size=9).map(tuple))
    | st.builds(GalleryPage, st.integers(0, 90), REFS)
    | LISTS
)
ROW_IDS = st.integers(0, 2**63 - 1)
ABOUT_WATCHES = (
    st.builds(WatchesPage, st.integers(0, 90), st.sampled_from(["here", "mine", "all"]))
    | st.builds(DigestPage, st.integers(0, 90), st.text(max_size=20))
    | st.builds(WatchButton, ROW_IDS, st.text(max_size=20))
    | st.builds(CardButton, ROW_IDS)
    | st.builds(DeliveryButton, st.text(max_size=20))
)

ABOUT_ALERTS = (
    st.builds(AlertButton, ROW_IDS, ROW_IDS)
    | st.builds(
        SnoozeOption,
        ROW_IDS,
        ROW_IDS,
        st.integers(60, 7 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    )
    | st.builds(SubscriptionButton, ROW_IDS)
    | st.builds(SilenceButton, ROW_IDS)
    | st.builds(AlertsPage, st.integers(0, 90), st.sampled_from(["open", "mine", "all"]))
    | st.builds(AlertTasksPage, st.integers(0, 90), ROW_IDS)
)
MAX_OPTION_VALUE = 150  # Slack's limit of a menu's option, less than a button's


@given(value=ABOUT_ALERTS)
def test_a_button_about_an_alert_brings_back_what_it_was_given(value: Value) -> None:
    text = encode(value) or ""

    assert decode(text) == value
    assert len(text) <= MAX_OPTION_VALUE


@given(value=ABOUT_WATCHES)
def test_a_button_about_a_watch_brings_back_what_it_was_given(value: Value) -> None:
    assert decode(encode(value) or "") == value


@given(value=PAGES)
def test_a_button_brings_back_what_it_was_given(value: Value) -> None:
    text = encode(value)

    assert text is None or decode(text) == value
    assert text is None or len(text) <= MAX_BUTTON_VALUE
    assert text is None or text.isascii()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (TaskButton("record@main:X3CgNeE4I1qAAABN"), "record@main:X3CgNeE4I1qAAABN"),
        (
            BatchPage(1, ("record@main:1", "record@main:2", "mpc@a:3", "mpc@a:4:5")),
            '{"k":"batch","p":1,"r":["record@main:1",":2","mpc@a:3",":4:5"]}',
        ),
        (GalleryPage(2, "mpc@a:3"), '{"k":"gallery","p":2,"r":"mpc@a:3"}'),
        (ListPage("mpc", "a"), '{"k":"list","p":1,"v":"mpc","a":"a"}'),
        (
            ListPage("mpc", "a", "failed", timedelta(hours=2), 3),
            '{"k":"list","p":3,"v":"mpc","a":"a","s":"failed","t":7200}',
        ),
        (WatchesPage(1, "mine"), '{"k":"watches","p":1,"s":"mine"}'),
        (DigestPage(2, "01JD"), '{"k":"digest","p":2,"d":"01JD"}'),
        (WatchButton(7, "mpc@a:3"), '{"k":"watch","w":7,"r":"mpc@a:3"}'),
        (CardButton(5), '{"k":"card","c":5}'),
        (DeliveryButton("01JD"), '{"k":"delivery","d":"01JD"}'),
        (AlertButton(12, 3), '{"k":"alert","a":12,"v":3}'),
        (SnoozeOption(12, 3, timedelta(hours=1)), '{"k":"snooze","a":12,"v":3,"s":3600}'),
        (SubscriptionButton(9), '{"k":"subscription","n":9}'),
        (SilenceButton(4), '{"k":"silence","n":4}'),
        (AlertsPage(1, "mine"), '{"k":"alerts","p":1,"s":"mine"}'),
        (AlertTasksPage(1, 12), '{"k":"alert_tasks","p":1,"a":12}'),
    ],
)
def test_values_are_written_as_promised_for_buttons_of_last_month(value: Value, text: str) -> None:
    assert encode(value) == text
    assert decode(text) == value


def test_forty_long_refs_fit_because_they_are_deflated() -> None:
    seals = [sha256(bytes([index])).hexdigest()[:32] for index in range(40)]
    refs = tuple(f"tencent@main:1400341231-ComposeMedia-{seal}tt0" for seal in seals)

    text = encode(BatchPage(2, refs))

    assert text is not None
    assert text.startswith("~")
    assert decode(text) == BatchPage(2, refs)


@pytest.mark.parametrize(
    "value",
    [
        TaskButton(""),
        TaskButton("record@main:" + "x" * 2000),
        TaskButton("record@main:a\u202eb"),
        GalleryPage(0, "".join(sha256(bytes([index])).hexdigest() for index in range(60))),
    ],
)
def test_what_no_button_can_hold_is_none(value: Value) -> None:
    assert encode(value) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"k":"batch","r":["record@main:1"],"new":true}', BatchPage(0, ("record@main:1",))),
        ('{"k":"batch","p":-4,"r":["record@main:1"]}', BatchPage(0, ("record@main:1",))),
        ('{"k":"gallery","p":1e9,"r":"mpc@a:3"}', GalleryPage(10_000, "mpc@a:3")),
        ('{"k":"list","p":0,"v":"mpc","t":-5}', ListPage("mpc", "")),
        ('{"k":"watches"}', WatchesPage(0, "here")),
        ('{"k":"alerts"}', AlertsPage(0, "open")),
        ('{"k":"snooze","a":1,"v":2,"s":1}', SnoozeOption(1, 2, timedelta(minutes=1))),
        ('{"k":"snooze","a":1,"v":2,"s":9999999}', SnoozeOption(1, 2, timedelta(days=7))),
    ],
)
def test_what_an_older_or_newer_bot_wrote_is_read_as_far_as_it_goes(text: str, read: Value) -> None:
    assert decode(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"k":"hologram"}',
        '{"k":["batch"]}',
        '{"k":"batch"}',
        '{"k":"batch","r":[]}',
        '{"k":"watch","w":7}',
        '{"k":"watch","w":-7,"r":"mpc@a:3"}',
        '{"k":"card","c":9223372036854775808}',
        '{"k":"card","c":"five"}',
        '{"k":"delivery"}',
        '{"k":"digest","p":1}',
        '{"k":"alert","a":1}',
        '{"k":"alert","a":-1,"v":2}',
        '{"k":"snooze","a":1,"v":2}',
        '{"k":"snooze","a":1,"v":2,"s":Infinity}',
        '{"k":"subscription"}',
        '{"k":"silence","n":"x"}',
        '{"k":"alert_tasks","p":0}',
        '{"k":"batch","r":7}',
        '{"k":"batch","p":"x","r":["a"]}',
        '{"k":"batch","p":Infinity,"r":["a"]}',
        '{"k":"batch","r":' + "[" * 100_000,
        "~",
        "~not base 64",
        "~" + base64.urlsafe_b64encode(b"not deflated").decode(),
        "~" + base64.urlsafe_b64encode(zlib.compress(b"\xff\xfe")).decode(),
        "~" + base64.urlsafe_b64encode(zlib.compress(b"{" * 10**7)).decode(),
    ],
)
def test_what_nobody_understands_any_more_is_none(text: str) -> None:
    assert decode(text) is None


@given(text=st.text() | st.text().map(lambda text: "{" + text) | st.text().map(json.dumps))
def test_no_text_is_too_strange(text: str) -> None:
    read = decode(text)

    assert read is None or isinstance(read, Value)
