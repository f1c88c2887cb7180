"""Lists of recordings (DescribeTasks): our question to ZEGO's words, and its page to ours.

A listed recording that ended has ``state`` None and ``error`` None: the list says nothing of its
files, so only asking for the task itself tells what became of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from providers.base import ListQuery, TaskPage
from providers.errors import InvalidRequestError
from providers.models import Kind, TaskState, TaskStatus
from providers.reading import unlisted
from providers.zego.record_wire import ListedTask, TaskList

LIST_STATUS: Mapping[TaskState | None, int] = {
    TaskState.RUNNING: 2,
    TaskState.SUCCEEDED: 3,
    TaskState.PARTIAL: 3,
    TaskState.EMPTY: 3,
    TaskState.FAILED: 3,
}
"""ZEGO tells recordings that run from those that ended, and no more."""

LISTED_STATES: Mapping[str | None, TaskState | None] = {"2": TaskState.RUNNING, "3": None}

_WINDOW = timedelta(days=3)
_CLOCKS_APART = timedelta(minutes=1)
_MAX_PAGE_SIZE = 50
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

_STATES_SAY = (
    "ZEGO lists either recordings that run (`running`) or those that ended (`succeeded`, "
    "`partial`, `empty` or `failed`, all in one list)."
)


def list_parameters(query: ListQuery, now: datetime) -> dict[str, object]:
    """Write *query* as the body of DescribeTasks.

    A start up to a minute over three days ago is moved to that limit, because *now* has moved on
    since the query was made.

    Raises:
        InvalidRequestError: ZEGO cannot list like that; the text says what it can.
    """
    earliest = now - _WINDOW
    since = max(query.since, earliest)
    refusals = {
        _STATES_SAY: query.state not in LIST_STATUS,
        "ZEGO lists recordings of the last three days only.": since - query.since > _CLOCKS_APART,
        "ZEGO lists at most three days at once.": query.until - since > _WINDOW,
        "The list must end after it starts.": query.until <= since,
        "Pages are counted from 1.": query.page < 1,
        "ZEGO lists 1 to 50 recordings a page.": not 1 <= query.page_size <= _MAX_PAGE_SIZE,
    }
    for refusal, applies in refusals.items():
        if applies:
            raise InvalidRequestError(refusal, hint="Ask for another state, time or page.")
    parameters: dict[str, object] = {
        "Status": LIST_STATUS[query.state],
        "StartTime": (since - _EPOCH) // _MILLISECOND,
        "EndTime": (query.until - _EPOCH) // _MILLISECOND,
        "PageOffset": query.page,
        "PageSize": query.page_size,
    }
    return parameters if query.room is None else {**parameters, "RoomId": query.room}


def to_page(
    account: str,
    raw: Mapping[str, Any],
    query: ListQuery,
    *,
    request_id: str | None,
    queried_at: datetime,
) -> TaskPage:
    """Translate ``Data`` of DescribeTasks.

    Raises:
        pydantic.ValidationError: a member of the list is no object, or has no task id.
    """
    found = TaskList.model_validate(raw)
    tasks = tuple(
        _to_status(account, task, request_id=request_id, queried_at=queried_at)
        for task in found.taskid_list
    )
    return TaskPage(tasks, found.total_count, has_more=_has_more(found, query))


def _has_more(found: TaskList, query: ListQuery) -> bool:
    if found.total_count is None:
        return len(found.taskid_list) >= query.page_size
    return query.page * query.page_size < found.total_count


def _to_status(
    account: str, task: ListedTask, *, request_id: str | None, queried_at: datetime
) -> TaskStatus:
    return TaskStatus(
        provider="record",
        account=account,
        task_id=task.task_id,
        kind=Kind.RECORDING,
        state=LISTED_STATES.get(task.status, TaskState.UNKNOWN),
        vendor_status=task.status,
        room=task.room_id,
        started_at=task.record_begin_timestamp,
        request_id=request_id,
        queried_at=queried_at,
        undocumented=unlisted("Status", task.status, LISTED_STATES),
    )
