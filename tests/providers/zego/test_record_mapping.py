"""Cloud recording in our words: what became of every file decides."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.models import (
    Output,
    OutputStatus,
    OutputType,
    Reason,
    TaskRef,
    TaskState,
    TaskStatus,
)
from providers.zego.record_mapping import to_record_status
from providers.zego.record_wire import RecordTask
from tests.providers.zego.samples import NOW, load_reply

REF = TaskRef("record", "main", "X3CgNeE4I1qAAABN")
SAMPLE = load_reply("zego_record_ended")["Data"]
END_MS = 1601221508795


def record(*, ended_ordinarily: bool = False, **raw: object) -> TaskStatus:
    return to_record_status(
        REF, raw, request_id="r1", queried_at=NOW, ended_ordinarily=ended_ordinarily
    )


def with_files(status: object, files: Sequence[object], **more: Any) -> TaskStatus:
    return record(Status=status, RecordFiles=[{"Status": one} for one in files], **more)


def one_output(**fields: object) -> Output:
    (output,) = record(Status=3, RecordFiles=[{"Status": 3, **fields}]).outputs
    return output


def test_the_documented_recording_comes_out_as_promised() -> None:
    status = to_record_status(REF, SAMPLE, request_id="abcd123", queried_at=NOW)

    shown = status.model_dump(mode="json", exclude_defaults=True)
    file_id = "X3CgNeE4I1qAAABN_xxxx_my_out_VA_20200927154419775.mp4"
    assert shown == {
        "provider": "record",
        "account": "main",
        "task_id": "X3CgNeE4I1qAAABN",
        "kind": "recording",
        "state": "succeeded",
        "vendor_status": "3",
        "room": "xxxx",
        "started_at": "2020-09-27T15:44:12.099Z",
        "finished_at": "2020-09-27T15:45:08.795Z",
        "outputs": [
            {
                "type": "video",
                "url": f"https://xxxx.com/record/{file_id}",
                "file_id": file_id,
                "format": "mp4",
                "size_bytes": 432643544,
                "duration_s": 33.874,
                "width": 1920,
                "height": 1080,
                "status": "uploaded",
                "stream_id": "my_out",
                "user_id": "my_out",
            }
        ],
        "request_id": "abcd123",
        "queried_at": "2026-11-20T10:00:00Z",
        "details": {"RecordMode": 2, "StreamType": 3},
    }
    assert status.raw == SAMPLE


def test_every_documented_field_of_the_sample_is_read() -> None:
    task = RecordTask.model_validate(SAMPLE)

    (file,) = task.record_files
    assert file.user_name == "my_out"
    assert file.video_id == "820e50e52e0a490caf44eec8aec527a7"
    assert file.media_track_type == "3"
    assert file.begin_timestamp == datetime(2020, 9, 27, 15, 44, 19, 830_000, tzinfo=UTC)
    assert file.custom_begin_timestamp is None
    assert (task.record_mode, task.stream_type) == ("2", "3")


def test_a_running_recording_has_no_end_yet() -> None:
    raw = load_reply("zego_record_running_no_files")["Data"]

    status = to_record_status(REF, raw, request_id="1", queried_at=NOW)

    assert (status.state, status.finished_at, status.outputs) == (TaskState.RUNNING, None, ())
    assert status.details == {"RecordMode": 1, "StreamType": 3}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (1, TaskState.QUEUED),
        (2, TaskState.RUNNING),
        (5, TaskState.PAUSED),
    ],
)
@pytest.mark.parametrize("files", [(), (1,), (3, 1)], ids=["no file", "one", "two"])
def test_while_it_goes_on_the_status_alone_decides(
    status: int, state: TaskState, files: tuple[int, ...]
) -> None:
    told = with_files(status, files)

    assert (told.state, told.vendor_status) == (state, str(status))


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ((), TaskState.EMPTY),
        ((3,), TaskState.SUCCEEDED),
        ((3, 3), TaskState.SUCCEEDED),
        ((5,), TaskState.FAILED),
        ((5, 5), TaskState.FAILED),
        ((4,), TaskState.PARTIAL),
        ((3, 4), TaskState.PARTIAL),
        ((3, 5), TaskState.PARTIAL),
        ((4, 5), TaskState.PARTIAL),
        ((1,), TaskState.RUNNING),
        ((2, 3), TaskState.RUNNING),
        ((2, 5), TaskState.RUNNING),
        ((9,), TaskState.UNKNOWN),
        ((3, 9), TaskState.UNKNOWN),
        ((2, 9), TaskState.UNKNOWN),
        ((None,), TaskState.UNKNOWN),
    ],
)
def test_after_an_ordinary_ending_the_files_decide(
    files: tuple[object, ...], state: TaskState
) -> None:
    ended = with_files(3, files)
    idle = with_files(4, files, ended_ordinarily=True)

    assert (ended.state, idle.state) == (state, state)


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ((), TaskState.FAILED),
        ((5,), TaskState.FAILED),
        ((3,), TaskState.PARTIAL),
        ((4, 5), TaskState.PARTIAL),
        ((3, 4), TaskState.PARTIAL),
        ((1, 5), TaskState.RUNNING),
        ((2,), TaskState.RUNNING),
        ((3, 0), TaskState.UNKNOWN),
    ],
)
def test_after_an_abnormal_ending_a_kept_file_makes_it_partial(
    files: tuple[object, ...], state: TaskState
) -> None:
    assert with_files(4, files).state is state


@pytest.mark.parametrize("nothing", [None, "", {}, []], ids=["null", "text", "object", "list"])
def test_no_files_come_in_many_shapes(nothing: object) -> None:
    assert record(Status=3, RecordFiles=nothing).state is TaskState.EMPTY


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"Status": 6}, "Status=6"),
        ({"Status": "ended"}, "Status=ended"),
        ({"RecordMode": 3}, "RecordMode=3"),
        ({"StreamType": 5}, "StreamType=5"),
        ({"RecordFiles": [{"Status": 7}]}, "RecordFiles.Status=7"),
        ({"RecordFiles": [{}]}, "RecordFiles.Status="),
        ({"RecordFiles": [{"Status": 3, "MediaTrackType": 4}]}, "MediaTrackType=4"),
        ({"RecordFiles": [{"Status": 3, "OutputFileFormat": "mkv"}] * 2}, "OutputFileFormat=mkv"),
        ({"RecordFiles": [{"Status": 3, "FileUrl": "oss://b/k"}]}, "FileUrl=not an http link"),
    ],
)
def test_a_word_nobody_documented_is_noted_once(fields: dict[str, Any], note: str) -> None:
    assert record(**({"Status": 3} | fields)).undocumented == (note,)


def test_an_undocumented_status_is_unknown_and_verbatim() -> None:
    status = record(Status=6)

    assert (status.state, status.vendor_status) == (TaskState.UNKNOWN, "6")


def test_numbers_as_texts_read_the_same() -> None:
    output = one_output(FileSize="12", Duration="1500", ResolutionWidth="640", MediaTrackType="3")

    assert (output.size_bytes, output.duration_s, output.width) == (12, 1.5, 640)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, OutputStatus.RECORDING),
        (2, OutputStatus.UPLOADING),
        (3, OutputStatus.UPLOADED),
        (4, OutputStatus.BACKUP),
        (5, OutputStatus.LOST),
        (6, None),
    ],
)
def test_every_file_status_has_its_word(number: int, word: OutputStatus | None) -> None:
    (output,) = with_files(3, [number]).outputs

    assert output.status is word


@pytest.mark.parametrize(
    ("fields", "sort", "file_format"),
    [
        ({"OutputFileFormat": "mp4", "MediaTrackType": 3}, OutputType.VIDEO, "mp4"),
        ({"OutputFileFormat": "MP4", "MediaTrackType": 2}, OutputType.VIDEO, "mp4"),
        ({"OutputFileFormat": "mp4", "MediaTrackType": 1}, OutputType.AUDIO, "mp4"),
        ({"OutputFileFormat": "flv"}, OutputType.VIDEO, "flv"),
        ({"OutputFileFormat": "hls", "MediaTrackType": 1}, OutputType.PLAYLIST, "hls"),
        ({"OutputFileFormat": "jpg"}, OutputType.IMAGE, "jpg"),
        ({"OutputFileFormat": "aac", "MediaTrackType": 1}, OutputType.AUDIO, "aac"),
        ({"OutputFileFormat": "mp3"}, OutputType.AUDIO, "mp3"),
        ({"OutputFileFormat": "ogg"}, OutputType.AUDIO, "ogg"),
        ({"FileId": "a_b_VA_1.m3u8"}, OutputType.PLAYLIST, "hls"),
        ({}, OutputType.OTHER, None),
    ],
)
def test_format_and_tracks_tell_the_type(
    fields: dict[str, Any], sort: OutputType, file_format: str | None
) -> None:
    output = one_output(**fields)

    assert (output.type, output.format) == (sort, file_format)


def test_a_file_that_still_grows_has_no_size_yet() -> None:
    empty = {"FileSize": 0, "Duration": 0, "ResolutionWidth": 0, "ResolutionHeight": 0}

    growing = record(Status=2, RecordFiles=[{"Status": 1, **empty}]).outputs[0]
    stored = one_output(**empty)

    assert (growing.size_bytes, growing.duration_s, growing.width) == (None, None, None)
    assert (stored.size_bytes, stored.duration_s, stored.height) == (0, 0.0, None)


def test_only_http_links_are_linked() -> None:
    assert one_output(FileUrl="javascript:alert(1)").url is None
    assert one_output(FileUrl="http://h.example/a.mp4").url == "http://h.example/a.mp4"


def test_lost_and_saved_files_are_counted_and_explained() -> None:
    status = with_files(3, [3, 3, 4, 5], RecordEndTimestamp=END_MS)

    assert status.error is not None
    assert status.error.message == (
        "1 of 4 files is lost. 1 of 4 files is only in ZEGO's backup. 2 of 4 files are uploaded."
    )
    assert (status.error.reason, status.error.code) == (Reason.TASK_FAILED, None)
    assert status.error.hint is not None
    assert "ask ZEGO support for the file before 2020-09-30T15:45:08Z" in status.error.hint


def test_a_backup_of_unknown_age_is_asked_for_at_once() -> None:
    status = with_files(3, [4])

    assert status.error is not None
    assert status.error.hint is not None
    assert "ask ZEGO support for the file at once" in status.error.hint


def test_a_recording_that_lost_everything_says_where_to_look() -> None:
    status = with_files(3, [5])

    assert status.error is not None
    assert status.error.message == "1 of 1 file is lost."
    assert status.error.hint is not None
    assert "bucket" in status.error.hint
    assert "{" not in status.error.hint


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ((), "The recording ended abnormally. No file was made."),
        ((3,), "The recording ended abnormally. 1 of 1 file is uploaded."),
        ((5, 5), "The recording ended abnormally. 2 of 2 files are lost."),
    ],
)
def test_an_abnormal_ending_says_so(files: tuple[int, ...], message: str) -> None:
    status = with_files(4, files)

    assert status.error is not None
    assert status.error.message == message
    assert status.error.hint is not None
    assert "why it ended" in status.error.hint


@pytest.mark.parametrize("files", [(), (3,), (2,), (9,)])
def test_what_neither_failed_nor_lost_a_part_has_no_error(files: tuple[int, ...]) -> None:
    assert with_files(3, files).error is None


def test_a_time_that_cannot_be_is_kept_as_it_came() -> None:
    status = record(Status=2, RecordBeginTimestamp=10**19, RecordEndTimestamp=0)

    assert (status.started_at, status.finished_at) == (None, None)
    assert status.details == {"RecordBeginTimestamp": 10**19}


def test_a_task_id_that_only_repeats_the_question_is_no_detail() -> None:
    assert record(Status=2, TaskId=REF.task_id).details == {}
    assert record(Status=2, task_id="another").details == {"task_id": "another"}
