"""What a gate asks: vendors that say what they are told to, or nothing."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from providers.clock import Clock
from providers.errors import ProviderError
from providers.gate import Gate
from providers.limiter import Limit
from tests.fakes.clock import FakeClock

WIDE = Limit(1000, 1)
GateMaker = Callable[..., Gate]
Observed = list[tuple[str, str, float]]


class Vendor:
    """Says what it is told to, one thing per attempt, then ``done``; errors are raised."""

    def __init__(self, *says: str | Exception) -> None:
        self.says = deque(says)
        self.asked = 0

    async def answer(self) -> str:
        self.asked += 1
        said = self.says.popleft() if self.says else "done"
        if isinstance(said, Exception):
            raise said
        return said


class SilentVendor:
    """Never says anything."""

    def __init__(self) -> None:
        self.asked = 0

    async def answer(self) -> str:
        self.asked += 1
        await asyncio.Event().wait()
        return "never"


async def ask(gate: Gate, vendor: Vendor, clock: FakeClock) -> str | ProviderError:
    """Ask one question and let as much time pass as it needs."""
    question = asyncio.create_task(gate.call(vendor.answer))
    while not question.done():
        await clock.advance(0.5)
    error = question.exception()
    return error if isinstance(error, ProviderError) else question.result()


@asynccontextmanager
async def gates(clock: Clock, observed: Observed) -> AsyncIterator[GateMaker]:
    """Make gates whose jitter is always the longest, and close them in the end."""
    made: list[Gate] = []

    def observe(*seen: *tuple[str, str, float]) -> None:
        observed.append(seen)

    def make(*, limit: Limit = WIDE, timeout: float = 10) -> Gate:
        gate = Gate(
            "record@main",
            limit=limit,
            timeout=timeout,
            clock=clock,
            random=lambda: 1.0,
            observe=observe,
        )
        made.append(gate)
        return gate

    yield make
    for gate in made:
        await gate.aclose()
