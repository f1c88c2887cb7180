"""A followed task, what may be seen of it, and who watches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.models import FollowedTask, Observation, Source, Watch, Watcher
from providers.errors import ProviderError
from providers.models import Kind, TaskRef, TaskState, TaskStatus

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REF = TaskRef("tiw", "main", "t1")


def status(state: TaskState | None, **told: Any) -> TaskStatus:
    known: dict[str, Any] = {"kind": Kind.MERGE, "queried_at": NOW, **told}
    return TaskStatus(
        provider=REF.provider, account=REF.account, task_id=REF.task_id, state=state, **known
    )


def followed(state: TaskState | None, **known: Any) -> FollowedTask:
    """Make a task that was last seen a minute ago, and had been born half an hour before."""
    is_seen = state is not None
    is_told = is_seen and state is not TaskState.NOT_FOUND
    task = FollowedTask(
        id=7,
        ref=REF,
        lane="tiw@main",
        kind="merge" if is_told else None,
        state=state,
        version=3,
        status=status(state) if is_told else None,
        born_at=NOW - 31 * MINUTE,
        added_at=NOW - 30 * MINUTE,
        changed_at=NOW - 20 * MINUTE,
        seen_at=NOW - MINUTE if is_seen else None,
        is_open=state is None or not state.is_terminal,
    )
    return replace(task, **known)


def seen(what: TaskState | TaskStatus | ProviderError, **known: Any) -> Observation:
    told = status(what) if isinstance(what, TaskState) else what
    return replace(Observation(REF, told, NOW, Source.POLL), **known)


def watch(watch_id: int = 1, *watchers: Watcher, **known: Any) -> Watch:
    made = Watch(
        id=watch_id,
        team_id="T1",
        task_id=7,
        ref=REF,
        card_id=5,
        channel_id="C1",
        created_by="U1",
        created_at=NOW - HOUR,
        ends_at=NOW + 24 * HOUR,
        grace_until=NOW - 50 * MINUTE,
        watchers=watchers or (Watcher("U1", "U1"),),
    )
    return replace(made, **known)
