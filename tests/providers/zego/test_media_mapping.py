"""DescribeMediaTask in our words."""

from typing import Any

import pytest

from providers.account import ObsBucket
from providers.errors import TaskNotFoundError
from providers.models import Kind, Output, OutputType, Reason, TaskRef, TaskState, TaskStatus
from providers.zego.mapping import to_huawei_status, to_tencent_status
from tests.providers.zego.samples import NOW, load_reply

TENCENT = TaskRef("tencent", "main", "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0")
HUAWEI = TaskRef("huawei", "main", "289665200")
LINK = "https://example.zego.im/x/y.mp4"
PICTURE = "http://vod.example/0.jpg"
BUCKET = ObsBucket.model_validate({"bucket": "thumbs", "region": "ap-southeast-3"})
PRIVATE = ObsBucket.model_validate({**BUCKET.model_dump(), "ak": "fakeak", "sk": "fakesk"})


def tencent(**raw: object) -> TaskStatus:
    return to_tencent_status(TENCENT, raw, request_id="r1", queried_at=NOW)


def huawei(obs: ObsBucket | None = None, **raw: object) -> TaskStatus:
    return to_huawei_status(HUAWEI, raw, request_id="r1", queried_at=NOW, obs=obs)


def test_the_documented_merge_reads_whole() -> None:
    raw = load_reply("zego_media_tencent_compose_finish")["Data"]["Tencent"]

    status = to_tencent_status(TENCENT, raw, request_id=None, queried_at=NOW)

    assert status == TaskStatus(
        provider="tencent",
        account="main",
        task_id=TENCENT.task_id,
        kind=Kind.MERGE,
        state=TaskState.SUCCEEDED,
        vendor_status="FINISH",
        outputs=(Output(type=OutputType.VIDEO, url=LINK, file_id="xxxxxxxx", format="mp4"),),
        thumbnails=(
            "http://vod-tc-restorefile.zego.im/a/sampleSnapshot_10_0.jpg",
            "http://vod-tc-restorefile.zego.im/a/sampleSnapshot_10_2.jpg",
        ),
        vendor_request_id="6aac31f4-0000-0000-0000-5cc10ce11a49",
        queried_at=NOW,
        raw=raw,
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("WAITING", TaskState.QUEUED),
        ("PROCESSING", TaskState.RUNNING),
        ("FINISH", TaskState.SUCCEEDED),
        ("FAIL", TaskState.FAILED),
    ],
)
def test_every_tencent_status_has_its_state(word: str, state: TaskState) -> None:
    status = tencent(Status=word, FileId="f")

    assert (status.state, status.vendor_status, status.undocumented) == (state, word, ())


@pytest.mark.parametrize("word", ["finish", "FINISHED", "SUCCEEDED", "ABORTED", "3"])
def test_an_unlisted_tencent_status_is_unknown_and_noted(word: str) -> None:
    status = tencent(Status=word, FileId="f")

    assert status.state is TaskState.UNKNOWN
    assert status.vendor_status == word
    assert status.undocumented == (f"Status={word}",)


@pytest.mark.parametrize(
    ("event", "kind", "kept"),
    [
        ("compose", Kind.MERGE, {}),
        ("transcode", Kind.TRANSCODE, {}),
        ("SnapshotByTimeOffset", Kind.THUMBNAILS, {"Event": "SnapshotByTimeOffset"}),
        ("SampleSnapshot", Kind.THUMBNAILS, {"Event": "SampleSnapshot"}),
    ],
)
def test_every_event_has_its_kind(event: str, kind: Kind, kept: dict[str, str]) -> None:
    status = tencent(Status="WAITING", Event=event)

    assert (status.kind, status.details, status.undocumented) == (kind, kept, ())


def test_an_unlisted_event_is_no_kind_but_stays_readable() -> None:
    status = tencent(Status="WAITING", Event="Compose")

    assert status.kind is None
    assert status.undocumented == ("Event=Compose",)
    assert status.details == {"Event": "Compose"}


@pytest.mark.parametrize("event", ["", None])
def test_an_absent_event_is_no_kind_and_no_news(event: object) -> None:
    status = tencent(Status="WAITING", Event=event)

    assert (status.kind, status.undocumented, status.details) == (None, (), {})


@pytest.mark.parametrize(
    "result",
    [
        pytest.param({"ReplayUrl": LINK}, id="link"),
        pytest.param({"FileId": "387702307091793695"}, id="file id"),
        pytest.param({"FileId": 387702307091793695}, id="file id as a number"),
        pytest.param({"ThumbnailsUrl": [PICTURE]}, id="thumbnail"),
        pytest.param({"ReplayUrl": "cos://bucket/key"}, id="a thing we cannot link to"),
    ],
)
def test_a_finished_task_with_any_result_succeeded(result: dict[str, Any]) -> None:
    assert tencent(Status="FINISH", **result).state is TaskState.SUCCEEDED


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"ReplayUrl": "", "FileId": "", "ThumbnailsUrl": []},
        {"ReplayUrl": None, "FileId": None, "ThumbnailsUrl": None},
        {"ThumbnailsUrl": ""},
        {"ThumbnailsUrl": ["", None]},
    ],
    ids=["absent", "empty", "null", "text", "list"],
)
def test_a_finished_task_without_files_is_empty(nothing: dict[str, Any]) -> None:
    status = tencent(Status="FINISH", **nothing)

    assert status.state is TaskState.EMPTY
    assert (status.outputs, status.thumbnails, status.error) == ((), (), None)


def test_a_running_task_shows_what_there_is_already() -> None:
    status = tencent(Status="PROCESSING", ThumbnailsUrl=[PICTURE])

    assert (status.state, status.thumbnails) == (TaskState.RUNNING, (PICTURE,))


def test_a_failed_task_tells_the_vendors_reason() -> None:
    raw = load_reply("zego_media_tencent_fail")["Data"]["Tencent"]

    status = to_tencent_status(TENCENT, raw, request_id="1", queried_at=NOW)

    assert status.state is TaskState.FAILED
    assert status.error is not None
    assert (status.error.reason, status.error.code) == (Reason.TASK_FAILED, None)
    assert status.error.message == "fake reason"
    assert status.error.hint
    assert (status.request_id, status.vendor_request_id) == ("1", "r")
    assert "Message" not in status.details


def test_a_failed_task_without_a_reason_says_so() -> None:
    status = tencent(Status="FAIL", Message="")

    assert status.error is not None
    assert "gives no reason" in status.error.message


def test_a_message_of_a_task_that_did_not_fail_is_a_detail() -> None:
    status = tencent(Status="FINISH", FileId="f", Message="transcoded with warnings")

    assert status.error is None
    assert status.details == {"Message": "transcoded with warnings"}


@pytest.mark.parametrize(
    ("url", "sort", "file_format"),
    [
        ("https://h.example/a.mp4", OutputType.VIDEO, "mp4"),
        ("https://h.example/a.m3u8?t=1", OutputType.PLAYLIST, "hls"),
        ("https://h.example/a.mp3", OutputType.AUDIO, "mp3"),
        ("https://h.example/a.gif", OutputType.IMAGE, "gif"),
        ("https://h.example/a", OutputType.VIDEO, None),
        ("https://h.example/a.xyz", OutputType.VIDEO, "xyz"),
    ],
)
def test_the_playback_link_tells_the_type_and_format(
    url: str, sort: OutputType, file_format: str | None
) -> None:
    (output,) = tencent(Status="FINISH", ReplayUrl=url).outputs

    assert (output.type, output.format, output.url) == (sort, file_format, url)


def test_a_file_id_alone_is_an_output_without_a_link() -> None:
    (output,) = tencent(Status="FINISH", FileId="387702307091793695").outputs

    assert output == Output(type=OutputType.VIDEO, file_id="387702307091793695")


def test_what_is_no_http_link_is_shown_but_never_linked() -> None:
    status = tencent(
        Status="FINISH",
        ReplayUrl="javascript:alert(1)",
        ThumbnailsUrl=["file:///etc/passwd", PICTURE],
    )

    assert (status.outputs, status.thumbnails) == ((), (PICTURE,))
    assert status.details == {
        "ReplayUrl": "javascript:alert(1)",
        "ThumbnailsUrl": ["file:///etc/passwd"],
    }
    assert status.undocumented == (
        "ReplayUrl=not an http link",
        "ThumbnailsUrl=not an http link",
    )


@pytest.mark.parametrize("name", ["TaskId", "TaskID", "task_id"])
def test_the_repeated_id_is_no_detail_and_another_one_is(name: str) -> None:
    same = tencent(Status="WAITING", **{name: TENCENT.task_id})
    other = tencent(Status="WAITING", **{name: "another"})

    assert (same.details, other.details) == ({}, {name: "another"})


def test_a_field_zego_adds_later_is_a_detail() -> None:
    assert tencent(Status="WAITING", Progress=0).details == {"Progress": 0}


def test_the_documented_thumbnails_at_huawei_read_whole() -> None:
    raw = load_reply("zego_media_huawei_succeeded")["Data"]["Huawei"]

    status = to_huawei_status(HUAWEI, raw, request_id=None, queried_at=NOW, obs=None)

    folder = "record/pickrecord/command_record/clarechen_test"
    assert status.model_dump(mode="json", exclude_defaults=True) == {
        "provider": "huawei",
        "account": "main",
        "task_id": "289665200",
        "kind": "thumbnails",
        "state": "succeeded",
        "vendor_status": "SUCCEEDED",
        "created_at": "2024-11-18T06:54:29Z",
        "finished_at": "2024-11-18T06:54:30Z",
        "outputs": [
            {"type": "image", "object": f"{folder}/0.jpg", "name": "0.jpg", "format": "jpg"},
            {"type": "image", "object": f"{folder}/10.jpg", "name": "10.jpg", "format": "jpg"},
        ],
        "queried_at": "2026-11-20T10:00:00Z",
    }
    assert status.raw == raw


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("WAITING", TaskState.QUEUED),
        ("PROCESSING", TaskState.RUNNING),
        ("SUCCEEDED", TaskState.SUCCEEDED),
        ("FAILED", TaskState.FAILED),
        ("CANCELED", TaskState.CANCELED),
    ],
)
def test_every_huawei_status_has_its_state(word: str, state: TaskState) -> None:
    status = huawei(Status=word, FileName=["0.jpg"])

    assert (status.state, status.kind, status.undocumented) == (state, Kind.THUMBNAILS, ())
    assert (status.error is not None) == (state is TaskState.FAILED)


@pytest.mark.parametrize("word", ["SUCCEED", "FINISH", "Canceled"])
def test_an_unlisted_huawei_status_is_unknown_and_noted(word: str) -> None:
    status = huawei(Status=word)

    assert (status.state, status.vendor_status) == (TaskState.UNKNOWN, word)
    assert status.undocumented == (f"Status={word}",)


def test_no_task_is_not_found_whatever_the_code() -> None:
    raw = load_reply("zego_media_huawei_no_task")["Data"]["Huawei"]

    with pytest.raises(TaskNotFoundError) as missing:
        to_huawei_status(HUAWEI, raw, request_id="1", queried_at=NOW, obs=None)

    assert (missing.value.code, missing.value.request_id) == ("NO_TASK", "1")
    assert "mpc" in missing.value.hint


def test_a_failed_thumbnail_task_says_what_to_do() -> None:
    status = huawei(Status="FAILED")

    assert status.error is not None
    assert (status.error.reason, status.error.code) == (Reason.TASK_FAILED, None)
    assert status.error.hint


def test_finished_thumbnails_without_a_file_are_empty() -> None:
    assert huawei(Status="SUCCEEDED", FileName=[""]).state is TaskState.EMPTY


def test_a_date_that_cannot_be_is_kept_as_it_came() -> None:
    status = huawei(Status="PROCESSING", CreateTime="20241399000000", EndTime="")

    assert (status.created_at, status.finished_at) == (None, None)
    assert status.details == {"CreateTime": "20241399000000"}


def test_numbers_for_texts_read_the_same() -> None:
    status = huawei(Status="WAITING", TaskId=289665200, CreateTime=20241118065429)

    assert status.created_at is not None
    assert status.details == {}


def test_keys_become_plain_links_where_the_bucket_is_public() -> None:
    status = huawei(BUCKET, Status="SUCCEEDED", FileName=["a/0.jpg"])

    (output,) = status.outputs
    assert output.object == "thumbs/a/0.jpg"
    assert output.url == "https://thumbs.obs.ap-southeast-3.myhuaweicloud.com/a/0.jpg"
    assert (output.signed, output.expires_at) == (False, None)
    assert status.thumbnails == (output.url,)


def test_keys_of_a_private_bucket_become_links_that_say_they_sign_their_reader_in() -> None:
    status = huawei(PRIVATE, Status="SUCCEEDED", FileName=["a/0.jpg"])

    (output,) = status.outputs
    assert output.signed
    assert output.expires_at is not None
    assert (output.expires_at - NOW).total_seconds() == 3600
    assert status.thumbnails == (output.url,)


def test_a_whole_link_among_the_keys_stays_as_it_is() -> None:
    status = huawei(PRIVATE, Status="SUCCEEDED", FileName=[PICTURE])

    assert status.outputs == (Output(type=OutputType.IMAGE, url=PICTURE, format="jpg"),)
    assert status.thumbnails == (PICTURE,)
