"""A clock that a test moves by hand."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count


class FakeClock:
    """Time stands still until ``advance``; whoever sleeps wakes when their moment comes."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._elapsed = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + max(seconds, 0), next(self._order), waker))
        await waker

    @property
    def sleepers(self) -> int:
        """How many wait now."""
        return sum(not waker.done() for _, _, waker in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Move time on, waking sleepers in order and letting everybody run in between."""
        end = self._elapsed + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, waker = heapq.heappop(self._sleepers)
            self._move_to(due)
            if not waker.done():
                waker.set_result(None)
            await self.settle()
        self._move_to(end)
        await self.settle()

    def jump(self, by: timedelta) -> None:
        """Set the wall clock on or back; the monotonic clock does not notice."""
        self._now += by

    async def settle(self) -> None:
        """Let everything that can run now run."""
        for _ in range(50):
            await _yield()

    def _move_to(self, elapsed: float) -> None:
        self._now += timedelta(seconds=elapsed - self._elapsed)
        self._elapsed = elapsed


async def _yield() -> None:
    """Give the loop one turn without asking the time."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn
