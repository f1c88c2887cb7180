"""Sends of unknown fate: once their time is over they are looked for in Slack, then settled.

Taken over by whoever comes first, of all replicas; a sender that died is so succeeded.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from cachetools import LRUCache

from bot.models import POSTS_CARD, Card, Delivery
from bot.relay.figures import RelayFigures
from bot.relay.outcomes import (
    Outcome,
    Reading,
    Settlement,
    UncertainSends,
    judge,
    manner_of,
    settle,
)
from bot.relay.posting import Place, Poster, thread_of
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from bot.store.deliveries import Deliveries
from bot.store.delivery_statements import SET_BACK
from bot.store.posted_cards import PostedCards
from providers.clock import Clock

_AT_ONCE = 8
"""Readings at a time; at Slack's pace they are all through before they are overdue again."""
_KEPT = 10_000
_AGAIN = timedelta(seconds=30)
_LOOKED_FOR_TWINS_AFTER = timedelta(seconds=60)
_NO_THREAD = frozenset({"thread_not_found", "message_not_found"})
"""Slack's words for a thread that is gone with all that was in it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What the operator chose."""

    may_read: bool = True
    """Whether the bot may read its own messages back at all."""
    uncertain_sends: UncertainSends = "repeat"


@dataclass(frozen=True, slots=True)
class Reader:
    """Looks for deliveries where they would be."""

    cards: PostedCards
    poster: Poster

    async def card_of(self, delivery: Delivery) -> Card | None:
        """Read the card a delivery belongs to; None where there is none."""
        return await self.cards.card(delivery.card_id) if delivery.card_id is not None else None

    async def find(self, delivery: Delivery) -> list[str]:
        """Find the messages that are a delivery, by their ts.

        Raises:
            SlackRefusedError: the bot may not read there, or not now.
            SlackUnreachableError: there was no answer.
        """
        channel_id = await self.poster.conversation(delivery.channel_id)
        card = await self.card_of(delivery)
        place = Place(channel_id, thread_of(delivery, card, manner_of(delivery)))
        try:
            return await self.poster.find(place, delivery)
        except SlackRefusedError as refusal:
            if str(refusal) in _NO_THREAD:
                return []
            raise


@dataclass(slots=True)
class Settler:
    """Settles what was begun and is overdue."""

    deliveries: Deliveries
    reader: Reader
    rules: ReadingRules
    clock: Clock
    figures: RelayFigures
    new_fence: Callable[[], str]
    wake: Callable[[], None]
    """Called where something is to be sent again."""
    is_under_way: Callable[[str], bool]
    """Whether this very process is still at a delivery, however late that is."""
    _refusals: set[str] = field(default_factory=set)
    _failing_since: LRUCache[str, float] = field(default_factory=lambda: LRUCache(_KEPT))

    async def look(self) -> None:
        """Settle what is overdue."""
        while overdue := await self._overdue():
            await asyncio.gather(*map(self._settle, overdue))

    async def _overdue(self) -> list[Delivery]:
        found = await self.deliveries.overdue(self.clock.now(), _AT_ONCE)
        return [one for one in found if not self.is_under_way(one.id)]

    async def _settle(self, overdue: Delivery) -> None:
        now = self.clock.now()
        if overdue.attempt_at is not None and overdue.attempt_at > now + SET_BACK:
            await self.deliveries.renew(overdue, now)
            return
        taken = await self.deliveries.take_over(overdue.id, fence=self.new_fence(), now=now)
        if taken is None:
            return
        reading, ts = await self._read(taken)
        self.figures.count_reading(reading)
        failing_s = self._failing_s(taken.id, reading)
        settlement = settle(reading, failing_s, self.rules.uncertain_sends)
        log.info("delivery_read_back delivery=%s reading=%s then=%s", taken.id, reading, settlement)
        await self._then(settlement)(taken, ts)

    async def _read(self, taken: Delivery) -> tuple[Reading, str | None]:
        if not self.rules.may_read:
            return Reading.REFUSED, None
        try:
            found = await self.reader.find(taken)
        except SlackUnreachableError:
            return Reading.FAILED, None
        except SlackRefusedError as refusal:
            return self._refused(refusal), None
        return (Reading.FOUND, min(found)) if found else (Reading.ABSENT, None)

    def _failing_s(self, delivery_id: str, reading: Reading) -> float:
        """Tell for how long a delivery could not be read back, by this process."""
        if reading is not Reading.FAILED:
            self._failing_since.pop(delivery_id, None)
            return 0.0
        now = self.clock.monotonic()
        return now - self._failing_since.setdefault(delivery_id, now)

    def _refused(self, refusal: SlackRefusedError) -> Reading:
        if judge(refusal) in {Outcome.RATE_LIMITED, Outcome.UNKNOWN}:
            return Reading.FAILED
        if str(refusal) not in self._refusals:
            self._refusals.add(str(refusal))
            rule = self.rules.uncertain_sends
            log.warning("read_back_refused reason=%s uncertain_sends=%s", refusal, rule)
        return Reading.REFUSED

    def _then(self, settlement: Settlement) -> Callable[[Delivery, str | None], Awaitable[None]]:
        return {
            Settlement.SENT: self._found,
            Settlement.LEAVE: self._found,
            Settlement.REPEAT: self._repeat,
            Settlement.REPEAT_UNVERIFIED: self._repeat_unverified,
            Settlement.LATER: self._later,
        }[settlement]

    async def _found(self, taken: Delivery, ts: str | None) -> None:
        """Take it for sent; a card that nobody saw arrive is lost, so that its news do not wait."""
        now = self.clock.now()
        check_at = now + _LOOKED_FOR_TWINS_AFTER if ts is not None and taken.attempts > 1 else None
        if taken.kind in POSTS_CARD and ts is not None:
            await self.deliveries.card_sent(taken, ts, now, shown=0, check_at=check_at)
            return
        await self.deliveries.sent(taken, ts, now, check_at=check_at)
        if taken.kind in POSTS_CARD and (card := await self.reader.card_of(taken)) is not None:
            await self.reader.cards.lose(card, now)

    async def _repeat(self, taken: Delivery, _ts: str | None) -> None:
        await self._send_again(taken, unverified=False)

    async def _repeat_unverified(self, taken: Delivery, _ts: str | None) -> None:
        await self._send_again(taken, unverified=True)

    async def _send_again(self, taken: Delivery, *, unverified: bool) -> None:
        self.figures.count_repost(unverified=unverified)
        await self.deliveries.repeat(taken, unverified=unverified)
        self.wake()

    async def _later(self, taken: Delivery, _ts: str | None) -> None:
        until = self.clock.now() + _AGAIN
        error = taken.error or "cannot be read back now"
        await self.deliveries.note_trouble(taken, error, until=until)
