"""Ids that are asked for at about the same time travel as one request."""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from providers.clock import Clock
from providers.errors import InvalidRequestError, ProviderError
from providers.models import TaskRef, TaskStatus

Answers = Mapping[TaskRef, TaskStatus | ProviderError]


class FetchMany(Protocol):
    """Asks for several tasks in one request."""

    def __call__(self, refs: Sequence[TaskRef], *, background: bool) -> Awaitable[Answers]:
        """Ask; *background* says that nobody among those who ask is in a hurry."""
        ...


class _Batch:
    """Refs that wait to travel together, and the request that will carry them."""

    def __init__(self, window: Coroutine[Any, Any, None]) -> None:
        self.refs: dict[TaskRef, None] = {}
        self.background = True
        self.window = asyncio.create_task(window)
        self.journey: asyncio.Task[Answers]


class Batcher:
    """Gathers single questions into requests of at most *size* ids.

    A batch leaves *window_s* seconds after its first ref came, or at once when it is full. It is
    in a hurry if anybody in it is. Nobody's cancellation holds it back.
    """

    def __init__(
        self, fetch: FetchMany, *, clock: Clock, size: int = 10, window_s: float = 0.02
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._size = size
        self._window_s = window_s
        self._gathering: _Batch | None = None
        self._journeys: set[asyncio.Task[Answers]] = set()

    async def ask(self, ref: TaskRef, *, background: bool = False) -> TaskStatus:
        """Ask for one task in company.

        Raises:
            ProviderError: this task's own, or that of the request it travelled in.
        """
        batch = self._gathering or self._open()
        batch.refs[ref] = None
        batch.background &= background
        if len(batch.refs) >= self._size:
            self._close(batch)
        answer = (await asyncio.shield(batch.journey))[ref]
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    async def aclose(self) -> None:
        """End every request under way; whoever waits for one is cancelled."""
        if self._gathering is not None:
            self._close(self._gathering)
        journeys = tuple(self._journeys)
        for journey in journeys:
            journey.cancel()
        await asyncio.gather(*journeys, return_exceptions=True)

    def _open(self) -> _Batch:
        self._gathering = batch = _Batch(self._clock.sleep(self._window_s))
        batch.journey = asyncio.create_task(self._travel(batch))
        self._journeys.add(batch.journey)
        batch.journey.add_done_callback(self._journeys.discard)
        return batch

    def _close(self, batch: _Batch) -> None:
        """Let nobody else in, and let it leave."""
        self._gathering = None
        batch.window.cancel()

    async def _travel(self, batch: _Batch) -> Answers:
        try:
            await asyncio.wait({batch.window})
        finally:
            if self._gathering is batch:
                self._close(batch)
        return await self._ask_together(tuple(batch.refs), background=batch.background)

    async def _ask_together(self, refs: Sequence[TaskRef], *, background: bool) -> Answers:
        """Ask for all; where that is refused, for each alone: one bad id spoils no other."""
        try:
            return await self._fetch(refs, background=background)
        except InvalidRequestError:
            if len(refs) == 1:
                raise
        alone = (self._ask_alone(ref, background=background) for ref in refs)
        return dict(zip(refs, await asyncio.gather(*alone), strict=True))

    async def _ask_alone(self, ref: TaskRef, *, background: bool) -> TaskStatus | ProviderError:
        try:
            return (await self._fetch((ref,), background=background))[ref]
        except ProviderError as error:
            return error
