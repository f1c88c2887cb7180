"""How MPC's words become ours; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from providers.account import ObsBucket
from providers.errors import MalformedResponseError, TaskNotFoundError
from providers.huawei_mpc.outputs import (
    entries,
    error_code,
    read_duration,
    read_outputs,
    snapshot_links,
)
from providers.huawei_mpc.task_codes import is_failure, task_hint
from providers.huawei_mpc.wire import MultiTaskInfo, Task, Transcodings
from providers.models import Kind, Reason, TaskError, TaskRef, TaskState, TaskStatus
from providers.reading import leftovers, read_compact_time, read_text, told_times

NO_TASK = "NO_TASK"
"""The status of a row that only repeats an id nobody knows."""

_STATES: Mapping[str, TaskState] = {
    "WAITING": TaskState.QUEUED,
    "TRANSCODING": TaskState.RUNNING,
    "SUCCEEDED": TaskState.SUCCEEDED,
    "SUCCEED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELED": TaskState.CANCELED,
    "NEED_TO_BE_AUDIT": TaskState.REVIEW,
}

FILTERS: Mapping[TaskState, str] = {_STATES[word]: word for word in _STATES if word != "SUCCEED"}
"""The states MPC can list by; ``partial`` and ``empty`` tasks are among its SUCCEEDED ones."""

_TOLD = frozenset(
    {
        *("task_id", "status", "progress"),
        *("input", "output", "output_file_name", "transcode_detail"),
        *("thumbnail_output", "thumbnail_outputname", "pic_info"),
        *("thumbnails_info", "image_sprite_info"),
    }
)
"""Fields with a place of their own in ``TaskStatus``, or of interest in ``raw`` only."""

_MAX_NAMED = 5
_PERCENT = 100


def read_answer(document: Mapping[str, Any]) -> Transcodings:
    """Read a whole answer.

    Raises:
        MalformedResponseError: it has no list of tasks, and does not say that there are none.
        pydantic.ValidationError: the list is something else.
    """
    answer = Transcodings.model_validate(document)
    if answer.task_array is None and answer.total != 0:
        raise MalformedResponseError("the answer has no task_array")
    return answer


def known_rows(answer: Transcodings) -> dict[str, dict[str, Any]]:
    """Pick the rows of tasks that exist, by id as text, in Huawei's order.

    Raises:
        MalformedResponseError: a row has no id.
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in answer.task_array or ():
        task_id = read_text(row.get("task_id"))
        if task_id is None:
            raise MalformedResponseError("a row of task_array has no task_id")
        if row.get("status") != NO_TASK:
            rows.setdefault(task_id, row)
    return rows


def not_found(ref: TaskRef, request_id: str | None) -> TaskNotFoundError:
    """Say that no task of this project has the id."""
    return TaskNotFoundError(
        f"MPC has no transcoding task {ref.task_id} in this project",
        hint="Check the id, and whether the task ran in another project, region or account, or is"
        " no transcoding (MPC numbers packaging, snapshots and GIFs separately). Old tasks may be"
        " gone: the console shows 60 days.",
        request_id=request_id,
    )


def map_task(
    row: dict[str, Any],
    ref: TaskRef,
    *,
    obs: ObsBucket | None,
    now: datetime,
    request_id: str | None,
    lists_outputs: bool = True,
) -> TaskStatus:
    """Translate one row of ``task_array``.

    Without *lists_outputs*, as in a notification, a success that names no output is not empty.

    Raises:
        pydantic.ValidationError: a list or object is something else.
    """
    task = Task.model_validate(row)
    outputs = read_outputs(task, obs=obs, now=now)
    state = _state(task, has_outputs=bool(outputs) or not lists_outputs)
    times = {name: read_compact_time(row.get(name)) for name in _TIMES}
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.TRANSCODE,
        state=state,
        vendor_status=task.status,
        progress=_progress(task),
        media_s=_media_s(task),
        created_at=times["create_time"],
        started_at=times["start_time"],
        finished_at=times["end_time"],
        outputs=outputs,
        thumbnails=snapshot_links(task, outputs),
        error=_error(task, state),
        request_id=request_id,
        queried_at=now,
        undocumented=(f"status={task.status}",) if state is TaskState.UNKNOWN else (),
        details=leftovers(row, _TOLD | told_times(row, times) | _told_by_error(task)),
        raw=row,
    )


_TIMES = ("create_time", "start_time", "end_time")


def _state(task: Task, *, has_outputs: bool) -> TaskState:
    state = _STATES.get(task.status or "", TaskState.UNKNOWN)
    if state is not TaskState.SUCCEEDED:
        return state
    failed = _failed(task)
    if not failed:
        return TaskState.SUCCEEDED if has_outputs else TaskState.EMPTY
    lost = len(failed) == len(entries(task)) and not any(task.output_file_name)
    return TaskState.FAILED if lost else TaskState.PARTIAL


def _failed(task: Task) -> list[MultiTaskInfo]:
    return [entry for entry in entries(task) if is_failure(error_code(entry))]


def _media_s(task: Task) -> float | None:
    given = task.transcode_detail and task.transcode_detail.input_file
    return read_duration(given) if given else None


def _progress(task: Task) -> float | None:
    share = None if task.progress is None else task.progress / _PERCENT
    return share if share is not None and share <= 1 else None


def _error(task: Task, state: TaskState) -> TaskError | None:
    if state not in {TaskState.FAILED, TaskState.PARTIAL}:
        return None
    failed = _failed(task)
    own = task.error_code if task.status == "FAILED" else None
    code = own or (error_code(failed[0]) if failed else None)
    message = (task.description if task.status == "FAILED" else None) or _name_failures(
        task, failed
    )
    return TaskError(code=code, message=message, reason=Reason.TASK_FAILED, hint=task_hint(code))


def _name_failures(task: Task, failed: list[MultiTaskInfo]) -> str:
    if not failed:
        return "MPC says that the task failed, and not why"
    named = "; ".join(_name_failure(entry) for entry in failed[:_MAX_NAMED])
    more = f"; and {len(failed) - _MAX_NAMED} more" if len(failed) > _MAX_NAMED else ""
    return f"{len(failed)} of {len(entries(task))} outputs failed: {named}{more}"


def _name_failure(entry: MultiTaskInfo) -> str:
    error = entry.error
    told = f" {error.error_msg}" if error and error.error_msg else ""
    return f"template {entry.template_id or 'unknown'} ({error_code(entry)}{told})"


def _told_by_error(task: Task) -> frozenset[str]:
    return frozenset({"error_code", "description"}) if task.status == "FAILED" else frozenset()
