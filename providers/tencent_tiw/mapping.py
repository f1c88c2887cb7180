"""From TIW's reply to the truth about the task. Pure.

``FINISHED`` with files is success and without any is empty. A task that failed is answered as an
error ``FailedOperation.*``, because no field of the reply tells failure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from providers.account import redact
from providers.errors import MalformedResponseError
from providers.http import Reply, reading
from providers.models import (
    Kind,
    Output,
    OutputType,
    Reason,
    TaskError,
    TaskRef,
    TaskState,
    TaskStatus,
)
from providers.reading import file_format, leftovers, output_type, read_link, unlisted
from providers.signed_links import is_signed_link, link_expiry
from providers.tencent_tiw.codes import FAILURE_HINT, is_task_failure, refuse
from providers.tencent_tiw.wire import Answer, Envelope, Refusal, VideoInfo

STATES: Mapping[str | None, TaskState] = {
    "QUEUED": TaskState.QUEUED,
    "PROCESSING": TaskState.RUNNING,
    "FINISHED": TaskState.SUCCEEDED,
}

VIDEO_TYPES: Mapping[str | None, OutputType] = {
    "0": OutputType.VIDEO,
    "1": OutputType.VIDEO,
    "2": OutputType.VIDEO,
    "3": OutputType.VIDEO,
    "4": OutputType.AUDIO,
}
"""Camera, screen share, whiteboard, mixed; audio only."""

_TOLD = frozenset({"Error", "RequestId", "RoomId", "Status", "VideoInfoList"})
_DISUSED = frozenset({"Progress", "VideoInfos"})
_MS = 1000
_MAX_MESSAGE = 300


def read_reply(
    ref: TaskRef, reply: Reply, now: datetime, *, secrets: Collection[str] = ()
) -> TaskStatus:
    """Tell what the vendor said about the task that was asked for.

    *secrets* are what was sent along and must not come back in the vendor's words.

    Raises:
        ProviderError: it refused, or did not answer as documented.
    """
    with reading(reply):
        answer = Envelope.model_validate(reply.document).response
    refusal = answer.error and _without(secrets, answer.error)
    with reading(reply, answer.request_id):
        if refusal is None:
            _check_task(reply, answer)
        elif not _is_about_task(reply, refusal):
            raise refuse(reply, refusal, request_id=answer.request_id, now=now)
    shown = answer.model_copy(update={"error": refusal}) if refusal else answer
    return _tell(ref, shown, reply.document["Response"], now)


def _check_task(reply: Reply, answer: Answer) -> None:
    if reply.status != HTTPStatus.OK:
        raise MalformedResponseError("Tencent's answer says success under another HTTP status")
    if "status" not in answer.model_fields_set:
        raise MalformedResponseError("the answer has no Status")


def _is_about_task(reply: Reply, refusal: Refusal) -> bool:
    if refusal.code is None:
        raise MalformedResponseError("the answer's Error has no Code")
    return reply.status == HTTPStatus.OK and is_task_failure(refusal.code)


def _without(secrets: Iterable[str], refusal: Refusal) -> Refusal:
    message = redact(refusal.message or "", secrets)
    return Refusal(Code=refusal.code, Message=message[:_MAX_MESSAGE])


def _tell(ref: TaskRef, answer: Answer, raw: Mapping[str, Any], now: datetime) -> TaskStatus:
    files = [file for file in answer.video_info_list or () if file and file.is_file]
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.VIDEO_GENERATION,
        state=_state(answer, files),
        vendor_status=answer.status,
        room=answer.room_id,
        outputs=tuple(map(to_output, files)),
        error=_failure(answer.error),
        request_id=answer.request_id,
        queried_at=now,
        undocumented=_undocumented(answer, files),
        details=_details(ref, answer, raw, files),
        raw=raw,
    )


def _state(answer: Answer, files: Sequence[VideoInfo]) -> TaskState:
    if answer.error:
        return TaskState.FAILED
    state = STATES.get(answer.status or "", TaskState.UNKNOWN)
    return TaskState.EMPTY if state is TaskState.SUCCEEDED and not files else state


def _failure(refusal: Refusal | None) -> TaskError | None:
    if refusal is None:
        return None
    return TaskError(
        code=refusal.code,
        message=refusal.message or "Tencent gave no message.",
        reason=Reason.TASK_FAILED,
        hint=FAILURE_HINT,
    )


def to_output(file: VideoInfo) -> Output:
    """Describe one video; zeros say nothing."""
    link = read_link(file.video_url)
    form = (file.video_format or file_format(file.video_url or "") or "").lower() or None
    return Output(
        type=VIDEO_TYPES.get(file.video_type or "", output_type(form)),
        url=link,
        file_id=file.video_id,
        format=form,
        size_bytes=file.video_size or None,
        duration_s=file.video_duration / _MS if file.video_duration else None,
        width=file.width or None,
        height=file.height or None,
        user_id=file.user_id,
        signed=is_signed_link(link),
        expires_at=link_expiry(link),
    )


def _undocumented(answer: Answer, files: Sequence[VideoInfo]) -> tuple[str, ...]:
    """List the words of a task that the docs do not; a word left out is none."""
    notes = list(unlisted("Status", answer.status, STATES))
    for file in files:
        notes += unlisted("VideoType", file.video_type, VIDEO_TYPES)
        notes += ["VideoUrl=not an http link"] if _strange_link(file) else []
    return tuple(dict.fromkeys(notes))


def _strange_link(file: VideoInfo) -> str | None:
    return None if read_link(file.video_url) else file.video_url


def _details(
    ref: TaskRef, answer: Answer, raw: Mapping[str, Any], files: Sequence[VideoInfo]
) -> dict[str, Any]:
    """Keep what is told nowhere else; a total of zero is "not yet", a strange link is text."""
    silent = {
        "TaskId": answer.task_id == ref.task_id,
        "TotalTime": answer.total_time == 0,
    }
    told = _TOLD | _DISUSED | {name for name, says_nothing in silent.items() if says_nothing}
    links = {"VideoUrl": [link for link in map(_strange_link, files) if link]}
    return leftovers({**raw, **links}, told)
