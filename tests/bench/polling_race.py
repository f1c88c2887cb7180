"""One vendor account polled in simulated time, by the real policy or by a naive one.

Every slot of the budget sends one request for up to so many tasks, those whose turn is next. A task
is detected by the first poll after its end, or by its callback. Requests take no time here, so
one round trip comes on top of every figure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from bot.hazard import MIN_INTERVAL_S, Durations
from bot.virtual_time import VirtualTime
from tests.bench.polling_workload import GIVEN_UP_S, SORTS, Floats, Workload

_RELEARN_EVERY_S = 20.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What the vendor allows."""

    per_second: float
    batch: int
    """Tasks that one request asks about."""

    @property
    def slot_s(self) -> float:
        """Seconds between two requests."""
        return 1 / self.per_second


@dataclass(frozen=True, slots=True)
class End:
    """A task's end was noticed; *took_s* is its whole duration where that is known."""

    took_s: float | None = None


class Turns(Protocol):
    """Whose turn it is: the smallest key's."""

    def key(self, sort: int, age_s: float, waited_s: float, now_s: float) -> float:
        """Give a task that was polled *waited_s* ago, at *age_s*, its next turn."""
        ...

    def is_due(self, key: float, now_s: float) -> bool:
        """Whether a request may begin with that key."""
        ...

    def stepped(self, key: float | None, now_s: float) -> None:
        """Learn which key a slot's request began with; None: there was nobody to ask about."""
        ...

    def saw(self, sort: int, from_age_s: float, to_age_s: float, end: End | None) -> None:
        """Learn that a task had not ended between two ages, or how it did."""
        ...


@dataclass(slots=True)
class SquareRootHazard:
    """The product's own policy: ``bot.hazard`` and ``bot.virtual_time``, learning from nothing."""

    slot_s: float
    floor_s: float
    miss_rate: float = 1.0
    time: VirtualTime = field(default_factory=VirtualTime)
    durations: tuple[Durations, ...] = field(
        default_factory=lambda: tuple(Durations() for _ in SORTS)
    )
    _relearned_s: float = 0.0

    def key(self, sort: int, age_s: float, waited_s: float, now_s: float) -> float:
        """Tag a task by the interval its sort's history and the price make worth while."""
        del now_s
        interval_s = self.durations[sort].interval(
            age_s, self.time.price_s, self.miss_rate, floor_s=self.floor_s
        )
        self.time = self.time.wanted(interval_s)
        return self.time.tag_for(interval_s, waited_s=waited_s)

    def is_due(self, key: float, now_s: float) -> bool:
        """Whether the lane's clock may come to that tag in this slot."""
        del now_s
        return self.time.wait_for(key, floor_s=self.floor_s) <= self.slot_s

    def stepped(self, key: float | None, now_s: float) -> None:
        """Step the lane's clock on, and now and then let count what was learned."""
        if key is None:
            self.time = self.time.idle(self.slot_s, floor_s=self.floor_s)
        else:
            self.time = self.time.served(key, self.slot_s, floor_s=self.floor_s)
        if now_s - self._relearned_s >= _RELEARN_EVERY_S:
            self._relearned_s = now_s
            for durations in self.durations:
                durations.relearn()

    def saw(self, sort: int, from_age_s: float, to_age_s: float, end: End | None) -> None:
        """Learn what a poll or a callback tells."""
        if end is None:
            self.durations[sort].observe_alive(from_age_s, to_age_s)
        else:
            self.durations[sort].observe_end(from_age_s, to_age_s, took_s=end.took_s)


@dataclass(frozen=True, slots=True)
class Naive:
    """Polls a task again when an interval is over, and the most overdue first."""

    interval_s: Callable[[float], float]
    """By the age at the last poll."""

    def key(self, sort: int, age_s: float, waited_s: float, now_s: float) -> float:
        """Give the instant at which it is due."""
        del sort
        return now_s - waited_s + self.interval_s(age_s)

    def is_due(self, key: float, now_s: float) -> bool:
        """Whether that instant has come."""
        return key <= now_s

    def stepped(self, key: float | None, now_s: float) -> None:
        """Learn nothing."""

    def saw(self, sort: int, from_age_s: float, to_age_s: float, end: End | None) -> None:
        """Learn nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a race went."""

    detected_s: Floats
    """When each task's end was found; infinite where it was not."""
    longest_wait_s: float
    """The longest time between two looks at one task."""
    polls: int
    requests: int
    """Both counted in the window only."""


class Race:
    """Polls a workload by *turns*; what is counted, is counted between *window_s*."""

    def __init__(
        self, work: Workload, budget: Budget, turns: Turns, window_s: tuple[float, float]
    ) -> None:
        self._sort: list[int] = work.sort.tolist()
        self._born_s: list[float] = work.born_s.tolist()
        self._ended_s: list[float] = work.ended_s.tolist()
        self._told_s: list[float] = work.told_s.tolist()
        self._polled_s: list[float] = work.polled_s.tolist()
        self._detected_s = [np.inf] * len(self._sort)
        self._budget, self._turns, self._window_s = budget, turns, window_s
        self._queue: list[tuple[float, int]] = []
        self._arrived = self._polls = self._requests = 0
        self._longest_wait_s = 0.0

    def run(self, until_s: float) -> Outcome:
        """Poll until that second."""
        for slot in range(int(until_s * self._budget.per_second)):
            now_s = slot * self._budget.slot_s
            self._welcome(now_s)
            self._turns.stepped(self._use_slot(now_s), now_s)
        return Outcome(
            np.array(self._detected_s), self._longest_wait_s, self._polls, self._requests
        )

    def _welcome(self, now_s: float) -> None:
        """Line up who was born; somebody looked at each just then, or before the race."""
        while self._arrived < len(self._born_s) and self._born_s[self._arrived] <= now_s:
            self._line_up(self._arrived, now_s)
            self._arrived += 1

    def _line_up(self, task: int, now_s: float) -> None:
        seen_s = self._polled_s[task]
        age_s = max(0.0, seen_s - self._born_s[task])
        key = self._turns.key(self._sort[task], age_s, now_s - seen_s, now_s)
        heappush(self._queue, (key, task))

    def _use_slot(self, now_s: float) -> float | None:
        """Send one request, if somebody is due; what is free in it is filled with who is next."""
        chosen: list[int] = []
        first: float | None = None
        while self._queue and len(chosen) < self._budget.batch:
            key, task = self._queue[0]
            if self._told_s[task] <= now_s:
                heappop(self._queue)
                self._was_told(task)
                continue
            is_free = now_s - self._polled_s[task] >= MIN_INTERVAL_S
            if not is_free or not (chosen or self._turns.is_due(key, now_s)):
                break
            heappop(self._queue)
            first = key if first is None else first
            chosen.append(task)
        self._count(now_s, len(chosen))
        for task in chosen:
            self._poll(task, now_s)
        return first

    def _count(self, now_s: float, polls: int) -> None:
        if polls and self._window_s[0] <= now_s < self._window_s[1]:
            self._requests += 1
            self._polls += polls

    def _was_told(self, task: int) -> None:
        self._detected_s[task] = self._told_s[task]
        took_s = self._ended_s[task] - self._born_s[task]
        seen_s = self._polled_s[task] - self._born_s[task]
        self._turns.saw(self._sort[task], seen_s, took_s, End(took_s))

    def _poll(self, task: int, now_s: float) -> None:
        born_s, seen_s, sort = self._born_s[task], self._polled_s[task], self._sort[task]
        age_s = now_s - born_s
        self._longest_wait_s = max(self._longest_wait_s, now_s - seen_s)
        self._polled_s[task] = now_s
        if self._ended_s[task] <= now_s:
            self._detected_s[task] = now_s
            self._turns.saw(sort, seen_s - born_s, age_s, End())
            return
        self._turns.saw(sort, seen_s - born_s, age_s, None)
        if age_s < GIVEN_UP_S:
            self._line_up(task, now_s)
