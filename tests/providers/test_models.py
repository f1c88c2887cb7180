"""The words every vendor is translated into, and how they are written in JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

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

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def a_status(**changes: Any) -> TaskStatus:
    fields = {"provider": "tiw", "account": "main", "task_id": "1", "state": None, "queried_at": AT}
    return TaskStatus.model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (AT, "2026-11-20T10:00:00Z"),
        (AT.replace(microsecond=99_000), "2026-11-20T10:00:00.099Z"),
        (AT.replace(microsecond=1_999), "2026-11-20T10:00:00.001Z"),
        (AT.replace(microsecond=999), "2026-11-20T10:00:00Z"),
        (AT.astimezone(timezone(timedelta(hours=8))), "2026-11-20T10:00:00Z"),
        (AT.astimezone(timezone(timedelta(hours=-9.5))), "2026-11-20T10:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_milliseconds_only_where_it_has_any(
    instant: datetime, text: str
) -> None:
    assert format_instant(instant) == text


def test_only_five_states_are_an_end() -> None:
    ends = {state for state in TaskState if state.is_terminal}

    assert ends == {"succeeded", "partial", "empty", "failed", "canceled"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            TaskState,
            """
            queued running paused review succeeded partial empty failed canceled not_found unknown
            """,
        ),
        (Kind, "merge transcode thumbnails recording video_generation"),
        (OutputType, "video audio image playlist package other"),
        (OutputStatus, "recording uploading uploaded backup lost"),
        (
            Reason,
            """
            task_failed not_found rate_limited auth clock_skew permission bad_request
            unreachable unavailable malformed configuration
            """,
        ),
    ],
)
def test_the_words_of_the_public_contract_stay(words: Any, expected: str) -> None:
    assert [str(word) for word in words] == expected.split()


def test_a_ref_is_written_as_people_may_type_it() -> None:
    assert str(TaskRef("mpc", "staging", "22123973")) == "mpc@staging:22123973"


def test_refs_are_equal_by_what_they_name() -> None:
    assert len({TaskRef("mpc", "a", "1"), TaskRef("mpc", "a", "1"), TaskRef("mpc", "b", "1")}) == 2
    assert TaskRef("mpc", "a", "1") < TaskRef("mpc", "a", "2")


def test_a_status_knows_its_ref() -> None:
    assert a_status().ref == TaskRef("tiw", "main", "1")


def test_a_status_of_nothing_has_every_key_of_the_contract() -> None:
    written = json.loads(a_status().model_dump_json())

    assert written == {
        "provider": "tiw",
        "account": "main",
        "task_id": "1",
        "kind": None,
        "state": None,
        "vendor_status": None,
        "room": None,
        "progress": None,
        "media_s": None,
        "created_at": None,
        "started_at": None,
        "finished_at": None,
        "outputs": [],
        "thumbnails": [],
        "error": None,
        "request_id": None,
        "vendor_request_id": None,
        "queried_at": "2026-11-20T10:00:00Z",
        "undocumented": [],
        "details": {},
    }


def test_an_output_has_every_key_of_the_contract() -> None:
    output = Output(type=OutputType.VIDEO, expires_at=AT, duration_s=59)

    written = json.loads(output.model_dump_json())

    keys = (
        "type url object name file_id format size_bytes duration_s width height status stream_id"
        " user_id"
    )
    assert list(written)[: len(keys.split())] == keys.split()
    assert (written["type"], written["duration_s"]) == ("video", 59.0)
    assert (written["expires_at"], written["signed"]) == ("2026-11-20T10:00:00Z", False)


def test_an_error_has_every_key_of_the_contract() -> None:
    error = TaskError(message="It failed.", reason=Reason.TASK_FAILED)

    assert json.loads(error.model_dump_json()) == {
        "code": None,
        "message": "It failed.",
        "reason": "task_failed",
        "hint": None,
    }


def test_what_the_vendor_said_is_kept_and_not_written() -> None:
    status = a_status(raw={"Secret": "only here"})

    assert status.raw == {"Secret": "only here"}
    assert "only here" not in f"{status!r} {status} {status.model_dump_json()}"


@pytest.mark.parametrize("progress", [0, 0.5, 1])
def test_progress_is_a_share(progress: float) -> None:
    assert a_status(progress=progress).progress == progress


@pytest.mark.parametrize(
    "wrong", [{"progress": 1.01}, {"progress": -0.1}, {"state": "done"}, {"shoe_size": 1}]
)
def test_a_status_refuses_what_the_contract_does_not_have(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_status(**wrong)


def test_a_status_is_never_changed() -> None:
    status = a_status()

    with pytest.raises(ValidationError, match="frozen"):
        status.state = TaskState.FAILED  # type: ignore[misc]  # that it is refused is the point
