"""What proves that Tencent sent a callback, and what it says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.errors import (
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    WrongAccountError,
)
from providers.models import Kind, Reason, TaskRef, TaskState
from providers.tencent_tiw.callback import sign
from tests.providers.tencent_tiw.callbacks import (
    EXPIRES,
    JSON,
    KEY,
    NOW,
    TASK_ID,
    VIDEO,
    event,
    load_callback_cases,
    only_news,
    receive,
    receiver,
)

CASES = load_callback_cases()
FINISHED = event("OfflineRecordFinished", {"Progress": 100, "VideoInfos": [VIDEO]})
EXPIRY = datetime.fromtimestamp(EXPIRES, UTC)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_sign_is_the_documented_one(case: dict[str, Any]) -> None:
    given = case["input"]

    assert sign(given["callback_key"], str(given["expire_time"])) == case["expected"]["sign"]


def test_the_documented_body_is_believed_until_it_expires() -> None:
    given = next(case["input"] for case in CASES if "body" in case["input"])
    body = json.dumps(given["body"]).encode()
    at = datetime.fromtimestamp(given["expire_time"], UTC)

    received = receiver(given["body"]["SdkAppId"]).parse_callback(JSON, body, now=at)

    assert [str(news.ref) for news in received.news] == [f"tiw@board:{TASK_ID}"]
    assert (received.event, received.documented) == ("OfflineRecordFinished", True)
    assert (received.confirmed, received.sent_at, received.stale_at) == (False, at, at)


def test_a_callback_is_stale_after_it_expires() -> None:
    with pytest.raises(StaleCallbackError):
        receive(FINISHED, EXPIRY + timedelta(seconds=1))


@pytest.mark.parametrize(
    "change",
    [
        {"Sign": "0" * 32},
        {"Sign": FINISHED["Sign"].upper()},
        {"Sign": None},
        {"Sign": ["x"]},
        {"Sign": "ключ"},
        {"ExpireTime": EXPIRES + 1},
        {"ExpireTime": None},
    ],
    ids=str,
)
def test_a_changed_proof_is_none(change: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        receive({**FINISHED, **change})


@pytest.mark.parametrize("expires", ["soon", "0", "", "9" * 20])
def test_a_signed_expiry_that_is_no_time_is_refused(expires: str) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(event("OfflineRecordFinished", expires=expires))


@pytest.mark.parametrize("app_id", [1400000002, None, ""], ids=repr)
def test_a_callback_for_another_application_is_refused(app_id: object) -> None:
    with pytest.raises(WrongAccountError):
        receive({**FINISHED, "SdkAppId": app_id})


@pytest.mark.parametrize("body", [b"", b"[]", b"a=b", b'{"a":' * 100_000, b'{"a": NaN}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(body)


def test_a_callback_without_an_event_is_refused() -> None:
    with pytest.raises(MalformedCallbackError):
        receive(event(None))


@pytest.mark.parametrize("data", ["", [], {"TaskId": ""}, {"TaskId": "a b"}], ids=repr)
@pytest.mark.parametrize("name", ["OfflineRecordFinished", "OnlineRecordFinished"])
def test_an_event_of_ours_without_a_usable_task_is_refused(name: str, data: object) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(event(name, data))


VIDEO_EVENTS = {
    "OfflineRecordProgressChanged": True,
    "OfflineRecordFinished": True,
    "OfflineRecordPaused": False,
    "VideoGenerationTaskFinished": False,
}


@pytest.mark.parametrize(("name", "documented"), VIDEO_EVENTS.items())
@pytest.mark.parametrize("progress", [42, "42"], ids=repr)
def test_the_making_of_a_video_is_a_hint(name: str, documented: object, progress: object) -> None:
    received = receive(event(name, {"Progress": progress}))

    (news,) = received.news
    assert received.documented is documented
    assert news.ref == TaskRef("tiw", "board", TASK_ID)
    assert (news.queryable, news.status, news.kind) == (True, None, Kind.VIDEO_GENERATION)
    assert news.note == f"{name}, 42 % done"


def test_a_video_that_could_not_be_made_says_why() -> None:
    error = {"Code": "FailedOperation.Record", "Message": "no\nroom"}

    news = only_news(event("OfflineRecordFinished", {"Error": error}))

    assert news.note == "the video could not be made"
    assert news.cause is not None
    assert (news.cause.code, news.cause.message) == ("FailedOperation.Record", "no room")
    assert news.cause.reason is Reason.TASK_FAILED


def test_event_data_may_be_the_text_of_an_object() -> None:
    data = json.dumps({"TaskID": "another", "Error": json.dumps({"Code": "X"})})

    news = only_news(event("OfflineRecordFinished", data))

    assert news.ref.task_id == "another"
    assert news.cause is not None
    assert (news.cause.code, news.cause.message) == ("X", "Tencent gave no message.")


BROKEN = {"FinishReason": "EXCEPTION"}
FAILED = {"Error": {"Code": "FailedOperation.Record"}}
ONLINE_ENDS: list[tuple[dict[str, Any], TaskState, str | None]] = [
    ({"VideoInfos": [VIDEO], "FinishReason": "AUTO"}, TaskState.SUCCEEDED, None),
    ({"VideoInfos": [VIDEO, "junk"], "FinishReason": "FORCE_STOP"}, TaskState.SUCCEEDED, None),
    ({"VideoInfos": [{"VideoType": 2}]}, TaskState.EMPTY, None),
    ({"VideoInfos": None}, TaskState.EMPTY, None),
    ({"VideoInfos": [VIDEO], **BROKEN}, TaskState.PARTIAL, "EXCEPTION"),
    ({"VideoInfos": [], **BROKEN}, TaskState.FAILED, "EXCEPTION"),
    ({"VideoInfos": [VIDEO], **FAILED}, TaskState.FAILED, "FailedOperation.Record"),
    ({**BROKEN, **FAILED}, TaskState.FAILED, "FailedOperation.Record"),
]


@pytest.mark.parametrize(("data", "state", "code"), ONLINE_ENDS, ids=str)
def test_the_end_of_an_online_recording_is_told_because_nobody_can_be_asked(
    data: dict[str, Any], state: TaskState, code: str | None
) -> None:
    news = only_news(event("OnlineRecordFinished", data))

    assert (news.queryable, news.kind, news.complete) == (False, Kind.RECORDING, False)
    status = news.status
    assert status is not None
    assert (status.state, status.vendor_status) == (state, "OnlineRecordFinished")
    assert (status.error.code if status.error else None) == code
    assert news.cause == status.error


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("OnlineRecordStarted", TaskState.RUNNING),
        ("OnlineRecordStopped", TaskState.RUNNING),
        ("OnlineRecordPaused", TaskState.UNKNOWN),
    ],
)
def test_an_online_recording_that_has_not_ended_is_told(name: str, state: TaskState) -> None:
    status = only_news(event(name)).status

    assert status is not None
    assert (status.state, status.vendor_status, status.room) == (state, name, "900822")


def test_what_an_online_recording_made_is_told_whole() -> None:
    times = {"RecordStartTime": 1565690613, "RecordStopTime": "1565690913"}
    data = {**times, "VideoInfos": [VIDEO], "FinishReason": "USER_CALL"}

    status = only_news(event("OnlineRecordFinished", data)).status

    assert status is not None
    assert status.started_at == datetime.fromtimestamp(1565690613, UTC)
    assert status.finished_at == datetime.fromtimestamp(1565690913, UTC)
    assert [output.file_id for output in status.outputs] == ["5285890792776509100"]
    assert (status.details, status.queried_at) == ({"FinishReason": "USER_CALL"}, NOW)


@pytest.mark.parametrize(
    ("name", "documented"),
    [
        ("WhiteboardPushStarted", True),
        ("PPT2H5ProgressChanged", True),
        ("TranscodeFinished", False),
        ("Unheard\nOf" + "!" * 100, False),
    ],
)
def test_other_families_are_accepted_and_say_nothing(name: str, *, documented: bool) -> None:
    received = receive(event(name, {"TaskId": ""}))

    assert received.news == ()
    assert received.event == name.replace("\n", " ")[:80]
    assert received.documented is documented


def test_the_same_callback_signed_anew_is_a_replay() -> None:
    data = FINISHED["EventData"]
    again = event("OfflineRecordFinished", data, expires=EXPIRES + 60, Timestamp=5)

    assert receive(again).replay_key == receive(FINISHED).replay_key


def test_the_next_callback_of_a_task_is_no_replay() -> None:
    following = event("OfflineRecordFinished", {"Progress": 99})

    assert receive(following).replay_key != receive(FINISHED).replay_key


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(vars(receiver()))
