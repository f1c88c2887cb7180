"""What a callback about a media task says, and whose task it is.

ZEGO docs, Server callbacks: Media File Merge Completed; On-Demand Transcoding Completed;
On-Demand Screenshot; Recording File Generated, read 2026-11.

Only thumbnails name their vendor. A transcode is Tencent Cloud's, because ZEGO starts them nowhere
else. A merge with a file id, an error code or an id of Tencent's shape is Tencent Cloud's, because
only those are documented to have them; any other is Huawei Cloud's. What is left open has news for
both vendors. A Huawei merge and a file recorded by a CDN are told, because nobody can be asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from providers.callbacks import CallbackNews, read_task_id
from providers.errors import MalformedCallbackError
from providers.ids import guess_providers
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
from providers.reading import read_epoch_s, read_link
from providers.zego.callback_wire import CdnFile, MediaCallback, TranscodeMedia
from providers.zego.mapping import media_outputs

_News = tuple[CallbackNews, ...]

_VENDORS: Mapping[str, str] = {"tencent": "tencent", "hw": "huawei", "huawei": "huawei"}
_MERGE_PAUSE = timedelta(seconds=5)
"""What the page recommends to wait before the details are asked for."""
_FINE = frozenset({None, "0"})

_MERGE_CODES: Mapping[str, tuple[str, str]] = {
    "40000": (
        "The merge was given a wrong parameter.",
        "Check the parameters of MergeMedia, then start the merge again.",
    ),
    "60000": (
        "A source file of the merge is damaged.",
        "Check that every source file plays, then start the merge again.",
    ),
    "70000": ("The merge service had an internal error.", "Start the merge again."),
}
_UNLISTED = "Give the task id and the code to ZEGOCLOUD Technical Support."


def read_media_news(
    account: str, event: str, document: Mapping[str, Any], *, now: datetime
) -> _News:
    """Read a callback whose ``event`` is *event*; () where an unlisted one names no task.

    Raises:
        MalformedCallbackError: a listed one names no task.
    """
    said = MediaCallback.model_validate(document)
    return EVENTS.get(event, _tell_unlisted)(account, said, now)


def _tell_unlisted(account: str, said: MediaCallback, _now: datetime) -> _News:
    return _hints(account, said, None, "it has news") if said.task_id else ()


def _hints(account: str, said: MediaCallback, kind: Kind | None, note: str) -> _News:
    task_id = read_task_id(said.task_id)
    owners = _owners(said, task_id)
    return tuple(
        CallbackNews(
            ref=TaskRef(owner, account, task_id), certain=len(owners) == 1, kind=kind, note=note
        )
        for owner in owners
    )


def _owners(said: MediaCallback, task_id: str) -> tuple[str, ...]:
    told = _VENDORS.get((said.vendor or "").lower())
    if told:
        return (told,)
    is_tencent = said.file_id or guess_providers(task_id) == ("tencent",)
    return ("tencent",) if is_tencent else ("tencent", "huawei")


def _tell_merge(account: str, said: MediaCallback, now: datetime) -> _News:
    task_id = read_task_id(said.task_id)
    owners = _owners(said, task_id)
    failed = said.code not in _FINE
    owner = owners[0] if len(owners) == 1 or failed else "huawei"
    ref = TaskRef(owner, account, task_id)
    cause = _merge_error(said) if failed else None
    note = f"the merge failed, with code {said.code}" if failed else "the merge has ended"
    news = CallbackNews(ref=ref, ask_in=_MERGE_PAUSE, kind=Kind.MERGE, cause=cause, note=note)
    if owner == "tencent":
        return (news,)
    return (replace(news, queryable=False, status=_merge_status(ref, said, cause, now)),)


def _merge_error(said: MediaCallback) -> TaskError:
    message, hint = _MERGE_CODES.get(
        said.code or "", (said.message or "The merge failed.", _UNLISTED)
    )
    return TaskError(code=said.code, message=message, reason=Reason.TASK_FAILED, hint=hint)


def _merge_status(
    ref: TaskRef, said: MediaCallback, cause: TaskError | None, now: datetime
) -> TaskStatus:
    outputs = media_outputs(read_link(said.replay_url), said.file_id)
    ended = TaskState.SUCCEEDED if outputs else TaskState.EMPTY
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.MERGE,
        state=TaskState.FAILED if cause else ended,
        vendor_status=said.code,
        outputs=outputs,
        error=cause,
        queried_at=now,
    )


def _tell_transcode(account: str, said: MediaCallback, _now: datetime) -> _News:
    ref = TaskRef("tencent", account, read_task_id(said.task_id))
    media = TranscodeMedia.model_validate(said.extra_params.get("media") or {})
    failed = [one for one in media.transcode if one.code not in _FINE]
    note = f"the transcode ended with {said.status or 'no status'}"
    if not failed:
        return (CallbackNews(ref=ref, kind=Kind.TRANSCODE, note=note),)
    cause = TaskError(
        code=failed[0].code,
        message=failed[0].message or "A part of the transcode failed.",
        reason=Reason.TASK_FAILED,
        hint="Check the source file, then start the transcode again.",
    )
    note = f"{note}; {len(failed)} of {len(media.transcode)} outputs failed"
    return (CallbackNews(ref=ref, kind=Kind.TRANSCODE, cause=cause, note=note),)


def _tell_thumbnails(account: str, said: MediaCallback, _now: datetime) -> _News:
    return _hints(account, said, Kind.THUMBNAILS, "the thumbnails are made")


def _tell_cdn_file(account: str, said: MediaCallback, now: datetime) -> _News:
    file = CdnFile.model_validate(said.extra_params)
    ref = TaskRef("record", account, _cdn_id(said, file))
    status = TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.RECORDING,
        state=TaskState.SUCCEEDED,
        vendor_status="record",
        started_at=read_epoch_s(said.begin_time),
        finished_at=read_epoch_s(said.end_time),
        outputs=(_cdn_output(said, file),),
        queried_at=now,
    )
    note = "a CDN has recorded a file"
    return (CallbackNews(ref, queryable=False, status=status, kind=Kind.RECORDING, note=note),)


def _cdn_id(said: MediaCallback, file: CdnFile) -> str:
    """Take the id its vendor gives; Huawei Cloud gives none, and an object key need not be one."""
    for told in (file.task_id, file.persistent_id):
        if told:
            return read_task_id(told)
    place = (said.stream_alias, said.begin_time, file.obs_object or said.replay_url)
    if not any(place):
        raise MalformedCallbackError("the callback is about no recorded file")
    return f"cdn-{sha256(repr(place).encode()).hexdigest()[:32]}"


def _cdn_output(said: MediaCallback, file: CdnFile) -> Output:
    found = media_outputs(read_link(said.replay_url), file.file_id)
    output = found[0] if found else Output(type=OutputType.VIDEO)
    more = {
        "object": file.obs_object,
        "size_bytes": file.file_size or None,
        "duration_s": file.duration or None,
        "stream_id": said.stream_alias,
    }
    return output.model_copy(update=more)


_Tells = Callable[[str, MediaCallback, datetime], _News]

EVENTS: Mapping[str, _Tells] = {
    "compose": _tell_merge,
    "procedure": _tell_transcode,
    "snapshot": _tell_thumbnails,
    "record": _tell_cdn_file,
}
"""Every documented ``event``."""
