"""What follows where Slack takes nothing for a channel any more: it is archived, or we are out.

A subscription there rests, and its creator and the operators hear of it; of an alert's channel the
operators do, for nobody else would.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.models import Delivery, NewDelivery, Priority
from bot.oncall import Subscription
from bot.store.store import Store

_ALERTS = frozenset({"alert", "alert_event"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Looks after what a lost channel was for."""

    store: Store
    operators_channel: str | None

    async def lost(self, delivery: Delivery, why: str, now: datetime) -> None:
        """Note that *delivery* cannot be sent to its channel; *why* is a notice's word."""
        if delivery.kind == "report":
            await self._pause(delivery, why, now)
        elif delivery.kind in _ALERTS and self.operators_channel != delivery.channel_id:
            for told in self._route_unusable(delivery, why, now):
                await self.store.deliveries.add(told, now)

    async def _pause(self, delivery: Delivery, why: str, now: datetime) -> None:
        """Let every subscription of the channel rest, and say so, in one commit each."""
        subscriptions = self.store.subscriptions
        for one in await subscriptions.of_channel(delivery.team_id, delivery.channel_id):
            if await subscriptions.pause(one.id, why, now, self._told_of(one, now)) is not None:
                log.warning("subscription_paused subscription=%d reason=%s", one.id, why)

    def _told_of(self, subscription: Subscription, now: datetime) -> list[NewDelivery]:
        whom = dict.fromkeys((subscription.created_by, self.operators_channel))
        stamp = int(now.timestamp())
        return [
            NewDelivery(
                key=f"subscription:{subscription.id}:paused:{stamp}:{place}",
                team_id=subscription.team_id,
                kind="subscription",
                channel_id=place,
                priority=Priority.TERMINAL,
                happened_at=now,
                facts={"subscription": subscription.id, "happening": "paused"},
            )
            for place in whom
            if place and place != subscription.channel_id
        ]

    def _route_unusable(self, delivery: Delivery, why: str, now: datetime) -> Sequence[NewDelivery]:
        """Tell the operators, once an hour for each channel."""
        if self.operators_channel is None:
            return ()
        hour = int(now.timestamp()) // 3600
        return (
            NewDelivery(
                key=f"route_unusable:{delivery.team_id}:{delivery.channel_id}:{hour}",
                team_id=delivery.team_id,
                kind="oncall",
                channel_id=self.operators_channel,
                priority=Priority.PAGE,
                happened_at=now,
                facts={
                    "notice": "route_unusable",
                    "channel_id": delivery.channel_id,
                    "error": why,
                },
            ),
        )
