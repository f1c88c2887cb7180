"""Which task a person means to watch, after the vendors were asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands import Accounts, Target, candidates
from providers.models import Reason, TaskRef, TaskState, TaskStatus

_UNKNOWN = frozenset({None, TaskState.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Unclear:
    """An id that may be several tasks, so that its provider has to be named."""

    task_id: str
    refs: tuple[TaskRef, ...]
    """What it may be, the likeliest first; one at least."""


def choose(
    target: Target, answers: Sequence[TaskStatus], accounts: Accounts
) -> TaskStatus | Unclear:
    """Settle what is watched: what somebody knows, or the one thing it can become.

    *answers* are those about this target, one at least. What nobody knows yet is watched where
    there is only one vendor and account to wait for.
    """
    known = [answer for answer in answers if answer.state not in _UNKNOWN]
    if len(known) > 1:
        return Unclear(target.task_id, tuple(answer.ref for answer in known))
    if known:
        return known[0]
    possible = candidates(target, accounts)
    if len(possible) > 1:
        return Unclear(target.task_id, tuple(ref_of(one) for one in possible))
    return answers[0]


def needs_no_watch(status: TaskStatus) -> bool:
    """Whether there is nothing to wait for: it ended, or the vendor refuses the id itself."""
    if status.state is None:
        return status.error is not None and status.error.reason is Reason.BAD_REQUEST
    return status.state.is_terminal


def ref_of(target: Target) -> TaskRef:
    """Name the task of a target whose provider is known."""
    return TaskRef(target.provider or "", target.account or "", target.task_id)


def target_of(ref: TaskRef) -> Target:
    """Name a task as a person would, for the policy to judge."""
    return Target(ref.provider, ref.account, ref.task_id)
