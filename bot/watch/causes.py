"""Why a task failed, where a callback said so and the vendor's answer gives no code."""

from dataclasses import replace

from bot.models import Observation
from bot.store.endings import Endings
from providers.models import TaskError, TaskState, TaskStatus

_POOR = frozenset({TaskState.FAILED, TaskState.PARTIAL})


async def explain(observation: Observation, endings: Endings) -> Observation:
    """Add what a callback said to an answer that says that something failed, and not why.

    Raises:
        StoreError: what was said cannot be read.
    """
    seen = observation.seen
    if not isinstance(seen, TaskStatus) or seen.state not in _POOR:
        return observation
    if seen.error is not None and seen.error.code is not None:
        return observation
    ending = await endings.of(seen.ref)
    if ending is None or ending.cause is None:
        return observation
    error = _joined(ending.cause, seen.error)
    return replace(observation, seen=seen.model_copy(update={"error": error}))


def _joined(cause: TaskError, found: TaskError | None) -> TaskError:
    """Say the cause first, and then what was found of it."""
    if found is None:
        return cause
    hints = dict.fromkeys(filter(None, (cause.hint, found.hint)))
    return cause.model_copy(
        update={
            "message": f"{cause.message} {found.message}",
            "hint": " ".join(hints) or None,
        }
    )
