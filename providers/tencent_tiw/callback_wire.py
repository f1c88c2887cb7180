"""TIW's callbacks, in the vendor's names; any field may be null, and what is odd says nothing.

Tencent Cloud TIW docs, Overview of Event Notifications, Real-Time Recording Event and Recording
Video Generation Event, read 2026-11.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from providers.callbacks import read_nested, read_words
from providers.reading import read_epoch_s
from providers.tencent_tiw.wire import Number, Text, VideoInfo


def _read_files(value: object) -> list[object]:
    return [file for file in value if isinstance(file, dict)] if isinstance(value, list) else []


Words = Annotated[str | None, BeforeValidator(read_words)]
Instant = Annotated[datetime | None, BeforeValidator(read_epoch_s)]
Files = Annotated[tuple[VideoInfo, ...], BeforeValidator(_read_files)]


class _Said(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class Failure(_Said):
    """``EventData.Error``; without a code there is none."""

    code: Words = Field(None, alias="Code")
    message: Words = Field(None, alias="Message")


class EventData(_Said):
    """What happened to a recording; each event fills other fields."""

    task_id: Text = Field(None, validation_alias=AliasChoices("TaskId", "TaskID", "task_id"))
    room_id: Words = Field(None, alias="RoomId")
    progress: Number = Field(None, alias="Progress")
    """Percent; typed as text on one page and sampled as a number."""
    finish_reason: Words = Field(None, alias="FinishReason")
    """AUTO, USER_CALL, EXCEPTION or FORCE_STOP."""
    record_start_time: Instant = Field(None, alias="RecordStartTime")
    record_stop_time: Instant = Field(None, alias="RecordStopTime")
    video_infos: Files = Field((), alias="VideoInfos")
    error: Annotated[Failure, BeforeValidator(read_nested)] = Field(Failure(), alias="Error")


class Callback(_Said):
    """A callback's body; *sign* covers nothing but *expire_time*."""

    sdk_app_id: Text = Field(None, alias="SdkAppId")
    expire_time: Text = Field(None, alias="ExpireTime")
    """Unix seconds; the very text is signed."""
    sign: Text = Field(None, alias="Sign", repr=False)
    event_type: Text = Field(None, alias="EventType")
    event_data: Annotated[EventData, BeforeValidator(read_nested)] = Field(
        EventData(), alias="EventData"
    )
