"""Whose turn it is to be polled, as far as it is kept in memory. No I/O.

Of every lane the tasks with the smallest tags are here, up to a horizon; the table has the others.
What polls change is here alone until it is written, for all lanes together. Losing it costs nothing
but a few polls that come early.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, NamedTuple

from bot.models import FollowedTask
from bot.store.watch_rows import says_the_same, write_answer

Place = tuple[float, int]
"""A tag and the id of its task."""
_START: Place = (-1.0, 0)
"""No tag is negative."""
END: Place = (math.inf, 0)
HEAD = 1e-9
"""The tag of a task that is asked next, whoever waits; 0 is one that was just begun to follow."""
_LONGEST_REST = timedelta(minutes=10)
"""No task is left alone for longer: a later instant is from before the clock was set back."""


@dataclass(frozen=True, slots=True)
class Unwritten:
    """What polls made of a task since it was last written."""

    task: FollowedTask
    answer: dict[str, Any] | None
    """The vendor's answer as it is stored; None where it says nothing new."""


@dataclass(slots=True)
class _Lane:
    """The next turns of one lane."""

    turns: list[Place] = field(default_factory=list)
    """A heap; a place that is not its task's any more is passed over."""
    resting: list[tuple[datetime, int]] = field(default_factory=list)
    """A heap of those that are not to be asked yet, by when they are."""
    tasks: dict[int, FollowedTask] = field(default_factory=dict)
    """All of both."""
    handed_out: dict[int, FollowedTask] = field(default_factory=dict)
    horizon: Place = _START
    """All tasks up to here are in memory, or handed out."""
    readings: int = 0
    """How often the table was read."""

    def put(self, task: FollowedTask) -> None:
        if (task.tag, task.id) <= self.horizon:
            self.tasks[task.id] = task
            heappush(self.turns, (task.tag, task.id))

    def wake(self, now: datetime) -> None:
        while self.resting and self.resting[0][0] <= now:
            _, id_ = heappop(self.resting)
            if (task := self.tasks.get(id_)) is not None:
                heappush(self.turns, (task.tag, id_))

    def next(self, now: datetime) -> FollowedTask | None:
        """Take the smallest; one that is not to be asked yet is put to rest instead."""
        while self.turns:
            tag, id_ = heappop(self.turns)
            task = self.tasks.get(id_)
            if task is None or task.tag != tag:
                continue
            rests_until = _rest(task, now)
            if rests_until is None:
                return self.tasks.pop(id_)
            heappush(self.resting, (rests_until, id_))
        return None


class _Hurry(NamedTuple):
    """When a task was wanted at once, and from when on it may be asked."""

    at: datetime
    ask_at: datetime | None


class Turns:
    """The next turns of all lanes, what is handed out of them, and what is unwritten."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._unwritten: dict[int, Unwritten] = {}
        self._hurried: dict[int, _Hurry] = {}
        """Tasks that were wanted at once while they were handed out."""

    @property
    def unwritten(self) -> int:
        """How many tasks have something to be written."""
        return len(self._unwritten)

    def take(self, lane: str, limit: int, now: datetime) -> list[FollowedTask]:
        """Hand out at most *limit* tasks in the order of their tags."""
        turns = self._lane(lane)
        turns.wake(now)
        taken: list[FollowedTask] = []
        while len(taken) < limit and (task := turns.next(now)) is not None:
            turns.handed_out[task.id] = task
            taken.append(task)
        return taken

    def horizon(self, lane: str) -> Place:
        """Tell up to where the table was read; ``END`` where all of it was."""
        return self._lane(lane).horizon

    def readings(self, lane: str) -> int:
        """Count how often the table was read for a lane."""
        return self._lane(lane).readings

    def add(self, lane: str, tasks: Iterable[FollowedTask], horizon: Place, now: datetime) -> bool:
        """Take over what the table has up to a horizon; tell whether any may be asked now."""
        turns = self._lane(lane)
        turns.horizon = horizon
        turns.readings += 1
        waiting = [self.newest(task) for task in tasks if task.id not in turns.handed_out]
        for task in waiting:
            turns.put(task)
        return any(task.id in turns.tasks and _rest(task, now) is None for task in waiting)

    def read_anew(self, *lanes: str) -> None:
        """Let lanes be read from their beginning; without any named, let all be."""
        for lane in lanes or tuple(self._lanes):
            old = self._lane(lane)
            self._lanes[lane] = _Lane(handed_out=old.handed_out, readings=old.readings)

    def polled(self, task: FollowedTask) -> None:
        """Take back a task that was handed out, with its new tag."""
        turns = self._lane(task.lane)
        before = turns.handed_out.pop(task.id, None)
        if before is None:
            return
        task = self._hurry_on(task)
        answer = None
        if task.status is not None and not says_the_same(before.status, task.status):
            answer = write_answer(task.status)
        elif (known := self._unwritten.get(task.id)) is not None:
            answer = known.answer
        self._unwritten[task.id] = Unwritten(task, answer)
        if task.is_open:
            turns.put(task)

    def give_back(self, task_id: int) -> None:
        """Take back a task as it was handed out."""
        for turns in self._lanes.values():
            if (task := turns.handed_out.pop(task_id, None)) is not None:
                turns.put(self._hurry_on(task))

    def recorded(self, task: FollowedTask) -> None:
        """Take over what was committed of a task; its tag stays. A closed one has no more turn."""
        turns = self._lane(task.lane)
        if (known := self._unwritten.get(task.id)) is not None:
            tag = known.task.tag if known.task.check_at == task.check_at else task.tag
            self._unwritten[task.id] = Unwritten(replace(task, tag=tag), None)
        if task.id in turns.handed_out:
            turns.handed_out[task.id] = task
        if (waiting := turns.tasks.get(task.id)) is not None:
            turns.put(replace(task, tag=waiting.tag))
        if not task.is_open:
            self.close(task.id)

    def hurry(self, task_id: int, at: datetime, ask_at: datetime | None) -> None:
        """Let a task have its turn at once, also if it is being polled: that answer is too old."""
        if any(task_id in turns.handed_out for turns in self._lanes.values()):
            self._hurried[task_id] = _Hurry(at, ask_at)

    def close(self, task_id: int) -> None:
        """Let a task have no more turn."""
        self._hurried.pop(task_id, None)
        for turns in self._lanes.values():
            turns.tasks.pop(task_id, None)
            turns.handed_out.pop(task_id, None)

    def newest(self, task: FollowedTask) -> FollowedTask:
        """Give a task as it is, polls included that the table does not know of yet."""
        known = self._unwritten.get(task.id)
        if known is None:
            return task
        polled = known.task
        if polled.check_at != task.check_at:
            polled = replace(polled, tag=task.tag, poll_after=task.poll_after)
        if polled.version != task.version:
            return replace(task, tag=polled.tag)
        return replace(
            task,
            tag=polled.tag,
            status=polled.status,
            seen_at=polled.seen_at,
            polled_at=polled.polled_at,
            polls=polled.polls,
            errors=polled.errors,
            poll_after=polled.poll_after,
        )

    def to_write(self) -> list[Unwritten]:
        """List what is unwritten, in the order in which rows are changed everywhere."""
        return [self._unwritten[id_] for id_ in sorted(self._unwritten)]

    def written(self, polls: Iterable[Unwritten]) -> None:
        """Forget what was written, unless it has changed since."""
        for polled in polls:
            if self._unwritten.get(polled.task.id) is polled:
                del self._unwritten[polled.task.id]

    def drop(self, lane: str) -> None:
        """Forget all about a lane."""
        dropped = self._lanes.pop(lane, _Lane())
        self._hurried = {
            id_: h for id_, h in self._hurried.items() if id_ not in dropped.handed_out
        }
        kept = {id_: row for id_, row in self._unwritten.items() if row.task.lane != lane}
        self._unwritten = kept

    def _hurry_on(self, task: FollowedTask) -> FollowedTask:
        hurry = self._hurried.pop(task.id, None)
        if hurry is None or hurry.at == task.check_at:
            return task
        return replace(task, tag=HEAD, poll_after=hurry.ask_at, check_at=hurry.at)

    def _lane(self, name: str) -> _Lane:
        return self._lanes.setdefault(name, _Lane())


def _rest(task: FollowedTask, now: datetime) -> datetime | None:
    """Tell until when a task is left alone; None: it may be asked."""
    until = task.poll_after
    return until if until is not None and now < until <= now + _LONGEST_REST else None
