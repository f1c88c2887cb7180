"""The watch engine over real tables, with vendors that live by the clock and nobody's Slack."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import Row, Table, select

from bot.models import CardOrder, Started, Watcher, WatchOrder
from bot.store.database import Database
from bot.store.store import Store
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.lanes import lanes_of
from bot.watch.observer import Observer
from bot.watch.policy import Rules
from bot.watch.poller import Poller, Rhythm
from bot.watch.timers import Timers
from providers.gate import Gate
from providers.limiter import Limit
from providers.lookup import Endpoint, Lookup
from providers.models import TaskRef, TaskStatus
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock, run_jumping
from tests.fakes.lives import LivingVendor

ALICE = Watcher("U1", added_by="U1")
TEAM, CHANNEL = "T1", "C1"
_RHYTHM = Rhythm()


class OursAlone:
    """Leases where nobody else wants any, until they are told to be another's."""

    def __init__(self) -> None:
        self.lost: set[str] = set()
        self.dropped: list[str] = []
        self.fault: Exception | None = None

    async def hold(self, name: str, for_s: float) -> bool:
        assert for_s > 0
        if self.fault is not None:
            raise self.fault
        return name not in self.lost

    async def drop(self, name: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.dropped.append(name)


@dataclass(slots=True)
class Engine:
    """One process's engine."""

    clock: JumpingClock
    database: Database
    store: Store
    lookup: Lookup
    registry: CollectorRegistry
    observer: Observer
    poller: Poller
    timers: Timers
    leases: OursAlone
    lanes: dict[tuple[str, str], str]
    woken: list[datetime] = field(default_factory=list)

    async def watch(
        self,
        *refs: TaskRef,
        watcher: Watcher = ALICE,
        channel_id: str = CHANNEL,
        told: Iterable[TaskStatus] = (),
        lasts: timedelta = timedelta(days=7),
    ) -> Started:
        """Let somebody watch tasks from now on; *told* is what vendors just said of them."""
        now, statuses = self.clock.now(), {status.ref: status for status in told}
        order = CardOrder(TEAM, channel_id, None, watcher.subject_id)
        wanted = [
            WatchOrder(
                ref=ref,
                lane=self.lanes[ref.provider, ref.account],
                status=statuses.get(ref),
                ends_at=now + lasts,
                grace_until=now + timedelta(minutes=10),
                watchers=(watcher,),
            )
            for ref in refs
        ]
        started = await self.store.watches.start(order, wanted, now)
        self.poller.wake()
        return started

    async def rows(self, table: Table) -> Sequence[Row[Any]]:
        """Read a whole table, oldest first."""
        return await self.database.fetch(select(table).order_by(*table.primary_key))

    def figure(self, name: str, **labels: str) -> float | None:
        """Read a metric."""
        return self.registry.get_sample_value(name, labels)


def gate_for(name: str, limit: Limit, clock: JumpingClock) -> Gate:
    """Make the gate in front of a vendor's API."""
    return Gate(name, limit=limit, timeout=10, clock=clock, random=lambda: 0.5)


def endpoints_for(
    *vendors: LivingVendor,
    clock: JumpingClock,
    limit: Limit = Limit(20, 1),  # noqa: B008  # frozen
) -> dict[tuple[str, str], Endpoint]:
    """Put every vendor behind a gate of its own."""
    return {
        (vendor.name, "main"): Endpoint(vendor, gate_for(f"{vendor.name}@main", limit, clock))
        for vendor in vendors
    }


@asynccontextmanager
async def engine_over(
    database: Database,
    endpoints: dict[tuple[str, str], Endpoint],
    clock: JumpingClock,
    wake: Callable[[], None] = lambda: None,
    rhythm: Rhythm = _RHYTHM,
) -> AsyncIterator[Engine]:
    """Build an engine over a database; start what you need of it."""
    store, registry, leases = Store(database, clock), CollectorRegistry(), OursAlone()
    lookup = Lookup(endpoints, clock=clock, on_undocumented=lambda _provider, _word: None)
    woken: list[datetime] = []

    def note() -> None:
        woken.append(clock.now())
        wake()

    histories, figures = Histories(store, Rules()), WatchFigures(registry)
    observer = Observer(store, clock, histories, figures, note)
    poller = Poller(lanes_of(endpoints), lookup, store, leases, observer, clock, rhythm)
    timers = Timers(store, leases, clock, observer.wake, every_s=max(30, rhythm.write_s))
    lanes = {key: endpoint.gate.name for key, endpoint in endpoints.items()}
    try:
        yield Engine(
            clock,
            database,
            store,
            lookup,
            registry,
            observer,
            poller,
            timers,
            leases,
            lanes,
            woken,
        )
    finally:
        await lookup.aclose()


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Engine]:
    """Let all of an engine run."""
    parts = (engine.observer, engine.poller, engine.timers)
    for part in parts:
        part.start()
    try:
        yield engine
    finally:
        for part in reversed(parts):
            await part.close()


@asynccontextmanager
async def running_engine(
    *vendors: LivingVendor, clock: JumpingClock, limit: Limit | None = None
) -> AsyncIterator[Engine]:
    """Run an engine over an empty store, with these vendors."""
    endpoints = endpoints_for(*vendors, clock=clock, limit=limit or Limit(20, 1))
    async with (
        open_inline_database() as database,
        engine_over(database, endpoints, clock) as engine,
        running(engine),
    ):
        yield engine


@asynccontextmanager
async def resting_engine(
    clock: JumpingClock, vendor: LivingVendor | None = None
) -> AsyncIterator[Engine]:
    """Build an engine over an empty store, with one vendor, tiw; none of it runs yet."""
    endpoints = endpoints_for(vendor or LivingVendor("tiw", clock), clock=clock)
    async with open_inline_database() as database, engine_over(database, endpoints, clock) as one:
        yield one


def jumping(story: Callable[[JumpingClock], Awaitable[None]]) -> Callable[[], None]:
    """Make a test of a story that is told on a clock that jumps."""

    @wraps(story)
    def test() -> None:
        async def tell() -> None:
            await story(JumpingClock())

        run_jumping(tell())

    # pytest would look for a fixture called like the story's parameter.
    del test.__wrapped__
    return test
