"""What the table of deliveries holds, as values. Pure."""

from typing import Any

from sqlalchemy import Row

from bot.models import Delivery, DeliveryState, Priority


def read_delivery(row: Row[Any]) -> Delivery:
    """Read a row of ``delivery``."""
    return Delivery(
        id=row.id,
        key=row.key,
        team_id=row.team_id,
        kind=row.kind,
        channel_id=row.channel_id,
        priority=Priority(row.priority),
        happened_at=row.happened_at,
        created_at=row.created_at,
        card_id=row.card_id,
        facts=row.facts,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        attempt_at=row.attempt_at,
        fence=row.fence,
        ts=row.ts,
        error=row.error,
        sent_at=row.sent_at,
        digest_id=row.digest_id,
        unverified=row.unverified,
    )
