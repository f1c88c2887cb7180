"""The stand-ins' own clock: they share no code with what they judge, not even this."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the time is, and how to wait; whoever starts a stand-in hands one in."""

    def now(self) -> datetime:
        """Tell the wall-clock instant, aware, in UTC; it may jump."""
        ...

    def monotonic(self) -> float:
        """Tell seconds since an arbitrary start; they never go backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less only lets others run."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the wall-clock instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Tell seconds since an arbitrary start."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running event loop."""
        await asyncio.sleep(max(seconds, 0))
