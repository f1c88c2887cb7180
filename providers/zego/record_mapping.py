"""From cloud recording's numbers to our words.

"Ended" proves nothing: every file is uploaded, still on its way, in ZEGO's backup or lost, and
the rules below, not ``Data.Status`` alone, say what became of the recording.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from providers.models import (
    Kind,
    Output,
    OutputStatus,
    OutputType,
    Reason,
    TaskError,
    TaskRef,
    TaskState,
    TaskStatus,
    format_instant,
)
from providers.reading import (
    file_format,
    leftovers,
    output_type,
    read_link,
    told_times,
    unlisted,
)
from providers.signed_links import is_signed_link, link_expiry
from providers.zego.record_wire import RecordFile, RecordTask
from providers.zego.wire import id_names

ENDED = "3"
ENDED_ABNORMALLY = "4"

GOING_STATES: Mapping[str | None, TaskState] = {
    "1": TaskState.QUEUED,  # initialising: nothing is recorded yet
    "2": TaskState.RUNNING,
    "5": TaskState.PAUSED,
}
"""The statuses that say where the recording stands without a look at its files."""

STATUSES = frozenset({*GOING_STATES, ENDED, ENDED_ABNORMALLY})

FILE_STATUSES: Mapping[str | None, OutputStatus] = {
    "1": OutputStatus.RECORDING,
    "2": OutputStatus.UPLOADING,
    "3": OutputStatus.UPLOADED,
    "4": OutputStatus.BACKUP,
    "5": OutputStatus.LOST,
}

_ON_ITS_WAY = frozenset({OutputStatus.RECORDING, OutputStatus.UPLOADING})
_AUDIO_ONLY = "1"

_WORDS: Mapping[str, Collection[str]] = {
    "RecordMode": frozenset("12"),
    "StreamType": frozenset("1234"),
    "MediaTrackType": frozenset("123"),
    # The reply's page lists the first five; StartRecord can ask for the last two.
    "OutputFileFormat": frozenset({"mp4", "flv", "hls", "jpg", "aac", "mp3", "ogg"}),
}

BACKUP_KEPT = timedelta(days=3)


def to_record_status(
    ref: TaskRef,
    raw: Mapping[str, Any],
    *,
    request_id: str | None,
    queried_at: datetime,
    ended_ordinarily: bool = False,
) -> TaskStatus:
    """Translate ``Data`` of DescribeRecordStatus.

    *ended_ordinarily*: a callback said that an abnormal ending was an idle time-out or the time
    limit, so that the files alone decide.

    Raises:
        pydantic.ValidationError: a member of ``RecordFiles`` is no object.
    """
    task = RecordTask.model_validate(raw)
    files = [FILE_STATUSES.get(file.status) for file in task.record_files]
    abnormal = task.status == ENDED_ABNORMALLY and not ended_ordinarily
    state = _state(task.status, files, abnormal=abnormal)
    times = {
        "RecordBeginTimestamp": task.record_begin_timestamp,
        "RecordEndTimestamp": task.record_end_timestamp,
    }
    told = {
        "RoomId",
        "Status",
        "RecordFiles",
        *told_times(raw, times),
        *id_names(task.task_id, ref.task_id),
    }
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.RECORDING,
        state=state,
        vendor_status=task.status,
        room=task.room_id,
        started_at=task.record_begin_timestamp,
        finished_at=task.record_end_timestamp,
        outputs=tuple(_output(file) for file in task.record_files),
        error=_error(state, files, task.record_end_timestamp, abnormal=abnormal),
        request_id=request_id,
        queried_at=queried_at,
        undocumented=_notes(task),
        details=leftovers(raw, told),
        raw=raw,
    )


def _state(status: str | None, files: list[OutputStatus | None], *, abnormal: bool) -> TaskState:
    if None in files or status not in STATUSES:
        return TaskState.UNKNOWN
    if status in GOING_STATES:
        return GOING_STATES[status]
    if not _ON_ITS_WAY.isdisjoint(files):
        return TaskState.RUNNING
    return _abnormal_state(files) if abnormal else _ended_state(files)


def _ended_state(files: list[OutputStatus | None]) -> TaskState:
    """Judge an ordinary ending, when every file has come to rest."""
    fates = frozenset(files)
    by_fates = {
        frozenset[OutputStatus | None](): TaskState.EMPTY,
        frozenset({OutputStatus.UPLOADED}): TaskState.SUCCEEDED,
        frozenset({OutputStatus.LOST}): TaskState.FAILED,
    }
    return by_fates.get(fates, TaskState.PARTIAL)


def _abnormal_state(files: list[OutputStatus | None]) -> TaskState:
    kept = {OutputStatus.UPLOADED, OutputStatus.BACKUP}
    return TaskState.FAILED if kept.isdisjoint(files) else TaskState.PARTIAL


def _output(file: RecordFile) -> Output:
    """Describe one file; zeros of a file that still grows, and of a picture's size, say nothing."""
    known_format = (file.output_file_format or file_format(file.file_id or "") or "").lower()
    status = FILE_STATUSES.get(file.status)
    growing = status in _ON_ITS_WAY
    seconds = None if file.duration is None else file.duration / 1000
    link = read_link(file.file_url)
    return Output(
        type=_type(known_format, file.media_track_type),
        url=link,
        file_id=file.file_id,
        format=known_format or None,
        size_bytes=(file.file_size or None) if growing else file.file_size,
        duration_s=(seconds or None) if growing else seconds,
        width=file.resolution_width or None,
        height=file.resolution_height or None,
        status=status,
        stream_id=file.stream_id,
        user_id=file.user_id,
        signed=is_signed_link(link),
        expires_at=link_expiry(link),
    )


def _type(known_format: str, track: str | None) -> OutputType:
    sort = output_type(known_format)
    if sort is OutputType.VIDEO and track == _AUDIO_ONLY:
        return OutputType.AUDIO
    return sort


def _error(
    state: TaskState,
    files: list[OutputStatus | None],
    ended_at: datetime | None,
    *,
    abnormal: bool,
) -> TaskError | None:
    if state not in {TaskState.FAILED, TaskState.PARTIAL}:
        return None
    parts = [_ABNORMAL] if abnormal else []
    parts += [_share(files, fate, words) for fate, words in _FATES.items() if fate in files]
    hints = [hint for fate, hint in _FATE_HINTS.items() if fate in files]
    hint = " ".join([*hints, _ABNORMAL_HINT] if abnormal else hints)
    return TaskError(
        message=" ".join(parts if files else [*parts, "No file was made."]),
        reason=Reason.TASK_FAILED,
        hint=hint.format(until=_backup_until(ended_at)),
    )


_ABNORMAL = "The recording ended abnormally."
_ABNORMAL_HINT = "Give ZEGOCLOUD Technical Support the task id to learn why it ended."

_FATES: Mapping[OutputStatus, str] = {
    OutputStatus.LOST: "lost",
    OutputStatus.BACKUP: "only in ZEGO's backup",
    OutputStatus.UPLOADED: "uploaded",
}

_FATE_HINTS: Mapping[OutputStatus, str] = {
    OutputStatus.LOST: "A lost file cannot be had again: check the storage that StartRecord was "
    "given (keys, bucket, region) before the next recording.",
    OutputStatus.BACKUP: "ZEGO keeps its backup for three days: ask ZEGO support for the file "
    "{until}.",
}


def _share(files: list[OutputStatus | None], fate: OutputStatus, words: str) -> str:
    count, total = files.count(fate), len(files)
    noun = "file" if total == 1 else "files"
    verb = "is" if count == 1 else "are"
    return f"{count} of {total} {noun} {verb} {words}."


def _backup_until(ended_at: datetime | None) -> str:
    """Count from the recording's end, the earliest moment the backup can have been made."""
    if ended_at is None:
        return "at once"
    return f"before {format_instant((ended_at + BACKUP_KEPT).replace(microsecond=0))}"


def _notes(task: RecordTask) -> tuple[str, ...]:
    notes = unlisted("Status", task.status, STATUSES)
    notes += _unlisted_words(RecordMode=task.record_mode, StreamType=task.stream_type)
    for file in task.record_files:
        notes += unlisted("RecordFiles.Status", file.status or "", FILE_STATUSES)
        notes += _unlisted_words(
            MediaTrackType=file.media_track_type, OutputFileFormat=file.output_file_format
        )
        if file.file_url and read_link(file.file_url) is None:
            notes += ("FileUrl=not an http link",)
    return tuple(dict.fromkeys(notes))


def _unlisted_words(**words: str | None) -> tuple[str, ...]:
    return tuple(
        note for name, word in words.items() for note in unlisted(name, word, _WORDS[name])
    )
