"""On-call over real tables in memory, on a clock that is set by hand and with nobody's Slack."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import Row, Table, select, update

from bot.alerts.auditor import Auditor
from bot.alerts.clockwork import Clockwork, by_fingerprint
from bot.alerts.delays import Delays
from bot.alerts.figures import AlertFigures
from bot.alerts.presses import Press, TooLate, press
from bot.alerts.router import Router
from bot.models import CheckOrder, Observation, Source
from bot.oncall import Alert, AlertChange, AlertEvent, What
from bot.settings.sections import AlertRoute
from bot.store.alerts import Alerts
from bot.store.database import Database
from bot.store.delivery_tables import deliveries
from bot.store.errors import StoreError
from bot.store.leases import Leases
from bot.store.oncall_tables import alerts, pages
from bot.store.store import Store
from bot.store.watch_tables import cards
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.observer import Observer
from bot.watch.policy import Rules
from providers.models import Kind, Reason, TaskError, TaskRef, TaskState, TaskStatus
from tests.bot.alerts.samples import ROUTE, TEAM, ref, silence
from tests.fakes.clock import FakeClock
from tests.fakes.inline_sqlite import open_inline_database


def lane_of(provider: str, account: str) -> str | None:
    return None if account == "gone" else f"{provider}@{account}"


def failure(
    about: TaskRef, state: TaskState, at: datetime, code: str = "5", **told: Any
) -> TaskStatus:
    """What a vendor answers about a recording in *state*."""
    is_bad = state in {TaskState.FAILED, TaskState.PARTIAL, TaskState.EMPTY}
    error = TaskError(code=code, message="it broke", reason=Reason.TASK_FAILED, hint="Look.")
    known: dict[str, Any] = {"room": "room-1", "error": error if is_bad else None}
    return TaskStatus(
        provider=about.provider,
        account=about.account,
        task_id=about.task_id,
        kind=Kind.RECORDING,
        state=state,
        queried_at=at,
        **(known | told),
    )


@dataclass(slots=True)
class Faulty:
    """Leases that cannot be had the first time."""

    leases: Leases
    is_faulty: bool = True

    async def hold(self, name: str, for_s: float) -> bool:
        if self.is_faulty:
            self.is_faulty = False
            raise StoreError("the disk is full")
        return await self.leases.hold(name, for_s)

    async def drop(self, name: str) -> None:
        await self.leases.drop(name)


class Contended(Alerts):
    """Alerts that somebody else always changes first."""

    async def apply(self, change: AlertChange, at: datetime) -> Alert | None:
        assert change.after.changed_at <= at
        return None


@dataclass(slots=True)
class World:
    """Everything, and short words for what tests do with it."""

    database: Database
    store: Store
    clock: FakeClock
    routes: tuple[AlertRoute, ...]
    registry: CollectorRegistry
    observer: Observer
    router: Router
    clockwork: Clockwork
    auditor: Auditor
    delays: Delays
    woken: list[datetime] = field(default_factory=list)
    slack_answers: bool = True

    async def see(
        self,
        *task_ids: str,
        state: TaskState = TaskState.FAILED,
        source: Source = Source.POLL,
        confirmed: bool = True,
        provider: str = "record",
        **told: Any,
    ) -> None:
        """Let something be seen of tasks nobody watches, as whoever asked about them would."""
        now = self.clock.now()
        refs = [ref(task_id, provider) for task_id in task_ids]
        orders = [CheckOrder(one, f"{provider}@main", Source.SWEEP, again=True) for one in refs]
        await self.store.watches.check(orders, now)
        await self.observer.observe(
            [
                Observation(one, failure(one, state, now, **told), now, source, confirmed)
                for one in refs
            ]
        )

    async def fail(self, *task_ids: str, **told: Any) -> None:
        """Let tasks fail, and be routed."""
        await self.see(*task_ids, **told)
        await self.router.route_some()

    async def recover(self, *task_ids: str, **told: Any) -> None:
        """Let tasks turn out well after all, and be routed."""
        await self.fail(*task_ids, state=TaskState.SUCCEEDED, **told)

    async def run(self, lasting: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        """Let time pass, and whatever is due in it."""
        end = self.clock.now() + lasting
        while self.clock.now() < end:
            self.clock.jump(min(step, end - self.clock.now()))
            await self.clockwork.run_due()
            await self.router.route_some()
            if self.slack_answers:
                await self.deliver()
            await self.auditor.look()

    async def press(
        self, what: What, by: str = "U1ALICE", version: int | None = None, **more: Any
    ) -> Alert | TooLate | None:
        """Press a button of the only alert."""
        alert = await self.alert()
        pressed = Press(what, by, version or alert.version, **more)
        change = press(alert, pressed, self.clock.now())
        if not isinstance(change, AlertChange):
            return change
        return await self.store.alerts.apply(change, self.clock.now())

    async def silence(self, target: str, lasts: timedelta) -> int:
        now = self.clock.now()
        begun = silence(target, created_at=now, until=now + lasts)
        return (await self.store.silences.add(begun)).id

    async def unsilence(self, silence_id: int) -> None:
        """End a silence as a person does, before its time."""
        now = self.clock.now()
        await self.store.silences.end(silence_id, "U1ALICE", now)
        await self.clockwork.wake_silenced(TEAM, now)

    async def all(self) -> list[Alert]:
        """Every alert there ever was, oldest first."""
        rows = await self.rows(alerts)
        found = [await self.store.alerts.find(row.id) for row in rows]
        return [one for one in found if one is not None]

    async def alert(self) -> Alert:
        """The only alert."""
        (found,) = await self.all()
        return found

    async def events(self, *what: What) -> list[AlertEvent]:
        """The log of every alert, oldest first; only *what* where that is told."""
        found: list[AlertEvent] = []
        for alert in await self.all():
            contents = await self.store.alerts.contents(alert.id)
            found += contents.events if contents else ()
        return [event for event in found if not what or event.what in what]

    async def rows(self, table: Table) -> Sequence[Row[Any]]:
        return await self.database.fetch(select(table).order_by(*table.primary_key.columns))

    async def rung(self) -> list[tuple[str, str]]:
        """What pagers are told, in order."""
        rows = await self.database.fetch(select(pages).order_by(pages.c.created_at, pages.c.key))
        return [(row.pager, row.action) for row in rows]

    async def mentioned(self) -> list[str]:
        """Whom messages call, each time they do."""
        rows = await self.rows(deliveries)
        return [who for row in rows for who in row.facts.get("mentions", ())]

    async def deliver(self) -> None:
        """Let Slack have everything that is to be told by now."""
        now = self.clock.now()
        posted = cards.c.ts.is_(None)
        await self.database.change(
            update(deliveries).values(state=2, sent_at=now, ts="1.2"),
            update(cards).where(posted).values(ts="1.2"),
        )

    def figure(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@asynccontextmanager
async def open_world(
    routes: Iterable[AlertRoute] = (ROUTE,), clock: FakeClock | None = None
) -> AsyncIterator[World]:
    """Open on-call over an empty store."""
    async with open_inline_database() as database:
        yield on(database, tuple(routes), clock or FakeClock())


def on(database: Database, routes: tuple[AlertRoute, ...], clock: FakeClock) -> World:
    """Begin on a store, as a process does that was started."""
    store, registry, woken = Store(database, clock), CollectorRegistry(), list[datetime]()

    def wake() -> None:
        woken.append(clock.now())

    known = by_fingerprint(routes)
    histories = Histories(store, Rules())
    observer = Observer(store, clock, histories, WatchFigures(registry), wake)
    router = Router(store, routes, lambda: TEAM, clock, wake)
    clockwork = Clockwork(store, known, lane_of, clock, wake)
    auditor = Auditor(store, known, clock, wake, AlertFigures(registry, known))
    delays = Delays(router, store, clock)
    return World(
        database,
        store,
        clock,
        routes,
        registry,
        observer,
        router,
        clockwork,
        auditor,
        delays,
        woken,
    )
