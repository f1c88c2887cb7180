"""The outbox: what has to be told, who sends it, and what became of it.

```
PENDING ──claim──► SENDING ──sent──► SENT ──(more than one attempt)──► read back twice
   ▲                  │ └──bury──► DEAD ──resend──► PENDING
   └──release─────────┘     fold: PENDING ──► MERGED, told by a digest or a group
```
A sender's fence is on what it has begun; once another has taken it over, its reports are void.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Executable

from bot.models import POSTS_CARD, Delivery, DeliveryState, NewDelivery, Priority
from bot.store import card_statements, delivery_statements
from bot.store.alert_changes import tell_alert
from bot.store.database import Database
from bot.store.delivery_rows import read_delivery
from bot.store.statements import Repeated

ATTEMPT_LASTS = timedelta(seconds=40)
"""Ten seconds for an answer, and thirty in which an attempt without one may still arrive."""

log = logging.getLogger(__name__)


class Head(NamedTuple):
    """A channel where something may be sent now."""

    channel_id: str
    priority: Priority
    """Of the most urgent there."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is open."""

    count: int
    oldest_at: datetime | None
    """Since when the oldest of it waits; None where nothing does."""


class Deliveries:
    """Deliveries in the store. Every method raises ``StoreError`` where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def is_shared(self) -> bool:
        """Whether other processes may send from the same store."""
        return self._database.replicated

    async def now(self) -> datetime | None:
        """Tell the database's time; None where no other process shares the store."""
        if not self.is_shared:
            return None
        now: datetime = (await self._database.fetch(delivery_statements.select_now()))[0].now
        return now

    async def heads(self, now: datetime, limit: int) -> list[Head]:
        """Tell the channels where something may be sent now, the most urgent and oldest first."""
        rows = await self._database.fetch(delivery_statements.select_heads(now, limit))
        return [Head(row.channel_id, Priority(row.priority)) for row in rows]

    async def waiting(self, channel_id: str, limit: int) -> list[Delivery]:
        """Tell what is pending in a channel, due or not, the most urgent and oldest first.

        What belongs into the thread of a card that is not there yet is left out.
        """
        return await self._read(delivery_statements.select_waiting(channel_id, limit))

    async def overdue(self, now: datetime, limit: int) -> list[Delivery]:
        """Tell the sends that were begun and never settled, and whose time is over.

        One whose attempt is yet to come, by *now*, was begun before the clock was set back: nobody
        knows when its time is over, before it is renewed.
        """
        return await self._read(delivery_statements.select_overdue(now, limit))

    async def to_check(self, now: datetime, limit: int) -> list[Delivery]:
        """Tell what was sent after an attempt of unknown fate, and is to be read back now."""
        return await self._read(delivery_statements.select_to_check(now, limit))

    async def members(self, digest_id: str) -> list[Delivery]:
        """Tell what a digest or a group stands for, oldest first."""
        return await self._read(delivery_statements.select_members(digest_id))

    async def find(self, delivery_id: str) -> Delivery | None:
        """Tell how one delivery is; None where there is none."""
        found = await self._read(delivery_statements.select_delivery(delivery_id))
        return found[0] if found else None

    async def dead(self, team_id: str | None, limit: int) -> list[Delivery]:
        """Tell what Slack would not take, newest first; *team_id* None: of every workspace."""
        return await self._read(delivery_statements.select_dead(team_id, limit))

    async def open_or_dead(self, limit: int) -> list[Delivery]:
        """Tell what is not told, in every workspace, newest first."""
        return await self._read(delivery_statements.select_untold(limit))

    async def backlog(self) -> Backlog:
        """Count what is open."""
        rows = await self._database.fetch(delivery_statements.select_backlog())
        return Backlog(rows[0].open, rows[0].oldest)

    async def add(self, new: NewDelivery, at: datetime) -> bool:
        """Note something to be told that nothing else is committed with; False: noted before."""
        added = delivery_statements.add_delivery(self._database.insert, new, at)
        return bool(await self._database.change(added))

    async def add_all(self, new: Sequence[NewDelivery], at: datetime) -> None:
        """Note things to be told, in one commit; what was noted before is not again."""
        if new:
            added = delivery_statements.add_deliveries(self._database.insert, new, at)
            await self._database.change(added)

    async def fold(self, new: NewDelivery, members: Sequence[str], at: datetime) -> str | None:
        """Let *new* tell what *members* would; give its id, None where another did so first."""
        id_ = delivery_statements.delivery_id(new.key)
        added = delivery_statements.add_delivery(self._database.insert, new, at)
        merged = delivery_statements.merge(members, id_)
        return id_ if await self._database.change_if(added, merged) else None

    async def supersede(self, ids: Sequence[str]) -> int:
        """Drop what is pending and pointless now; give how many were."""
        return len(await self._database.change(delivery_statements.supersede(ids)))

    async def claim(self, delivery_id: str, *, fence: str, now: datetime) -> Delivery | None:
        """Begin to send; None where another does, or it waits, or is settled."""
        return await self._begin(
            delivery_statements.claim(delivery_id, fence, now, now + ATTEMPT_LASTS)
        )

    async def take_over(self, delivery_id: str, *, fence: str, now: datetime) -> Delivery | None:
        """Make somebody's overdue send one's own; its fate is to be found out before any other."""
        return await self._begin(
            delivery_statements.take_over(delivery_id, fence, now, now + ATTEMPT_LASTS)
        )

    async def renew(self, claimed: Delivery, now: datetime) -> bool:
        """Begin anew what took long to prepare; False where it is no longer one's own."""
        return await self._settle(claimed, {"attempt_at": now, "not_before": now + ATTEMPT_LASTS})

    async def sent(
        self, claimed: Delivery, ts: str | None, at: datetime, *, check_at: datetime | None = None
    ) -> bool:
        """Note that Slack has it; False where it is no longer one's own.

        *ts* None: nobody could find out, and it is not sent again. *check_at*: when to look for a
        twin.
        """
        values = _sent(ts, at, check_at) | {"unverified": claimed.unverified or ts is None}
        return await self._settle(claimed, values)

    async def card_sent(
        self, claimed: Delivery, ts: str, at: datetime, *, shown: int, check_at: datetime | None
    ) -> bool:
        """Note that Slack has a card, and which change it shows; an alert is told with it."""
        placed = card_statements.place(claimed.card_id or 0, ts, shown)
        told = (tell_alert(claimed.card_id or 0, at),) if claimed.kind == "alert" else ()
        return await self._settle(claimed, _sent(ts, at, check_at), *told, placed)

    async def drop(self, claimed: Delivery, at: datetime) -> bool:
        """Note that there is nothing left to tell."""
        values = {"state": int(DeliveryState.SUPERSEDED)}
        return await self._settle(claimed, values, *_lost_with(claimed, at))

    async def release(
        self,
        claimed: Delivery,
        *,
        error: str,
        not_before: datetime | None = None,
        counts: bool = False,
    ) -> bool:
        """Give back what was certainly not posted; the attempt is none unless it *counts*."""
        values = {
            "state": int(DeliveryState.PENDING),
            "attempts": claimed.attempts if counts else max(claimed.attempts - 1, 0),
            "not_before": not_before,
            "fence": None,
            "error": error,
        }
        return await self._settle(claimed, values)

    async def repeat(self, claimed: Delivery, *, unverified: bool) -> bool:
        """Give back what was begun and is not in Slack, as far as anybody knows.

        Its fence stays: an attempt may still arrive, so no digest takes it in. *unverified*: nobody
        could find out.
        """
        values = {
            "state": int(DeliveryState.PENDING),
            "not_before": None,
            "unverified": claimed.unverified or unverified,
        }
        return await self._settle(claimed, values)

    async def note_trouble(
        self, claimed: Delivery, error: str, *, until: datetime | None = None
    ) -> bool:
        """Write what went wrong beside a send of unknown fate; *until*: nobody looks before."""
        values: dict[str, object] = {"error": error}
        if until is not None:
            values["not_before"] = until
        return await self._settle(claimed, values)

    async def bury(
        self, claimed: Delivery, error: str, at: datetime, notices: Sequence[NewDelivery] = ()
    ) -> bool:
        """Note that Slack will not take it; *notices* tell whoever is concerned.

        A card that cannot be posted is lost, so that its news no longer wait for it.
        """
        told = delivery_statements.add_deliveries(self._database.insert, notices, at)
        rest = (*_lost_with(claimed, at), *((told,) if notices else ()))
        values = {"state": int(DeliveryState.DEAD), "error": error}
        return await self._settle(claimed, values, *rest)

    async def plan_check(self, delivery_id: str, at: datetime | None) -> None:
        """Read a sent delivery back again at *at*; None: never more."""
        await self._database.change(delivery_statements.plan_check(delivery_id, at))

    async def resend(self, delivery_id: str, *, team_id: str | None = None) -> bool:
        """Let a dead delivery be sent again; False where it is not dead, or is another team's."""
        resent = delivery_statements.resend(delivery_id, team_id)
        expected = card_statements.expect_again(delivery_id)
        if not await self._database.change_if(resent, expected):
            return False
        log.info("delivery_resent delivery=%s", delivery_id)
        return True

    async def _read(self, statement: Executable) -> list[Delivery]:
        return [read_delivery(row) for row in await self._database.fetch(statement)]

    async def _begin(self, statement: Executable) -> Delivery | None:
        rows = await self._database.change(statement)
        return read_delivery(rows[0]) if rows else None

    async def _settle(
        self,
        claimed: Delivery,
        values: Mapping[str, object],
        *rest: Executable | Repeated,
    ) -> bool:
        settled = delivery_statements.settle(claimed.id, claimed.fence or "", values)
        return bool(await self._database.change_if(settled, *rest))


def _sent(ts: str | None, at: datetime, check_at: datetime | None) -> dict[str, object]:
    state = int(DeliveryState.SENT)
    return {"state": state, "ts": ts, "sent_at": at, "check_at": check_at, "error": None}


def _lost_with(claimed: Delivery, at: datetime) -> tuple[Executable, ...]:
    """Lose the card that a delivery was to post."""
    if claimed.kind not in POSTS_CARD or claimed.card_id is None:
        return ()
    return (card_statements.lose(claimed.card_id, at),)
