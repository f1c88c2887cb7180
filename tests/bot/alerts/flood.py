"""Many failures in one minute, of three causes and for two channels, as sweeps would see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models import CheckOrder, Observation, Source
from bot.settings.sections import AlertRoute
from bot.store.store import Store
from bot.watch.observer import Observer
from providers.clock import Clock
from providers.models import TaskRef, TaskState
from tests.bot.alerts.samples import route
from tests.bot.alerts.world import failure

CHANNELS = ("C0MEDIA", "C0ONCALL")
GROUPS = ("S0MEDIA", "S0ONCALL")
CODES = ("5", "6", "1004")
_PER_COMMIT = 100


def routes(channels: Sequence[str] = CHANNELS) -> tuple[AlertRoute, ...]:
    """A route for each channel; each wants all failures and calls a group of its own."""
    named = zip(channels, GROUPS, strict=True)
    return tuple(route(channel=channel, notify=(group,)) for channel, group in named)


@dataclass(frozen=True, slots=True)
class Flood:
    """So many failures, spread evenly over a minute."""

    count: int
    store: Store
    observer: Observer
    clock: Clock

    async def pour(self, over_s: float = 60.0) -> None:
        """Let every failure be observed in its time."""
        began = self.clock.monotonic()
        for first, refs in self._portions():
            late_s = self.clock.monotonic() - began - over_s * first / self.count
            await self.clock.sleep(max(-late_s, 0))
            await self._observe(first, refs)

    def _portions(self) -> Iterator[tuple[int, list[TaskRef]]]:
        for first in range(0, self.count, _PER_COMMIT):
            last = min(first + _PER_COMMIT, self.count)
            yield first, [TaskRef("record", "main", f"t{n:05}") for n in range(first, last)]

    async def _observe(self, first: int, refs: Sequence[TaskRef]) -> None:
        now = self.clock.now()
        orders = [CheckOrder(one, "record@main", Source.SWEEP) for one in refs]
        await self.store.watches.check(orders, now)
        seen = [
            failure(one, TaskState.FAILED, now, CODES[(first + n) % len(CODES)])
            for n, one in enumerate(refs)
        ]
        await self.observer.observe([Observation(one.ref, one, now, Source.POLL) for one in seen])
