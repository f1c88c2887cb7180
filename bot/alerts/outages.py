"""A vendor that does not answer is one trouble, however many tasks nobody can see meanwhile."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alerts.router import Router
from bot.oncall import Cause, Trouble
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock
from providers.gate import Health
from providers.models import format_instant

TOLD_AFTER = timedelta(seconds=60)
"""How long a vendor may be silent before anybody is told."""
_LOOK_EVERY_S = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lane:
    """One vendor API with one account, and how it is doing."""

    name: str
    account: str
    providers: tuple[str, ...]
    health: Health

    @property
    def api(self) -> str:
        """What the vendor calls it, as far as our names tell: ``media``, ``record``, ``mpc``."""
        return self.name.partition("@")[0]


def outage_of(lane: Lane, unseen: int, now: datetime) -> Trouble | None:
    """Make a trouble of an API that has not answered for a minute; *unseen* tasks are its."""
    health = lane.health
    if health.answering or health.since is None or now - health.since < TOLD_AFTER:
        return None
    return Trouble(
        key=f"outage:{lane.name}:{int(health.since.timestamp())}",
        cause=Cause.OUTAGE,
        provider=lane.api,
        account=lane.account,
        code="unreachable",
        happened_at=health.since,
        seen_at=now,
        facts={
            "providers": list(lane.providers),
            "since": format_instant(health.since),
            "happened_at": format_instant(health.since),
            "unseen": unseen,
        },
    )


@dataclass(slots=True)
class Outages:
    """Looks at every lane's gate, and raises and ends outages."""

    router: Router
    store: Store
    lanes: Callable[[], Iterable[Lane]]
    clock: Clock
    _raised: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop looking."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.warning("outages_not_looked_for reason=%s", error)
            await self.clock.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Raise what is out, end what is back."""
        now = self.clock.now()
        for lane in self.lanes():
            if lane.health.answering:
                await self._end(lane)
            elif lane.name not in self._raised:
                await self._raise(lane, now)

    async def _raise(self, lane: Lane, now: datetime) -> None:
        unseen = await self.store.watches.count_lane(lane.name)
        trouble = outage_of(lane, unseen, now)
        if trouble is not None and await self.router.raise_troubles([trouble]):
            self._raised.add(lane.name)
            self._ended.discard(lane.name)

    async def _end(self, lane: Lane) -> None:
        """End the outages of a lane that has answered, also those from before a restart."""
        if lane.health.since is not None and lane.name not in self._ended:
            await self.router.end_outages(lane.api, lane.account)
            self._raised.discard(lane.name)
            self._ended.add(lane.name)
