"""Facts are read back as far as they go, last month's and a later version's too."""

from datetime import timedelta
from typing import Any

import pytest

from bot.models import Happening
from bot.views.facts import Facts, read_facts, status_of
from providers.models import Reason, TaskState
from tests.bot.views.samples import NOW, STORIES, ago
from tests.bot.views.watch_samples import followed, told

DONE = STORIES["recording_done"]


def test_what_was_stored_is_read_back() -> None:
    stored = told(
        DONE,
        mentions=["U0ALICE", "S0ONCALL"],
        late=True,
        ends_at="2026-11-27T10:00:00Z",
        trouble="unreachable",
    )

    assert read_facts(stored, NOW) == Facts(
        status=DONE.model_copy(update={"details": {}}),
        happening=Happening.FINISHED,
        happened_at=ago(minutes=1),
        before=TaskState.RUNNING,
        mentions=("U0ALICE", "S0ONCALL"),
        is_late=True,
        ends_at=NOW + timedelta(days=7),
        trouble=Reason.UNREACHABLE,
    )


def test_an_empty_row_still_has_a_time_and_a_task_without_a_state() -> None:
    read = read_facts({}, NOW)

    assert read.happened_at == NOW
    assert (read.status.task_id, read.status.state, read.happening) == ("", None, "")


@pytest.mark.parametrize(
    "stored",
    [
        told(DONE, status=None),
        told(DONE, status="done"),
        told(DONE, status={"provider": "record", "outputs": "many"}),
        told(DONE, status={"state": "succeeded", "queried_at": 7}, after="reheated"),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_the_ref_and_the_state(stored: dict[str, Any]) -> None:
    status = read_facts(stored, NOW).status

    assert status.ref == DONE.ref
    assert status.state is TaskState.SUCCEEDED
    assert status.queried_at == ago(minutes=1)


def test_a_later_versions_keys_and_words_are_left_out() -> None:
    stored = told(DONE, "hologram", before="reheated", mentions="U0ALICE", trouble="gremlins")
    stored["status"]["hologram"] = {"x": 1}

    read = read_facts(stored, NOW)

    assert read.status.outputs == DONE.outputs
    assert (read.happening, read.before, read.mentions, read.trouble) == (
        *("hologram", None),
        *((), None),
    )


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-20T10:00:00", 7, None])
def test_an_instant_nobody_can_read_is_the_deliverys_own(instant: object) -> None:
    assert read_facts(told(DONE, happened_at=instant), NOW).happened_at == NOW


def test_the_state_a_task_has_come_to_outranks_its_last_answer() -> None:
    read = read_facts(told(DONE, after="partial"), NOW)

    assert read.status.state is TaskState.PARTIAL
    assert status_of(followed(DONE, state=TaskState.PARTIAL)).state is TaskState.PARTIAL


def test_an_answer_whose_move_is_not_told_keeps_its_own_state() -> None:
    assert read_facts(told(DONE, after=None), NOW).status.state is TaskState.SUCCEEDED


def test_a_task_nobody_has_answered_about_is_known_by_its_ref() -> None:
    task = followed()

    status = status_of(task)

    assert (status.ref, status.state, status.queried_at) == (task.ref, None, task.added_at)
