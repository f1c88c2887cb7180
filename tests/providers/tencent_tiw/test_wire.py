"""Every documented field is read, null is accepted everywhere, and nonsense ends in no crash."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import errors
from providers.models import OutputType, TaskState
from providers.tencent_tiw.wire import Answer, VideoInfo
from tests.providers.tencent_tiw.replies import FILE, REF, SAMPLE, read, read_file


def test_every_documented_field_of_the_reply_is_read() -> None:
    answer = Answer.model_validate({**SAMPLE, "TotalTime": "156750", "GroupId": 900822})

    assert answer.model_dump(exclude={"video_info_list", "error"}) == {
        "request_id": "d290f1ee-6c54-4b01-90e6-d701748f0851",
        "group_id": "900822",
        "room_id": "900822",
        "task_id": "00e1jv8ve0jcqk7da9lb",
        "status": "FINISHED",
        "total_time": 156750,
        "progress": 100,
    }


def test_every_documented_field_of_a_video_is_read() -> None:
    file = VideoInfo.model_validate({**FILE, "UserId": "tic_mixstream_900822_1"})

    assert file.model_dump() == {
        "video_type": "2",
        "video_url": "http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
        "user_id": "tic_mixstream_900822_1",
        "video_id": "5285890792776509100",
        "video_format": "mp4",
        "video_size": 318384,
        "video_duration": 156750,
        "video_play_time": 0,
        "width": 1024,
        "height": 768,
    }


@pytest.mark.parametrize("field", [*SAMPLE, "Error"])
def test_any_field_may_be_null(field: str) -> None:
    status = read({**SAMPLE, field: None})

    assert status.state in {TaskState.SUCCEEDED, TaskState.EMPTY, TaskState.UNKNOWN}
    assert status.undocumented == ()


@pytest.mark.parametrize("field", FILE)
def test_any_field_of_a_file_may_be_null(field: str) -> None:
    assert read_file(**{field: None}).type is OutputType.VIDEO


def test_a_status_that_is_null_is_no_end() -> None:
    status = read({**SAMPLE, "Status": None})

    assert (status.state, status.vendor_status) == (TaskState.UNKNOWN, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from([*SAMPLE, "Error"]), JSON)
FILES = st.lists(st.dictionaries(st.sampled_from(list(FILE)), JSON), max_size=3)


@given(FIELDS, st.none() | FILES, st.sampled_from([200, 500]))
def test_no_reply_ends_in_anything_but_a_status_or_a_named_error(
    fields: dict[str, Any], files: list[Any] | None, status: int
) -> None:
    response = fields if files is None else {**fields, "VideoInfoList": files}

    try:
        told = read({"Status": "FINISHED", **response}, status=status)
    except errors.ProviderError as error:
        hint = error.hint
        assert hint
    else:
        assert json.loads(told.model_dump_json())["task_id"] == REF.task_id
