"""The relay: whatever was committed to be told is sent, each channel at its own pace.

```
wake, or every second ─► heads: channels where something is due ─► one server per channel:
    passage (an outage lets one through) ─► turn ─► fold what goes together ─► Sender.send
beside it: Editor (stale cards) · Settler (overdue sends) · Janitor (late twins) · figures
```
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.crashpoint import CrashPoint, reach
from bot.egress import POST, Egress
from bot.models import POSTS_CARD, Priority
from bot.relay.drafting import Drafter
from bot.relay.editing import Editor
from bot.relay.figures import RelayFigures
from bot.relay.folding import plan
from bot.relay.janitor import Janitor
from bot.relay.letters import Letters
from bot.relay.outage import Outage
from bot.relay.posting import Poster
from bot.relay.read_back import Reader, ReadingRules, Settler
from bot.relay.rounds import Rounds
from bot.relay.sending import PlaceLost, Sender, nobody_minds
from bot.relay.steady_clock import SteadyClock
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_EVERY_S = 1.0
_EDITED_EVERY_S = 5.0
_SETTLED_EVERY_S = 3.0
_CHECKED_EVERY_S = 10.0
_CHANNELS = 256
"""Channels served at once."""
_LOOKED_AT = 600
"""Deliveries of one channel looked at to decide which goes next."""
_LAST_SENDS_WITHIN_S = 15.0
_PROMPT_S = 1.0
"""A time that took longer to be told is not exact enough."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a relay works with."""

    store: Store
    letters: Letters
    client: AsyncWebClient
    """Without any retries of its own: a retry would post twice."""
    egress: Egress
    clock: Clock
    figures: RelayFigures
    new_fence: Callable[[], str]
    """Gives a word nobody else has, at each call."""
    place_lost: PlaceLost = nobody_minds


class Relay:
    """Sends deliveries, for as long as it is started."""

    def __init__(self, tools: Tools, rules: ReadingRules) -> None:
        self._clock = SteadyClock(tools.clock)
        self._is_timed = not tools.store.deliveries.is_shared
        tools = replace(tools, clock=self._clock)
        self._tools = tools
        self._deliveries, self._cards = tools.store.deliveries, tools.store.cards
        self._outage = Outage(tools.clock)
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._sends: dict[str, asyncio.Task[None]] = {}
        poster = Poster(tools.client, tools.egress)
        editor = Editor(self._cards, tools.letters, poster, tools.clock, tools.figures)
        self._sender = _sender(tools, poster, editor, self._outage)
        reader = Reader(self._cards, poster)
        self._janitor = Janitor(self._deliveries, reader, rules, tools.clock, tools.figures)
        settler = self._settler(reader, rules)
        self._posting = self._rounds("posting", self._look)
        self._editing = self._rounds("editing", editor.look, every_s=_EDITED_EVERY_S)
        self._all_rounds = (
            self._posting,
            self._editing,
            self._rounds("settling", settler.look, every_s=_SETTLED_EVERY_S),
            self._rounds("checking", self._check, every_s=_CHECKED_EVERY_S),
        )

    def start(self) -> None:
        """Begin, with what was left from before; returns at once."""
        self._tools.figures.watch_egress(self._tools.egress.oldest_wait_s)
        for rounds in self._all_rounds:
            rounds.start()

    def wake(self) -> None:
        """Note that there is something to tell, or a card to edit."""
        self._posting.ring()
        self._editing.ring()

    async def close(self) -> None:
        """Stop; what is on its way to Slack may still arrive, within seconds, and is settled."""
        for rounds in self._all_rounds:
            await rounds.close()
        serving = list(self._serving.values())
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        sends = list(self._sends.values())
        if sends:
            _, left = await asyncio.wait(sends, timeout=_LAST_SENDS_WITHIN_S)
            for task in left:
                task.cancel()
            await asyncio.gather(*sends, return_exceptions=True)

    async def _look(self) -> None:
        """Begin to serve the channels where something is due and nobody serves."""
        room = _CHANNELS - len(self._serving)
        heads = await self._deliveries.heads(self._clock.now(), _CHANNELS)
        idle = [head for head in heads if head.channel_id not in self._serving]
        for head in idle[:room]:
            task = asyncio.create_task(self._serve(head.channel_id, head.priority))
            self._serving[head.channel_id] = task

    async def _serve(self, channel_id: str, priority: Priority) -> None:
        """Send what is due in one channel, until nothing is."""
        urgency: Priority | None = priority
        try:
            while urgency is not None:
                async with self._outage.passage():
                    egress = self._tools.egress
                    await egress.turn(method=POST, channel_id=channel_id, priority=urgency)
                    reach(CrashPoint.AFTER_SLOT)
                    await self._send_next(channel_id)
                urgency = await self._urgency(channel_id)
        except StoreError as error:
            log.warning("channel_not_served channel=%s reason=%s", channel_id, error)
        except Exception:
            log.exception("channel_not_served channel=%s", channel_id)
        finally:
            del self._serving[channel_id]

    async def _urgency(self, channel_id: str) -> Priority | None:
        """Tell how urgent the next delivery in a channel is; None where none is due."""
        waiting = await self._deliveries.waiting(channel_id, _LOOKED_AT)
        decided = plan(waiting, self._clock.now())
        if decided.next is not None:
            return decided.next.priority
        return decided.told_by.priority if decided.told_by is not None else None

    async def _send_next(self, channel_id: str) -> None:
        waiting = await self._deliveries.waiting(channel_id, _LOOKED_AT)
        now = self._clock.now()
        decided = plan(waiting, now)
        if decided.superseded:
            await self._deliveries.supersede(decided.superseded)
        next_id = decided.next.id if decided.next is not None else None
        if decided.told_by is not None:
            next_id = await self._deliveries.fold(decided.told_by, decided.members, now)
        if next_id is not None:
            await self._send(next_id)
        if decided.next is not None and decided.next.kind in POSTS_CARD:
            self._editing.ring()  # something may have changed while it was posted

    async def _send(self, delivery_id: str) -> None:
        """Send to the end, also where the relay closes meanwhile."""
        task = asyncio.create_task(self._sender.send(delivery_id))
        self._sends[delivery_id] = task
        task.add_done_callback(lambda _: self._sends.pop(delivery_id))
        await asyncio.shield(task)

    async def _check(self) -> None:
        self._clock.follow(await self._told_time())
        backlog, stale = await self._deliveries.backlog(), await self._cards.count_stale()
        self._tools.figures.note_backlog(backlog, stale, self._clock.now())
        await self._janitor.look()

    def _rounds(
        self, name: str, work: Callable[[], Awaitable[None]], *, every_s: float = _EVERY_S
    ) -> Rounds:
        async def timed() -> None:
            if not self._is_timed:
                self._clock.set(await self._told_time())
                self._is_timed = True
            await work()

        return Rounds(name, timed, every_s, self._clock)

    async def _told_time(self) -> datetime:
        """Ask for the time: the database where replicas share it, else this machine."""
        asked_s = self._clock.monotonic()
        told = await self._deliveries.now()
        took_s = self._clock.monotonic() - asked_s
        if took_s > _PROMPT_S:
            raise StoreError("the database is too slow to tell the time")
        return told + timedelta(seconds=took_s / 2) if told else self._clock.clock.now()

    def _settler(self, reader: Reader, rules: ReadingRules) -> Settler:
        return Settler(
            self._deliveries,
            reader,
            rules,
            self._clock,
            self._tools.figures,
            self._tools.new_fence,
            self.wake,
            self._sends.__contains__,
        )


def _sender(tools: Tools, poster: Poster, editor: Editor, outage: Outage) -> Sender:
    return Sender(
        tools.store.deliveries,
        tools.store.cards,
        Drafter(tools.store.deliveries, tools.letters),
        poster,
        editor,
        outage,
        tools.clock,
        tools.figures,
        tools.new_fence,
        tools.place_lost,
    )
