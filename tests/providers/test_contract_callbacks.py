"""Every promise over every receiver: what is believed, what is refused, and what stays secret."""

import contextlib
import json
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.callbacks import Received, Unverified
from providers.errors import (
    CallbackError,
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    UnsupportedCallbackError,
    WrongAccountError,
)
from tests.providers.callback_rows import CANARY, NOW, ROWS, Body, Row

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)

SECOND = timedelta(seconds=1)
LONE_HALF = json.dumps("\ud800")


@each_row
def test_a_genuine_callback_is_believed_as_far_as_its_signature_goes(row: Row) -> None:
    received = row.send(row.callback)

    assert [str(news.ref) for news in received.news] == [row.task]
    assert received.confirmed is row.confirmed
    assert received.documented
    assert received.sent_at == NOW
    assert received.stale_at == NOW + row.lifetime


@each_row
@pytest.mark.parametrize("proof", ["", "0" * 40, None, "A" * 344, {"a": 1}], ids=repr)
def test_a_callback_without_the_vendors_proof_is_refused(row: Row, proof: object) -> None:
    with pytest.raises(SignatureError):
        row.send({**row.callback, row.proof: proof})


@each_row
def test_a_callback_is_believed_until_its_time_is_over(row: Row) -> None:
    assert row.send(row.callback, NOW + row.lifetime).news

    with pytest.raises(StaleCallbackError):
        row.send(row.callback, NOW + row.lifetime + SECOND)


@each_row
def test_a_callback_for_somebody_else_is_refused(row: Row) -> None:
    with pytest.raises(WrongAccountError):
        row.send(row.elsewhere)


@each_row
def test_a_replay_is_known_by_its_key_however_it_is_signed(row: Row) -> None:
    first, again = row.send(row.callback), row.send(row.again(row.callback))

    assert first.replay_key == row.send(row.callback).replay_key == again.replay_key
    assert len(first.replay_key) == 64


@each_row
@pytest.mark.parametrize("content_type", ["text/html", "multipart/form-data", "application/xml"])
def test_a_callback_of_another_content_type_is_refused(row: Row, content_type: str) -> None:
    body = json.dumps(row.callback).encode()

    with pytest.raises(UnsupportedCallbackError):
        row.receiver.parse_callback({"Content-Type": content_type}, body, now=NOW)


UNREADABLE = {
    "nothing": b"",
    "a list": b"[]",
    "a word": b'"event"',
    "half a document": b'{"appid": "1", "even',
    "too many parts": b'{"a": [' + b"[]," * 10_000 + b"[]]}",
    "too deep": b'{"a":' * 100_000,
    "not a number": b'{"timestamp": NaN}',
    "a number of a million digits": b'{"timestamp": ' + b"1" * 1_000_000 + b"}",
    "not UTF-8": b'{"event": "\xff"}',
    "HTML": b"<html></html>",
}


@each_row
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_malformed(row: Row, body: bytes) -> None:
    with pytest.raises(MalformedCallbackError):
        row.send(body)


@each_row
def test_half_a_character_breaks_nothing(row: Row) -> None:
    body = json.dumps({**row.callback, "more": "HERE"}).replace('"HERE"', LONE_HALF)

    received = row.send(body.encode())

    assert [str(news.ref) for news in received.news] == [row.task]


FIELDS = (
    *("task_id", "event", "event_type", "message", "detail", "extra_params", "replay_url", "code"),
    *("TaskId", "RoomId", "VideoInfos", "Error", "RecordStartTime", "FinishReason"),
    *("create_time", "output", "transcode_detail", "error_code", "progress", "more"),
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)


@each_row
@settings(max_examples=60, deadline=None)
@given(more=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
def test_whatever_is_said_is_received_or_refused_and_can_be_stored(
    row: Row, more: dict[str, Any]
) -> None:
    with contextlib.suppress(MalformedCallbackError):
        assert is_storable(row.send(row.says(more)))


def is_storable(received: Received) -> bool:
    """Whether all of it is text that UTF-8 can write, and what is shown is one line."""
    for news in received.news:
        said = [str(news.ref), news.status.model_dump_json() if news.status else ""]
        assert "".join(said).encode()
    return all(text.isprintable() for text in [received.event, *(n.note for n in received.news)])


@each_row
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200))
def test_whatever_bytes_come_are_refused_with_a_name(row: Row, body: bytes) -> None:
    with pytest.raises(CallbackError):
        row.send(body)


SENT = "what was sent"
REFUSED: dict[str, Callable[[Row], Body | bytes]] = {
    "a wrong proof": lambda row: {**row.callback, row.proof: SENT, "nonce": SENT},
    "another account": lambda row: {**row.elsewhere, "more": SENT},
    "half a document": lambda _: f'{{"{SENT}": '.encode(),
}


@each_row
@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_no_refusal_shows_a_secret_or_what_was_sent(
    row: Row, refused: Callable[[Row], Body | bytes]
) -> None:
    with pytest.raises(CallbackError) as refusal:
        row.send(refused(row))

    # As a log would print it, without the lines of code, which are these tests' own.
    lines = traceback.TracebackException.from_exception(refusal.value).format_exception_only()
    shown = f"{refusal.value!r} {''.join(lines)}"
    assert [one for one in (SENT, CANARY, *row.secrets) if one in shown] == []
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@each_row
def test_no_receiver_and_nothing_received_shows_a_secret(row: Row) -> None:
    body = json.dumps(row.callback).encode()
    heard = row.receiver.parse_callback(row.headers, body, now=NOW)
    shown = f"{row.receiver!r} {vars(row.receiver)!r} {heard!r} {row.send(row.callback)!r}"

    hidden = (CANARY, *row.secrets, str(row.callback[row.proof]))

    assert [one for one in hidden if one in shown] == []


def test_only_a_message_that_is_signed_whole_needs_a_certificate() -> None:
    for row in ROWS:
        body = json.dumps(row.callback).encode()

        heard = row.receiver.parse_callback(row.headers, body, now=NOW)

        assert isinstance(heard, Unverified) is row.confirmed


@pytest.mark.parametrize("kind", CallbackError.__subclasses__())
def test_every_refusal_has_a_verdict_of_its_own(kind: type[CallbackError]) -> None:
    others = {other.verdict for other in CallbackError.__subclasses__() if other is not kind}

    assert kind.verdict not in others
    assert kind.retryable is (kind.verdict == "unverifiable")
