"""The reply of DescribeVideoGenerationTask, in the vendor's names; any field may be null.

Tencent Cloud TIW docs, DescribeVideoGenerationTask and its type VideoInfo, read 2026-11.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from providers.reading import read_number, read_text

Text = Annotated[str | None, BeforeValidator(read_text)]
"""None for null and ``""``, which both mean absent."""

Number = Annotated[int | None, BeforeValidator(read_number)]


class _Wire(BaseModel):
    model_config = ConfigDict(
        frozen=True, defer_build=True, extra="ignore", hide_input_in_errors=True
    )


class VideoInfo(_Wire):
    """One video that came out."""

    video_type: Text = Field(None, alias="VideoType")
    """0 camera, 1 screen share, 2 whiteboard, 3 mixed, 4 audio only."""
    video_url: Text = Field(None, alias="VideoUrl")
    user_id: Text = Field(None, alias="UserId")
    """Whose stream; absent for the whiteboard, ``tic_mixstream_…`` for a mixed one."""
    video_id: Text = Field(None, alias="VideoId")
    """19 digits, as text."""
    video_format: Text = Field(None, alias="VideoFormat")
    video_size: Number = Field(None, alias="VideoSize")
    """Bytes."""
    video_duration: Number = Field(None, alias="VideoDuration")
    """Milliseconds."""
    video_play_time: Number = Field(None, alias="VideoPlayTime")
    """When in the whole it begins to play, in milliseconds."""
    width: Number = Field(None, alias="Width")
    height: Number = Field(None, alias="Height")

    @property
    def is_file(self) -> bool:
        """Whether it names a file at all; one with neither link nor id is a placeholder."""
        return bool(self.video_url or self.video_id)


class Refusal(_Wire):
    """Why there is no answer, or that the task failed."""

    code: Text = Field(None, alias="Code")
    message: Text = Field(None, alias="Message")


class Answer(_Wire):
    """What stands in ``Response``: a task, or an error."""

    error: Refusal | None = Field(None, alias="Error")
    request_id: Text = Field(None, alias="RequestId")
    group_id: Text = Field(None, alias="GroupId")
    room_id: Text = Field(None, alias="RoomId")
    task_id: Text = Field(None, alias="TaskId")
    status: Text = Field(None, alias="Status")
    """QUEUED, PROCESSING or FINISHED."""
    total_time: Number = Field(None, alias="TotalTime")
    """Milliseconds of playback over all videos."""
    progress: Number = Field(None, alias="Progress")
    """Disused."""
    video_info_list: list[VideoInfo | None] | None = Field(None, alias="VideoInfoList")


class Envelope(_Wire):
    """The whole reply."""

    response: Answer = Field(alias="Response")
