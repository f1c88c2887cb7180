"""Keeps callbacks before they are answered, many with one commit.

While one commit is under way those that come next gather for the following one, so a burst costs
few commits and a single callback waits for nobody. What waits is bounded by number and by size.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.oncall import NewCallback
from bot.store.errors import StoreError

MOST_WAITING = 5_000
_AT_ONCE = 200
_BYTES_AT_ONCE = 8 << 20
_MOST_BYTES_WAITING = 64 << 20
_WITHIN_S = 3.0
"""SMN hangs up after five seconds (SMN FAQ, read 2026-11); what is kept later is a replay then."""


class Keeps(Protocol):
    """The inbox, as far as it takes in."""

    async def accept(self, new: Sequence[NewCallback]) -> list[bool]:
        """Keep callbacks in one commit; False for each that came before."""
        ...


class OverfullError(Exception):
    """Too many wait already, or the disk is too slow; the vendor should send it again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    callback: NewCallback
    is_first: asyncio.Future[bool]


@dataclass(slots=True)
class Acceptance:
    """The way into the inbox. *wake* is called when there is something new in it."""

    inbox: Keeps
    wake: Callable[[], None]
    within_s: float = _WITHIN_S
    _queue: deque[_Waiting] = field(default_factory=deque)
    _bytes: int = 0
    _committing: asyncio.Task[None] | None = None

    async def accept(self, callback: NewCallback) -> bool:
        """Keep one callback; when this returns it is on the disk. False: it had come before.

        Raises:
            OverfullError: nobody knows whether it will be kept.
            StoreError: it is not kept.
        """
        size = len(callback.body)
        if len(self._queue) >= MOST_WAITING or self._bytes + size > _MOST_BYTES_WAITING:
            raise OverfullError("too many callbacks wait for the disk")
        waiting = _Waiting(callback, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._bytes += size
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        try:
            async with asyncio.timeout(self.within_s):
                return await waiting.is_first
        except TimeoutError:
            raise OverfullError("the disk is too slow") from None

    async def close(self) -> None:
        """Keep what still waits."""
        if self._committing is not None:
            await self._committing

    async def _commit_all(self) -> None:
        try:
            while self._queue:
                await self._commit(self._take_some())
        finally:
            self._committing = None

    def _take_some(self) -> list[_Waiting]:
        """Take as many as fit into one commit, those who came first."""
        some, size = [self._queue.popleft()], 0
        while self._queue and len(some) < _AT_ONCE and size < _BYTES_AT_ONCE:
            some.append(self._queue.popleft())
            size += len(some[-1].callback.body)
        self._bytes -= sum(len(one.callback.body) for one in some)
        return some

    async def _commit(self, some: list[_Waiting]) -> None:
        try:
            firsts = await self.inbox.accept([one.callback for one in some])
        except StoreError as error:
            for one in some:
                _refuse(one, error)
            return
        for one, is_first in zip(some, firsts, strict=True):
            if not one.is_first.done():
                one.is_first.set_result(is_first)
        if any(firsts):
            self.wake()


def _refuse(one: _Waiting, error: StoreError) -> None:
    if not one.is_first.done():
        # Each gets one of its own: tracebacks of many would grow on a shared one.
        one.is_first.set_exception(StoreError(str(error)))
