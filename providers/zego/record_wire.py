"""The JSON of cloud recording (DescribeRecordStatus, DescribeTasks), in ZEGO's names.

Numbers that stand for words (``Status``, ``RecordMode``) are read as text, to be shown verbatim.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from providers.reading import read_epoch_ms, read_text
from providers.zego.wire import FILE_ID_NAMES, TASK_ID_NAMES, Number, Text, Wire, read_list

EpochMs = Annotated[datetime | None, BeforeValidator(read_epoch_ms)]


class RecordFile(Wire):
    """A member of ``RecordFiles``."""

    user_id: Text = None
    """Who published; with mixed streams, the id of the mixed stream."""
    user_name: Text = None
    stream_id: Text = None
    file_id: Text = Field(default=None, validation_alias=AliasChoices(*FILE_ID_NAMES))
    """``TaskId_RoomId_UserId_StreamId_Type_UTC``, with an extension."""
    video_id: Text = None
    """The id at Alibaba Cloud VOD or Tencent Cloud VOD; None with other storage."""
    file_url: Text = None
    """None with Qiniu and Alibaba Cloud VOD."""
    output_file_format: Text = None
    file_size: Number = None
    """Bytes."""
    duration: Number = None
    """Milliseconds."""
    resolution_width: Number = None
    resolution_height: Number = None
    media_track_type: Text = None
    begin_timestamp: EpochMs = None
    """When the stream was first seen in the room."""
    custom_begin_timestamp: EpochMs = None
    """From the stream's SEI; only older descriptions of the API have it."""
    status: Text = None


class RecordTask(Wire):
    """``Data`` of DescribeRecordStatus; it does not repeat the task id."""

    task_id: Text = Field(default=None, validation_alias=AliasChoices(*TASK_ID_NAMES))
    """Not documented; read in case ZEGO comes to send it."""
    room_id: Text = None
    record_mode: Text = None
    stream_type: Text = None
    record_begin_timestamp: EpochMs = None
    record_end_timestamp: EpochMs = None
    status: Text = None
    record_files: Annotated[tuple[RecordFile, ...], BeforeValidator(read_list)] = ()
    """Absent when nobody published, and for automatic screenshots."""


class ListedTask(Wire):
    """A member of ``TaskidList``."""

    task_id: Annotated[str, BeforeValidator(read_text)] = Field(
        validation_alias=AliasChoices(*TASK_ID_NAMES)
    )
    room_id: Text = None
    status: Text = None
    record_begin_timestamp: EpochMs = None


class TaskList(Wire):
    """``Data`` of DescribeTasks."""

    taskid_list: Annotated[tuple[ListedTask, ...], BeforeValidator(read_list)] = Field(
        default=(), validation_alias=AliasChoices("TaskidList", "TaskIdList", "TaskList")
    )
    total_count: Number = None
