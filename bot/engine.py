"""The parts that work without being asked: they follow tasks, and tell what became of them."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.places import Places
from bot.desk import Desk
from bot.egress import Egress
from bot.paces import MemoryPaces
from bot.relay.figures import RelayFigures
from bot.relay.letters import Letters
from bot.relay.read_back import ReadingRules
from bot.relay.relay import Relay, Tools
from bot.relay.steady_paces import SteadyPaces
from bot.settings.load import Settings
from bot.store.store import Store
from bot.vendors import Vendors
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.lanes import lanes_of
from bot.watch.observer import Observer
from bot.watch.policy import Rules
from bot.watch.poller import Poller
from bot.watch.timers import Timers
from providers.clock import Clock


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything stands on."""

    settings: Settings
    store: Store
    vendors: Vendors
    desk: Desk
    egress: Egress

    @property
    def clock(self) -> Clock:
        """The process's clock."""
        return self.desk.clock


@dataclass(frozen=True, slots=True)
class Engine:
    """What follows tasks."""

    histories: Histories
    observer: Observer
    poller: Poller
    timers: Timers

    @property
    def loops(self) -> tuple[Observer, Poller, Timers]:
        """What runs, in the order to start; to be closed in the other."""
        return self.observer, self.poller, self.timers


@asynccontextmanager
async def open_egress(store: Store, clock: Clock) -> AsyncIterator[Egress]:
    """Make the one scheduler of what is sent to Slack; replicas keep its pace together."""
    paces = SteadyPaces(store.paces, MemoryPaces(clock)) if store.replicated else store.paces
    egress = Egress(paces, clock)
    try:
        yield egress
    finally:
        await egress.close()


def create_engine(ground: Ground, wake: Callable[[], None]) -> Engine:
    """Put together what follows tasks; *wake* tells the relay that there is something to send."""
    store, clock, vendors = ground.store, ground.clock, ground.vendors
    histories = Histories(store, Rules())
    figures = WatchFigures(ground.desk.metrics.registry)
    observer = Observer(store, clock, histories, figures, wake)
    lanes = lanes_of(vendors.endpoints)
    poller = Poller(lanes, vendors.lookup, store, store.leases, observer, clock)
    return Engine(histories, observer, poller, Timers(store, store.leases, clock, wake))


def create_relay(ground: Ground, client: AsyncWebClient, letters: Letters) -> Relay:
    """Put together what sends; *client* has no retries of its own, which would post twice."""
    slack = ground.settings.slack
    rules = ReadingRules()
    if slack is not None:
        rules = ReadingRules(slack.read_back, slack.uncertain_sends)
    tools = Tools(
        store=ground.store,
        letters=letters,
        client=client,
        egress=ground.egress,
        clock=ground.clock,
        figures=RelayFigures(ground.desk.metrics.registry),
        new_fence=lambda: secrets.token_hex(8),
        place_lost=Places(ground.store, ground.settings.operators.channel).lost,
    )
    return Relay(tools, rules)
