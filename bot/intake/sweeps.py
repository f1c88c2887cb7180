"""Looks through the vendors' lists, so that failures are found that nobody watches or tells of."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.intake.checking import Checking
from bot.intake.figures import SweepFigures
from bot.intake.lists import List
from bot.intake.marks import Marks
from bot.intake.mpc_sweep import PAGE_SIZE as MPC_PAGE
from bot.intake.mpc_sweep import MpcSweep
from bot.intake.zego_sweep import PAGE_SIZE as ZEGO_PAGE
from bot.intake.zego_sweep import ZegoSweep
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.base import TaskLister
from providers.clock import Clock
from providers.errors import ProviderError
from providers.lookup import Endpoint

_COUNT_EVERY_S = 10.0
_LONGEST_PAUSE_S = 10.0
"""A lease is asked for at least that often, so that one who died is replaced soon."""
LEASE_S = 60.0

log = logging.getLogger(__name__)


class Sweep(Protocol):
    """Looks through one vendor's list with one account."""

    @property
    def lane(self) -> str:
        """Where its tasks are asked; a metric label."""
        ...

    async def sweep(self) -> None:
        """Look through it once.

        Raises:
            ProviderError: the list could not be read to its end; nothing is lost.
            StoreError: likewise.
        """
        ...


_WAYS: Mapping[str, tuple[Callable[[str, List, Marks, Checking], Sweep], int]] = {
    "record": (ZegoSweep, ZEGO_PAGE),
    "mpc": (MpcSweep, MPC_PAGE),
}
"""By provider, how its list is looked through, and how much of it is on a page."""


def make_sweeps(
    endpoints: Mapping[tuple[str, str], Endpoint], checking: Checking
) -> tuple[Sweep, ...]:
    """Make a sweep for every account whose vendor can list tasks."""
    made: list[Sweep] = []
    for (provider, account), endpoint in endpoints.items():
        lister, way = endpoint.provider, _WAYS.get(provider)
        if way is not None and isinstance(lister, TaskLister):
            make, page_size = way
            tasks = List(lister, endpoint.gate, page_size)
            marks = Marks(endpoint.gate.name, checking.store.marks)
            made.append(make(account, tasks, marks, checking))
    return tuple(made)


@dataclass(slots=True)
class Sweeps:
    """Sweeps each list every so often, in one process at a time."""

    sweeps: Sequence[Sweep]
    store: Store
    clock: Clock
    figures: SweepFigures
    every: timedelta
    _swept_at: dict[str, float] = field(default_factory=dict)
    """By lane, when the last sweep of ours began, on the monotonic clock."""
    _failing: set[str] = field(default_factory=set)
    _running: list["asyncio.Task[None]"] = field(default_factory=list)

    def start(self) -> None:
        """Begin; what was missed while the bot was away is found now."""
        loops = [self._keep(sweep) for sweep in self.sweeps]
        self._running = [asyncio.create_task(loop) for loop in (*loops, self._count())]

    async def close(self) -> None:
        """Stop, and leave the lists to others."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for sweep in self.sweeps:
            try:
                await self.store.leases.drop(_lease(sweep))
            except StoreError as error:
                log.warning("sweep_not_left lane=%s reason=%s", sweep.lane, error)

    async def look(self, sweep: Sweep) -> None:
        """Sweep once, if it is time and this process's to do.

        Raises:
            StoreError: whether it is cannot be known, or something was not kept.
            ProviderError: the vendor did not tell.
        """
        if not await self.store.leases.hold(_lease(sweep), LEASE_S):
            if self._swept_at.pop(sweep.lane, None) is not None:
                self.figures.forget_lane(sweep.lane)
            return
        began_at = self.clock.monotonic()
        if self._rest_s(sweep) > 0:
            return
        if sweep.lane not in self._swept_at and (mark := await self._mark(sweep)) is not None:
            self.figures.swept(sweep.lane, mark)
        until = self.clock.now()
        await sweep.sweep()
        self._swept_at[sweep.lane] = began_at
        self.figures.swept(sweep.lane, until)
        self.figures.count_sweep(sweep.lane, "ok")
        self._failing.discard(sweep.lane)

    async def _mark(self, sweep: Sweep) -> datetime | None:
        return await self.store.marks.watermark(sweep.lane)

    def _rest_s(self, sweep: Sweep) -> float:
        last = self._swept_at.get(sweep.lane)
        return 0.0 if last is None else last + self.every.total_seconds() - self.clock.monotonic()

    async def _keep(self, sweep: Sweep) -> None:
        while True:
            await self._try(sweep)
            rest_s = self._rest_s(sweep)
            is_at_rest = 0 < rest_s < _LONGEST_PAUSE_S
            await self.clock.sleep(rest_s if is_at_rest else _LONGEST_PAUSE_S)

    async def _try(self, sweep: Sweep) -> None:
        try:
            await self.look(sweep)
        except ProviderError as error:
            self._failed(sweep, error.reason, error)
        except StoreError as error:
            self._failed(sweep, "store", error)
        except Exception:
            self.figures.count_sweep(sweep.lane, "fault")
            log.exception("sweep_failed lane=%s", sweep.lane)

    def _failed(self, sweep: Sweep, outcome: str, error: Exception) -> None:
        """Count every failure, and log the first in a row."""
        self.figures.count_sweep(sweep.lane, outcome)
        if sweep.lane not in self._failing:
            self._failing.add(sweep.lane)
            log.warning("list_not_swept lane=%s reason=%s", sweep.lane, error)

    async def _count(self) -> None:
        """Count what is still to be asked, which callbacks and people's re-asks add to."""
        while True:
            try:
                self.figures.set_checks(await self.store.watches.count_checks())
            except StoreError as error:
                log.warning("checks_not_counted reason=%s", error)
            await self.clock.sleep(_COUNT_EVERY_S)


def _lease(sweep: Sweep) -> str:
    return f"sweep:{sweep.lane}"
