"""A relay between a store in memory and a scripted Slack, on a clock that jumps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import insert, select, update

from bot.egress import Egress
from bot.models import Card, Delivery, DeliveryState, Happening, NewDelivery, Priority
from bot.paces import MemoryPaces
from bot.relay.figures import RelayFigures
from bot.relay.letters import Letter
from bot.relay.read_back import ReadingRules
from bot.relay.relay import Relay, Tools
from bot.store.database import Database
from bot.store.delivery_rows import read_delivery
from bot.store.delivery_statements import add_deliveries
from bot.store.delivery_tables import deliveries
from bot.store.store import Store
from bot.store.watch_tables import cards
from bot.views.layout import View, section
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import START, JumpingClock
from tests.fakes.scripted_slack import ScriptedSlack

TEAM = "T1"
CHANNEL = "C1"
CREATOR = "U1"


@dataclass(slots=True)
class PlainLetters:
    """Draws a delivery as its key, and a card as the number of its latest change."""

    wanted: Callable[[int], Awaitable[int]]
    takes_s: float = 0.0
    clock: JumpingClock = field(default_factory=JumpingClock)
    troubles: list[Exception] = field(default_factory=list)
    """Raised by the next drawings, one each."""
    pointless: set[str] = field(default_factory=set)
    """Keys of what there is nothing left to tell of."""
    has_plainer_blocks: bool = False
    """Whether what is drawn plainly has blocks too."""

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        await self._begin()
        if delivery.key in self.pointless:
            return None
        told = " + ".join(member.key for member in members)
        text = f"{delivery.key} = {told}" if told else delivery.key
        tasks = tuple(member.key for member in members or [delivery])
        return Letter(View([section(text)], text), self._plain(text), tasks=tasks)

    async def draw_card(self, card: Card) -> Letter | None:
        await self._begin()
        text = f"card {card.id} at {await self.wanted(card.id)}"
        if f"card:{card.id}" in self.pointless:
            return None
        plain = self._plain(text) if self.has_plainer_blocks else None
        return Letter(View([section(text)], text), plain, tasks=("media@main/1",))

    def _plain(self, text: str) -> View:
        blocks = [section("plain")] if self.has_plainer_blocks else []
        return View(blocks, f"plain {text}")

    async def _begin(self) -> None:
        await self.clock.sleep(self.takes_s)
        if self.troubles:
            raise self.troubles.pop(0)


@dataclass(slots=True)
class World:
    """Everything, and short words for what tests do with it."""

    database: Database
    store: Store
    clock: JumpingClock
    slack: ScriptedSlack
    egress: Egress
    letters: PlainLetters
    registry: CollectorRegistry
    relay: Relay
    make_relay: Callable[[], Relay]

    async def card(
        self, *, ts: str | None = None, thread_ts: str | None = None, **more: Any
    ) -> int:
        """Add a card's row; with *ts* it stands in Slack already."""
        row: dict[str, Any] = {
            "team_id": TEAM,
            "kind": "watch",
            "channel_id": CHANNEL,
            "created_by": CREATOR,
        }
        row |= {"created_at": self.clock.now(), "wanted": 1, "shown": 1 if ts else 0}
        added = insert(cards).values(row | {"ts": ts, "thread_ts": thread_ts} | more)
        rows = await self.database.change(added.returning(cards.c.id))
        return int(rows[0].id)

    async def posted_card(self, channel: str = CHANNEL) -> int:
        """Add a card and its message."""
        posted = await self.slack.call("chat.postMessage", {"channel": channel, "text": "card"})
        return await self.card(ts=posted["ts"], channel_id=channel)

    async def touch(self, card_id: int) -> None:
        """Change what a card has to show, and wake the relay."""
        more = update(cards).where(cards.c.id == card_id).values(wanted=cards.c.wanted + 1)
        await self.database.change(more)
        self.relay.wake()

    async def card_row(self, card_id: int) -> Any:
        return (await self.database.fetch(select(cards).where(cards.c.id == card_id)))[0]

    async def add(self, *new: NewDelivery) -> None:
        """Commit what has to be told, and wake the relay."""
        await self.database.change(add_deliveries(self.database.insert, new, self.clock.now()))
        self.relay.wake()

    async def all(self) -> list[Delivery]:
        """Read every delivery, oldest first."""
        rows = await self.database.fetch(select(deliveries).order_by(deliveries.c.number))
        return [read_delivery(row) for row in rows]

    async def states(self) -> list[DeliveryState]:
        return [one.state for one in await self.all()]

    async def one(self) -> Delivery:
        """Read the only delivery there is."""
        (found,) = await self.all()
        return found

    def figure(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0

    async def die(self) -> None:
        """Kill whatever is under way where it is, a commit apart, and start another relay."""
        ours = [task for task in asyncio.all_tasks() if _is_killed(task)]
        for task in ours:
            task.cancel()
        await asyncio.gather(*ours, return_exceptions=True)
        await self.restart()

    async def restart(self) -> None:
        """Stop the relay, and start another one on the same store."""
        await self.relay.close()
        self.relay = self.make_relay()
        self.relay.start()


def _is_killed(task: "asyncio.Task[Any]") -> bool:
    """Tell the relay's own work from that of the store and the tests."""
    names = [str(frame.f_globals["__name__"]) for frame in task.get_stack(limit=1)]
    return any(name.startswith(("bot.egress", "bot.relay.")) for name in names)


def news(
    number: int = 1,
    happening: Happening = Happening.FINISHED,
    *,
    card_id: int | None = None,
    channel_id: str = CHANNEL,
    at: datetime | None = None,
    **more: Any,
) -> NewDelivery:
    """Make news of the watch *number*."""
    is_end = happening in {Happening.FINISHED, Happening.IMPROVED}
    facts: Mapping[str, Any] = {"happening": happening, "watch": number}
    return NewDelivery(
        key=f"news:{number}:1:{happening}",
        team_id=TEAM,
        kind="news",
        channel_id=channel_id,
        priority=Priority.TERMINAL if is_end else Priority.PROGRESS,
        happened_at=at or START,
        card_id=card_id,
        facts=facts,
        **more,
    )


def card_delivery(card_id: int, channel_id: str = CHANNEL) -> NewDelivery:
    return NewDelivery(
        key=f"card:{card_id}",
        team_id=TEAM,
        kind="card",
        channel_id=channel_id,
        priority=Priority.ANSWER,
        happened_at=START,
        card_id=card_id,
    )


@asynccontextmanager
async def open_world(rules: ReadingRules | None = None) -> AsyncIterator[World]:
    """Open everything, with the relay at work."""
    clock = JumpingClock()
    async with open_inline_database() as database:
        store = Store(database, clock)
        slack, registry, fences = ScriptedSlack(clock), CollectorRegistry(), count()
        egress = Egress(MemoryPaces(clock), clock)
        figures = RelayFigures(registry)
        letters = PlainLetters(lambda card_id: _wanted(database, card_id), clock=clock)

        def make_relay() -> Relay:
            tools = Tools(
                store,
                letters,
                slack.client(),
                egress,
                clock,
                figures,
                lambda: f"fence {next(fences)}",
            )
            return Relay(tools, rules or ReadingRules())

        world = World(
            database, store, clock, slack, egress, letters, registry, make_relay(), make_relay
        )
        world.relay.start()
        try:
            yield world
        finally:
            await world.relay.close()
            await egress.close()


async def _wanted(database: Database, card_id: int) -> int:
    rows = await database.fetch(select(cards.c.wanted).where(cards.c.id == card_id))
    return int(rows[0].wanted)
