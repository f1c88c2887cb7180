"""Cards as the relay sees them: messages in Slack that are kept true."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.models import Card, Delivery, NewDelivery
from bot.store import card_statements, delivery_statements
from bot.store.database import Database
from bot.store.watch_rows import read_card

EDIT_LASTS = timedelta(seconds=30)
"""After which another replica may edit a card that one of them has begun to."""


class PostedCards:
    """Cards in the store. Every method raises ``StoreError`` where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def card(self, card_id: int) -> Card | None:
        """Tell how a card is; None where there is none any more."""
        rows = await self._database.fetch(card_statements.select_card(card_id))
        return read_card(rows[0]) if rows else None

    async def creators(self, delivery: Delivery) -> list[str]:
        """Tell who began what a delivery and its members are about, each once."""
        rows = await self._database.fetch(card_statements.select_creators(delivery.id))
        return sorted(row.created_by for row in rows)

    async def count_stale(self) -> int:
        """Count the cards that are not true any more and can still be edited."""
        return int((await self._database.fetch(card_statements.count_stale()))[0][0])

    async def has_stale(self, now: datetime) -> bool:
        """Tell whether there is a card to be edited now."""
        return bool(await self._database.fetch(card_statements.select_stale(now)))

    async def claim_stale(self, now: datetime, card_id: int | None = None) -> Card | None:
        """Begin to edit the card that waits longest, or *card_id*; None where none is to be."""
        claimed = card_statements.claim_stale(now, now + EDIT_LASTS, card_id)
        rows = await self._database.change(claimed)
        return read_card(rows[0]) if rows else None

    async def edited(self, card: Card, shown: int, next_at: datetime) -> None:
        """Note which change a card's message shows; no further edit before *next_at*."""
        await self._database.change(card_statements.show(card.id, card.ts or "", shown, next_at))

    async def postpone(self, card: Card, next_at: datetime | None) -> None:
        """Edit a card no sooner than *next_at*; None: never more."""
        await self._database.change(card_statements.postpone(card.id, next_at))

    async def repost(self, card: Card, new: NewDelivery, at: datetime) -> bool:
        """Let *new* post a card again whose message is gone; False where it was before."""
        gone = card_statements.forget_place(card.id, card.ts or "")
        added = delivery_statements.add_deliveries(self._database.insert, [new], at)
        return bool(await self._database.change_if(gone, added))

    async def lose(self, card: Card, at: datetime, notices: Sequence[NewDelivery] = ()) -> bool:
        """Note that a card or its place is gone, and whom to tell; False where it was known."""
        lost = card_statements.lose(card.id, at)
        told = delivery_statements.add_deliveries(self._database.insert, notices, at)
        return bool(await self._database.change_if(lost, *((told,) if notices else ())))
