"""The store: what people asked for and chose, what Slack delivered, which steps wait."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cachetools import LRUCache
from sqlalchemy import Executable, Row

from bot.models import Broadcast, Preferences, RecentLookup, Scope, Visibility, Wait
from bot.paces import MemoryPaces, Paces
from bot.store import statements
from bot.store.alert_changes import forget_alerts
from bot.store.alerts import Alerts
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.delivery_statements import forget_deliveries
from bot.store.endings import Endings, forget_endings
from bot.store.errors import StoreError
from bot.store.inbox import Inbox, forget_callbacks
from bot.store.leases import Leases, SoleLeases, StoredLeases
from bot.store.opening import open_database
from bot.store.paces import StoredPaces
from bot.store.page_statements import forget_pages
from bot.store.posted_cards import PostedCards
from bot.store.silences import Silences, forget_silences
from bot.store.subscriptions import Subscriptions, forget_subscriptions
from bot.store.sweep_marks import SweepMarks
from bot.store.watch_changes import forget_cards, forget_tasks, forget_watches
from bot.store.watches import WatchStore
from providers.clock import Clock
from providers.models import TaskRef, TaskStatus

LOOKUPS_EACH = 50
"""How many lookups are remembered for one person."""
_LOOKUPS_KEPT = timedelta(days=90)
_RECEIPTS_KEPT = timedelta(days=3)
"""Slack gives up on a delivery within hours; people press a button twice within seconds."""
_WAITS_KEPT = timedelta(days=7)
_CALLBACKS_KEPT = timedelta(days=3)
"""From when they were dealt with on; a vendor that sends one again so late is refused as stale."""
_ENDINGS_KEPT = timedelta(days=7)
"""Longer than any vendor that is asked tells of the tasks concerned."""
_ON_CALL_KEPT = timedelta(days=90)
"""Alerts from their resolution on, with all that is theirs; subscriptions and silences likewise."""
_PAGES_KEPT = timedelta(days=30)
_WATCHES_KEPT = timedelta(days=30)
"""From their end on; their cards, what was told of them and their tasks go with them."""
_FORGOTTEN_AT_ONCE = 500
"""Rows per transaction, so that a long clean-up keeps nobody waiting."""
_PROOF_LASTS_S = 1.0
_KEPT_AT_HAND = 10_000
"""Channels and people whose choices are remembered in memory too."""

_Forget = Callable[[datetime, int], Executable]


class Store:
    """What outlives a restart. Every method raises ``StoreError`` where the database fails.

    A method that changes something returns once the change is on the disk.
    """

    def __init__(self, database: Database, clock: Clock, path: Path | None = None) -> None:
        self._database = database
        self._insert = database.insert
        self.replicated = database.replicated
        """Whether other processes may use the store at the same time."""
        self.paces: Paces = MemoryPaces(clock)
        self.leases: Leases = SoleLeases()
        if self.replicated:
            self.paces = StoredPaces(database)
            self.leases = StoredLeases(database, clock, owner=secrets.token_hex(8))
        self._clock = clock
        self._path = path
        self._inode = _inode(path) if path else None
        self._proved_at: float | None = None
        self._preferences: LRUCache[tuple[str, Scope, str], Preferences] = LRUCache(_KEPT_AT_HAND)
        self._saves = 0
        self.watches = WatchStore(database, clock)
        self.deliveries = Deliveries(database)
        self.cards = PostedCards(database)
        self.alerts = Alerts(database)
        self.subscriptions = Subscriptions(database)
        self.silences = Silences(database)
        self.inbox = Inbox(database)
        self.endings = Endings(database)
        self.marks = SweepMarks(database, self.watches)

    async def remember_lookups(
        self, team_id: str, user_id: str, statuses: Sequence[TaskStatus], at: datetime
    ) -> None:
        """Put tasks on top of what a person asked for lately; the oldest beyond 50 are forgotten.

        A question that no vendor answered keeps the kind and state that were known before.
        """
        await self.remember_everybodys_lookups({(team_id, user_id): statuses}, at)

    async def remember_everybodys_lookups(
        self, lookups: Mapping[tuple[str, str], Sequence[TaskStatus]], at: datetime
    ) -> None:
        """Do so for several people, by their team and user, in one commit."""
        changes = [
            change
            for (team_id, user_id), statuses in sorted(lookups.items())
            if statuses
            for change in (
                statements.remember_lookups(self._insert, team_id, user_id, statuses, at),
                statements.trim_lookups(team_id, user_id, LOOKUPS_EACH),
            )
        ]
        if changes:
            await self._database.change(*changes)

    async def recent_lookups(
        self, team_id: str, user_id: str, limit: int = 10
    ) -> list[RecentLookup]:
        """Tell what a person asked for lately, newest first, each task once."""
        rows = await self._database.fetch(statements.select_lookups(team_id, user_id, limit))
        return [RecentLookup(_ref(row), row.kind, row.state, row.asked_at) for row in rows]

    async def is_first(self, team_id: str, key: str, at: datetime) -> bool:
        """Record that something came from Slack; True only for the first to say so.

        *key* names one delivery or one click: an ``event_id``, a ``trigger_id``. It is remembered
        for three days.
        """
        received = statements.record_receipt(self._insert, team_id, key, at)
        return bool(await self._database.change(received))

    async def forget_receipt(self, team_id: str, key: str) -> None:
        """Take back that something came: what it asked for could not be done."""
        await self._database.change(statements.forget_receipt(team_id, key))

    async def preferences(self, team_id: str, scope: Scope, subject_id: str) -> Preferences:
        """Tell what a channel or a person chose; nothing chosen where they never did.

        Every question needs it twice. What nobody else can change is kept at hand.
        """
        subject = (team_id, scope, subject_id)
        if (known := self._preferences.get(subject)) is not None:
            return known
        saved_before = self._saves
        rows = await self._database.fetch(statements.select_preferences(*subject))
        found = _preferences(rows[0]) if rows else Preferences()
        if saved_before == self._saves and not self.replicated:
            self._preferences[subject] = found
        return found

    async def save_preferences(
        self,
        team_id: str,
        scope: Scope,
        subject_id: str,
        preferences: Preferences,
        *,
        by: str,
        at: datetime,
    ) -> None:
        """Replace everything a channel or a person chose; *by* is the user who did it."""
        subject = (team_id, scope, subject_id)
        self._saves += 1
        await self._database.change(
            statements.save_preferences(self._insert, subject, preferences, by, at)
        )
        if not self.replicated:
            self._preferences[subject] = preferences

    async def add_wait(
        self, team_id: str, execution_id: str, ref: TaskRef, *, until: datetime, at: datetime
    ) -> Wait | None:
        """Let a Workflow Builder step wait from *at* on; its first poll is due at once.

        None where this execution waits or waited already: Slack delivered it again.
        """
        times = {"until": until, "next_poll_at": at, "created_at": at}
        added = statements.add_wait(self._insert, team_id, execution_id, ref, times)
        rows = await self._database.change(added)
        return _wait(rows[0]) if rows else None

    async def due_waits(self, now: datetime, limit: int) -> list[Wait]:
        """Tell which open waits are to be polled, the longest overdue first, in every workspace.

        Those past their ``until`` are among them until somebody ends them.
        """
        rows = await self._database.fetch(statements.select_due_waits(now, limit))
        return [_wait(row) for row in rows]

    async def reschedule_wait(self, wait_id: int, at: datetime) -> bool:
        """Poll a wait again at *at*; False where it has ended."""
        return bool(await self._database.change(statements.reschedule_wait(wait_id, at)))

    async def end_wait(self, wait_id: int) -> bool:
        """End a wait; True for exactly one of all who try."""
        ended = statements.end_wait(wait_id, self._clock.now())
        return bool(await self._database.change(ended))

    async def prune(self, now: datetime) -> int:
        """Forget what is too old to matter; give the number of rows.

        What is open stays: waits, watches, alerts, silences, subscriptions, and what is still to be
        told or looked into.
        """
        return sum(
            [
                await self._forget(statements.forget_receipts, now - _RECEIPTS_KEPT),
                await self._forget(statements.forget_lookups, now - _LOOKUPS_KEPT),
                await self._forget(statements.forget_waits, now - _WAITS_KEPT),
                await self._forget(forget_callbacks, now - _CALLBACKS_KEPT),
                await self._forget(forget_endings, now - _ENDINGS_KEPT),
                await self._forget(forget_pages, now - _PAGES_KEPT),
                await self._forget(forget_alerts, now - _ON_CALL_KEPT),
                await self._forget(forget_silences, now - _ON_CALL_KEPT),
                await self._forget(forget_subscriptions, now - _ON_CALL_KEPT),
                await self._forget(forget_deliveries, now - _WATCHES_KEPT),
                await self._forget(forget_watches, now - _WATCHES_KEPT),
                await self._forget(forget_cards, now - _WATCHES_KEPT),
                await self._forget(forget_tasks, now - _WATCHES_KEPT),
            ]
        )

    async def check_writable(self) -> None:
        """Write, to find out whether the next person's question could be remembered.

        A proof holds for a second, so that a probe that is asked often costs no disk.

        Raises:
            StoreError: it could not, and why.
        """
        now_s = self._clock.monotonic()
        if self._proved_at is not None and now_s - self._proved_at < _PROOF_LASTS_S:
            return
        if self._path and self._inode != _inode(self._path):
            raise StoreError("the file was moved or deleted while in use; restart the bot")
        await self._database.change(statements.beat(self._insert, self._clock.now()))
        self._proved_at = now_s

    async def _forget(self, forget: _Forget, before: datetime) -> int:
        forgotten = rows = len(await self._database.change(forget(before, _FORGOTTEN_AT_ONCE)))
        while rows == _FORGOTTEN_AT_ONCE:
            rows = len(await self._database.change(forget(before, _FORGOTTEN_AT_ONCE)))
            forgotten += rows
        return forgotten


def _ref(row: Row[Any]) -> TaskRef:
    return TaskRef(row.provider, row.account, row.task_id)


def _wait(row: Row[Any]) -> Wait:
    return Wait(
        id=row.id,
        team_id=row.team_id,
        execution_id=row.execution_id,
        ref=_ref(row),
        until=row.until,
        next_poll_at=row.next_poll_at,
        created_at=row.created_at,
    )


def _preferences(row: Row[Any]) -> Preferences:
    return Preferences(
        visibility=Visibility(row.visibility) if row.visibility else None,
        links_in_channel=row.links_in_channel,
        thumbnails=row.thumbnails,
        condensed=row.condensed,
        news=None if row.news is None else frozenset(filter(None, row.news.split(","))),
        broadcast=Broadcast(row.broadcast) if row.broadcast else None,
    )


def _inode(path: Path) -> int | None:
    return path.stat().st_ino if path.exists() else None


@asynccontextmanager
async def open_store(url: str, clock: Clock) -> AsyncIterator[Store]:
    """Open the store for as long as the context lasts, migrating it to this version.

    *url* is ``sqlite:///file.db``, or ``sqlite://`` for one in memory.

    Raises:
        UnusableStoreError: it cannot be opened, in words for the operator.
    """
    async with open_database(url) as opened:
        yield Store(opened.database, clock, opened.path)
