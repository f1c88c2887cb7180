"""What proves that ZEGO sent a callback, and the forms one may arrive in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from providers.errors import (
    CallbackError,
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    WrongAccountError,
)
from providers.models import TaskRef
from providers.zego.callback import sign
from tests.providers.zego.callbacks import (
    APP_ID,
    JSON,
    NOW,
    RECORD_ID,
    SECRET,
    STAMP,
    load_callback_cases,
    receive,
    receiver,
    recording,
    signed,
)

CASES = load_callback_cases()
BODIES = [case for case in CASES if "body" in case["input"]]
ENDED = recording(5)
"""A callback that has nothing but a task and an event."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_signature_is_the_documented_one(case: dict[str, Any]) -> None:
    given = case["input"]

    signature = sign(given["callback_secret"], str(given["timestamp"]), str(given["nonce"]))

    assert signature == case["expected"]["signature"]


@pytest.mark.parametrize("case", BODIES, ids=[case["name"] for case in BODIES])
def test_every_documented_body_is_believed(case: dict[str, Any]) -> None:
    given = case["input"]
    app_id = given["body"].get("appid") or given["body"]["app_id"]
    body = json.dumps(given["body"]).encode()
    at = datetime.fromtimestamp(int(given["timestamp"]), UTC)

    received = receiver(int(app_id), given["callback_secret"]).parse_callback(JSON, body, now=at)

    assert [news.ref.task_id for news in received.news] == [given["body"]["task_id"]]
    assert (received.confirmed, received.documented, received.sent_at) == (False, True, at)


def test_a_secret_given_as_another_projects_is_no_proof() -> None:
    body = json.dumps(ENDED).encode()

    with pytest.raises(SignatureError):
        receiver(secret="another").parse_callback(JSON, body, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 40},
        {"signature": ENDED["signature"].upper()},
        {"signature": "ключ"},
        {"signature": ""},
        {"signature": None},
        {"signature": [ENDED["signature"]]},
        {"nonce": "100481"},
        {"nonce": None},
        {"timestamp": str(STAMP + 1)},
        {"timestamp": None},
    ],
    ids=str,
)
def test_a_changed_proof_is_none(change: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        receive({**ENDED, **change})


WINDOW = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("offset", [WINDOW, -WINDOW], ids=["behind", "ahead"])
def test_a_callback_is_fresh_for_ten_minutes_either_side(offset: timedelta) -> None:
    received = receive(ENDED, NOW + offset)

    assert received.sent_at == NOW
    assert received.stale_at == NOW + WINDOW


@pytest.mark.parametrize("offset", [WINDOW + SECOND, -WINDOW - SECOND], ids=["behind", "ahead"])
def test_a_callback_is_stale_after_ten_minutes_either_side(offset: timedelta) -> None:
    with pytest.raises(StaleCallbackError):
        receive(ENDED, NOW + offset)


@pytest.mark.parametrize("stamp", ["soon", "0", "", "9" * 20, "-1", "1e9"])
def test_a_signed_timestamp_that_is_no_time_is_refused(stamp: str) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(signed({"event": "compose", "task_id": "1"}, stamp=stamp))


@pytest.mark.parametrize("app_id", [APP_ID + 1, "", None, [APP_ID]], ids=str)
def test_a_callback_for_another_app_is_refused(app_id: object) -> None:
    with pytest.raises(WrongAccountError):
        receive(recording(5, app_id=app_id))


DETAIL = {"quit_reason": 3}
NESTED = recording(2, detail=json.dumps(DETAIL))
FORMS: dict[str, bytes] = {
    "JSON": json.dumps(NESTED).encode(),
    "JSON with a byte order mark": b"\xef\xbb\xbf" + json.dumps(NESTED).encode(),
    "JSON with an object": json.dumps(recording(2, detail=DETAIL)).encode(),
    "encoded JSON": quote(json.dumps(NESTED)).encode(),
    "encoded JSON, with plus for a space": quote(json.dumps(NESTED)).replace("%20", "+").encode(),
    "a form": urlencode(NESTED).encode(),
    "numbers as text": json.dumps({name: str(value) for name, value in NESTED.items()}).encode(),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_every_form_of_a_body_is_read_alike(body: bytes) -> None:
    (news,) = receive(body).news

    assert news.ref == TaskRef("record", "main", RECORD_ID)
    assert news.ended_ordinarily is True


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"nothing", b'{"a":' * 100_000, b"a=" + b"1" * 10, b"&" * 200, b"\xff"],
)
def test_what_is_no_callback_is_refused(body: bytes) -> None:
    with pytest.raises(CallbackError) as refusal:
        receive(body)

    assert isinstance(refusal.value, MalformedCallbackError | SignatureError)


@pytest.mark.parametrize(
    "body",
    [b"%7B" * 349_000, urlencode({**ENDED, "more": "x" * 128 * 1024}).encode()],
    ids=["JSON", "a form"],
)
def test_an_encoded_body_of_no_callbacks_size_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(body)


def test_a_form_of_endless_fields_is_refused() -> None:
    body = "&".join(f"field{number}=1" for number in range(10_000))

    with pytest.raises(MalformedCallbackError):
        receive(body.encode())


def test_a_callback_without_an_event_is_refused() -> None:
    with pytest.raises(MalformedCallbackError):
        receive(signed({"task_id": "1"}))


@pytest.mark.parametrize(
    "task_id", [None, "", " ", "a b", "a\x00b", "x" * 257, ["1"], {}], ids=repr
)
def test_a_callback_without_a_usable_task_is_refused(task_id: object) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(recording(5, task_id=task_id))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    ],
)
def test_every_content_type_a_callback_may_have_is_taken(content_type: str) -> None:
    headers = {"content-type": content_type}

    received = receiver().parse_callback(headers, json.dumps(ENDED).encode(), now=NOW)

    assert received.event == "5"


def test_the_same_callback_stamped_anew_is_a_replay() -> None:
    again = {**ENDED, **signed({}, stamp=STAMP + 5, nonce="7")}
    del again["appid"]

    assert receive(again).replay_key == receive(ENDED).replay_key


def test_the_next_callback_of_a_task_is_no_replay() -> None:
    following = recording(5, sequence=2)

    assert receive(following).replay_key != receive(ENDED).replay_key


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(vars(receiver()))
