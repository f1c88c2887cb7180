from typing import Any

import pytest
from pydantic import ValidationError

from providers.huawei_mpc.wire import (
    AudioInfo,
    ErrorResponse,
    ImageSpriteInfo,
    MultiTaskInfo,
    ObsObjInfo,
    PicInfo,
    SourceInfo,
    Task,
    ThumbnailsInfo,
    TranscodeDetail,
    Transcodings,
    VideoInfo,
)
from tests.providers.huawei_mpc.vectors import fixture_body

DOCUMENTED = {
    Transcodings: "task_array is_truncated total",
    Task: (
        "task_id status create_time end_time trans_template_id input output output_file_name"
        " user_data error_code description tips transcode_detail thumbnail_output"
        " thumbnail_outputname pic_info progress thumbnails_info image_sprite_info av_parameters"
        " additional_manifests metadata"
    ),
    TranscodeDetail: "multitask_info input_file replace_sub_index",
    MultiTaskInfo: "template_id error output_file",
    ErrorResponse: "error_code error_msg",
    SourceInfo: "duration duration_ms format size manifest_name md5 video_info audio_info",
    VideoInfo: "width height bitrate bitrate_bps frame_rate codec duration duration_ms rotate",
    AudioInfo: "codec sample channels bitrate bitrate_bps duration duration_ms",
    ObsObjInfo: "bucket location object file_name",
    PicInfo: "pic_name",
    ThumbnailsInfo: "pic_info output output_name",
    ImageSpriteInfo: (
        "row_count column_count total_count width height output_image_name output_webvtt_name"
        " output"
    ),
}


@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_every_field_of_the_reference_and_the_sdk_is_read(model: Any) -> None:
    missing = set(DOCUMENTED[model].split()) - set(model.model_fields)

    assert not missing


@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_every_field_may_be_null(model: Any) -> None:
    empty = model.model_validate(dict.fromkeys(DOCUMENTED[model].split()))

    assert empty == model()


@pytest.mark.parametrize(
    ("sent", "fps"),
    [(25000, 25), ("23976", 23.976), (25, 25), (23.98, 23.98), (1000, 1000), (0, 0)],
)
def test_a_frame_rate_in_thousandths_is_read_as_frames_a_second(sent: object, fps: float) -> None:
    assert VideoInfo.model_validate({"frame_rate": sent}).frame_rate == fps


@pytest.mark.parametrize("sent", ["", "fast", True, -1, "nan", "inf", [], None])
def test_a_duration_that_is_no_number_is_absent(sent: object) -> None:
    assert SourceInfo.model_validate({"duration": sent}).duration is None


def test_the_documented_sample_is_read_in_full() -> None:
    task = Task.model_validate(fixture_body("huawei_transcodings_one")["task_array"][0])

    assert task.task_id == "22123973"
    assert task.create_time == "20200310031605"
    assert task.trans_template_id == ("4",)
    assert task.input == ObsObjInfo(bucket="zitest", location="cn-north-7", object="ziqiantest.mp4")
    detail = task.transcode_detail
    assert detail is not None
    assert detail.input_file is not None
    assert detail.input_file.video_info == VideoInfo(
        width=480, height=270, bitrate=199, bitrate_bps=0, frame_rate=25, codec="HEVC"
    )
    assert detail.input_file.audio_info == (
        AudioInfo(codec="AAC", sample=48000, channels=2, bitrate=128, bitrate_bps=0),
    )


@pytest.mark.parametrize(("sent", "names"), [("a.mp4", ("a.mp4",)), ("", ()), (["a"], ("a",))])
def test_one_name_may_stand_for_a_list_of_names(sent: object, names: tuple[str, ...]) -> None:
    assert Task.model_validate({"output_file_name": sent}).output_file_name == names


@pytest.mark.parametrize(
    "row", [{"output": "b"}, {"pic_info": {"a": 1}}, {"transcode_detail": []}, {"metadata": [1]}]
)
def test_another_shape_than_documented_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Task.model_validate(row)
