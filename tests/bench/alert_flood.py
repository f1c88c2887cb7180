"""Ten thousand failures in one minute, under three causes and in two channels.

The real observer, router, relay and letters on a store on disk; the local Slack keeps to Slack's
limits. The vendor's budget is left out of it: every failure is observed as it comes.
"""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from prometheus_client import CollectorRegistry
from slack_sdk.web.async_client import AsyncWebClient

from bot.alert_letters import AlertLetters
from bot.alerts.router import Router
from bot.egress import Egress
from bot.models import Card, Delivery
from bot.paces import MemoryPaces
from bot.relay.figures import RelayFigures
from bot.relay.letters import Letter
from bot.relay.read_back import ReadingRules
from bot.relay.relay import Relay, Tools
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.slack.server import LocalSlack
from bot.store.store import Store, open_store
from bot.views.on_call import OnCall
from bot.views.options import Options
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.observer import Observer
from bot.watch.policy import Rules
from providers.clock import Clock, SystemClock
from tests.bench.report import Row, Table
from tests.bot.alerts.flood import CHANNELS, CODES, GROUPS, Flood, routes
from tests.bot.alerts.samples import TEAM

_WITHIN_S = 90.0
_MESSAGES, _UPDATES = 30, 60
_CALLS = Counter(dict.fromkeys(GROUPS, len(CODES)))


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters of the product, for channels where nobody chose anything."""

    drawn: AlertLetters
    called: Counter[str] = field(default_factory=Counter)
    """Whom messages call, each time one is drawn to be posted."""

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        assert not members
        self.called.update(delivery.facts["mentions"])
        return await self.drawn.draw(delivery, Options())

    async def draw_card(self, card: Card) -> Letter | None:
        return await self.drawn.draw_card(card, Options())


@dataclass(frozen=True, slots=True)
class _Stage:
    """What runs."""

    store: Store
    slack: LocalSlack
    flood: Flood
    letters: _Letters
    registry: CollectorRegistry

    async def counted(self) -> int:
        """Tell how many failures alerts count, in all channels together."""
        return sum(alert.count for alert in await self.store.alerts.all_unresolved())

    async def until_shown(self, clock: Clock) -> None:
        """Wait until every failure is counted and every message shows it."""
        while await self.counted() < self.flood.count * len(CHANNELS):
            await clock.sleep(0.5)
        while await self.store.cards.count_stale() or (await self.store.deliveries.backlog()).count:
            await clock.sleep(0.5)


async def measure(failures: int = 10_000, over_s: float = 60.0) -> Table:
    """Pour, wait until all is told, and count what Slack was sent."""
    clock = SystemClock()
    async with _stage(failures, clock) as stage:
        began = clock.monotonic()
        await stage.flood.pour(over_s)
        await stage.until_shown(clock)
        took_s = clock.monotonic() - began
        return await _judge(stage, took_s)


async def _judge(stage: _Stage, took_s: float) -> Table:
    alerts = await stage.store.alerts.all_unresolved()
    each = Counter(alert.channel_id for alert in alerts)
    posted = [one for channel in CHANNELS for one in stage.slack.messages(channel)]
    called = stage.letters.called
    edits = stage.registry.get_sample_value("mediatask_card_edits_total", {"outcome": "edited"})
    worst = max(each.values())
    rows = (
        _row("alerts in a channel", worst, f"at most {len(CODES)}", is_met=worst <= len(CODES)),
        _row("messages", len(posted), f"at most {_MESSAGES}", is_met=len(posted) <= _MESSAGES),
        _row("updates", edits or 0, f"at most {_UPDATES}", is_met=(edits or 0) <= _UPDATES),
        _row("calls", called.total(), f"{len(CODES)} of each group", is_met=called == _CALLS),
        _row("seconds until all is shown", took_s, f"{_WITHIN_S:.0f}", is_met=took_s <= _WITHIN_S),
    )
    title = (
        f"{stage.flood.count:,} failures in a minute, {len(CODES)} causes, {len(CHANNELS)} channels"
    )
    return Table(title, ("found",), rows)


def _row(what: str, found: float, aim: str, *, is_met: bool) -> Row:
    return Row(what, (f"{found:,.0f}",), aim, is_met)


@asynccontextmanager
async def _stage(failures: int, clock: Clock) -> AsyncIterator[_Stage]:
    registry = CollectorRegistry()
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'flood.db'}"
        async with (
            open_store(url, clock) as store,
            await LocalSlack.start(clock=SandboxClock()) as slack,
            aiohttp.ClientSession() as session,
        ):
            letters = _Letters(AlertLetters(store, _nobody_on_call, clock))
            client = AsyncWebClient(
                slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
            )
            egress = Egress(MemoryPaces(clock), clock)
            tools = Tools(
                store=store,
                letters=letters,
                client=client,
                egress=egress,
                clock=clock,
                figures=RelayFigures(registry),
                new_fence=lambda: secrets.token_hex(8),
            )
            relay = Relay(tools, ReadingRules())
            router = Router(store, routes(), lambda: TEAM, clock, relay.wake)
            observer = Observer(
                store, clock, Histories(store, Rules()), WatchFigures(registry), router.look
            )
            relay.start()
            router.start()
            flood = Flood(failures, store, observer, clock)
            yield _Stage(store, slack, flood, letters, registry)
            await router.close()
            await relay.close()
            await egress.close()


async def _nobody_on_call(_targets: Sequence[str]) -> OnCall:
    return {}
