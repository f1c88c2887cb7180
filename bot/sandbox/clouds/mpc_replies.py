"""A scene as a row of Huawei MPC's ``task_array``.

Ids and times are numbers, as in the manual's sample and against its table of types.
Source: Huawei MPC API reference, Querying Transcoding Tasks, read 2026-11.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.clouds.stage import Scene
from bot.sandbox.scenario import File, Word

WORDS: Mapping[Word, str] = {
    Word.QUEUED: "WAITING",
    Word.RUNNING: "TRANSCODING",
    Word.REVIEW: "NEED_TO_BE_AUDIT",
    Word.SUCCEEDED: "SUCCEEDED",
    Word.PARTIAL: "SUCCEEDED",
    Word.EMPTY: "SUCCEEDED",
    Word.FAILED: "FAILED",
    Word.CANCELED: "CANCELED",
}
_PLAYLISTS = {"m3u8": "HLS", "mpd": "DASH"}


def render_row(scene: Scene, bucket: str, location: str) -> Mapping[str, Any]:
    """Write one row; a field with nothing in it is left out."""
    task, step = scene.task, scene.step
    output = f"output/{task.id}"
    row: dict[str, Any] = {
        "task_id": _number(task.id),
        "status": step.word or WORDS[step.say],
        "progress": round(step.progress * 100) if step.say is Word.RUNNING else None,
        "create_time": _compact(scene.created_at),
        "end_time": _compact(scene.ended_at),
        "trans_template_id": list(dict.fromkeys(file.template for file in step.files)),
        "input": {"bucket": bucket, "location": location, "object": f"input/{task.room}.mp4"},
        "output": {"bucket": bucket, "location": location, "object": output},
        "output_file_name": [file.name for file in step.files if file.code is None],
        "error_code": step.code,
        "description": step.message or None,
        "transcode_detail": _render_detail(step.files),
        "pic_info": [{"pic_name": f"{number * 10}.jpg"} for number in range(step.pictures)],
    }
    if step.pictures:
        row["thumbnail_output"] = {**row["output"], "object": f"{output}/thumbnails"}
    return {key: value for key, value in row.items() if value not in (None, [])}


def _render_detail(files: tuple[File, ...]) -> Mapping[str, Any] | None:
    return {"multitask_info": [_render_entry(file) for file in files]} if files else None


def _render_entry(file: File) -> Mapping[str, Any]:
    if file.code is not None:
        error = {"error_code": file.code, "error_msg": file.message}
        return {"template_id": file.template, "error": error}
    extension = file.name.rpartition(".")[2]
    source = {
        "duration": round(file.seconds),
        "duration_ms": 0,
        "format": _PLAYLISTS.get(extension, extension.upper()),
        "size": file.size,
        "video_info": {
            "width": file.width,
            "height": file.height,
            "bitrate": 800,
            "bitrate_bps": 0,
            "frame_rate": 25000,
            "codec": "H264",
        },
        "audio_info": [
            {"codec": "AAC", "sample": 48000, "channels": 2, "bitrate": 64, "bitrate_bps": 0}
        ],
    }
    return {"template_id": file.template, "output_file": source}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _compact(instant: datetime | None) -> int | None:
    return int(instant.strftime("%Y%m%d%H%M%S")) if instant else None
