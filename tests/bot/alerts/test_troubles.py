from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.machine import joining
from bot.alerts.troubles import is_over, newest, trouble_of
from bot.models import Source, Transition
from bot.oncall import Cause
from bot.store.alerts import RoutedTransition
from providers.models import Output, OutputStatus, OutputType, TaskState, TaskStatus
from tests.bot.alerts.samples import HOUR, MINUTE, NOW, ref, trouble
from tests.bot.alerts.world import failure

DAY = timedelta(days=1)
FAILED = TaskState.FAILED


def routed(
    after: TaskState = FAILED,
    *,
    status: TaskStatus | None = None,
    confirmed: bool = True,
    version: int = 2,
    provider: str = "record",
) -> RoutedTransition:
    about = ref("a", provider)
    return RoutedTransition(
        transition=Transition(
            task_id=7,
            version=version,
            before=TaskState.RUNNING,
            after=after,
            happened_at=NOW - MINUTE,
            seen_at=NOW,
            source=Source.SWEEP,
            confirmed=confirmed,
        ),
        ref=about,
        kind="recording",
        lane=f"{provider}@main",
        born_at=NOW - HOUR,
        status=status,
    )


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (FAILED, Cause.FAILED),
        (TaskState.PARTIAL, Cause.PARTIAL),
        (TaskState.EMPTY, Cause.EMPTY),
        *((state, None) for state in TaskState if state not in {FAILED, "partial", "empty"}),
    ],
)
def test_only_bad_ends_are_troubles(after: TaskState, cause: Cause | None) -> None:
    found = trouble_of(routed(after))

    assert (found.cause if found else None) is cause


def test_what_the_vendor_did_not_confirm_is_no_trouble() -> None:
    assert trouble_of(routed(confirmed=False)) is None


def test_a_trouble_tells_what_failed_in_whose_room_and_what_to_do() -> None:
    status = failure(
        ref("a"), FAILED, NOW, request_id="r-1", vendor_request_id="v-1", started_at=NOW - HOUR
    )

    found = trouble_of(routed(status=status))

    assert found is not None
    assert (found.key, found.code, found.room) == ("task:7:2", "5", "room-1")
    assert dict(found.facts) == {
        "ref": "record@main:a",
        "kind": "recording",
        "state": "failed",
        "happened_at": "2026-11-20T09:59:00Z",
        "last_good": "running",
        "source": "sweep",
        "room": "room-1",
        "code": "5",
        "message": "it broke",
        "hint": "Look.",
        "request_id": "r-1",
        "vendor_request_id": "v-1",
        "started_at": "2026-11-20T09:00:00Z",
        "evidence_until": None,
    }


def test_without_an_answer_there_is_less_to_tell() -> None:
    found = trouble_of(routed())

    assert found is not None
    assert (found.code, found.room) == ("", None)
    assert "message" not in found.facts


def test_a_failure_without_a_code_of_its_vendors_has_none() -> None:
    bare = failure(ref("a"), FAILED, NOW, error=None)

    found = trouble_of(routed(status=bare))

    assert found is not None
    assert (found.code, found.facts["code"], found.facts["hint"]) == ("", None, None)


@pytest.mark.parametrize(
    ("status", "until"),
    [(OutputStatus.BACKUP, "2026-11-23T09:59:00Z"), (OutputStatus.UPLOADED, None)],
)
def test_a_file_in_zegos_backup_can_be_saved_for_three_days(
    status: OutputStatus, until: str | None
) -> None:
    partly = failure(
        ref("a"), TaskState.PARTIAL, NOW, outputs=(Output(type=OutputType.VIDEO, status=status),)
    )

    found = trouble_of(routed(TaskState.PARTIAL, status=partly))

    assert found is not None
    assert found.facts["evidence_until"] == until


@pytest.mark.parametrize(
    ("provider", "until"), [("record", NOW - HOUR + 3 * DAY), ("mpc", NOW - MINUTE + 3 * DAY)]
)
def test_a_task_is_asked_again_while_its_vendor_tells_of_it(provider: str, until: object) -> None:
    found = trouble_of(routed(provider=provider))

    assert found is not None
    assert found.ask_until == until


def test_of_a_task_that_changed_twice_the_last_change_counts() -> None:
    first, last = routed(), routed(TaskState.SUCCEEDED, version=3)

    assert newest([first, last]) == [last]
    assert newest([last, first]) == [last]


@pytest.mark.parametrize(
    ("key", "was", "state", "over"),
    [
        ("task:7:2", "failed", "failed", False),
        ("task:7:2", "failed", "partial", True),
        ("task:7:2", "failed", "succeeded", True),
        ("task:7:2", "failed", "running", False),
        ("task:7:2", "partial", "succeeded", True),
        ("stuck:7:0:slow", "running", "running", False),
        ("stuck:7:0:slow", "running", "paused", False),
        ("stuck:7:0:slow", "running", "failed", True),
        ("stuck:7:0:slow", "running", "canceled", True),
    ],
)
def test_a_trouble_is_over_with_a_better_end(key: str, was: str, state: str, *, over: bool) -> None:
    (task,) = joining([replace(trouble(), key=key, facts={"state": was})], NOW)

    assert is_over(task, TaskState(state)) is over
