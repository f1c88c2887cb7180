"""What a delivery says happened, read back from its JSON, last month's too.

Keys are only added. What is missing or not understood is left out of what is drawn, for a message
that says less is better than one that is never sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.models import FollowedTask, Happening
from providers.models import Reason, TaskRef, TaskState, TaskStatus

Word = TypeVar("Word", bound=StrEnum)

_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Facts:
    """One thing that happened to one watched task."""

    status: TaskStatus
    """The task as it was seen then; at least its ref and its state."""
    happening: str
    """A word of ``Happening``, or a later version's."""
    happened_at: datetime
    before: TaskState | None = None
    mentions: tuple[str, ...] = ()
    """Users and user groups to call."""
    is_late: bool = False
    """Whether the bot was away when it happened."""
    is_confirmed: bool = True
    """False: a vendor reported it in a way that proves nothing, and nobody can be asked."""
    is_found_late: bool = False
    """Whether nobody looked when it happened, so that it was found long after."""
    ends_at: datetime | None = None
    """The watch's limit, where it is what is told."""
    trouble: Reason | None = None
    """Why nobody answers, where that is what is told."""

    @property
    def is_end(self) -> bool:
        """Whether it tells what became of the task, so that all of it is to be shown."""
        return self.happening in {Happening.FINISHED, Happening.IMPROVED}


def read_facts(told: Mapping[str, Any], happened_at: datetime) -> Facts:
    """Read a delivery's facts; *happened_at* is the delivery's own."""
    at = read_instant(told.get("happened_at")) or happened_at
    mentions = told.get("mentions")
    return Facts(
        status=_read_status(told, at),
        happening=str(told.get("happening") or ""),
        happened_at=at,
        before=read_word(TaskState, told.get("before")),
        mentions=tuple(map(str, mentions)) if isinstance(mentions, list) else (),
        is_late=told.get("late") is True,
        is_confirmed=told.get("confirmed") is not False,
        ends_at=read_instant(told.get("ends_at")),
        trouble=read_word(Reason, told.get("trouble")),
    )


def status_of(task: FollowedTask) -> TaskStatus:
    """Tell a followed task's last answer; where there was none, its ref and its state alone."""
    if task.status is None:
        return _bare_status(task.ref, task.state, task.seen_at or task.added_at)
    return task.status.model_copy(update={"state": task.state})


def _read_status(told: Mapping[str, Any], at: datetime) -> TaskStatus:
    """Read the answer; one that cannot be read leaves the ref and the state that it had."""
    answer, after = told.get("status"), read_word(TaskState, told.get("after"))
    if isinstance(answer, Mapping):
        known = {key: value for key, value in answer.items() if key in TaskStatus.model_fields}
        try:
            read = TaskStatus.model_validate(known)
        except ValidationError:
            after = after or read_word(TaskState, answer.get("state"))
        else:
            return read.model_copy(update={"state": after}) if after else read
    return _bare_status(_read_ref(told.get("ref")), after, at)


def _bare_status(ref: TaskRef, state: TaskState | None, at: datetime) -> TaskStatus:
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        state=state,
        queried_at=at,
    )


def _read_ref(told: object) -> TaskRef:
    """Read ``provider@account:id``, or as much of it as there is."""
    head, _, task_id = str(told or "").partition(":")
    provider, _, account = head.partition("@")
    return TaskRef(provider, account, task_id)


def read_word(words: type[Word], told: object) -> Word | None:
    """Read one of our words; None for a later version's."""
    return next((word for word in words if word == told), None)


def read_instant(told: object) -> datetime | None:
    """Read an instant in ISO 8601; None for one without an offset, and for everything else."""
    try:
        read = datetime.fromisoformat(told) if isinstance(told, str) else None
        return read.astimezone(UTC) if read and read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def read_text(told: object) -> str | None:
    """Read text; None where there is none."""
    return told or None if isinstance(told, str) else None


def read_count(told: object) -> int | None:
    """Read how many, at most a thousand million; None for what is no whole number."""
    if isinstance(told, bool) or not isinstance(told, int):
        return None
    return min(max(told, 0), _MOST)
