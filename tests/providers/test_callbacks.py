"""What every receiver reads with, one piece at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from multidict import CIMultiDict

from providers.callbacks import (
    check_content_type,
    check_fresh,
    header,
    make_replay_key,
    name_event,
    read_nested,
    read_task_id,
    read_words,
)
from providers.errors import (
    MalformedCallbackError,
    StaleCallbackError,
    UnsupportedCallbackError,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("headers", [{"x-ONE": "1"}, CIMultiDict({"X-One": "1"})], ids=repr)
def test_a_header_is_found_in_any_case(headers: Any) -> None:
    assert header(headers, "X-One") == "1"
    assert header(headers, "X-Two") is None


@pytest.mark.parametrize("told", ["", "application/json", " Application/JSON ;charset=utf-8"])
def test_an_accepted_content_type_passes(told: str) -> None:
    check_content_type({"CONTENT-TYPE": told}, {"application/json"})
    check_content_type({}, set())


@pytest.mark.parametrize("told", ["text/html", "application/jsonp", "json", "a\x00b"])
def test_another_content_type_is_refused(told: str) -> None:
    with pytest.raises(UnsupportedCallbackError):
        check_content_type({"Content-Type": told}, {"application/json"})


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": {"b": 2}}', {"a": {"b": 2}}),
        ("[1]", {}),
        ("text", {}),
        ("[" * 100_000, {}),
        ("\ud800", {}),
        (None, {}),
        ([], {}),
        (5, {}),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_an_object_or_the_text_of_one_is_read(value: object, read: dict[str, Any]) -> None:
    assert read_nested(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("two\n words\x00 ", "two words"),
        ("\u202eevil\u2028", "evil"),
        (" \t", None),
        (None, None),
        ([], None),
        (5, "5"),
        ("x" * 301, "x" * 300),
        ("今天", "今天"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_words_are_one_printable_line(value: object, read: str | None) -> None:
    assert read_words(value) == read


@pytest.mark.parametrize(
    ("value", "named"), [("a", "a"), (7, "7"), (None, "none"), ("e" * 100, "e" * 80)], ids=repr
)
def test_an_event_has_a_short_name(value: object, named: str) -> None:
    assert name_event(value) == named


@pytest.mark.parametrize("value", ["289665200", 289665200], ids=repr)
def test_a_task_id_is_text(value: object) -> None:
    assert read_task_id(value) == "289665200"


@pytest.mark.parametrize("value", [None, "", {}, "a b", "a\u200bb", "x" * 257], ids=repr)
def test_what_could_not_be_asked_for_is_no_task(value: object) -> None:
    with pytest.raises(MalformedCallbackError, match="about no task"):
        read_task_id(value)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("offset", [-MINUTE, timedelta(), MINUTE], ids=str)
def test_what_is_fresh_goes_stale_when_its_window_is_over(offset: timedelta) -> None:
    assert check_fresh(NOW + offset, NOW, MINUTE) == NOW + offset + MINUTE


@pytest.mark.parametrize("offset", [-MINUTE, MINUTE], ids=str)
def test_what_is_outside_its_window_is_stale(offset: timedelta) -> None:
    with pytest.raises(StaleCallbackError):
        check_fresh(NOW + offset * 1.001, NOW, MINUTE)


def test_a_replay_key_knows_the_account_and_the_content_but_not_their_order() -> None:
    key = make_replay_key("main", {"a": 1, "b": [2]})

    assert key == make_replay_key("main", {"b": [2], "a": 1})
    assert (
        len({key, make_replay_key("other", {"a": 1, "b": [2]}), make_replay_key("main", {})}) == 3
    )
    assert len(key) == 64


def test_what_is_nested_too_deep_has_no_replay_key() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(MalformedCallbackError):
        make_replay_key("main", deep)
