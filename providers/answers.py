"""What is made of the vendors' answers: put in one form, combined, and kept for a while. Pure."""

from collections.abc import Sequence
from datetime import datetime

from providers.errors import ConfigurationError, ProviderError, TaskNotFoundError
from providers.models import Reason, TaskError, TaskRef, TaskState, TaskStatus

Outcome = TaskStatus | ProviderError

_SHORT_S = 2.0
_LONG_S = 600.0
_LASTING_STATES = frozenset({TaskState.SUCCEEDED, TaskState.CANCELED})


def unanswered(ref: TaskRef, error: ProviderError, at: datetime) -> TaskStatus:
    """Write a question's failure as a status; only ``not_found`` says anything of the task."""
    return TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        state=TaskState.NOT_FOUND if isinstance(error, TaskNotFoundError) else None,
        error=explain(error),
        request_id=error.request_id,
        queried_at=at,
    )


def explain(error: ProviderError) -> TaskError:
    """Write a failure as people are told of it."""
    return TaskError(code=error.code, message=error.detail, reason=error.reason, hint=error.hint)


def nobody_to_ask(task_id: str, at: datetime) -> TaskStatus:
    """Answer a bare id where no account is configured at all."""
    error = ConfigurationError("no account is configured, so nobody can be asked")
    return unanswered(TaskRef("unknown", "unknown", task_id), error, at)


def combine(answers: Sequence[TaskStatus]) -> tuple[TaskStatus, ...]:
    """Settle what several vendors said of one bare id; *answers* likeliest vendor first.

    Everyone who knows the task is shown. Where nobody does, the first one who could not tell
    stands for all, and only where all said so it is ``not_found``, under the likeliest vendor.
    A vendor that refuses the id itself says that it does not know it.
    """
    known = tuple(answer for answer in answers if answer.state not in _UNKNOWN_TO_VENDOR)
    if known or len(answers) == 1:
        return known or tuple(answers)
    silent = [answer for answer in answers if not _is_denial(answer)]
    return (_could_not_tell(silent, answers) if silent else _known_to_nobody(answers),)


def kept_for(outcome: Outcome) -> float:
    """Tell for how many seconds an outcome may be repeated without asking the vendor.

    A good end keeps 10 minutes, or half of what is left of its first link to expire; all else 2 s.
    """
    if isinstance(outcome, ProviderError) or outcome.state not in _LASTING_STATES:
        return _SHORT_S
    lives = [
        (output.expires_at - outcome.queried_at).total_seconds()
        for output in outcome.outputs
        if output.expires_at is not None
    ]
    shortest = min(lives, default=2 * _LONG_S)
    return min(shortest / 2, _LONG_S) if shortest > 0 else _SHORT_S


_UNKNOWN_TO_VENDOR = frozenset({None, TaskState.NOT_FOUND})
_DENIALS = frozenset({Reason.NOT_FOUND, Reason.BAD_REQUEST})


def _is_denial(answer: TaskStatus) -> bool:
    return answer.error is not None and answer.error.reason in _DENIALS


def _could_not_tell(silent: Sequence[TaskStatus], answers: Sequence[TaskStatus]) -> TaskStatus:
    told = [f"{_who(answer)}: {answer.error.message}" for answer in silent if answer.error]
    denied = [_who(answer) for answer in answers if answer not in silent]
    unknown = [f"not known to {', '.join(denied)}"] if denied else []
    return _with_message(silent[0], "; ".join(told + unknown))


def _with_message(answer: TaskStatus, message: str) -> TaskStatus:
    error = answer.error and answer.error.model_copy(update={"message": message})
    return answer.model_copy(update={"error": error})


def _known_to_nobody(answers: Sequence[TaskStatus]) -> TaskStatus:
    asked = ", ".join(_who(answer) for answer in answers)
    error = TaskNotFoundError(f"nobody who was asked knows this task ({asked})")
    return unanswered(answers[0].ref, error, answers[0].queried_at)


def _who(answer: TaskStatus) -> str:
    return f"{answer.provider}@{answer.account}"
