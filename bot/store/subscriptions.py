"""Subscriptions in the store: which channels hear of tasks nobody watches one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, delete, or_, select, update

from bot.models import NewDelivery, Watcher
from bot.oncall import Subscription
from bot.store.database import Database
from bot.store.delivery_statements import add_deliveries
from bot.store.oncall_tables import subscriptions

_IS_OPEN = subscriptions.c.ended_at.is_(None)
_IS_HEARD = (_IS_OPEN, subscriptions.c.paused_at.is_(None))


def add_subscription(new: Subscription) -> Executable:
    """Add a subscription; gives its row."""
    told = asdict(new)
    del told["id"]
    values = told | {"watchers": list(told["watchers"])}
    return subscriptions.insert().values(**values).returning(subscriptions)


def change_subscription(
    subscription_id: int, *still: ColumnElement[bool], values: Mapping[str, object]
) -> Executable:
    """Change a subscription that has not ended and is as *still* says; gives its row then."""
    is_it = (subscriptions.c.id == subscription_id, _IS_OPEN, *still)
    return update(subscriptions).where(*is_it).values(**values).returning(subscriptions)


def select_open(*which: ColumnElement[bool]) -> Executable:
    """Read subscriptions that have not ended, paused ones too, in the order they were made."""
    return select(subscriptions).where(_IS_OPEN, *which).order_by(subscriptions.c.id)


def of_place(team_id: str, channel_id: str) -> tuple[ColumnElement[bool], ...]:
    """Choose a channel's subscriptions."""
    return subscriptions.c.team_id == team_id, subscriptions.c.channel_id == channel_id


def select_matching(provider: str, account: str) -> Executable:
    """Read the subscriptions, of every workspace, that hear of an account's tasks."""
    columns = ((subscriptions.c.provider, provider), (subscriptions.c.account, account))
    either = (or_(column.is_(None), column == value) for column, value in columns)
    return select_open(*_IS_HEARD, *either)


def select_subscription(subscription_id: int) -> Executable:
    """Read one subscription, ended or not."""
    return select(subscriptions).where(subscriptions.c.id == subscription_id)


def forget_subscriptions(before: datetime, limit: int) -> Executable:
    """Delete some that ended long ago; gives a row for each."""
    old = select(subscriptions.c.id).where(subscriptions.c.ended_at < before).limit(limit)
    return delete(subscriptions).where(subscriptions.c.id.in_(old)).returning(subscriptions.c.id)


class Subscriptions:
    """Subscriptions. Methods raise ``StoreError`` where the database fails.

    What is told of a change, *tell*, is committed with it, and not without it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Subscription, tell: Sequence[NewDelivery] = ()) -> Subscription:
        """Begin a subscription; its id is given to it."""
        rows = await self._commit(add_subscription(new), new.created_at, tell)
        return _subscription(rows[0])

    async def end(
        self,
        subscription_id: int,
        by: str | None,
        at: datetime,
        tell: Sequence[NewDelivery] = (),
    ) -> Subscription | None:
        """End a subscription; *by* None: a rule did. None where it had ended."""
        values = {"ended_at": at, "ended_by": by}
        return await self._change(change_subscription(subscription_id, values=values), at, tell)

    async def pause(
        self, subscription_id: int, why: str, at: datetime, tell: Sequence[NewDelivery] = ()
    ) -> Subscription | None:
        """Let a subscription rest; None where it does, or has ended."""
        values = {"paused_at": at, "paused_why": why}
        is_heard = subscriptions.c.paused_at.is_(None)
        paused = change_subscription(subscription_id, is_heard, values=values)
        return await self._change(paused, at, tell)

    async def resume(
        self, subscription_id: int, at: datetime, tell: Sequence[NewDelivery] = ()
    ) -> Subscription | None:
        """Wake a subscription; None where it does not rest, or has ended."""
        values = {"paused_at": None, "paused_why": None}
        rests = subscriptions.c.paused_at.is_not(None)
        resumed = change_subscription(subscription_id, rests, values=values)
        return await self._change(resumed, at, tell)

    async def find(self, subscription_id: int) -> Subscription | None:
        """Read a subscription, ended or not; None: there is none any more."""
        found = await self._read(select_subscription(subscription_id))
        return found[0] if found else None

    async def of_channel(self, team_id: str, channel_id: str) -> list[Subscription]:
        """List a channel's subscriptions that have not ended, oldest first."""
        return await self._read(select_open(*of_place(team_id, channel_id)))

    async def of_creator(self, team_id: str, user_id: str) -> list[Subscription]:
        """List the subscriptions a user made that have not ended, oldest first."""
        theirs = (subscriptions.c.team_id == team_id, subscriptions.c.created_by == user_id)
        return await self._read(select_open(*theirs))

    async def all_open(self) -> list[Subscription]:
        """List every workspace's subscriptions that have not ended, oldest first."""
        return await self._read(select_open())

    async def matching(self, provider: str, account: str) -> list[Subscription]:
        """List those of every workspace that hear of an account's tasks now."""
        return await self._read(select_matching(provider, account))

    async def _read(self, statement: Executable) -> list[Subscription]:
        return [_subscription(row) for row in await self._database.fetch(statement)]

    async def _change(
        self, change: Executable, at: datetime, tell: Sequence[NewDelivery]
    ) -> Subscription | None:
        rows = await self._commit(change, at, tell)
        return _subscription(rows[0]) if rows else None

    async def _commit(
        self, change: Executable, at: datetime, tell: Sequence[NewDelivery]
    ) -> Sequence[Row[Any]]:
        told = (add_deliveries(self._database.insert, tell, at),) if tell else ()
        return await self._database.change_if(change, *told)


def _subscription(row: Row[Any]) -> Subscription:
    told = row._asdict()
    watchers = tuple(Watcher(**watcher) for watcher in row.watchers)
    return Subscription(**(told | {"watchers": watchers}))
