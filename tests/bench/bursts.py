"""Many ends in one second: how long until every channel has heard of each.

The real relay and egress on a store on disk; the local Slack keeps to Slack's limits.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from prometheus_client import CollectorRegistry
from slack_sdk.web.async_client import AsyncWebClient

from bot.egress import Egress
from bot.models import Card, Delivery, NewDelivery, Priority
from bot.paces import MemoryPaces
from bot.relay.figures import RelayFigures
from bot.relay.letters import Letter
from bot.relay.read_back import ReadingRules
from bot.relay.relay import Relay, Tools
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.slack import seed
from bot.sandbox.slack.entities import Channel
from bot.sandbox.slack.server import LocalSlack
from bot.store.store import Store, open_store
from bot.views.digest import render_digest
from bot.views.facts import read_facts
from bot.views.watch_news import render_news
from providers.clock import SystemClock
from providers.models import TaskState, format_instant
from tests.bench.processes import BenchError
from tests.bench.report import Row, Table
from tests.bot.alerts.samples import TEAM

_WITHIN_S = {200: 15.0, 1: 25.0}
"""By the number of channels."""
_ENDS = {200: 1000, 1: 500}
_GIVEN_UP_AFTER_S = 120.0


class _Letters:
    """The product's drawings of news and digests."""

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        now = SystemClock().now()
        if members:
            told = [read_facts(one.facts, one.happened_at) for one in members]
            return Letter(render_digest(told, delivery.id, now=now))
        facts = read_facts(delivery.facts, delivery.happened_at)
        return Letter(render_news(facts, now=now))

    async def draw_card(self, card: Card) -> Letter | None:
        """Draw none: these ends stand in no thread."""
        del card
        return None


async def measure(*, share: float = 1) -> Table:
    """Measure both bursts; *share* makes them smaller."""
    rows = []
    for channels, within_s in _WITHIN_S.items():
        ends, wide = max(1, int(_ENDS[channels] * share)), max(1, int(channels * share))
        took, messages = await _tell(ends, wide)
        rows.append(
            Row(
                f"{ends} ends in {wide} channels",
                (f"{took:.1f}", f"{messages}"),
                f"under {within_s:.0f} s",
                is_met=took < within_s,
            )
        )
    return Table("A burst of ends", ("seconds until all are told", "messages"), tuple(rows))


async def _tell(ends: int, channels: int) -> tuple[float, int]:
    clock = SystemClock()
    async with _relay(channels) as (store, slack, relay, places):
        now, began = clock.now(), clock.monotonic()
        for number in range(ends):
            await store.deliveries.add(_end(number, places[number % channels], now), now)
        relay.wake()
        while (await store.deliveries.backlog()).count:
            await clock.sleep(0.1)
            if clock.monotonic() - began > _GIVEN_UP_AFTER_S:
                raise BenchError("the burst was not told within two minutes")
        return clock.monotonic() - began, sum(len(slack.messages(place)) for place in places)


def _end(number: int, channel_id: str, now: datetime) -> NewDelivery:
    return NewDelivery(
        key=f"news:{number}:1:finished",
        team_id=TEAM,
        kind="news",
        channel_id=channel_id,
        priority=Priority.TERMINAL,
        happened_at=now,
        facts={
            "ref": f"record@main:task-{number}",
            "happening": "finished",
            "before": TaskState.RUNNING,
            "after": TaskState.SUCCEEDED,
            "status": None,
            "mentions": [],
            "happened_at": format_instant(now),
        },
    )


def _add_channel(slack: LocalSlack, number: int) -> str:
    """Make a channel with the bot in it, as a person would."""
    channel = Channel(f"C0BURST{number}", f"burst-{number}", members={seed.ME, seed.BOT_USER})
    slack.backend.workspace.channels[channel.id] = channel
    return channel.id


@asynccontextmanager
async def _relay(channels: int) -> AsyncIterator[tuple[Store, LocalSlack, Relay, list[str]]]:
    clock = SystemClock()
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'bursts.db'}"
        async with (
            open_store(url, clock) as store,
            await LocalSlack.start(clock=SandboxClock()) as slack,
            aiohttp.ClientSession() as session,
        ):
            places = [_add_channel(slack, number) for number in range(channels)]
            client = AsyncWebClient(
                slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
            )
            egress = Egress(MemoryPaces(clock), clock)
            tools = Tools(
                store=store,
                letters=_Letters(),
                client=client,
                egress=egress,
                clock=clock,
                figures=RelayFigures(CollectorRegistry()),
                new_fence=lambda: secrets.token_hex(8),
            )
            relay = Relay(tools, ReadingRules())
            relay.start()
            try:
                yield store, slack, relay, places
            finally:
                await relay.close()
                await egress.close()
