"""One poll: ask the vendor, let the observer decide, and say when the next one is wanted."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crashpoint import CrashPoint, reach
from bot.models import FollowedTask, Observation, Source
from bot.store.errors import StoreError
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.observer import Observer
from providers.clock import Clock
from providers.errors import ProviderError, RateLimitError
from providers.lookup import Lookup
from providers.models import TaskState, TaskStatus

_AFTER_A_FAULT = timedelta(minutes=5)
"""How long a task is left alone that we cannot work with; it must not hold up the others."""
_NEEDS_A_LOOK = frozenset({None, TaskState.NOT_FOUND})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a poll of one task comes to."""

    task: FollowedTask
    interval_s: float | None = None
    """When the next poll is wanted; None: the task keeps the turn it had."""
    is_void: bool = False
    """Whether nothing came of it, not even an error: its turn is still to come."""


@dataclass(slots=True)
class Asking:
    """Polls tasks of one lane."""

    lane: str
    lookup: Lookup
    observer: Observer
    histories: Histories
    figures: WatchFigures
    clock: Clock

    async def ask(self, tasks: Sequence[FollowedTask], price_s: float) -> list[Asked]:
        """Ask the vendor about all of *tasks* at once and settle what it says, one by one."""
        if len(tasks) == 1:
            answers = [await self._see(tasks[0])]
        else:
            answers = await asyncio.gather(*(self._see(task) for task in tasks))
        reach(CrashPoint.AFTER_ANSWER)
        return [
            await self._settle(task, seen, price_s)
            for task, seen in zip(tasks, answers, strict=True)
        ]

    async def time_left(self, task: FollowedTask, price_s: float) -> float:
        """Tell in how many seconds a task is worth a poll, since somebody saw it last.

        0 is now: where nobody ever did, and where there is an end to be found.

        Raises:
            StoreError: how long such tasks take cannot be read.
        """
        looked_at = max(filter(None, (task.seen_at, task.polled_at)), default=None)
        has_ended = task.state is not None and task.state.is_terminal
        if looked_at is None or has_ended or (task.state in _NEEDS_A_LOOK and not task.tag):
            return 0.0
        waited_s = (self.clock.now() - looked_at).total_seconds()
        wanted_s = await self._interval(task, looked_at, price_s)
        return max(wanted_s - max(waited_s, 0), 0.0)

    async def _see(self, task: FollowedTask) -> TaskStatus | Exception:
        try:
            return await self.lookup.fetch(task.ref, fresh=True, background=True)
        except Exception as error:  # noqa: BLE001  # it is this task's alone; _settle tells it
            return error

    async def _settle(
        self, task: FollowedTask, seen: TaskStatus | Exception, price_s: float
    ) -> Asked:
        """Have an answer decided; a fault of ours costs this task's turn and no other's."""
        try:
            return await self._observe(task, seen, price_s)
        except StoreError as error:
            log.warning("poll_not_recorded task=%s reason=%s", task.ref, error)
            return Asked(task, is_void=True)
        except Exception:
            log.exception("poll_failed task=%s", task.ref)
            return Asked(replace(task, poll_after=self.clock.now() + _AFTER_A_FAULT))

    async def _observe(
        self, task: FollowedTask, seen: TaskStatus | Exception, price_s: float
    ) -> Asked:
        if not isinstance(seen, TaskStatus | ProviderError):
            raise seen
        outcome = seen.reason if isinstance(seen, ProviderError) else "answered"
        self.figures.count_poll(self.lane, outcome)
        if isinstance(seen, RateLimitError):
            return Asked(task, is_void=True)
        now = self.clock.now()
        decision = await self.observer.settle(task, Observation(task.ref, seen, now, Source.POLL))
        after = decision.after
        if after.poll_after is not None and after.poll_after > now:
            return Asked(after)
        return Asked(after, await self._interval(after, now, price_s))

    async def _interval(self, task: FollowedTask, at: datetime, price_s: float) -> float:
        durations = await self.histories.of(task)
        return durations.interval((at - task.born_at).total_seconds(), price_s)
