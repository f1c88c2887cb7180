"""What goes to the app, over whichever way it listens, with Slack's retries for events.

Events are told again at once, after a minute and after five (Slack docs, apis/events-api, read
2026-11); commands, clicks and submissions never are.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.sandbox.clock import Clock
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.changes import Change, Changes
from bot.sandbox.slack.envelopes import Ack, Courier, Delivery, Envelope

_RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)
_KEPT = 10_000


@dataclass(slots=True)
class Dispatch:
    """The way out, and the record of what went."""

    clock: Clock
    background: Background
    changes: Changes
    courier: Courier
    """Replaced where the app listens on a URL."""
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """The latest, oldest first."""

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver once."""
        ack = await self.courier.deliver(envelope)
        delivery = Delivery(envelope, ack, self.clock.monotonic())
        self.deliveries.append(delivery)
        self.changes.announce(Change("delivery", delivery))
        return ack

    async def send_event(self, envelope: Envelope) -> Ack:
        """Deliver an event; where that fails the retries go on in the background."""
        ack = await self.send(envelope)
        if _wants_retry(ack):
            self.background.start(self._retry(envelope, ack))
        return ack

    async def _retry(self, envelope: Envelope, ack: Ack) -> None:
        moments = pairwise((0.0, *_RETRY_AFTER_SECONDS))
        for retry_num, (earlier, later) in enumerate(moments, start=1):
            if not _wants_retry(ack):
                return
            await self.clock.sleep(later - earlier)
            again = replace(envelope, retry_num=retry_num, retry_reason=ack.retry_reason)
            ack = await self.send(again)


def _wants_retry(ack: Ack) -> bool:
    return ack.error is not None and ack.may_retry
