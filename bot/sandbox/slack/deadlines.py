"""Time limits on the clock that was handed in, cheap enough for thousands at once.

One sleeper serves all: it wakes for the earliest limit that nobody has met yet.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.clock import Clock


@dataclass(slots=True)
class _Limit:
    task: "asyncio.Task[object]"
    is_met: bool = False
    is_over: bool = False

    def end(self) -> None:
        self.is_over = True
        self.task.cancel()


@dataclass(slots=True)
class Deadlines:
    """Cancel what takes longer than it may."""

    clock: Clock
    _order: "count[int]" = field(default_factory=count)
    _limits: list[tuple[float, int, _Limit]] = field(default_factory=list)
    _sleeper: "asyncio.Task[None] | None" = None
    _is_closed: bool = False

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Run the body, at most *seconds* long.

        Raises:
            TimeoutError: it took longer and was cancelled, or everything ends.
        """
        if self._is_closed:
            raise TimeoutError
        limit = self._begin(seconds)
        try:
            yield
        except asyncio.CancelledError:
            if not limit.is_over or limit.task.uncancel() > 0:
                raise
            raise TimeoutError from None
        finally:
            limit.is_met = True

    def _begin(self, seconds: float) -> _Limit:
        task = asyncio.current_task()
        if task is None:  # pragma: no cover - a coroutine always runs in a task
            raise RuntimeError
        limit = _Limit(task)
        entry = (self.clock.monotonic() + seconds, next(self._order), limit)
        heapq.heappush(self._limits, entry)
        if self._limits[0] is entry:
            self._wake()
        return limit

    def _wake(self) -> None:
        """Start the sleeper anew, for a limit that comes before the one it sleeps for."""
        if self._sleeper is not None:
            self._sleeper.cancel()
        self._sleeper = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while self._limits:
            due, _, limit = self._limits[0]
            if limit.is_met:
                heapq.heappop(self._limits)
            elif (left := due - self.clock.monotonic()) > 0:
                await self.clock.sleep(left)
            else:
                heapq.heappop(self._limits)
                limit.end()

    async def close(self) -> None:
        """End the sleeper, and every limit nobody has met yet as if its time were over."""
        self._is_closed = True
        if self._sleeper is not None:
            self._sleeper.cancel()
            await asyncio.gather(self._sleeper, return_exceptions=True)
        for _, _, limit in self._limits:
            if not limit.is_met:
                limit.end()
