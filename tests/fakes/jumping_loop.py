"""An event loop whose time stands still while anybody has work, and else jumps to the next timer.

A week passes as fast as its events can be worked off, in an order that is the same every time, as
long as nobody waits for a socket or a thread.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

_Result = TypeVar("_Result")

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class _JumpingSelector(selectors.SelectSelector):
    """Where the loop would wait for the outside world, lets the time pass instead."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits, and nobody for the time: nothing will ever happen")
        self._jump(timeout)
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    """Counts seconds from 0."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        super().__init__(_JumpingSelector(self._jump))

    def time(self) -> float:
        return self._elapsed

    def _jump(self, seconds: float) -> None:
        self._elapsed += seconds


class JumpingClock:
    """The time of a ``JumpingLoop``, as those who are handed a Clock see it.

    Without a *loop*, of the one that runs.
    """

    def __init__(
        self, start: datetime = START, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._start = start
        self._loop = loop

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (self._loop or asyncio.get_running_loop()).time()

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        waker: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(max(seconds, 0), _wake, waker)
        try:
            await waker
        finally:
            timer.cancel()

    def jump(self, by: timedelta) -> None:
        """Set the wall clock on or back; the monotonic clock does not notice."""
        self._start += by


def _wake(waker: "asyncio.Future[None]") -> None:
    if not waker.done():
        waker.set_result(None)


def run_jumping(main: Coroutine[Any, Any, _Result]) -> _Result:
    """Run *main* to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.get_loop().set_exception_handler(_fail)
        return runner.run(main)


def _fail(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    raise RuntimeError(context["message"]) from context.get("exception")
