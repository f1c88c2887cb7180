"""Which of the deliveries that wait in a channel goes next, and which go together. Pure.

Ends of one card that happened within ten seconds of each other share a reply, even those that would
still wait. Where five such replies wait in one channel, all their ends become one digest. What went
before on the same watch and is not told yet is told no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import ENDS, Delivery, Happening, NewDelivery, Priority

MOST_TOLD = 100
"""Ends in one digest; the next ones make another."""
_SHARED = timedelta(seconds=10)
_REPLIES = 5
_ENDS = ENDS | {Happening.IMPROVED}
_SET_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do next in a channel."""

    superseded: tuple[str, ...] = ()
    """Ids of deliveries that are pointless now."""
    next: Delivery | None = None
    """What to send as it is; None where nothing is due, or *members* go instead."""
    told_by: NewDelivery | None = None
    """What tells all the *members*."""
    members: tuple[str, ...] = ()


def plan(waiting: Sequence[Delivery], now: datetime) -> Plan:
    """Decide about what waits in one channel, which comes the most urgent and oldest first."""
    superseded = frozenset(_superseded(waiting))
    left = [one for one in waiting if one.id not in superseded]
    due = [one for one in left if is_due(one, now)]
    dropped = tuple(superseded)
    if not due:
        return Plan(dropped)
    if is_end(due[0]) and (folded := _fold(left, due)) is not None:
        return Plan(dropped, None, folded[0], folded[1])
    return Plan(dropped, due[0])


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Tell whether a delivery's wait is over, or was begun before the clock was set back."""
    wait = delivery.not_before
    if wait is None or wait <= now:
        return True
    begun = max(delivery.created_at, delivery.attempt_at or delivery.created_at)
    return begun > now + _SET_BACK


def _superseded(waiting: Sequence[Delivery]) -> Iterable[str]:
    ended = {_watch(one) for one in waiting if is_end(one)}
    for one in waiting:
        if one.kind == "news" and not is_end(one) and _watch(one) in ended:
            yield one.id


def _watch(delivery: Delivery) -> str:
    """Read a piece of news' watch from its key, ``news:<watch>:<version>:<happening>``."""
    return delivery.key.split(":")[1]


def is_end(delivery: Delivery) -> bool:
    """Tell whether a delivery tells one watch's end, as the last word of its key says."""
    return delivery.kind == "news" and delivery.key.rpartition(":")[2] in _ENDS


def _fold(
    left: Sequence[Delivery], due: Sequence[Delivery]
) -> tuple[NewDelivery, tuple[str, ...]] | None:
    ends = [one for one in left if _is_foldable(one)]
    replies = [reply for reply in _replies(ends) if any(one in due for one in reply)]
    if len(replies) >= _REPLIES:
        told = [one for reply in replies for one in reply][:MOST_TOLD]
        return _telling("digest", told)
    shared = next((reply for reply in replies if due[0] in reply), [])
    return _telling("group", shared) if len(shared) > 1 else None


def _is_foldable(delivery: Delivery) -> bool:
    """Tell whether another message may tell it: none of its own can still arrive."""
    return is_end(delivery) and delivery.fence is None


def _replies(ends: Iterable[Delivery]) -> list[list[Delivery]]:
    """Put those together that share a reply, in the order of the first of each."""
    replies: list[list[Delivery]] = []
    latest: dict[int, list[Delivery]] = {}
    for end in sorted(ends, key=lambda one: one.happened_at):
        shared = latest.get(end.card_id) if end.card_id is not None else None
        if shared is not None and end.happened_at - shared[0].happened_at <= _SHARED:
            shared.append(end)
            continue
        replies.append([end])
        if end.card_id is not None:
            latest[end.card_id] = replies[-1]
    return replies


def _telling(kind: str, told: Sequence[Delivery]) -> tuple[NewDelivery, tuple[str, ...]]:
    """Make the delivery that tells all of *told*; its key is the first one's, who is told once."""
    first = told[0]
    new = NewDelivery(
        key=f"{kind}:{first.id}",
        team_id=first.team_id,
        kind=kind,
        channel_id=first.channel_id,
        priority=Priority.TERMINAL,
        happened_at=first.happened_at,
        card_id=first.card_id if kind == "group" else None,
        facts={"count": len(told)},
    )
    return new, tuple(one.id for one in told)
