"""What everybody asks: the truth about a task, remembered a while, fetched once for all who ask.

A question with the provider's word goes to one account; a bare id goes to everybody whose id it
may be. What was learned, refusals included, is kept for 2 seconds, and a good end for up to 10
minutes. Those who ask for one task while it is being asked for share that one request.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cachetools import TLRUCache

from providers.answers import Outcome, combine, kept_for, nobody_to_ask, unanswered
from providers.base import BatchProvider, Provider
from providers.batch import Answers, Batcher
from providers.clock import Clock
from providers.errors import ConfigurationError, ProviderError, UnreachableError
from providers.gate import Gate
from providers.ids import guess_providers
from providers.models import TaskRef, TaskStatus

_log = logging.getLogger(__name__)

OnUndocumented = Callable[[str, str], None]
"""Told the provider and the word (``Field=word``), every time a vendor says it."""

_MAX_REMEMBERED = 10_000
_MAX_WORDS_LOGGED = 1_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider with one account, and the gate in front of the API it asks.

    Providers that ask one API with one account share its gate (``tencent`` and ``huawei`` are both
    DescribeMediaTask, which ZEGO counts together).
    """

    provider: Provider
    gate: Gate


class Lookup:
    """Answers questions about tasks for everybody in this process.

    *endpoints* go by provider and account, in the configured order: the first account of a
    provider is its default.
    """

    def __init__(
        self,
        endpoints: Mapping[tuple[str, str], Endpoint],
        *,
        clock: Clock,
        on_undocumented: OnUndocumented,
    ) -> None:
        self.accounts = _accounts(endpoints)
        """The configured providers, each with its accounts, the default account first."""
        self._endpoints = endpoints
        self._clock = clock
        self._on_undocumented = on_undocumented
        self._words_logged: set[tuple[str, str]] = set()
        self._batchers = {
            key: _batcher(endpoint.provider, endpoint.gate, clock)
            for key, endpoint in endpoints.items()
            if isinstance(endpoint.provider, BatchProvider)
        }
        self._flights: dict[tuple[TaskRef, bool], asyncio.Task[Outcome]] = {}
        self._remembered: TLRUCache[TaskRef, Outcome] = TLRUCache(
            _MAX_REMEMBERED, _forgotten_at, clock.monotonic
        )

    async def fetch(
        self, ref: TaskRef, *, fresh: bool = False, background: bool = False
    ) -> TaskStatus:
        """Tell the truth about a task.

        *fresh* asks the vendor even where the answer is remembered; it joins a request that is
        under way. A *background* question lets people's questions go first.

        Raises:
            ProviderError: no answer about the task was obtained, or the vendor does not know it.
        """
        outcome = None if fresh else self._remembered.get(ref)
        if outcome is None:
            outcome = await self._join_flight(ref, background=background)
        if isinstance(outcome, ProviderError):
            raise outcome.with_traceback(None)
        return outcome

    async def ask(
        self, ref: TaskRef, *, fresh: bool = False, background: bool = False
    ) -> TaskStatus:
        """Tell the truth about a task, or, as a status too, why it could not be told."""
        try:
            return await self.fetch(ref, fresh=fresh, background=background)
        except ProviderError as error:
            return unanswered(ref, error, self._clock.now())

    async def ask_id(
        self, task_id: str, *, fresh: bool = False, background: bool = False
    ) -> tuple[TaskStatus, ...]:
        """Tell the truth about a task whose provider nobody named, as ``combine`` has it.

        Everybody whose id it may be is asked in parallel, with every account.
        """
        refs = self._candidates(task_id)
        if not refs:
            return (nobody_to_ask(task_id, self._clock.now()),)
        asked = (self.ask(ref, fresh=fresh, background=background) for ref in refs)
        return combine(await asyncio.gather(*asked))

    async def aclose(self) -> None:
        """End what is under way, and the gates; whoever still waits is told so."""
        flights = tuple(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        for batcher in self._batchers.values():
            await batcher.aclose()
        for endpoint in self._endpoints.values():
            await endpoint.gate.aclose()

    def _candidates(self, task_id: str) -> tuple[TaskRef, ...]:
        guessed = [word for word in guess_providers(task_id) if word in self.accounts]
        return tuple(
            TaskRef(provider, account, task_id)
            for provider in guessed or self.accounts
            for account in self.accounts[provider]
        )

    async def _join_flight(self, ref: TaskRef, *, background: bool) -> Outcome:
        """Wait for the one request about *ref*; a person waits for no background request."""
        flight = self._flights.get((ref, False))
        if flight is None and background:
            flight = self._flights.get((ref, True))
        if flight is None:
            flight = self._start_flight(ref, background=background)
        await asyncio.wait({flight})
        if flight.cancelled():
            return UnreachableError("the bot was stopped before the vendor answered", retries=0)
        return flight.result()

    def _start_flight(self, ref: TaskRef, *, background: bool) -> asyncio.Task[Outcome]:
        key = (ref, background)
        flight = asyncio.create_task(self._fly(ref, background=background))
        self._flights[key] = flight
        flight.add_done_callback(lambda _: self._flights.pop(key))
        return flight

    async def _fly(self, ref: TaskRef, *, background: bool) -> Outcome:
        try:
            outcome: Outcome = await self._ask_vendor(ref, background=background)
        except ProviderError as error:
            outcome = _bare(error)
        if isinstance(outcome, TaskStatus):
            self._report_words(outcome)
        # A background question may be refused for speed where a person's would not be.
        if not (background and isinstance(outcome, ProviderError)):
            self._remembered[ref] = outcome
        return outcome

    async def _ask_vendor(self, ref: TaskRef, *, background: bool) -> TaskStatus:
        key = (ref.provider, ref.account)
        endpoint = self._endpoints.get(key)
        if endpoint is None:
            raise ConfigurationError(f"no account {ref.account} is configured for {ref.provider}")
        if (batcher := self._batchers.get(key)) is not None:
            return await batcher.ask(ref, background=background)
        return await endpoint.gate.call(
            lambda: endpoint.provider.fetch_task(ref), background=background
        )

    def _report_words(self, status: TaskStatus) -> None:
        for word in status.undocumented:
            self._on_undocumented(status.provider, word)
            seen = (status.provider, word)
            if seen not in self._words_logged and len(self._words_logged) < _MAX_WORDS_LOGGED:
                self._words_logged.add(seen)
                _log.warning("undocumented_word provider=%s word=%.100r", *seen)


def _accounts(endpoints: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    accounts: dict[str, tuple[str, ...]] = {}
    for provider, account in endpoints:
        accounts[provider] = (*accounts.get(provider, ()), account)
    return accounts


def _batcher(provider: BatchProvider, gate: Gate, clock: Clock) -> Batcher:
    async def fetch(refs: Sequence[TaskRef], *, background: bool) -> Answers:
        return await gate.call(lambda: provider.fetch_tasks(refs), background=background)

    return Batcher(fetch, clock=clock, size=provider.batch_size)


def _forgotten_at(_ref: TaskRef, outcome: Outcome, now: float) -> float:
    return now + kept_for(outcome)


def _bare(error: ProviderError) -> ProviderError:
    """Strip what led to an error before it is kept: frames, and exceptions that print URLs."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
