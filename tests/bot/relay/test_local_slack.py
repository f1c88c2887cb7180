"""The relay, a store in a file or on a server, and the local Slack over HTTP."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import insert

from bot.egress import Egress
from bot.models import Card, Delivery, NewDelivery
from bot.paces import MemoryPaces
from bot.relay.figures import RelayFigures
from bot.relay.letters import Letter
from bot.relay.read_back import ReadingRules
from bot.relay.relay import Relay, Tools
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.opening import open_database
from bot.store.store import Store
from bot.store.watch_tables import cards
from bot.vendors import open_session
from bot.views.layout import View, section
from tests.bot.relay.world import card_delivery, news
from tests.fakes.quick_clock import QuickClock

CHANNEL = "C0MEDIA"
POST = "chat.postMessage"
CREATOR = "U0ALICE"


class Letters:
    """Draws a delivery as its key; those in *broken* with a block Slack refuses."""

    def __init__(self) -> None:
        self.broken: set[str] = set()

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        text = " ".join(member.key for member in members) or delivery.key
        shown = "" if delivery.key in self.broken else text
        return Letter(View([section(shown)], text), tasks=("media@main/1",))

    async def draw_card(self, card: Card) -> Letter | None:
        text = f"card at {card.wanted}"
        return Letter(View([section(text)], text))


class QuickDeliveries(Deliveries):
    """An outbox whose database's clock is as quick as the replicas'."""

    def __init__(self, database: Database, clock: QuickClock) -> None:
        super().__init__(database)
        self._quick_clock = clock

    async def now(self) -> datetime | None:
        return self._quick_clock.now()


@dataclass(frozen=True)
class Replica:
    """One bot's relay, and the store it shares with the others."""

    database: Database
    store: Store
    letters: Letters
    relay: Relay
    clock: QuickClock

    async def card(self) -> int:
        """Begin a card in the channel."""
        row: dict[str, Any] = {"team_id": "T0LOCAL", "kind": "watch", "channel_id": CHANNEL}
        row |= {"created_by": CREATOR, "created_at": self.clock.now()}
        added = insert(cards).values(row).returning(cards.c.id)
        card_id = int((await self.database.change(added))[0].id)
        await self.add(card_delivery(card_id, CHANNEL))
        return card_id

    async def add(self, *new: NewDelivery) -> None:
        for one in new:
            await self.store.deliveries.add(one, self.clock.now())
        self.relay.wake()

    async def settled(self) -> None:
        """Wait until nothing is open any more."""
        async with asyncio.timeout(20):
            while (await self.store.deliveries.backlog()).count:
                await self.clock.sleep(2)


@asynccontextmanager
async def open_replica(
    url: str, slack: LocalSlack, clock: QuickClock | None = None, number: int = 0
) -> AsyncIterator[Replica]:
    slack.backend.limits.is_on = False  # a minute is a second or two here
    clock, fences = clock or QuickClock(40), count()
    async with open_session() as session, open_database(url) as opened:
        store = Store(opened.database, clock)
        store.deliveries = QuickDeliveries(opened.database, clock)
        client = AsyncWebClient(
            slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )
        egress, letters = Egress(MemoryPaces(clock), clock), Letters()
        tools = Tools(
            store,
            letters,
            client,
            egress,
            clock,
            RelayFigures(CollectorRegistry()),
            lambda: f"{number} {next(fences)}",
        )
        relay = Relay(tools, ReadingRules())
        relay.start()
        try:
            yield Replica(opened.database, store, letters, relay, clock)
        finally:
            await relay.close()
            await egress.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        named: str = request.getfixturevalue("postgres_url")
        return named
    return f"sqlite:///{tmp_path}/store.db"


def texts(slack: LocalSlack) -> list[str]:
    return [message.text for message in slack.messages(CHANNEL)]


@pytest.mark.parametrize(
    "trouble", ["http_500", "rate_limited", "no_answer", "lost_answer", "internal_error"]
)
async def test_whatever_slack_does_to_a_post_it_stands_there_once(
    trouble: Trouble, url: str, slack: LocalSlack
) -> None:
    async with open_replica(url, slack) as replica:
        card_id = await replica.card()
        await replica.settled()
        slack.trouble(POST, trouble)
        await replica.add(news(1, card_id=card_id, channel_id=CHANNEL))

        await replica.settled()

        card, reply = slack.messages(CHANNEL)
        assert (card.text, reply.text) == ("card at 1", "news:1:1:finished")
        assert reply.thread_ts == card.ts


async def test_what_slack_refuses_for_its_blocks_arrives_as_text(
    url: str, slack: LocalSlack
) -> None:
    async with open_replica(url, slack) as replica:
        replica.letters.broken = {"news:1:1:finished"}
        await replica.add(news(1, channel_id=CHANNEL))

        await replica.settled()

        (message,) = slack.messages(CHANNEL)
        assert (message.text, message.blocks) == ("news:1:1:finished", [])


async def test_an_archived_channel_is_told_to_the_creator(url: str, slack: LocalSlack) -> None:
    async with open_replica(url, slack) as replica:
        card_id = await replica.card()
        await replica.settled()
        slack.backend.workspace.channels[CHANNEL].is_archived = True
        await replica.add(news(1, card_id=card_id, channel_id=CHANNEL))

        await replica.settled()

        direct = slack.backend.workspace.direct_channel(CREATOR)
        assert [one.text for one in slack.messages(direct.id)] == [
            f"news:1:1:finished:dm:{CREATOR}"
        ]


async def test_without_a_history_scope_it_is_sent_again_and_marked(
    url: str, slack: LocalSlack
) -> None:
    slack.backend.workspace.scopes -= {"channels:history"}
    async with open_replica(url, slack) as replica:
        slack.trouble(POST, "lost_answer")
        await replica.add(news(1, channel_id=CHANNEL))

        await replica.settled()

        assert texts(slack) == ["news:1:1:finished"] * 2


async def test_replicas_on_one_store_send_each_delivery_once(
    postgres_url: str, slack: LocalSlack
) -> None:
    clock = QuickClock(40)
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(open_replica(postgres_url, slack, clock, number))
            for number in range(3)
        ]
        for trouble in ("lost_answer", "http_500", "no_answer"):
            slack.trouble(POST, trouble)
        ends = [news(n, channel_id=CHANNEL) for n in range(30)]
        await asyncio.gather(*(one.add(*ends[n::3]) for n, one in enumerate(replicas)))

        await replicas[0].settled()

        told = Counter(" ".join(texts(slack)).split())
        assert {end.key: told[end.key] for end in ends} == dict.fromkeys(
            (end.key for end in ends), 1
        )
