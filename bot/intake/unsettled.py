"""Which tasks a list showed are to be asked about, and which are over and done with. Pure.

A list tells little: ZEGO's that a recording ended and nothing of its files, MPC's nothing of tasks
older than its window. Tasks without an end of ours stay on the list of unsettled ones, and are
asked about as long as the vendor does not list them as running: a recording that ended may upload
for hours, and only what it comes to is news.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import FollowedTask
from providers.models import TaskState

WINDOW = timedelta(days=3)
"""How far back lists are looked through: ZEGO's reach (ZEGO docs, DescribeTasks, read 2026-11)."""
OVERLAP = timedelta(minutes=10)
"""How much of what was looked through is looked through again, for clocks that differ and pages
that shift while they are read."""
_GIVEN_UP_AFTER = WINDOW + timedelta(days=1)
_SHORTEST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=10)
_SHARE_OF_AGE = 4
"""A task is asked again after a quarter of the time it has been without an end."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a list to look through."""

    since: datetime
    until: datetime
    is_first: bool
    """Whether no sweep ever came to its end; what runs then is not known yet."""


def span(watermark: datetime | None, began_at: datetime | None, now: datetime) -> Span:
    """Say which part of a list to look through now.

    It never reaches behind the first sweep ever, for nothing is told of what happened before.
    """
    if began_at is None:
        return Span(now, now, is_first=True)
    reached = watermark or began_at
    since = max(reached - OVERLAP, began_at, now - WINDOW)
    return Span(min(since, now), now, is_first=watermark is None)


def still_unsettled(
    ids: Iterable[str], rows: Mapping[str, FollowedTask], now: datetime
) -> Iterator[str]:
    """Leave out tasks that have ended, that their vendor denies, or that it has forgotten."""
    for id_ in ids:
        row = rows.get(id_)
        if row is None or not _is_settled(row, now):
            yield id_


def due(ids: Iterable[str], rows: Mapping[str, FollowedTask], now: datetime) -> Iterator[str]:
    """Choose whom to ask about again: each after a while, and none that is asked about anyway."""
    return (id_ for id_ in ids if _is_due(rows.get(id_), now))


def _is_settled(row: FollowedTask, now: datetime) -> bool:
    if row.is_open:
        return False
    is_denied = row.state in {None, TaskState.NOT_FOUND}
    has_ended = row.state is not None and row.state.is_terminal
    return has_ended or is_denied or now - row.added_at > _GIVEN_UP_AFTER


def _is_due(row: FollowedTask | None, now: datetime) -> bool:
    if row is None:
        return True
    if row.is_open:
        return False  # somebody watches it, or a question is on its way
    looked_at = max(filter(None, (row.seen_at, row.polled_at)), default=row.added_at)
    pause = (now - row.changed_at) / _SHARE_OF_AGE
    return now - looked_at >= min(max(pause, _SHORTEST_PAUSE), _LONGEST_PAUSE)
