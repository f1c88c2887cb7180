"""A week of the engine's life, in which everything but the time is real.

The store is SQLite in a file that does not wait for the disk; its statements, the policy, the
observer, the poller, the timers, the lookup and the gates are those of the bot. Vendors live by
the simulated clock. In Slack's place somebody reads every message as soon as it is committed.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, Row, select

from bot.models import Watcher
from bot.store.database import Database, Transaction
from bot.store.delivery_tables import deliveries
from bot.store.watch_tables import tasks, transitions, watches
from bot.watch.poller import Rhythm
from providers.errors import ProviderError
from providers.limiter import Limit
from providers.lookup import Endpoint
from providers.models import TaskRef, TaskStatus
from tests.fakes.engine import TEAM, Engine, engine_over, gate_for, running
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import LivingBatchVendor, LivingVendor
from tests.simulation.ledger import Ledger, judge_history
from tests.simulation.plan import DAY_S, SORTS, Arrival, Deed, Plan

_AUDIT_EVERY_S = 1_800.0
_LIMITS = {
    "media@main": Limit(4, 60),
    "record@main": Limit(1, 60),
    "mpc@main": Limit(1, 120),
    "tiw@main": Limit(2, 60),
}
"""So little that ten thousand watches a week use between 3 and 16 % of the polls there are.

That is the load the policy was chosen for, at a hundredth of the vendors' true rates.
"""
_LANES = {"tencent": "media@main", "huawei": "media@main"}
_OPEN_TASKS = select(tasks.c.id).where(tasks.c.is_open)
_OPEN_WATCHES = select(watches.c.id).where(watches.c.ended_at.is_(None))
_LATENCY_S = 0.12
_ROUNDING_S = 1e-6
_RHYTHM = Rhythm(look_s=300, renew_s=300, write_s=300)
"""Slower than the bot's: nobody else puts anything into a queue, and new watches ring a bell."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the week came to."""

    ledger: Ledger
    requests: dict[str, int]
    """Requests to each vendor."""
    polls: int
    """Tasks asked about, all told."""
    starts: int
    """How often the bot came up."""
    messages: int


@dataclass(slots=True)
class World:
    """The vendors, the bot, and those who watch both."""

    plan: Plan
    path: Path
    clock: JumpingClock
    """The vendors' time, which is right."""
    bots_clock: JumpingClock
    ledger: Ledger
    vendors: dict[str, LivingVendor]
    database: Database
    """Slack's window into the store."""
    engine: Engine | None = None
    started_at: list[float] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _read: int = 0

    async def come_up(self) -> None:
        """Start the bot on the file as it is."""
        database = await self._stack.enter_async_context(open_inline_database(self.path))
        endpoints = _endpoints(self.vendors, self.bots_clock)
        engine = await self._stack.enter_async_context(
            engine_over(database, endpoints, self.bots_clock, self._news.set, rhythm=_RHYTHM)
        )
        self.engine = await self._stack.enter_async_context(running(engine))
        self.started_at.append(self.clock.monotonic())

    async def go_down(self, *, crashing: bool) -> None:
        """Stop the bot; in a crash nothing it still holds reaches the file."""
        if self.engine is not None and crashing:
            await self.engine.database.close()
        self.engine = None
        await self._stack.aclose()

    async def arrive(self, arrival: Arrival) -> None:
        """Let a person watch."""
        engine = self._running()
        answers = {ref: self._tell(ref) for ref in arrival.refs if arrival.was_told}
        told = [status for status in answers.values() if status is not None]
        ended = {status.ref for status in told if status.state and status.state.is_terminal}
        watched = [ref for ref in arrival.refs if ref not in ended]
        if not watched:
            return
        started = await engine.watch(
            *watched,
            watcher=Watcher(arrival.user_id, arrival.user_id),
            channel_id=arrival.channel_id,
            told=told,
            lasts=arrival.lasts,
        )
        self.ledger.started(started.watches)

    async def listen(self) -> None:
        """Read every message when it is committed."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self.read_messages()

    async def read_messages(self) -> None:
        """Read what was committed since the last time, in order."""
        newer = select(deliveries).where(deliveries.c.number > self._read)
        async with self._reading:
            self._judge(await self.database.fetch(newer.order_by(deliveries.c.number)))

    async def audit(self) -> None:
        """Compare what is open in the store, at one moment, with the ledger."""
        async with self._reading:
            messages, open_tasks, open_watches = await self._look(_OPEN_TASKS, _OPEN_WATCHES)
            self._judge(messages)
            task_ids, watch_ids = ({row.id for row in rows} for rows in (open_tasks, open_watches))
            self.ledger.audit(task_ids, watch_ids, self.clock.now())

    async def audit_all(self) -> None:
        """Compare all the store ever had with the ledger."""
        async with self._reading:
            messages, every = await self._look(select(watches.c.id, watches.c.ended_why))
            self._judge(messages)
            self.ledger.audit_all(every)

    async def _look(self, *questions: Executable) -> list[Sequence[Row[Any]]]:
        """Read what is new for Slack, and more, as of one moment."""
        newer = select(deliveries).where(deliveries.c.number > self._read)
        ordered = newer.order_by(deliveries.c.number)
        return await self.database.transact(lambda moment: _read(moment, ordered, *questions))

    def _judge(self, messages: Sequence[Row[Any]]) -> None:
        for row in messages:
            if row.number > self._read:
                self._read = row.number
                self.ledger.deliver(row, self.clock.now(), bots_now=self.bots_clock.now())

    async def do(self, deed: Deed) -> None:
        """Let one of the plan's deeds be done."""
        match deed.what:
            case "crash" | "restart":
                await self.go_down(crashing=deed.what == "crash")
                await self.come_up()
            case "down" | "up":
                self.vendors[deed.provider].is_down = deed.what == "down"
            case "on" | "back":
                self.bots_clock.jump(timedelta(hours=1 if deed.what == "on" else -1))
            case "lose":
                self._running().leases.lost.add(f"poll:{_lane(deed.provider)}")
            case "regain":
                self._running().leases.lost.clear()
            case _:
                await self._person_does(deed)

    async def _person_does(self, deed: Deed) -> None:
        engine, ref = self._running(), deed.ref
        if ref is None:
            return
        if deed.what == "ask":
            status = self._tell(ref)
            engine.observer.note([status] if status else [])
            return
        await self.read_messages()
        for watched in await engine.store.watches.open_watches(TEAM, ref=ref):
            if await engine.store.watches.end(watched.watch.id, by="U1", at=self.bots_clock.now()):
                self.ledger.unwatched(watched.watch)

    def _tell(self, ref: TaskRef) -> TaskStatus | None:
        vendor = self.vendors[ref.provider]
        try:
            return None if vendor.is_down else vendor.tell(ref)
        except ProviderError:
            return None

    def _running(self) -> Engine:
        if self.engine is None:
            raise RuntimeError("the bot is down")
        return self.engine


async def live(plan: Plan, path: Path, *, days: int = 8) -> Outcome:
    """Live through so many days, one more than people begin to watch, until nobody waits.

    Raises:
        BrokenPromiseError: something happened that must not.
    """
    clock, bots_clock = JumpingClock(), JumpingClock()
    vendors = _vendors(plan, clock)
    async with open_inline_database(path) as database:
        ledger = Ledger(plan.lives)
        world = World(plan, path, clock, bots_clock, ledger, vendors, database)
        listening = asyncio.create_task(world.listen())
        try:
            await _live(world, listening, days)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await world.go_down(crashing=True)
        messages = len(await database.fetch(select(deliveries.c.number)))
    _keep_the_rates(world)
    requests = {name: len(vendor.asked_at) for name, vendor in vendors.items()}
    polls = sum(len(vendor.asked) for vendor in vendors.values())
    return Outcome(ledger, requests, polls, len(world.started_at), messages)


async def _live(world: World, listening: "asyncio.Task[None]", days: int) -> None:
    await world.come_up()
    for at_s, happen in _agenda(world, days):
        await world.clock.sleep(max(at_s - world.clock.monotonic(), 0))
        if listening.done():
            listening.result()
        await happen()
    history = select(transitions).order_by(*transitions.primary_key)
    judge_history(await world.database.fetch(history), world.ledger)
    for entry in world.ledger.entries.values():
        world.ledger.require(entry.is_over, f"{entry.watch.ref} is watched for ever")


def _agenda(world: World, days: int) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
    """List what happens when."""
    audits = range(1, math.ceil(days * DAY_S / _AUDIT_EVERY_S) + 1)
    agenda: list[tuple[float, Callable[[], Awaitable[None]]]] = [
        *((one.at_s, partial(world.arrive, one)) for one in world.plan.arrivals),
        *((one.at_s, partial(world.do, one)) for one in world.plan.deeds),
        *((count * _AUDIT_EVERY_S, world.audit) for count in audits),
        *((day * DAY_S, world.audit_all) for day in range(1, days + 1)),
    ]
    return sorted(agenda, key=lambda event: event[0])


async def _read(moment: Transaction, *questions: Executable) -> list[Sequence[Row[Any]]]:
    return [await moment.run(question) for question in questions]


def _vendors(plan: Plan, clock: JumpingClock) -> dict[str, LivingVendor]:
    kinds = {"mpc": LivingBatchVendor}
    vendors = {
        sort.provider: kinds.get(sort.provider, LivingVendor)(
            sort.provider, clock, latency_s=_LATENCY_S
        )
        for sort in SORTS
    }
    for ref, life in plan.lives.items():
        vendors[ref.provider].lives[ref.task_id] = life
    return vendors


def _endpoints(
    vendors: Mapping[str, LivingVendor], clock: JumpingClock
) -> dict[tuple[str, str], Endpoint]:
    gates = {lane: gate_for(lane, limit, clock) for lane, limit in _LIMITS.items()}
    return {(name, "main"): Endpoint(one, gates[_lane(name)]) for name, one in vendors.items()}


def _lane(provider: str) -> str:
    return _LANES.get(provider, f"{provider}@main")


def _keep_the_rates(world: World) -> None:
    """See that no window of its documented length holds more requests than a vendor allows.

    A bot that comes up does not know what was asked just before, so windows across are left out.
    """
    for lane, limit in _LIMITS.items():
        asked = (one.asked_at for name, one in world.vendors.items() if _lane(name) == lane)
        at = sorted(chain.from_iterable(asked))
        for first, beyond in zip(at, at[limit.requests :], strict=False):
            is_across = any(first <= start <= beyond for start in world.started_at)
            is_slow = is_across or beyond - first >= limit.seconds - _ROUNDING_S
            world.ledger.require(is_slow, f"{lane} was asked too fast")
