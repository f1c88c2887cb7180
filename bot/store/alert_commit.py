"""One change of an alert, as one transaction: compare and set first, everything else only then."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Executable

from bot.models import CardOrder, NewDelivery, Priority
from bot.oncall import Alert, AlertChange, AlertEvent, NewPage
from bot.store import alert_changes, page_statements
from bot.store import alert_statements as statements
from bot.store.alert_rows import (
    read_alert,
    write_alert,
    write_alert_task,
    write_event,
    write_owner,
)
from bot.store.database import Transaction
from bot.store.delivery_statements import add_deliveries
from bot.store.start_statements import add_card
from bot.store.statements import InsertInto
from bot.store.watch_changes import touch_cards

CREATED_BY = "bot"
"""Who posts an alert's card: nobody asked for it."""


CAUSE = ("team_id", "route", "provider", "account", "cause", "code")
"""What tells one alert from another; of one cause at most one is unresolved."""
_AT_ONCE = 1_000
_Item = TypeVar("_Item")


class MovedError(Exception):
    """Somebody changed the alert first, or opened one for the same cause: nothing is changed."""


@dataclass(frozen=True, slots=True)
class AlertCommit:
    """What is to be committed, and with what."""

    change: AlertChange
    at: datetime
    insert: InsertInto

    async def commit(self, transaction: Transaction) -> Alert:
        """Make the change; give the alert as it is then.

        Raises:
            MovedError: the transaction is to be given up.
        """
        alert = await self._open(transaction) if self.change.before is None else None
        alert = alert or await self._move(transaction)
        alert = await self._keep_tasks(transaction, alert)
        await self._keep_timers(transaction, alert)
        await self._keep_events(transaction, alert)
        for page in self.change.pages:
            added = page_statements.add_page(self.insert, _page(alert, page, self.at))
            await transaction.run(added)
        if self.change.routed:
            await transaction.run(alert_changes.route_transitions(self.change.routed, self.at))
        return alert

    async def _open(self, transaction: Transaction) -> Alert:
        """Open it with its card, whose delivery mentions whom the opening notifies."""
        new = self.change.after
        order = CardOrder(new.team_id, new.channel_id, None, CREATED_BY)
        card = (await transaction.run(add_card(order, self.at, kind="alert")))[0]
        values = write_alert(new) | {"card_id": card.id}
        opened = await transaction.run(alert_changes.add_alert(self.insert, values))
        if not opened:
            raise MovedError
        mentions = list(self.change.mentions)
        post = NewDelivery(
            key=f"card:{card.id}",
            team_id=new.team_id,
            kind="alert",
            channel_id=new.channel_id,
            priority=Priority.PAGE,
            happened_at=new.opened_at,
            card_id=card.id,
            facts={"alert_id": opened[0].id, "mentions": mentions},
        )
        await transaction.run(add_deliveries(self.insert, [post], self.at))
        return read_alert(opened[0])

    async def _move(self, transaction: Transaction) -> Alert:
        before, after = self.change.before, self.change.after
        revision = before.revision if before else 0
        if before and before.resolved_at and await self._is_taken(transaction, after):
            raise MovedError
        changed = await transaction.run(
            alert_changes.change_alert(after.id, revision, write_alert(after))
        )
        if not changed:
            raise MovedError
        await transaction.run(touch_cards([after.card_id]))
        await self._keep_asking(transaction, after)
        return read_alert(changed[0])

    async def _keep_asking(self, transaction: Transaction, alert: Alert) -> None:
        """Ask nobody's tasks any more that is resolved, and all of one that is opened again."""
        was_resolved = bool(self.change.before and self.change.before.resolved_at)
        is_resolved = alert.resolved_at is not None
        if is_resolved and not was_resolved:
            await transaction.run(alert_changes.stop_asking(alert.id))
        if was_resolved and not is_resolved:
            await transaction.run(alert_changes.ask_again(alert.id, self.at))

    async def _is_taken(self, transaction: Transaction, alert: Alert) -> bool:
        """Tell whether another alert was opened for its cause meanwhile; *alert* is resolved."""
        cause = {name: getattr(alert, name) for name in CAUSE}
        return alert.resolved_at is None and bool(
            await transaction.run(statements.select_unresolved(cause))
        )

    async def _keep_tasks(self, transaction: Transaction, alert: Alert) -> Alert:
        """Let tasks join and recover; one that had joined is not counted again."""
        change = self.change
        for keys in in_portions(change.recovered, _AT_ONCE):
            over = alert_changes.recover_tasks(alert.id, keys, self.at)
            await self._change_all(transaction, over, len(keys))
        if not change.joined:
            return alert
        rows = [write_alert_task(alert, task) for task in change.joined]
        joined = await transaction.run(alert_changes.add_tasks(self.insert, rows))
        twice = len(rows) - len(joined)
        if not twice:
            return alert
        counted = await transaction.run(alert_changes.discount_tasks(alert.id, twice))
        return read_alert(counted[0])

    async def _keep_timers(self, transaction: Transaction, alert: Alert) -> None:
        change = self.change
        if change.done:
            done = alert_changes.finish_timers(change.done, self.at)
            await self._change_all(transaction, done, len(change.done))
        for timer_id, due_at in change.moved:
            await self._change_all(transaction, alert_changes.move_timer(timer_id, due_at), 1)
        if change.cancels:
            await transaction.run(alert_changes.cancel_timers(alert.id, self.at))
        for timer in change.timers:
            values = {**write_owner(alert), **asdict(timer)}
            await transaction.run(alert_changes.set_timer(self.insert, values))

    async def _change_all(self, transaction: Transaction, change: Executable, count: int) -> None:
        """Change as many rows as were read; fewer: they were read before somebody's change."""
        if len(await transaction.run(change)) < count:
            raise MovedError

    async def _keep_events(self, transaction: Transaction, alert: Alert) -> None:
        events = self.change.events
        if not events:
            return
        rows = await transaction.run(
            alert_changes.add_events([write_event(alert, event) for event in events])
        )
        told = _told(alert, events, sorted(row.id for row in rows))
        if told:
            await transaction.run(add_deliveries(self.insert, told, self.at))


def in_portions(some: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """Cut a sequence into parts of at most *size*."""
    return (some[start : start + size] for start in range(0, len(some), size))


def _page(alert: Alert, page: NewPage, at: datetime) -> dict[str, Any]:
    """Write a row of ``page``; a key made before the alert had an id is given it."""
    return {
        "id": secrets.token_hex(16),
        "key": page.key.replace("page:0:", f"page:{alert.id}:", 1),
        **write_owner(alert),
        "pager": page.pager,
        "action": page.action,
        "dedup_key": alert.dedup_key,
        "facts": dict(page.facts),
        "created_at": at,
        "state": page_statements.PAGE_PENDING,
        "attempts": 0,
    }


def _told(alert: Alert, events: Sequence[AlertEvent], ids: Sequence[int]) -> list[NewDelivery]:
    """Make a line in the alert's thread of each event that is told."""
    return [
        NewDelivery(
            key=f"alert_event:{event_id}",
            team_id=alert.team_id,
            kind="alert_event",
            channel_id=alert.channel_id,
            priority=Priority.PAGE if event.mentions else Priority.PROGRESS,
            happened_at=event.at,
            card_id=alert.card_id,
            facts={"alert_id": alert.id, "event_id": event_id, "mentions": list(event.mentions)},
        )
        for event, event_id in zip(events, ids, strict=True)
        if event.is_told
    ]
