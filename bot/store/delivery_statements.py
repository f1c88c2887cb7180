"""Every statement about deliveries, each with a name and a sentence.

Two replicas may come at the same time: a claim locks its row and skips one that another holds, and
what a sender reports counts only while the row still bears the sender's fence.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    Update,
    and_,
    delete,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)

from bot.models import POSTS_CARD, DeliveryState, NewDelivery
from bot.store.delivery_tables import deliveries
from bot.store.paces import NOW
from bot.store.statements import InsertInto, Repeated
from bot.store.tables import Instant
from bot.store.watch_tables import cards

_ID_BYTES = 10
SET_BACK = timedelta(minutes=1)
"""An instant this far ahead was written before the machine's clock was set back."""

_IS_OPEN = deliveries.c.state < literal_column("2")
_IS_DEAD = deliveries.c.state == literal_column("3")
"""In the indexes' own words, or SQLite would not use them."""


def delivery_id(key: str) -> str:
    """Derive a delivery's id from its key: 20 hexadecimal digits."""
    return blake2s(key.encode(), digest_size=_ID_BYTES).hexdigest()


def add_deliveries(insert: InsertInto, new: Iterable[NewDelivery], at: datetime) -> Repeated:
    """Note what has to be told; what has been noted under the same key already is left alone."""
    row = insert(deliveries).on_conflict_do_nothing(index_elements=[deliveries.c.key])
    return Repeated(row, [_values(one, at) for one in new])


def add_delivery(insert: InsertInto, new: NewDelivery, at: datetime) -> Executable:
    """Note one thing that has to be told; gives a row only where its key is new."""
    row = insert(deliveries).values(**_values(new, at))
    once = row.on_conflict_do_nothing(index_elements=[deliveries.c.key])
    return once.returning(deliveries.c.id)


def _values(new: NewDelivery, at: datetime) -> dict[str, object]:
    return {
        "id": delivery_id(new.key),
        "key": new.key,
        "team_id": new.team_id,
        "kind": new.kind,
        "channel_id": new.channel_id,
        "card_id": new.card_id,
        "priority": int(new.priority),
        "facts": dict(new.facts),
        "state": int(DeliveryState.PENDING),
        "not_before": new.not_before,
        "happened_at": new.happened_at,
        "created_at": at,
    }


def select_now() -> Executable:
    """Ask PostgreSQL for its time: one row."""
    return select(type_coerce(NOW, Instant).label("now"))


def select_heads(now: datetime, limit: int) -> Executable:
    """Read the channels where something may be sent now, and how urgent it is there."""
    urgency = func.min(deliveries.c.priority)
    return (
        select(deliveries.c.channel_id, urgency.label("priority"))
        .where(_IS_OPEN, _is(DeliveryState.PENDING), _is_due(now), _is_ready())
        .group_by(deliveries.c.channel_id)
        .order_by(urgency, func.min(deliveries.c.number))
        .limit(limit)
    )


def select_waiting(channel_id: str, limit: int) -> Executable:
    """Read what waits in one channel and needs no card first, due or not, most urgent first."""
    return (
        select(deliveries)
        .where(
            _IS_OPEN,
            deliveries.c.channel_id == channel_id,
            _is(DeliveryState.PENDING),
            _is_ready(),
        )
        .order_by(deliveries.c.priority, deliveries.c.number)
        .limit(limit)
    )


def select_overdue(now: datetime, limit: int) -> Executable:
    """Read sends that were begun and whose time is over, or unknown, the oldest first."""
    is_over = or_(deliveries.c.not_before <= now, deliveries.c.attempt_at > now + SET_BACK)
    begun = (_IS_OPEN, _is(DeliveryState.SENDING), is_over)
    return select(deliveries).where(*begun).order_by(deliveries.c.not_before).limit(limit)


def select_members(digest_id: str) -> Executable:
    """Read what a digest or a group tells, oldest first."""
    told = select(deliveries).where(deliveries.c.digest_id == digest_id)
    return told.order_by(deliveries.c.number)


def select_delivery(id_: str) -> Executable:
    """Read one delivery: a row or none."""
    return select(deliveries).where(deliveries.c.id == id_)


def select_to_check(now: datetime, limit: int) -> Executable:
    """Read what was sent and is to be read back once more."""
    asked = deliveries.c.check_at.is_not(None)
    due = or_(deliveries.c.check_at <= now, deliveries.c.sent_at > now + SET_BACK)
    return select(deliveries).where(asked, due).order_by(deliveries.c.check_at).limit(limit)


def select_dead(team_id: str | None, limit: int) -> Executable:
    """Read what Slack would not take, newest first; *team_id* None: of every workspace."""
    dead = select(deliveries).where(_IS_DEAD)
    if team_id is not None:
        dead = dead.where(deliveries.c.team_id == team_id)
    return dead.order_by(deliveries.c.number.desc()).limit(limit)


def select_untold(limit: int) -> Executable:
    """Read what is open or dead, newest first."""
    untold = select(deliveries).where(or_(_IS_OPEN, _IS_DEAD))
    return untold.order_by(deliveries.c.number.desc()).limit(limit)


def select_backlog() -> Executable:
    """Count what is open and say since when the oldest of it waits: one row."""
    oldest = func.min(deliveries.c.created_at)
    return select(func.count().label("open"), oldest.label("oldest")).where(_IS_OPEN)


def claim(id_: str, fence: str, now: datetime, until: datetime) -> Executable:
    """Begin to send what is pending and due; gives the row to exactly one of all who try."""
    free = _locked(id_, _is(DeliveryState.PENDING), _is_due(now))
    attempt = {"attempts": deliveries.c.attempts + 1, "attempt_at": now}
    begun = update(deliveries).values(state=int(DeliveryState.SENDING), **attempt)
    return _held(begun, free, fence, until)


def take_over(id_: str, fence: str, now: datetime, until: datetime) -> Executable:
    """Put one's own fence on a send that somebody began and whose time is over."""
    overdue = _locked(id_, _is(DeliveryState.SENDING), deliveries.c.not_before <= now)
    return _held(update(deliveries), overdue, fence, until)


def _locked(id_: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    chosen = select(deliveries.c.id).where(deliveries.c.id == id_, *conditions)
    return chosen.with_for_update(skip_locked=True)


def _held(change: Update, chosen: Select[Any], fence: str, until: datetime) -> Executable:
    only = change.where(deliveries.c.id.in_(chosen.scalar_subquery()))
    return only.values(fence=fence, not_before=until).returning(*deliveries.c)


def settle(id_: str, fence: str, values: Mapping[str, object]) -> Executable:
    """Report on a send; gives a row only where it is still the reporter's."""
    mine = (deliveries.c.id == id_, _is(DeliveryState.SENDING), deliveries.c.fence == fence)
    return update(deliveries).where(*mine).values(dict(values)).returning(deliveries.c.id)


def supersede(ids: Sequence[str]) -> Executable:
    """Drop what is pending; gives a row for each."""
    pending = (deliveries.c.id.in_(ids), _is(DeliveryState.PENDING))
    dropped = update(deliveries).where(*pending).values(state=int(DeliveryState.SUPERSEDED))
    return dropped.returning(deliveries.c.id)


def merge(ids: Sequence[str], digest_id: str) -> Executable:
    """Let another delivery tell what is pending; gives a row for each."""
    pending = (deliveries.c.id.in_(ids), _is(DeliveryState.PENDING))
    merged = {"state": int(DeliveryState.MERGED), "digest_id": digest_id}
    return update(deliveries).where(*pending).values(**merged).returning(deliveries.c.id)


def plan_check(id_: str, at: datetime | None) -> Executable:
    """Say when a sent delivery is read back the next time; None: never more."""
    return update(deliveries).where(deliveries.c.id == id_).values(check_at=at)


def resend(id_: str, team_id: str | None) -> Executable:
    """Make a dead delivery pending again; gives a row only where it was dead, and that team's."""
    dead = [deliveries.c.id == id_, _is(DeliveryState.DEAD)]
    if team_id is not None:
        dead.append(deliveries.c.team_id == team_id)
    again = {"state": int(DeliveryState.PENDING), "not_before": None, "error": None, "fence": None}
    return update(deliveries).where(*dead).values(**again).returning(deliveries.c.id)


def forget_deliveries(before: datetime, limit: int) -> Executable:
    """Delete some that were sent or settled otherwise long ago; gives a row for each.

    What is open stays however old it is, and so does what an operator may still send.
    """
    kept = [int(state) for state in _KEPT]
    old = select(deliveries.c.number).where(
        deliveries.c.created_at < before, deliveries.c.state.not_in(kept)
    )
    chosen = old.limit(limit)
    return delete(deliveries).where(deliveries.c.number.in_(chosen)).returning(deliveries.c.number)


_KEPT = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DEAD)


def _is(state: DeliveryState) -> ColumnElement[bool]:
    return deliveries.c.state == int(state)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Tell whether the wait is over, or was begun before the clock was set back."""
    return or_(
        deliveries.c.not_before.is_(None),
        deliveries.c.not_before <= now,
        deliveries.c.created_at > now + SET_BACK,
        deliveries.c.attempt_at > now + SET_BACK,
    )


def _is_ready() -> ColumnElement[bool]:
    """Tell whether there is no card that has to be there first."""
    awaited = and_(
        cards.c.id == deliveries.c.card_id, cards.c.ts.is_(None), cards.c.lost_at.is_(None)
    )
    is_awaited = select(cards.c.id).where(awaited).correlate(deliveries).exists()
    return or_(deliveries.c.kind.in_(POSTS_CARD), ~is_awaited)
