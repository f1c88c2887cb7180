"""What Huawei MPC answers, in its own names; fields it may add later are ignored.

Every value may be null. Numbers come as text and text as numbers, which is accepted; an object
where a list is documented, or the other way round, is a ``ValidationError``.
"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

from providers.reading import read_amount, read_number, read_text

MILLI_FPS: Final = 1000
"""A frame rate over this is in thousandths: documented as 5 to 60, sampled as 25000."""


def _read_frame_rate(value: object) -> float | None:
    rate = read_amount(value)
    return rate / MILLI_FPS if rate is not None and rate > MILLI_FPS else rate


def _read_list(value: object) -> object:
    if isinstance(value, str):
        return (value,) if value else ()
    return () if value is None else value


Text = Annotated[str | None, BeforeValidator(read_text)]
Count = Annotated[int | None, BeforeValidator(read_number)]
Amount = Annotated[float | None, BeforeValidator(read_amount)]
FrameRate = Annotated[float | None, BeforeValidator(_read_frame_rate)]
_Nullable = BeforeValidator(_read_list)
_Object = dict[str, Any]


class _Wire(BaseModel):
    model_config = ConfigDict(
        frozen=True, defer_build=True, extra="ignore", hide_input_in_errors=True
    )


class VideoInfo(_Wire):
    """A video track."""

    width: Count = None
    height: Count = None
    bitrate: Count = None
    """Kilobits a second."""
    bitrate_bps: Count = None
    frame_rate: FrameRate = None
    """Frames a second, also where Huawei sends thousandths; 0 means adaptive."""
    codec: Text = None
    duration: Amount = None
    duration_ms: Amount = None
    rotate: Amount = None


class AudioInfo(_Wire):
    """An audio track."""

    codec: Text = None
    sample: Count = None
    """Hertz."""
    channels: Count = None
    bitrate: Count = None
    """Kilobits a second."""
    bitrate_bps: Count = None
    duration: Amount = None
    duration_ms: Amount = None


class SourceInfo(_Wire):
    """A media file: the input, or one output."""

    duration: Amount = None
    """Seconds."""
    duration_ms: Amount = None
    """Often 0 beside a good *duration*."""
    format: Text = None
    size: Count = None
    """Bytes."""
    manifest_name: Text = None
    """A separate DASH index."""
    md5: Text = None
    video_info: VideoInfo | None = None
    audio_info: Annotated[tuple[AudioInfo, ...], _Nullable] = ()


class ErrorResponse(_Wire):
    """Why one output failed; an empty code means that it did not."""

    error_code: Text = None
    error_msg: Text = None


class MultiTaskInfo(_Wire):
    """What became of one template of the task."""

    template_id: Text = None
    error: ErrorResponse | None = None
    output_file: SourceInfo | None = None


class TranscodeDetail(_Wire):
    """The outputs one by one, in the order of the templates."""

    multitask_info: Annotated[tuple[MultiTaskInfo, ...], _Nullable] = ()
    input_file: SourceInfo | None = None
    replace_sub_index: Annotated[tuple[Text, ...], _Nullable] = ()


class ObsObjInfo(_Wire):
    """A place in OBS."""

    bucket: Text = None
    location: Text = None
    object: Text = None
    """A key for an input; for an output a directory, with or without a final ``/``."""
    file_name: Text = None
    """Only for packaging: the name of the output in that directory."""


class PicInfo(_Wire):
    """A snapshot."""

    pic_name: Text = None


class ThumbnailsInfo(_Wire):
    """One set of snapshots and the archive of them (huaweicloudsdkmpc only)."""

    pic_info: Annotated[tuple[PicInfo, ...], _Nullable] = ()
    output: ObsObjInfo | None = None
    output_name: Text = None


class ImageSpriteInfo(_Wire):
    """Many small snapshots in one picture (huaweicloudsdkmpc only)."""

    row_count: Count = None
    column_count: Count = None
    total_count: Count = None
    width: Count = None
    height: Count = None
    output_image_name: Annotated[tuple[Text, ...], _Nullable] = ()
    output_webvtt_name: Text = None
    output: ObsObjInfo | None = None


class Task(_Wire):
    """One row of ``task_array``."""

    task_id: Text = None
    status: Text = None
    progress: Amount = None
    """Percent."""
    create_time: Text = None
    """``yyyymmddhhmmss`` in UTC, as are the other times."""
    start_time: Text = None
    """Known from MPC's other task queries; not in the reference of this one."""
    end_time: Text = None
    trans_template_id: Annotated[tuple[Text, ...], _Nullable] = ()
    input: ObsObjInfo | None = None
    output: ObsObjInfo | None = None
    output_file_name: Annotated[tuple[Text, ...], _Nullable] = ()
    """Snapshots among them."""
    user_data: Text = None
    error_code: Text = None
    """Present on some successes too (MPC.10218)."""
    description: Text = None
    """Why the task failed; on a success sometimes that it is complete."""
    tips: Text = None
    """Set where the audio sampling rate is too low."""
    transcode_detail: TranscodeDetail | None = None
    thumbnail_output: ObsObjInfo | None = None
    thumbnail_outputname: Text = None
    """The archive of the snapshots."""
    pic_info: Annotated[tuple[PicInfo, ...], _Nullable] = ()
    thumbnails_info: Annotated[tuple[ThumbnailsInfo, ...], _Nullable] = ()
    image_sprite_info: Annotated[tuple[ImageSpriteInfo, ...], _Nullable] = ()
    av_parameters: Annotated[tuple[_Object, ...], _Nullable] = ()
    additional_manifests: Annotated[tuple[_Object, ...], _Nullable] = ()
    metadata: Annotated[tuple[_Object, ...], _Nullable] = ()


class Transcodings(_Wire):
    """A whole answer."""

    task_array: tuple[_Object, ...] | None = None
    """The rows as they came; ``Task`` reads them."""
    is_truncated: Count = None
    """1 where more pages follow."""
    total: Count = None
