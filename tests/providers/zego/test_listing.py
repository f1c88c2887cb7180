"""Lists of recordings: what can be asked for, and what a listed one proves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from providers.base import ListQuery, TaskPage
from providers.errors import InvalidRequestError
from providers.models import Kind, TaskState
from providers.zego.listing import list_parameters, to_page
from tests.providers.zego.samples import NOW

QUERY = ListQuery(since=NOW - timedelta(hours=2), until=NOW, state=TaskState.RUNNING)
LISTED = {"TaskId": "X3CgNeE4I1qAAABN", "RoomId": "r", "RecordBeginTimestamp": 1601221452099}


def page(*tasks: object, query: ListQuery = QUERY, **raw: object) -> TaskPage:
    data = {"TaskidList": list(tasks), **raw}
    return to_page("main", data, query, request_id="r1", queried_at=NOW)


def test_the_question_is_written_as_documented() -> None:
    assert list_parameters(replace(QUERY, room="r", page=2, page_size=10), NOW) == {
        "Status": 2,
        "StartTime": 1795161600000,
        "EndTime": 1795168800000,
        "PageOffset": 2,
        "PageSize": 10,
        "RoomId": "r",
    }


def test_a_room_nobody_named_is_not_sent() -> None:
    assert "RoomId" not in list_parameters(QUERY, NOW)


@pytest.mark.parametrize(
    ("state", "number"),
    [
        (TaskState.RUNNING, 2),
        (TaskState.SUCCEEDED, 3),
        (TaskState.PARTIAL, 3),
        (TaskState.EMPTY, 3),
        (TaskState.FAILED, 3),
    ],
)
def test_states_that_can_be_listed(state: TaskState, number: int) -> None:
    assert list_parameters(replace(QUERY, state=state), NOW)["Status"] == number


@pytest.mark.parametrize(
    "state",
    [None, TaskState.QUEUED, TaskState.PAUSED, TaskState.CANCELED, TaskState.UNKNOWN],
)
def test_other_states_are_refused_with_those_that_work(state: TaskState | None) -> None:
    with pytest.raises(InvalidRequestError, match=r"`running`.*`succeeded`"):
        list_parameters(replace(QUERY, state=state), NOW)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"since": NOW - timedelta(days=3, minutes=2)}, "last three days only"),
        ({"until": NOW + timedelta(days=3)}, "at most three days at once"),
        ({"until": QUERY.since}, "must end after it starts"),
        ({"page": 0}, "counted from 1"),
        ({"page_size": 0}, "1 to 50"),
        ({"page_size": 51}, "1 to 50"),
    ],
)
def test_what_zego_would_refuse_is_refused_before_it_is_sent(
    change: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidRequestError, match=says):
        list_parameters(replace(QUERY, **change), NOW)


def test_three_days_asked_for_a_moment_ago_are_still_three_days() -> None:
    since = NOW - timedelta(days=3)

    parameters = list_parameters(replace(QUERY, since=since), NOW + timedelta(seconds=5))

    assert parameters["StartTime"] == (1795168800 - 3 * 86400 + 5) * 1000


def test_a_listed_recording_that_runs_is_running() -> None:
    (status,) = page({**LISTED, "Status": 2}).tasks

    assert (status.state, status.kind, status.room) == (TaskState.RUNNING, Kind.RECORDING, "r")
    assert (status.task_id, status.provider, status.account) == (
        "X3CgNeE4I1qAAABN",
        "record",
        "main",
    )
    assert status.started_at is not None


def test_a_listed_recording_that_ended_proves_nothing_of_its_files() -> None:
    (status,) = page({**LISTED, "Status": 3}).tasks

    assert (status.state, status.error, status.vendor_status) == (None, None, "3")
    assert status.undocumented == ()


def test_a_listed_word_nobody_documented_is_unknown() -> None:
    (status,) = page({**LISTED, "Status": 8}).tasks

    assert (status.state, status.undocumented) == (TaskState.UNKNOWN, ("Status=8",))


@pytest.mark.parametrize(
    ("total", "number", "more"),
    [(0, 1, False), (50, 1, False), (51, 1, True), ("101", 2, True), (100, 2, False)],
)
def test_the_total_tells_whether_there_is_more(total: object, number: int, *, more: bool) -> None:
    shown = page(query=replace(QUERY, page=number), TotalCount=total)

    assert (shown.total, shown.has_more) == (int(str(total)), more)


def test_without_a_total_a_full_page_promises_more() -> None:
    one_a_page = replace(QUERY, page_size=1)

    full = page({**LISTED, "Status": 2}, query=one_a_page)
    last = page(query=one_a_page)

    assert (full.total, full.has_more, last.has_more) == (None, True, False)


@pytest.mark.parametrize("member", ["X3CgNeE4I1qAAABN", {"Status": 2}, {"TaskId": ""}])
def test_a_member_that_names_no_task_does_not_fit(member: object) -> None:
    with pytest.raises(ValidationError):
        page(member)
