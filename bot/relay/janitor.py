"""A message that was sent again may have a late twin: it is looked for twice and taken away.

One minute and ten minutes after the sending, as Slack may put down what it once took long after.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import Delivery
from bot.relay.figures import RelayFigures
from bot.relay.outcomes import Outcome, judge
from bot.relay.read_back import Reader, ReadingRules
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from bot.store.deliveries import Deliveries
from providers.clock import Clock

_AT_ONCE = 20
_LAST_LOOK = timedelta(minutes=10)
_AGAIN = timedelta(minutes=1)
_GIVEN_UP = timedelta(hours=1)
"""So long after the sending is looking tried where Slack does not answer."""
_GONE = "message_not_found"
_PASSING = frozenset({Outcome.RATE_LIMITED, Outcome.UNKNOWN})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Janitor:
    """Looks for twins. Two replicas may look for the same one: it is deleted once."""

    deliveries: Deliveries
    reader: Reader
    rules: ReadingRules
    clock: Clock
    figures: RelayFigures

    async def look(self) -> None:
        """Check what is to be checked now."""
        for sent in await self.deliveries.to_check(self.clock.now(), _AT_ONCE):
            await self.deliveries.plan_check(sent.id, await self._check(sent))

    async def _check(self, sent: Delivery) -> datetime | None:
        """Look for twins of one delivery; say when to look again."""
        if not self.rules.may_read or sent.sent_at is None:
            return None
        try:
            for ts in await self.reader.find(sent):
                await self._tidy(sent, ts)
        except (SlackRefusedError, SlackUnreachableError) as error:
            return self._after(sent, error)
        last = sent.sent_at + _LAST_LOOK
        return last if self.clock.now() < last else None

    def _after(
        self, sent: Delivery, error: SlackRefusedError | SlackUnreachableError
    ) -> datetime | None:
        """Look again where that may help, for as long as it may."""
        now = self.clock.now()
        is_passing = isinstance(error, SlackUnreachableError) or judge(error) in _PASSING
        if is_passing and sent.sent_at is not None and now - sent.sent_at < _GIVEN_UP:
            return now + _AGAIN
        log.warning("twins_not_looked_for delivery=%s reason=%s", sent.id, error)
        return None

    async def _tidy(self, sent: Delivery, ts: str) -> None:
        if ts == sent.ts:
            return
        try:
            await self.reader.poster.delete(
                await self.reader.poster.conversation(sent.channel_id), ts
            )
        except SlackRefusedError as refusal:
            if str(refusal) != _GONE:
                raise
            return
        self.figures.count_twin()
        log.info("twin_deleted delivery=%s", sent.id)
