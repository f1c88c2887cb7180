"""A scene in ZEGO's words. Source: ZEGO docs, DescribeMediaTask; DescribeRecordStatus, 2026-11."""

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.clouds.stage import Scene
from bot.sandbox.scenario import File, Step, Word

TENCENT_WORDS: Mapping[Word, str] = {
    Word.QUEUED: "WAITING",
    Word.RUNNING: "PROCESSING",
    Word.SUCCEEDED: "FINISH",
    Word.EMPTY: "FINISH",
    Word.FAILED: "FAIL",
}
HUAWEI_WORDS: Mapping[Word, str] = {
    Word.QUEUED: "WAITING",
    Word.RUNNING: "PROCESSING",
    Word.SUCCEEDED: "SUCCEEDED",
    Word.EMPTY: "SUCCEEDED",
    Word.FAILED: "FAILED",
    Word.CANCELED: "CANCELED",
}
RECORD_STATUS: Mapping[Word, int] = {
    Word.QUEUED: 1,
    Word.RUNNING: 2,
    Word.PAUSED: 5,
    Word.UPLOADING: 3,
    Word.SUCCEEDED: 3,
    Word.PARTIAL: 3,
    Word.EMPTY: 3,
    Word.FAILED: 3,
    Word.ABORTED: 4,
}
_KEPT = {"recording": 1, "uploading": 2, "uploaded": 3, "backup": 4, "lost": 5}
_KEPT_BY_DEFAULT: Mapping[Word, str] = {
    Word.RUNNING: "recording",
    Word.PAUSED: "recording",
    Word.UPLOADING: "uploading",
    Word.FAILED: "lost",
}
_TRACKS = {"audio": 1, "video": 2, "both": 3}
_PICTURE_EVERY_S = 10


def render_tencent(scene: Scene, media_url: str) -> Mapping[str, Any]:
    """Write ``Data.Tencent``."""
    task, step = scene.task, scene.step
    file = next(iter(step.files), None)
    folder = f"{media_url}/pictures/{task.id}"
    return {
        "TaskId": task.id,
        "Event": task.event,
        "Status": _word(step, TENCENT_WORDS),
        "FileId": f"52858907{_number(task.id):011d}" if file else "",
        "ReplayUrl": f"{media_url}/videos/{file.name}" if file else "",
        "RequestId": f"6aac31f4-6c54-4b01-90e6-{_number(task.id):012d}",
        "Message": step.message,
        "ThumbnailsUrl": [
            f"{folder}/sampleSnapshot_{_PICTURE_EVERY_S}_{number}.jpg"
            for number in range(step.pictures)
        ],
    }


def render_huawei(scene: Scene) -> Mapping[str, Any]:
    """Write ``Data.Huawei``; the pictures are object keys, without bucket or region."""
    task, step = scene.task, scene.step
    return {
        "TaskId": task.id,
        "Status": _word(step, HUAWEI_WORDS),
        "CreateTime": _compact(scene.created_at),
        "EndTime": _compact(scene.ended_at),
        "FileName": [
            f"record/thumbnails/{task.id}/{number * _PICTURE_EVERY_S}.jpg"
            for number in range(step.pictures)
        ],
    }


def render_record(scene: Scene, media_url: str) -> Mapping[str, Any]:
    """Write ``Data`` of a recording; without files there is no ``RecordFiles``."""
    step = scene.step
    document: dict[str, Any] = {
        "RoomId": scene.task.room,
        "RecordMode": 1,
        "StreamType": 3,
        "RecordBeginTimestamp": _milliseconds(scene.created_at),
        "RecordEndTimestamp": _milliseconds(scene.ended_at),
        "Status": record_status(step),
    }
    if step.files:
        document["RecordFiles"] = [_render_file(scene, file, media_url) for file in step.files]
    return document


def record_status(step: Step) -> int | str:
    """Tell the number of a recording's status; an undocumented one comes as the story has it."""
    if step.word is None:
        return RECORD_STATUS[step.say]
    return int(step.word) if step.word.isdigit() else step.word


def render_listed(scene: Scene) -> Mapping[str, Any]:
    """Write one entry of ``TaskidList``."""
    return {
        "TaskId": scene.task.id,
        "RoomId": scene.task.room,
        "Status": record_status(scene.step),
        "RecordBeginTimestamp": _milliseconds(scene.created_at),
    }


def _render_file(scene: Scene, file: File, media_url: str) -> Mapping[str, Any]:
    # Naming rule of StartRecord: TaskId_RoomId_UserId_StreamId_Type_UTC.
    begun = scene.created_at.strftime("%Y%m%d%H%M%S000")
    file_id = f"{scene.task.id}_{scene.task.room}_{file.user}_{file.stream}_VA_{begun}_{file.name}"
    kept = file.kept or _KEPT_BY_DEFAULT.get(scene.step.say, "uploaded")
    is_reachable = kept in {"uploaded", "backup"}
    return {
        "UserId": file.user,
        "UserName": file.user,
        "StreamId": file.stream,
        "FileId": file_id,
        "VideoId": "",
        "FileUrl": f"{media_url}/videos/{file_id}" if is_reachable else "",
        "OutputFileFormat": file.name.rpartition(".")[2],
        "FileSize": file.size,
        "Duration": round(file.seconds * 1000),
        "ResolutionWidth": file.width,
        "ResolutionHeight": file.height,
        "MediaTrackType": _TRACKS[file.track],
        "BeginTimestamp": _milliseconds(scene.created_at),
        "CustomBeginTimestamp": 0,
        "Status": _KEPT[kept],
    }


def _word(step: Step, words: Mapping[Word, str]) -> str:
    return step.word or words[step.say]


def _compact(instant: datetime | None) -> str:
    return instant.strftime("%Y%m%d%H%M%S") if instant else ""


def _milliseconds(instant: datetime | None) -> int:
    return round(instant.timestamp() * 1000) if instant else 0


def _number(task_id: str) -> int:
    """Make a number of ten digits that is the same in every run."""
    return zlib.crc32(task_id.encode())
