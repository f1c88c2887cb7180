"""What TIW says of a task becomes the truth about it."""

import pytest

from providers.models import Kind, Output, OutputType, TaskState, TaskStatus
from tests.providers.tencent_tiw.replies import CASES, FILE, NOON, REF, SAMPLE, read, read_file


def test_the_documented_sample_is_a_video_that_succeeded() -> None:
    status = read(SAMPLE)

    assert status == TaskStatus(
        provider="tiw",
        account="whiteboard",
        task_id="ghucnligqtgtvk2624mb",
        kind=Kind.VIDEO_GENERATION,
        state=TaskState.SUCCEEDED,
        vendor_status="FINISHED",
        room="900822",
        outputs=(
            Output(
                type=OutputType.VIDEO,
                url="http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
                file_id="5285890792776509100",
                format="mp4",
                size_bytes=318384,
                duration_s=156.75,
                width=1024,
                height=768,
            ),
        ),
        request_id="d290f1ee-6c54-4b01-90e6-d701748f0851",
        queried_at=NOON,
        details={
            "GroupId": "900822",
            "TotalTime": 156750,
            "TaskId": "00e1jv8ve0jcqk7da9lb",
        },
        raw=SAMPLE,
    )


@pytest.mark.parametrize(
    ("word", "state", "undocumented"),
    [
        ("QUEUED", TaskState.QUEUED, ()),
        ("PROCESSING", TaskState.RUNNING, ()),
        ("FINISHED", TaskState.SUCCEEDED, ()),
        ("finished", TaskState.UNKNOWN, ("Status=finished",)),
        ("PREPARED", TaskState.UNKNOWN, ("Status=PREPARED",)),
        (7, TaskState.UNKNOWN, ("Status=7",)),
    ],
)
def test_a_status_word_becomes_our_state(
    word: object, state: TaskState, undocumented: tuple[str, ...]
) -> None:
    status = read({**SAMPLE, "Status": word})

    assert status.state is state
    assert status.vendor_status == str(word)
    assert status.undocumented == undocumented
    assert status.error is None


def test_a_running_task_has_no_progress_because_the_field_is_disused() -> None:
    status = read({**SAMPLE, "Status": "PROCESSING", "Progress": 40})

    assert status.progress is None
    assert "Progress" not in status.details
    assert status.raw["Progress"] == 40


def test_a_running_task_as_documented_has_nothing_to_show_yet() -> None:
    status = read(CASES["tiw_video_processing"]["body"]["Response"])

    assert (status.state, status.outputs) == (TaskState.RUNNING, ())
    assert status.details == {"GroupId": "900822", "TaskId": "00e1jv8ve0jcqk7da9lb"}


def test_the_task_id_of_the_reply_is_a_detail_only_where_it_differs() -> None:
    status = read({**SAMPLE, "TaskId": REF.task_id})

    assert "TaskId" not in status.details


@pytest.mark.parametrize(
    "files",
    [
        None,
        [],
        [None],
        [{}],
        [{"VideoUrl": "", "VideoId": ""}],
        [{"VideoUrl": None, "VideoId": None, "VideoSize": 1}],
    ],
)
def test_a_finished_task_without_files_is_empty(files: object) -> None:
    status = read({**SAMPLE, "VideoInfoList": files})

    assert (status.state, status.outputs, status.error) == (TaskState.EMPTY, (), None)


def test_the_placeholder_of_the_disused_field_is_no_file() -> None:
    status = read({**SAMPLE, "VideoInfoList": None})

    assert status.state is TaskState.EMPTY
    assert "VideoInfos" not in status.details


def test_a_file_known_by_its_id_alone_is_a_file() -> None:
    status = read({**SAMPLE, "VideoInfoList": [{"VideoId": 5285890792776509100}]})

    assert status.state is TaskState.SUCCEEDED
    assert status.outputs == (Output(type=OutputType.OTHER, file_id="5285890792776509100"),)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, OutputType.VIDEO),
        (1, OutputType.VIDEO),
        (2, OutputType.VIDEO),
        (3, OutputType.VIDEO),
        (4, OutputType.AUDIO),
        pytest.param("4", OutputType.AUDIO, id="4-as-text"),
    ],
)
def test_the_video_type_tells_video_from_audio(number: object, kind: OutputType) -> None:
    assert read_file(VideoType=number).type is kind


def test_an_undocumented_video_type_is_named_once_and_the_format_tells() -> None:
    strange = {**FILE, "VideoType": 9, "VideoFormat": "MP3"}

    status = read({**SAMPLE, "Status": "ODD", "VideoInfoList": [strange, FILE, strange]})

    assert [output.type for output in status.outputs] == ["audio", "video", "audio"]
    assert [output.format for output in status.outputs] == ["mp3", "mp4", "mp3"]
    assert status.undocumented == ("Status=ODD", "VideoType=9")


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"VideoFormat": "M3U8"}, "format", "m3u8"),
        ({"VideoFormat": None}, "format", "mp4"),
        ({"VideoFormat": None, "VideoUrl": None}, "format", None),
        ({"Width": 0}, "width", None),
        ({"Height": 0}, "height", None),
        ({"Width": "640"}, "width", 640),
        ({"VideoSize": 0}, "size_bytes", None),
        ({"VideoSize": "12"}, "size_bytes", 12),
        ({"VideoDuration": 0}, "duration_s", None),
        ({"VideoDuration": 33874}, "duration_s", 33.874),
        ({"VideoDuration": "soon"}, "duration_s", None),
        ({"UserId": "tic_substream_u1"}, "user_id", "tic_substream_u1"),
        ({"UserId": ""}, "user_id", None),
    ],
)
def test_a_value_of_a_file_is_kept_or_absent(
    changes: dict[str, object], field: str, value: object
) -> None:
    assert getattr(read_file(**changes), field) == value


def test_a_link_is_never_rewritten_and_a_strange_one_is_only_text() -> None:
    strange = {**FILE, "VideoUrl": "javascript:alert(1)"}

    status = read({**SAMPLE, "VideoInfoList": [FILE, strange]})

    assert [output.url for output in status.outputs] == [FILE["VideoUrl"], None]
    assert status.details["VideoUrl"] == ["javascript:alert(1)"]
    assert status.undocumented == ("VideoUrl=not an http link",)


def test_fields_the_vendor_adds_later_are_details() -> None:
    status = read({**SAMPLE, "Layout": 3, "Note": "", "VideoInfoList": [{**FILE, "Codec": "x"}]})

    assert status.details["Layout"] == 3
    assert "Note" not in status.details
    assert status.raw["VideoInfoList"][0]["Codec"] == "x"
