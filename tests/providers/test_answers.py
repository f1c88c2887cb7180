"""What is made of the vendors' answers."""

from datetime import UTC, datetime, timedelta

import pytest

from providers.answers import combine, kept_for, nobody_to_ask, unanswered
from providers.errors import (
    AuthError,
    InvalidRequestError,
    ProviderError,
    TaskNotFoundError,
    UnreachableError,
)
from providers.models import Output, OutputType, Reason, TaskRef, TaskState, TaskStatus

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SILENT = UnreachableError("no answer within 10 s", request_id="r-9")
MISSING = TaskNotFoundError("no such task", code="300001000")
BAD = InvalidRequestError("wrong vendor", code="4")
REFUSED = AuthError("the signature was refused", code="100000005")


def status(provider: str, state: TaskState, *link_lives_s: float) -> TaskStatus:
    outputs = [
        Output(type=OutputType.VIDEO, expires_at=NOW + timedelta(seconds=life))
        for life in link_lives_s
    ]
    return TaskStatus(
        provider=provider,
        account="main",
        task_id="289665200",
        state=state,
        outputs=(Output(type=OutputType.VIDEO), *outputs),
        queried_at=NOW,
    )


def failed(provider: str, error: ProviderError) -> TaskStatus:
    return unanswered(TaskRef(provider, "main", "289665200"), error, NOW)


def test_a_question_without_an_answer_tells_nothing_of_the_task() -> None:
    answer = failed("tencent", REFUSED)

    assert answer.state is None
    assert answer.error is not None
    assert answer.error.model_dump() == {
        "code": "100000005",
        "message": "the signature was refused",
        "reason": Reason.AUTH,
        "hint": AuthError.default_hint,
    }


def test_a_task_the_vendor_does_not_know_is_not_found() -> None:
    answer = failed("record", MISSING)

    assert answer.state is TaskState.NOT_FOUND
    assert answer.error is not None
    assert answer.error.reason is Reason.NOT_FOUND


def test_the_request_id_of_a_failure_is_kept_for_support() -> None:
    assert failed("tencent", SILENT).request_id == "r-9"


def test_with_no_account_at_all_a_bare_id_is_a_matter_of_configuration() -> None:
    answer = nobody_to_ask("289665200", NOW)

    assert answer.state is None
    assert answer.error is not None
    assert answer.error.reason is Reason.CONFIGURATION


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([status("huawei", TaskState.RUNNING)], [("huawei", TaskState.RUNNING)]),
        ([failed("huawei", BAD)], [("huawei", None)]),
        (
            [failed("huawei", MISSING), status("mpc", TaskState.FAILED)],
            [("mpc", TaskState.FAILED)],
        ),
        (
            [status("huawei", TaskState.EMPTY), failed("mpc", SILENT), failed("tencent", BAD)],
            [("huawei", TaskState.EMPTY)],
        ),
        (
            [status("huawei", TaskState.UNKNOWN), status("mpc", TaskState.QUEUED)],
            [("huawei", TaskState.UNKNOWN), ("mpc", TaskState.QUEUED)],
        ),
        (
            [failed("huawei", MISSING), failed("mpc", MISSING)],
            [("huawei", TaskState.NOT_FOUND)],
        ),
        (
            [failed("huawei", BAD), failed("mpc", MISSING)],
            [("huawei", TaskState.NOT_FOUND)],
        ),
        ([failed("huawei", MISSING), failed("mpc", SILENT)], [("mpc", None)]),
        ([failed("huawei", REFUSED), failed("mpc", SILENT)], [("huawei", None)]),
    ],
)
def test_several_answers_about_one_id_are_settled(
    answers: list[TaskStatus], shown: list[tuple[str, TaskState | None]]
) -> None:
    settled = combine(answers)

    assert [(answer.provider, answer.state) for answer in settled] == shown


def test_not_found_says_who_was_asked() -> None:
    (answer,) = combine([failed("huawei", MISSING), failed("mpc", MISSING)])

    assert answer.error is not None
    assert answer.error.message == "nobody who was asked knows this task (huawei@main, mpc@main)"


def test_who_could_not_tell_says_who_else_was_asked() -> None:
    (answer,) = combine(
        [failed("huawei", MISSING), failed("mpc", SILENT), failed("tencent", REFUSED)]
    )

    assert answer.error is not None
    assert answer.error.reason is Reason.UNREACHABLE
    assert answer.error.message == (
        "mpc@main: no answer within 10 s; tencent@main: the signature was refused;"
        " not known to huawei@main"
    )


def test_where_nobody_could_tell_nobody_is_said_not_to_know() -> None:
    (answer,) = combine([failed("huawei", SILENT), failed("mpc", SILENT)])

    assert answer.error is not None
    assert "not known" not in answer.error.message


@pytest.mark.parametrize(
    ("state", "seconds"),
    [(state, 600.0) for state in (TaskState.SUCCEEDED, TaskState.CANCELED)]
    + [
        (state, 2.0)
        for state in TaskState
        if state not in {TaskState.SUCCEEDED, TaskState.CANCELED}
    ],
)
def test_only_a_good_end_is_kept_long(state: TaskState, seconds: float) -> None:
    assert kept_for(status("record", state)) == seconds


@pytest.mark.parametrize("error", [MISSING, SILENT, REFUSED])
def test_a_failure_is_kept_two_seconds(error: ProviderError) -> None:
    assert kept_for(error) == 2.0


@pytest.mark.parametrize(
    ("lives", "seconds"),
    [
        ([3600.0], 600.0),
        ([1000.0], 500.0),
        ([3600.0, 60.0], 30.0),
        ([1.0], 0.5),
        ([0.0], 2.0),
        ([-60.0, 3600.0], 2.0),
    ],
)
def test_an_answer_is_kept_no_longer_than_half_its_first_link_lives(
    lives: list[float], seconds: float
) -> None:
    assert kept_for(status("mpc", TaskState.SUCCEEDED, *lives)) == seconds
