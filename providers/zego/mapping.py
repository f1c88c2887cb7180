"""From DescribeMediaTask's words to ours.

"Finished" is success only with something to show: a finished task without a link, file id or
object key is ``empty``. Every non-empty result is shown, whatever the ``Event``, because the
documents' own sample shows thumbnails on a merge.
"""

import posixpath
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from providers.account import ObsBucket
from providers.errors import TaskNotFoundError
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
from providers.obs import make_link
from providers.reading import (
    file_format,
    leftovers,
    output_type,
    read_link,
    told_times,
    unlisted,
)
from providers.signed_links import is_signed_link, link_expiry
from providers.zego.wire import FILE_ID_NAMES, HuaweiTask, TencentTask, id_names

TENCENT_STATES: Mapping[str | None, TaskState] = {
    "WAITING": TaskState.QUEUED,
    "PROCESSING": TaskState.RUNNING,
    "FINISH": TaskState.SUCCEEDED,
    "FAIL": TaskState.FAILED,
}

HUAWEI_STATES: Mapping[str | None, TaskState] = {
    "NO_TASK": TaskState.NOT_FOUND,
    "WAITING": TaskState.QUEUED,
    "PROCESSING": TaskState.RUNNING,
    "SUCCEEDED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELED": TaskState.CANCELED,
}

KINDS: Mapping[str | None, Kind] = {
    "compose": Kind.MERGE,
    "transcode": Kind.TRANSCODE,
    "SnapshotByTimeOffset": Kind.THUMBNAILS,
    "SampleSnapshot": Kind.THUMBNAILS,
}

_ONE_EVENT = frozenset({"compose", "transcode"})
"""Events whose kind says it all; of the others, details tell which one it was."""

_TENCENT_HINT = (
    "Check that the source files still exist and can be read, then start the task again. "
    "ZEGOCLOUD Technical Support needs the task id and both request ids."
)
_HUAWEI_HINT = (
    "Check that the source file still exists in the bucket, then start the task again. "
    "ZEGOCLOUD Technical Support needs the task id and the request id."
)
_NOT_A_LINK = "not an http link"


def to_tencent_status(
    ref: TaskRef, raw: Mapping[str, Any], *, request_id: str | None, queried_at: datetime
) -> TaskStatus:
    """Translate ``Data.Tencent``; an unlisted ``Status`` is ``unknown``, an unlisted kind None."""
    task = TencentTask.model_validate(raw)
    link = read_link(task.replay_url)
    thumbnails = tuple(url for url in task.thumbnails_url if read_link(url))
    something = bool(task.replay_url or task.file_id or task.thumbnails_url)
    state = _finished_state(
        TENCENT_STATES.get(task.status, TaskState.UNKNOWN), has_results=something
    )
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=KINDS.get(task.event),
        state=state,
        vendor_status=task.status,
        outputs=media_outputs(link, task.file_id),
        thumbnails=thumbnails,
        error=_tencent_error(task) if state is TaskState.FAILED else None,
        request_id=request_id,
        vendor_request_id=task.request_id,
        queried_at=queried_at,
        undocumented=_tencent_notes(task, link, thumbnails),
        details=leftovers(raw, _tencent_told(ref, task, state))
        | _refused_links(task.thumbnails_url),
        raw=raw,
    )


def _finished_state(state: TaskState, *, has_results: bool) -> TaskState:
    if state is TaskState.SUCCEEDED and not has_results:
        return TaskState.EMPTY
    return state


def media_outputs(link: str | None, file_id: str | None) -> tuple[Output, ...]:
    """Describe what a media task made, () where it names neither a link nor a file id."""
    if link is None and file_id is None:
        return ()
    extension = file_format(link or "")
    sort = output_type(extension)
    return (
        Output(
            type=OutputType.VIDEO if sort is OutputType.OTHER else sort,
            url=link,
            file_id=file_id,
            format=extension,
            signed=is_signed_link(link),
            expires_at=link_expiry(link),
        ),
    )


def _tencent_error(task: TencentTask) -> TaskError:
    message = task.message or "Tencent Cloud reports the task as failed and gives no reason."
    return TaskError(message=message, reason=Reason.TASK_FAILED, hint=_TENCENT_HINT)


def _tencent_notes(
    task: TencentTask, link: str | None, thumbnails: tuple[str, ...]
) -> tuple[str, ...]:
    notes = unlisted("Status", task.status, TENCENT_STATES) + unlisted("Event", task.event, KINDS)
    if task.replay_url and link is None:
        notes += (f"ReplayUrl={_NOT_A_LINK}",)
    if len(thumbnails) < len(task.thumbnails_url):
        notes += (f"ThumbnailsUrl={_NOT_A_LINK}",)
    return notes


def _tencent_told(ref: TaskRef, task: TencentTask, state: TaskState) -> set[str]:
    told = {
        "Status",
        "RequestId",
        "ThumbnailsUrl",
        *FILE_ID_NAMES,
        *id_names(task.task_id, ref.task_id),
    }
    if task.event in _ONE_EVENT:
        told.add("Event")
    if read_link(task.replay_url):
        told.add("ReplayUrl")
    if state is TaskState.FAILED:
        told.add("Message")
    return told


def _refused_links(urls: tuple[str, ...]) -> dict[str, Any]:
    refused = [url for url in urls if not read_link(url)]
    return {"ThumbnailsUrl": refused} if refused else {}


def to_huawei_status(
    ref: TaskRef,
    raw: Mapping[str, Any],
    *,
    request_id: str | None,
    queried_at: datetime,
    obs: ObsBucket | None,
) -> TaskStatus:
    """Translate ``Data.Huawei``; *obs* is the bucket its object keys are in, None if not told.

    Raises:
        TaskNotFoundError: the status is ``NO_TASK``.
    """
    task = HuaweiTask.model_validate(raw)
    state = HUAWEI_STATES.get(task.status, TaskState.UNKNOWN)
    if state is TaskState.NOT_FOUND:
        raise _no_task(request_id)
    outputs = tuple(_picture(name, obs, queried_at) for name in task.file_name)
    times = {"CreateTime": task.create_time, "EndTime": task.end_time}
    told = {"Status", "FileName", *told_times(raw, times), *id_names(task.task_id, ref.task_id)}
    state = _finished_state(state, has_results=bool(outputs))
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.THUMBNAILS,
        state=state,
        vendor_status=task.status,
        created_at=task.create_time,
        finished_at=task.end_time,
        outputs=outputs,
        thumbnails=tuple(output.url for output in outputs if output.url is not None),
        error=_HUAWEI_ERROR if state is TaskState.FAILED else None,
        request_id=request_id,
        queried_at=queried_at,
        undocumented=unlisted("Status", task.status, HUAWEI_STATES),
        details=leftovers(raw, told),
        raw=raw,
    )


_HUAWEI_ERROR = TaskError(
    message="Huawei Cloud reports the thumbnail task as failed and gives no reason.",
    reason=Reason.TASK_FAILED,
    hint=_HUAWEI_HINT,
)


def _no_task(request_id: str | None) -> TaskNotFoundError:
    return TaskNotFoundError(
        "Huawei Cloud knows no such thumbnail task.",
        code="NO_TASK",
        hint="Check the id; merges and transcodes at Huawei Cloud cannot be asked for, only "
        "thumbnail tasks can. If it is a task of your own at Huawei MPC, try `mpc`.",
        request_id=request_id,
    )


def _picture(name: str, obs: ObsBucket | None, now: datetime) -> Output:
    """Describe a file: an object key, unless the vendor gives a whole link after all."""
    link = read_link(name)
    if link is not None or obs is None:
        return _bare_picture(name, link)
    made = make_link(name, bucket=None, location=None, obs=obs, now=now)
    picture = _bare_picture(name, made.url)
    told = {"object": f"{obs.bucket}/{name}", "signed": made.signed, "expires_at": made.expires_at}
    return picture.model_copy(update=told)


def _bare_picture(name: str, link: str | None) -> Output:
    whole = link == name
    return Output(
        type=OutputType.IMAGE,
        url=link,
        object=None if whole else name,
        name=None if whole else posixpath.basename(name) or None,
        format=file_format(name),
        signed=is_signed_link(link),
        expires_at=link_expiry(link),
    )
