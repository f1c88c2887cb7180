"""What a cloud recording's callback says: every documented event, and those to come."""

from typing import Any

import pytest

from providers.models import Kind, Reason, TaskRef
from providers.zego.quit_reasons import explain_quit
from providers.zego.record_news import EVENTS
from tests.providers.zego.callbacks import RECORD_ID, only_news, receive, recording

NOTES = {
    1: "nothing was recorded",
    2: "it ended abnormally, and ZEGO gives no reason",
    3: "an image could not be downloaded",
    4: "nobody publishes in the room",
    5: "it ended",
    6: "the stream to record does not exist",
    7: "it stopped, and its files are being uploaded",
    102: "its live playlist is ready",
    201: "it is paused",
    202: "it goes on after a pause",
}


@pytest.mark.parametrize(("event_type", "note"), NOTES.items())
@pytest.mark.parametrize("detail", [{}, None, "", [], "{}"], ids=repr)
def test_every_event_is_told_in_words(event_type: int, note: str, detail: object) -> None:
    news = only_news(recording(event_type, detail=detail))

    assert news.note == note
    assert news.ref == TaskRef("record", "main", RECORD_ID)
    assert (news.kind, news.queryable, news.certain) == (Kind.RECORDING, True, True)
    assert (news.status, news.complete) == (None, False)


def test_every_listed_event_has_its_words_here() -> None:
    assert set(EVENTS) == {str(event_type) for event_type in NOTES}


@pytest.mark.parametrize(
    ("statuses", "note"),
    [
        ([3], "the upload has ended: 1 of 1 file uploaded"),
        ([3, 4, "3"], "the upload has ended: 2 of 3 files uploaded"),
        ([5, 5], "the upload has ended: 0 of 2 files uploaded"),
    ],
)
def test_an_upload_says_how_many_files_there_are(statuses: list[object], note: str) -> None:
    files = [{"file_id": f"{place}.jpg", "status": one} for place, one in enumerate(statuses)]

    news = only_news(recording(1, detail={"upload_status": 1, "file_info": files}))

    assert (news.files, news.note) == (len(statuses), note)


def test_an_upload_without_files_says_that_nothing_was_recorded() -> None:
    news = only_news(recording(1, detail={"upload_status": 1, "file_info": []}))

    assert (news.files, news.note) == (0, "nothing was recorded")


@pytest.mark.parametrize("reason", [3, 4, "3"], ids=repr)
def test_an_idle_time_out_and_the_time_limit_are_ordinary_endings(reason: object) -> None:
    news = only_news(recording(2, detail={"quit_reason": reason}))

    assert (news.ended_ordinarily, news.cause) == (True, None)
    assert news.note.startswith("it ended by itself")


@pytest.mark.parametrize("reason", [1, 2, 5, 6, *range(1001, 1012)])
def test_every_other_quit_reason_is_explained_with_what_to_do(reason: int) -> None:
    news = only_news(recording(2, detail={"quit_reason": reason}))

    assert news.ended_ordinarily is False
    assert news.cause is not None
    assert (news.cause.code, news.cause.reason) == (str(reason), Reason.TASK_FAILED)
    assert "does not list" not in news.cause.message
    assert news.cause.hint is not None


def test_a_quit_reason_to_come_is_kept_and_explained_as_far_as_possible() -> None:
    cause = only_news(recording(2, detail={"quit_reason": 4711})).cause

    assert cause == explain_quit("4711")
    assert cause.message == "The recording ended for a reason that ZEGO does not list."


@pytest.mark.parametrize(
    ("event_type", "detail", "note"),
    [
        (3, {"image_type": 2}, "the watermark image could not be downloaded"),
        (3, {"image_type": 9}, "an image could not be downloaded"),
        (6, {"stream_id": "cam\u20281"}, "the stream cam 1 does not exist"),
    ],
)
def test_what_is_missing_is_named(event_type: int, detail: dict[str, Any], note: str) -> None:
    assert only_news(recording(event_type, detail=detail)).note == note


@pytest.mark.parametrize(
    ("message", "note"),
    [("something\nnew \u0000 has happened", "something new has happened"), ("", "event_type 999")],
)
def test_an_event_to_come_is_a_hint_in_zegos_own_words(message: str, note: str) -> None:
    received = receive(recording(999, message=message))

    assert (received.event, received.documented) == ("999", False)
    assert [news.note for news in received.news] == [note]
