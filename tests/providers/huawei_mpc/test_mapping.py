import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from providers.errors import MalformedResponseError
from providers.huawei_mpc.mapping import (
    FILTERS,
    known_rows,
    map_task,
    not_found,
    read_answer,
)
from providers.models import Kind, Reason, TaskState, TaskStatus
from tests.providers.huawei_mpc.vectors import fixture_body, ref

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

CONTRACT_EXAMPLE = """
{"provider": "mpc", "account": "transcode", "task_id": "22123973", "kind": "transcode",
  "state": "succeeded", "vendor_status": "SUCCEEDED", "room": null, "progress": null,
  "created_at": "2020-03-10T03:16:05Z", "started_at": null, "finished_at": "2020-03-10T03:16:23Z",
  "outputs": [{"type": "playlist", "url": null,
               "object": "zitest/test/ziqiantest_1_480X270_199_0.m3u8",
               "name": "ziqiantest_1_480X270_199_0.m3u8",
               "file_id": null, "format": "hls", "size_bytes": 2180, "duration_s": 59.0,
               "width": 480, "height": 270,
               "status": null, "stream_id": null, "user_id": null}],
  "thumbnails": [], "error": null, "request_id": null, "vendor_request_id": null,
  "queried_at": "2026-11-20T10:00:00Z", "details": {"trans_template_id": [4]}}
"""


def _map(row: dict[str, Any], *, request_id: str | None = None) -> TaskStatus:
    return map_task(row, ref("22123973"), obs=None, now=NOW, request_id=request_id)


def _entry(template: object, code: str | None = None, message: str | None = None) -> dict[str, Any]:
    error = {"error_code": code, "error_msg": message}
    return {"template_id": template, "error": error, "output_file": {"size": 1}}


def _finished(*entries: dict[str, Any], names: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "status": "SUCCEEDED",
        "output_file_name": list(names),
        "transcode_detail": {"multitask_info": list(entries)},
    }


def test_the_documented_sample_becomes_the_contracts_example() -> None:
    row = fixture_body("huawei_transcodings_one")["task_array"][0]

    told = json.loads(_map(row).model_dump_json())

    expected = json.loads(CONTRACT_EXAMPLE)
    expected["outputs"] = [{**expected["outputs"][0], "signed": False, "expires_at": None}]
    assert {**expected, "media_s": 59.0, "undocumented": []} == told


def test_the_row_is_kept_whole_for_who_wants_every_field() -> None:
    row = fixture_body("huawei_transcodings_one")["task_array"][0]

    assert _map(row).raw == row


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("WAITING", TaskState.QUEUED),
        ("TRANSCODING", TaskState.RUNNING),
        ("FAILED", TaskState.FAILED),
        ("CANCELED", TaskState.CANCELED),
        ("NEED_TO_BE_AUDIT", TaskState.REVIEW),
    ],
)
def test_a_documented_status_has_its_state(word: str, state: TaskState) -> None:
    told = _map({"status": word})

    assert (told.state, told.vendor_status, told.kind) == (state, word, Kind.TRANSCODE)
    assert told.undocumented == ()


@pytest.mark.parametrize("word", ["PAUSED", "succeeded", "PROCESSING", None, ""])
def test_an_undocumented_status_is_unknown_and_told_verbatim(word: str | None) -> None:
    told = _map({"status": word})

    assert told.state is TaskState.UNKNOWN
    assert told.vendor_status == (word or None)
    assert told.undocumented == (f"status={word or None}",)


@pytest.mark.parametrize("word", ["SUCCEEDED", "SUCCEED"])
@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({}, TaskState.EMPTY),
        ({"output_file_name": [], "pic_info": []}, TaskState.EMPTY),
        ({"output_file_name": [""], "thumbnail_outputname": ""}, TaskState.EMPTY),
        ({"output_file_name": ["a.mp4"]}, TaskState.SUCCEEDED),
        ({"pic_info": [{"pic_name": "0.jpg"}]}, TaskState.SUCCEEDED),
        ({"thumbnail_outputname": "t.tar"}, TaskState.SUCCEEDED),
        ({"output_file_name": ["a.mp4"], "error_code": "MPC.10218"}, TaskState.SUCCEEDED),
        (_finished(_entry(1), names=("a.mp4",)), TaskState.SUCCEEDED),
        (_finished(_entry(1, ""), names=("a.mp4",)), TaskState.SUCCEEDED),
        (_finished(_entry(1, "MPC.10218"), names=("a.mp4",)), TaskState.SUCCEEDED),
        (_finished(_entry(1, "MPC.10218")), TaskState.EMPTY),
        (_finished(_entry(1), _entry(2, "MPC.10055"), names=("a.mp4",)), TaskState.PARTIAL),
        (_finished(_entry(1), _entry(2, "MPC.10055")), TaskState.PARTIAL),
        (_finished(_entry(1, "MPC.10055"), names=("a.mp4",)), TaskState.PARTIAL),
        (_finished(_entry(1, "MPC.10055")), TaskState.FAILED),
        (_finished(_entry(1, "MPC.10055"), _entry(2, "MPC.10056")), TaskState.FAILED),
    ],
)
def test_a_finished_task_is_judged_by_each_of_its_outputs(
    word: str, row: dict[str, Any], state: TaskState
) -> None:
    told = _map({**row, "status": word})

    assert told.state is state
    assert (told.error is not None) is (state in {TaskState.PARTIAL, TaskState.FAILED})


def test_a_failed_task_tells_code_cause_and_remedy() -> None:
    row = fixture_body("huawei_transcodings_failed")["task_array"][0]

    told = _map(row)

    assert told.state is TaskState.FAILED
    assert told.error is not None
    assert told.error.code == "MPC.10053"
    assert told.error.message == "The input file does not exist."
    assert told.error.reason is Reason.TASK_FAILED
    assert told.error.hint is not None
    assert "Check bucket and path" in told.error.hint
    assert told.details == {}


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        ({}, None, "MPC says that the task failed, and not why"),
        ({"error_code": "MPC.10050"}, "MPC.10050", "MPC says that the task failed, and not why"),
        ({"description": "no luck"}, None, "no luck"),
        (
            {"transcode_detail": {"multitask_info": [_entry(4, "MPC.10055", "bad rate")]}},
            "MPC.10055",
            "1 of 1 outputs failed: template 4 (MPC.10055 bad rate)",
        ),
    ],
)
def test_a_failed_task_is_explained_with_whatever_mpc_told(
    row: dict[str, Any], code: str | None, message: str
) -> None:
    error = _map({**row, "status": "FAILED"}).error

    assert error is not None
    assert (error.code, error.message) == (code, message)


def test_a_partial_task_names_the_templates_that_failed() -> None:
    entries = (_entry(4), _entry(7, "MPC.10056", "rate"), _entry(None, "MPC.10058"))

    error = _map(_finished(*entries, names=("a.mp4",))).error

    assert error is not None
    assert error.code == "MPC.10056"
    assert error.reason is Reason.TASK_FAILED
    assert error.message == (
        "2 of 3 outputs failed: template 7 (MPC.10056 rate); template unknown (MPC.10058)"
    )
    assert error.hint is not None
    assert "frame rate" in error.hint


def test_a_long_list_of_failed_templates_is_counted() -> None:
    entries = [_entry(number, "MPC.10057") for number in range(12)]

    error = _map(_finished(*entries)).error

    assert error is not None
    assert error.message.startswith("12 of 12 outputs failed: template 0 (MPC.10057); ")
    assert error.message.endswith("template 4 (MPC.10057); and 7 more")


@pytest.mark.parametrize(
    ("sent", "told"),
    [(37, 0.37), ("100", 1.0), (0, 0.0), (None, None), ("half", None), (101, None)],
)
def test_progress_is_told_as_a_share(sent: object, told: float | None) -> None:
    assert _map({"status": "TRANSCODING", "progress": sent}).progress == told


def test_a_running_task_may_have_nothing_but_a_start() -> None:
    told = _map(fixture_body("huawei_transcodings_strings")["task_array"][0])

    assert told.state is TaskState.RUNNING
    assert told.progress == 0.37
    assert told.created_at == datetime(2020, 3, 10, 3, 16, 5, tzinfo=UTC)
    assert told.finished_at is None
    assert told.outputs == ()


def test_a_start_is_told_where_mpc_has_one() -> None:
    told = _map({"status": "TRANSCODING", "start_time": 20201119103653})

    assert told.started_at == datetime(2020, 11, 19, 10, 36, 53, tzinfo=UTC)


def test_an_impossible_time_is_shown_as_it_came() -> None:
    told = _map({"status": "CANCELED", "create_time": "", "end_time": "20200230000000"})

    assert (told.created_at, told.finished_at) == (None, None)
    assert told.details == {"end_time": "20200230000000"}


def test_every_remaining_field_is_in_the_details_under_its_own_name() -> None:
    remaining = {
        "trans_template_id": [4, 5],
        "user_data": 1795687,
        "tips": "low sampling rate",
        "error_code": "MPC.10218",
        "description": "The task has completed.",
        "av_parameters": [{"output_filename": "x"}],
        "additional_manifests": [{"manifest_name_modifier": "m"}],
        "metadata": [{"name": "n", "value": "v"}],
        "field_of_next_year": 0,
    }

    told = _map({"status": "SUCCEEDED", **remaining, "empty_field": ""})

    assert told.details == remaining


def test_the_request_id_is_kept() -> None:
    assert _map({"status": "WAITING"}, request_id="r-7").request_id == "r-7"


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"output": "b"}, "output"),
        (
            {"transcode_detail": {"multitask_info": [{"error": []}]}},
            "transcode_detail.multitask_info.0.error",
        ),
    ],
)
def test_another_shape_than_documented_is_refused_at_its_field(
    row: dict[str, Any], place: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        _map({"status": "SUCCEEDED", **row})

    assert ".".join(map(str, refused.value.errors()[0]["loc"])) == place


@pytest.mark.parametrize(
    "document",
    [{}, {"total": 1}, {"task_array": None, "total": 3}, {"task_array": {}}, {"task_array": [1]}],
)
def test_an_answer_without_a_list_of_tasks_is_malformed(document: dict[str, Any]) -> None:
    with pytest.raises((MalformedResponseError, ValidationError)):
        read_answer(document)


@pytest.mark.parametrize("document", [{"total": 0}, {"task_array": None, "total": "0"}])
def test_an_answer_may_leave_an_empty_list_out(document: dict[str, Any]) -> None:
    assert known_rows(read_answer(document)) == {}


def test_rows_are_known_by_their_id_as_text_and_by_the_first_of_two() -> None:
    rows = [
        {"task_id": 12345678901234567890, "status": "WAITING"},
        {"task_id": "7", "status": "NO_TASK"},
        {"task_id": "8", "status": "WAITING"},
        {"task_id": 8, "status": "FAILED"},
    ]

    known = known_rows(read_answer({"task_array": rows}))

    assert list(known) == ["12345678901234567890", "8"]
    assert known["8"]["status"] == "WAITING"


def test_a_row_without_an_id_is_malformed() -> None:
    with pytest.raises(MalformedResponseError, match="no task_id"):
        known_rows(read_answer({"task_array": [{"status": "WAITING"}]}))


def test_every_documented_status_can_be_listed_by_its_state() -> None:
    assert FILTERS == {
        TaskState.QUEUED: "WAITING",
        TaskState.RUNNING: "TRANSCODING",
        TaskState.SUCCEEDED: "SUCCEEDED",
        TaskState.FAILED: "FAILED",
        TaskState.CANCELED: "CANCELED",
        TaskState.REVIEW: "NEED_TO_BE_AUDIT",
    }


def test_an_unknown_task_is_told_with_where_else_to_look() -> None:
    error = not_found(ref("42"), "r-1")

    assert "42" in str(error)
    assert error.request_id == "r-1"
    assert "project" in error.hint
