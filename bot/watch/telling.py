"""Whom a decision is told, where, and by which facts. Pure.

A delivery holds what happened, not how it reads; it is drawn when it is sent. Ends are told, and
that a watch ends without one; what happens on the way is told where the channel wants it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.models import (
    Broadcast,
    FollowedTask,
    Happening,
    NewDelivery,
    Priority,
    Watch,
)
from bot.watch.policy import Decision
from providers.models import TaskState, TaskStatus, format_instant

SHARED_REPLY_WAIT = timedelta(seconds=10)
"""How long an end waits for those of the other tasks on its card, to be told in one reply."""
TOLD_LATE_AFTER = timedelta(minutes=5)
"""News older than this is told with when it really happened."""

_CHOSEN_AS: Mapping[Happening, Happening] = {
    Happening.STARTED: Happening.STARTED,
    Happening.PAUSED: Happening.PAUSED,
    Happening.REVIEW: Happening.REVIEW,
    Happening.STALLED: Happening.STALLED,
    Happening.UNREACHABLE: Happening.UNREACHABLE,
    Happening.RECOVERED: Happening.UNREACHABLE,
}
"""What a channel chooses by which word; whatever is not here is always told."""
_URGENT = frozenset(
    {Happening.FINISHED, Happening.IMPROVED, Happening.MISSING, Happening.LIMIT_REACHED}
)
_ENDS = frozenset({Happening.FINISHED, Happening.IMPROVED})
_MOVES = _ENDS | {Happening.STARTED, Happening.PAUSED, Happening.REVIEW}
"""These happened when the task came to its state; anything else when it was noticed."""


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What one channel chose beyond the ends; ``unreachable`` stands for ``recovered`` too."""

    news: frozenset[Happening] = frozenset()
    broadcast: Broadcast = Broadcast.NEVER


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling depends on besides the decision; what is missing is at its default."""

    channels: Mapping[tuple[str, str], ChannelRules] = field(default_factory=dict)
    """By team and channel."""
    open_on_card: Mapping[int, int] = field(default_factory=dict)
    """How many watches are open on a card, by its id, this one counted; default one."""

    def of(self, watch: Watch) -> ChannelRules:
        """Give the rules of the channel that a watch tells."""
        return self.channels.get((watch.team_id, watch.channel_id), ChannelRules())


def deliveries_for(
    decision: Decision, watches: Sequence[Watch], tell: Telling, now: datetime
) -> tuple[NewDelivery, ...]:
    """Tell a decision to all it concerns; *watches* are the task's, ended ones included."""
    return tuple(
        _delivery(decision, happening, watch, tell, now)
        for happening in decision.happenings
        for watch in watches
        if _is_told(decision.after.state, happening, watch, tell)
    )


def delivery_for_timer(
    watch: Watch, task: FollowedTask, happening: Happening, now: datetime
) -> NewDelivery:
    """Tell what ``decide_timer`` found to those of one watch."""
    mentions = [watcher.subject_id for watcher in watch.watchers]
    facts = {"mentions": mentions, "ends_at": format_instant(watch.ends_at)}
    return _new(watch, task, happening, now, facts)


def _is_told(state: TaskState | None, happening: Happening, watch: Watch, tell: Telling) -> bool:
    """Whether a watch is told: a better end after its end, anything else before."""
    if happening is Happening.IMPROVED:
        return watch.ended_why == Happening.FINISHED
    if watch.ended_at is not None:
        return False
    if happening in _CHOSEN_AS:
        return _CHOSEN_AS[happening] in tell.of(watch).news
    return not watch.watchers or bool(_mentions(watch, happening, state))


def _mentions(watch: Watch, happening: Happening, state: TaskState | None) -> list[str]:
    """Name whom an end calls; those who wait for failures hear of a better end, too."""
    if happening in _CHOSEN_AS:
        return []
    is_good_end = happening is Happening.FINISHED and state is TaskState.SUCCEEDED
    return [
        watcher.subject_id
        for watcher in watch.watchers
        if not (is_good_end and watcher.only_failures)
    ]


def _delivery(
    decision: Decision, happening: Happening, watch: Watch, tell: Telling, now: datetime
) -> NewDelivery:
    after = decision.after
    at = _happened_at(after, happening, now)
    facts = {
        "before": decision.before.state,
        "mentions": _mentions(watch, happening, after.state),
        "late": now - at > TOLD_LATE_AFTER,
        "broadcast": _is_broadcast(happening, after.state, tell.of(watch).broadcast),
        "trouble": decision.trouble,
    }
    shares = happening is Happening.FINISHED and tell.open_on_card.get(watch.card_id, 1) > 1
    delivery = _new(watch, after, happening, at, facts)
    return replace(delivery, not_before=now + SHARED_REPLY_WAIT) if shares else delivery


def _happened_at(after: FollowedTask, happening: Happening, now: datetime) -> datetime:
    if happening is Happening.UNREACHABLE and after.unreachable_since is not None:
        return after.unreachable_since
    return after.changed_at if happening in _MOVES else now


def _is_broadcast(happening: Happening, state: TaskState | None, chosen: Broadcast) -> bool:
    if happening not in _ENDS or chosen is Broadcast.NEVER:
        return False
    return chosen is Broadcast.ALWAYS or state is not TaskState.SUCCEEDED


def _new(
    watch: Watch,
    task: FollowedTask,
    happening: Happening,
    happened_at: datetime,
    facts: Mapping[str, Any],
) -> NewDelivery:
    return NewDelivery(
        key=f"news:{watch.id}:{task.version}:{happening}",
        team_id=watch.team_id,
        kind="news",
        channel_id=watch.channel_id,
        priority=Priority.TERMINAL if happening in _URGENT else Priority.PROGRESS,
        happened_at=happened_at,
        card_id=watch.card_id,
        facts={
            "ref": str(task.ref),
            "happening": happening,
            "after": task.state,
            "status": _plain(task.status),
            "happened_at": format_instant(happened_at),
            **facts,
        },
    )


def _plain(status: TaskStatus | None) -> dict[str, Any] | None:
    """Write an answer as JSON, without the vendor's own fields: no message shows them."""
    return status.model_dump(mode="json", exclude={"details"}) if status else None
