"""Every statement the relay sends about cards: the message they are, and whether it is true."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, func, literal, or_, select, update

from bot.models import POSTS_CARD
from bot.store.delivery_tables import deliveries
from bot.store.tables import Instant
from bot.store.watch_tables import cards

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The ``edit_after`` of a card that can no longer be edited."""
_SET_BACK = timedelta(minutes=10)
"""No pause between edits is as long; an instant this far ahead is from before a clock's jump."""


_LATELY_EDITED = func.coalesce(cards.c.edit_after, literal(datetime.fromtimestamp(0, UTC), Instant))


def select_card(card_id: int) -> Executable:
    """Read one card: a row or none."""
    return select(cards).where(cards.c.id == card_id)


def select_creators(delivery_id: str) -> Executable:
    """Read who began what a delivery and its members tell of."""
    concerned = or_(deliveries.c.id == delivery_id, deliveries.c.digest_id == delivery_id)
    told = select(deliveries.c.card_id).where(concerned)
    return select(cards.c.created_by).where(cards.c.id.in_(told)).distinct()


def count_stale() -> Executable:
    """Count the cards whose message is not true any more and can be edited: one row."""
    can_be = (cards.c.ts.is_not(None), cards.c.lost_at.is_(None))
    is_not_given_up = _LATELY_EDITED < _NEVER
    return select(func.count()).where(cards.c.wanted > cards.c.shown, *can_be, is_not_given_up)


def select_stale(now: datetime, card_id: int | None = None) -> Select[Any]:
    """Read the id of the stale card that waits longest, or *card_id* if it is to be edited now."""
    wanted = [cards.c.wanted > cards.c.shown, cards.c.ts.is_not(None), cards.c.lost_at.is_(None)]
    if card_id is not None:
        wanted.append(cards.c.id == card_id)
    stale = select(cards.c.id).where(*wanted, _may_be_edited(now))
    return stale.order_by(_LATELY_EDITED, cards.c.id).limit(1)


def claim_stale(now: datetime, until: datetime, card_id: int | None = None) -> Executable:
    """Begin to edit that card; gives its row, if any."""
    stalest = select_stale(now, card_id).with_for_update(skip_locked=True)
    chosen = update(cards).where(cards.c.id.in_(stalest.scalar_subquery()))
    return chosen.values(edit_after=until).returning(*cards.c)


def show(card_id: int, ts: str, shown: int, edit_after: datetime) -> Executable:
    """Note which change the message *ts* shows, and when it may be edited again."""
    is_it = (cards.c.id == card_id, cards.c.ts == ts)
    return update(cards).where(*is_it).values(shown=shown, edit_after=edit_after)


def postpone(card_id: int, edit_after: datetime | None) -> Executable:
    """Say when a card is edited the next time; None: never more."""
    return update(cards).where(cards.c.id == card_id).values(edit_after=edit_after or _NEVER)


def place(card_id: int, ts: str, shown: int) -> Executable:
    """Note where Slack has the card now, and which change it shows."""
    there = {"ts": ts, "shown": shown, "lost_at": None, "edit_after": None}
    return update(cards).where(cards.c.id == card_id).values(**there)


def forget_place(card_id: int, ts: str) -> Executable:
    """Let a card be posted anew whose message *ts* is gone; gives a row for the first time only."""
    first = (cards.c.id == card_id, cards.c.ts == ts, cards.c.reposts == 0)
    anew = {"ts": None, "shown": 0, "reposts": 1, "edit_after": None}
    return update(cards).where(*first).values(**anew).returning(cards.c.id)


def lose(card_id: int, at: datetime) -> Executable:
    """Note that a card's message or its place is gone; gives a row only where it was not known."""
    known = (cards.c.id == card_id, cards.c.lost_at.is_(None))
    return update(cards).where(*known).values(lost_at=at).returning(cards.c.id)


def expect_again(delivery_id: str) -> Executable:
    """Let a card's news wait for it again, as it is sent again."""
    is_card = and_(deliveries.c.id == delivery_id, deliveries.c.kind.in_(POSTS_CARD))
    of_it = select(deliveries.c.card_id).where(is_card)
    return update(cards).where(cards.c.id.in_(of_it)).values(lost_at=None)


def _may_be_edited(now: datetime) -> ColumnElement[bool]:
    return or_(
        cards.c.edit_after.is_(None),
        cards.c.edit_after <= now,
        and_(cards.c.edit_after > now + _SET_BACK, cards.c.edit_after < _NEVER),
    )
