"""Loose JSON values, read strictly."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.models import OutputType
from providers.reading import (
    file_format,
    leftovers,
    output_type,
    read_amount,
    read_compact_time,
    read_epoch_ms,
    read_epoch_s,
    read_link,
    read_number,
    read_object,
    read_text,
    told_times,
    unlisted,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b'{"a": [1]}', {"a": [1]}),
        (b"\xef\xbb\xbf{}", {}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a": "\\uD800"}', {"a": "?"}),
        (b'{"a": "\xed\xa0\x80"}', None),
        ('{"a": 1}'.encode("utf-16"), None),
        (b'{"a": NaN}', None),
        (b"[]", None),
        (b"", None),
        (b'{"a": ' + b"1" * 5000 + b"}", None),
        (b'{"a":' * 100_000, None),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_only_a_json_object_in_utf8_is_read(body: bytes, document: dict[str, Any] | None) -> None:
    assert read_object(body) == document


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (25.48, 25.48),
        ("1.5", 1.5),
        (0, 0.0),
        (-1, None),
        ("inf", None),
        (True, None),
        ("seven", None),
        ("", None),
        (None, None),
        ([1], None),
    ],
    ids=repr,
)
def test_an_amount_is_finite_and_not_negative(value: object, amount: float | None) -> None:
    assert read_amount(value) == amount


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("FINISH", "FINISH"),
        (" kept as it is ", " kept as it is "),
        (5285890792776509100, "5285890792776509100"),
        (1.5, "1.5"),
        (True, "true"),
        (0, "0"),
        ("", None),
        (" ", None),
        (None, None),
        (["FINISH"], None),
        ({"a": 1}, None),
    ],
)
def test_text_is_read_from_text_and_numbers_without_losing_a_digit(
    value: object, text: str | None
) -> None:
    assert read_text(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", 12),
        ("007", 7),
        (8, 8),
        (7.0, 7),
        (0, 0),
        (18446744073709551615, 18446744073709551615),
        (-1, None),
        (7.5, None),
        ("1.5", None),
        ("seven", None),
        ("\u0667", None),
        (1e300, None),
        (float("inf"), None),
        ("9" * 5000, None),
        (True, None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_whole_and_not_negative(value: object, number: int | None) -> None:
    assert read_number(value) == number


@pytest.mark.parametrize("value", ["20241118065429", 20241118065429], ids=["text", "number"])
def test_fourteen_digits_are_a_time_in_utc(value: object) -> None:
    assert read_compact_time(value) == datetime(2024, 11, 18, 6, 54, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["20240230000000", "00000000000000", "2024111806542", "2024-11-18", "", 0, None, []]
)
def test_an_impossible_or_absent_date_is_no_time(value: object) -> None:
    assert read_compact_time(value) is None


def test_milliseconds_keep_every_digit() -> None:
    assert read_epoch_ms(1601221452099) == datetime(2020, 9, 27, 15, 44, 12, 99_000, tzinfo=UTC)
    assert read_epoch_ms("1601221452099") == read_epoch_ms(1601221452099)


def test_seconds_are_read_from_text_and_numbers() -> None:
    assert read_epoch_s("1588040109") == datetime(2020, 4, 28, 2, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, "00", "", None, -1, "soon", 10**20, {}])
def test_no_or_an_impossible_epoch_is_no_time(value: object) -> None:
    assert read_epoch_ms(value) is None
    assert read_epoch_s(value) is None


@given(ANY_JSON)
def test_nothing_a_vendor_can_send_raises(value: Any) -> None:
    text = read_text(value)
    for read in (read_number, read_compact_time, read_epoch_ms, read_epoch_s, read_link):
        read(value)

    file_format(text or "")
    output_type(text)


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/x.mp4",
        "http://a.example/x.mp4?sign=a%2Bb&t=1",
        "HTTPS://A.example/文件.mp4",
        "http://127.0.0.1:8080/x",
    ],
)
def test_a_link_is_passed_on_untouched(link: str) -> None:
    assert read_link(link) == link


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "ftp://a.example/x",
        "//a.example/x",
        "https:///x",
        "https://",
        "record/0.jpg",
        "https://a.example/x y",
        "https://a.example/\nx",
        " https://a.example/x",
        "https://[a.example/x",
        "",
        None,
        17,
        ["https://a.example/x"],
    ],
)
def test_what_is_no_http_link_is_none(value: object) -> None:
    assert read_link(value) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.MP4", "mp4"),
        ("dir.d/a.m3u8", "hls"),
        ("a.mpd", "dash"),
        ("https://h.example/v/a.flv?x=1.mp3#y.ogg", "flv"),
        ("https://h.example", None),
        ("javascript://a.mp4", None),
        ("a", None),
        (".mp4", None),
        ("a.", None),
        ("a.verylong", None),
        ("a.m p", None),
        ("", None),
    ],
)
def test_the_format_is_told_by_the_extension(name: str, expected: str | None) -> None:
    assert file_format(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mp4", OutputType.VIDEO),
        ("MP4", OutputType.VIDEO),
        ("flv", OutputType.VIDEO),
        ("aac", OutputType.AUDIO),
        ("jpg", OutputType.IMAGE),
        ("HLS", OutputType.PLAYLIST),
        ("m3u8", OutputType.PLAYLIST),
        ("zip", OutputType.PACKAGE),
        ("xyz", OutputType.OTHER),
        ("", OutputType.OTHER),
        (None, OutputType.OTHER),
    ],
)
def test_the_type_is_told_by_the_format(name: str | None, expected: OutputType) -> None:
    assert output_type(name) is expected


def test_leftovers_are_what_says_something_and_is_not_told_elsewhere() -> None:
    raw = {"a": 1, "b": "", "c": None, "d": [], "e": {}, "f": 0, "g": False, "told": "x"}

    assert leftovers(raw, {"told"}) == {"a": 1, "f": 0, "g": False}


def test_a_time_is_told_when_it_was_read_or_says_not_yet() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    raw = {"read": 1, "zero": 0, "digit": "0", "empty": "", "null": None, "impossible": "20239999"}
    times = {name: at if name == "read" else None for name in [*raw, "absent"]}

    assert told_times(raw, times) == {"read", "zero", "digit", "empty", "null", "absent"}


def test_a_word_nobody_documented_is_noted_with_its_field() -> None:
    assert unlisted("Status", "WEIRD", {"FINISH"}) == ("Status=WEIRD",)


@pytest.mark.parametrize("word", ["FINISH", None])
def test_a_listed_or_absent_word_is_not_noted(word: str | None) -> None:
    assert unlisted("Status", word, {"FINISH"}) == ()


def test_a_note_is_short_whatever_the_vendor_wrote() -> None:
    assert len(unlisted("Status", "x" * 5000, ())[0]) == 80
