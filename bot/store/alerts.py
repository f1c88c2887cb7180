"""Alerts in the store: what is open, what is due, and the changes made to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Executable

from bot.models import NewDelivery, Source, Transition
from bot.oncall import (
    Alert,
    AlertChange,
    AlertContents,
    AlertEvent,
    AlertStatus,
    AlertTask,
    Page,
    Timer,
)
from bot.store import alert_changes, page_statements
from bot.store import alert_statements as statements
from bot.store.alert_commit import AlertCommit, MovedError, in_portions
from bot.store.alert_rows import (
    read_alert,
    read_alert_task,
    read_event,
    read_page,
    read_timer,
)
from bot.store.database import Database
from bot.store.delivery_statements import add_deliveries
from providers.models import TaskRef, TaskState, TaskStatus

UNRESOLVED = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.SNOOZED)
_AT_ONCE = 1_000
"""Refs in one statement; SQLite takes some thirty thousand values."""
_PAGE_LASTS = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class RoutedTransition:
    """A transition nobody has dealt with, and what is known of its task."""

    transition: Transition
    ref: TaskRef
    kind: str | None
    lane: str
    born_at: datetime
    status: TaskStatus | None


@dataclass(frozen=True, slots=True)
class CountedTask:
    """A task, and the alert that counts it."""

    alert_id: int
    task: AlertTask


class Alerts:
    """What outlives a restart of alerts. Methods raise ``StoreError`` where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(self, change: AlertChange, at: datetime) -> Alert | None:
        """Make a change in one commit; None, and nothing changed, where somebody was faster.

        Then the alert is no longer at the revision of ``change.before``, or has one for its cause,
        or one of its timers has run, or one of its troubles was over: read again, decide again.
        """
        commit = AlertCommit(change, at, self._database.insert)
        try:
            return await self._database.transact(commit.commit)
        except MovedError:
            return None

    async def find(self, alert_id: int) -> Alert | None:
        """Read an alert."""
        return self._one(await self._alerts(statements.select_alert(alert_id)))

    async def by_card(self, card_id: int) -> Alert | None:
        """Read the alert a card shows."""
        return self._one(await self._alerts(statements.select_by_card(card_id)))

    async def find_open(self, cause: Mapping[str, str]) -> Alert | None:
        """Read the unresolved alert of a cause.

        *cause* has ``team_id``, ``route``, ``provider``, ``account``, ``cause`` and ``code``.
        """
        return self._one(await self._alerts(statements.select_unresolved(cause)))

    async def resolved_since(self, cause: Mapping[str, str], since: datetime) -> Alert | None:
        """Read the alert of a cause that was last resolved, if that was after *since*."""
        return self._one(await self._alerts(statements.select_resolved_since(cause, since)))

    async def contents(
        self, alert_id: int, *, tasks_from: int = 0, tasks: int = 50
    ) -> AlertContents | None:
        """Read an alert with some of its tasks and its log."""
        alert = await self.find(alert_id)
        if alert is None:
            return None
        listed = await self._database.fetch(statements.select_tasks(alert_id, tasks, tasks_from))
        log = await self._database.fetch(statements.select_events(alert_id))
        return AlertContents(
            alert, tuple(map(read_alert_task, listed)), tuple(map(read_event, log))
        )

    async def event(self, event_id: int) -> AlertEvent | None:
        """Read one line of a log."""
        rows = await self._database.fetch(statements.select_event(event_id))
        return read_event(rows[0]) if rows else None

    async def listed(
        self,
        team_id: str,
        statuses: Iterable[AlertStatus] = UNRESOLVED,
        *,
        channel_id: str | None = None,
        mine: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Alert]:
        """List a workspace's alerts, newest first; *mine*: those this user took or was given."""
        page = {"limit": limit, "offset": offset}
        found = statements.select_alerts(
            team_id, statuses, channel_id=channel_id, mine=mine, **page
        )
        return await self._alerts(found)

    async def all_unresolved(self, limit: int = 1000) -> list[Alert]:
        """List the unresolved alerts of every workspace, oldest first."""
        return await self._alerts(statements.select_all_unresolved(limit))

    async def lately(self, since: datetime) -> list[Alert]:
        """List what Slack was told, or somebody acknowledged, after *since*; in any workspace."""
        return await self._alerts(statements.select_lately(since))

    async def counts(self) -> dict[tuple[str, str], int]:
        """Count unresolved alerts by status and route."""
        rows = await self._database.fetch(statements.count_alerts())
        return {(row.status, row.route): row.alerts for row in rows}

    async def struck(self, refs: Iterable[TaskRef]) -> list[CountedTask]:
        """Tell which of *refs* unresolved alerts still count as in trouble."""
        portions = in_portions(sorted(set(refs)), _AT_ONCE)
        found = [await self._counted(statements.select_struck(some)) for some in portions]
        return [one for some in found for one in some]

    async def troubled(self, keys: Iterable[str]) -> list[CountedTask]:
        """Tell which alerts, resolved ones too, count troubles with these keys."""
        portions = in_portions(sorted(set(keys)), _AT_ONCE)
        found = [await self._counted(statements.select_troubled(some)) for some in portions]
        return [one for some in found for one in some]

    async def in_trouble(self, alert_id: int, since: datetime) -> set[str]:
        """Tell by their keys the troubles an alert counts since an instant and that are not over.

        *since* its opening: what somebody resolved before is not among them.
        """
        rows = await self._database.fetch(statements.select_in_trouble(alert_id, since))
        return {row.trouble_key for row in rows}

    async def unheard(self, before: datetime) -> set[int]:
        """Tell by their ids the unresolved alerts whose call for somebody Slack does not have.

        It waits since *before* or longer, or Slack refused it; calls of earlier openings are over.
        """
        found = [await self._database.fetch(one) for one in statements.select_unheard(before)]
        return {row.id for rows in found for row in rows}

    async def unrouted(self, limit: int) -> list[RoutedTransition]:
        """Tell the transitions nobody has dealt with, oldest first."""
        rows = await self._database.fetch(statements.select_unrouted(limit))
        return [
            RoutedTransition(
                transition=Transition(
                    task_id=row.task_id,
                    version=row.version,
                    before=TaskState(row.before) if row.before else None,
                    after=TaskState(row.after),
                    happened_at=row.happened_at,
                    seen_at=row.seen_at,
                    source=Source(row.source),
                    confirmed=row.confirmed,
                ),
                ref=TaskRef(row.task_provider, row.task_account, row.vendor_id),
                kind=row.task_kind,
                lane=row.task_lane,
                born_at=row.task_born_at,
                status=TaskStatus.model_validate(row.status, extra="ignore")
                if row.status
                else None,
            )
            for row in rows
        ]

    async def mark_routed(
        self, keys: Sequence[tuple[int, int]], at: datetime, tell: Sequence[NewDelivery] = ()
    ) -> None:
        """Note that transitions were dealt with, in one commit with what is told of them."""
        told = (add_deliveries(self._database.insert, tell, at),) if tell else ()
        if keys:
            await self._database.change(*told, alert_changes.route_transitions(keys, at))

    async def due_timers(self, now: datetime, limit: int) -> list[Timer]:
        """Tell the timers whose time has come, the longest overdue first."""
        rows = await self._database.fetch(statements.select_due_timers(now, limit))
        return [read_timer(row) for row in rows]

    async def timers_of(self, alert_id: int) -> list[Timer]:
        """Tell every timer that was ever set for an alert, run and canceled ones too."""
        rows = await self._database.fetch(statements.select_timers(alert_id))
        return [read_timer(row) for row in rows]

    async def due_asks(self, now: datetime, limit: int) -> list[CountedTask]:
        """Tell the tasks of unresolved alerts that are to be asked again."""
        return await self._counted(statements.select_due_asks(now, limit))

    async def asked(self, tasks: Sequence[CountedTask]) -> None:
        """Note that tasks are asked, and when the next time is."""
        rows = [
            {
                "alert": one.alert_id,
                "key": one.task.trouble_key,
                "times": one.task.asked,
                "again_at": one.task.ask_at,
            }
            for one in tasks
        ]
        if rows:
            await self._database.change(alert_changes.set_asks(rows))

    async def told(self, card_id: int, at: datetime) -> None:
        """Note that Slack has an alert's message; ``Deliveries.card_sent`` does it by itself."""
        await self._database.change(alert_changes.tell_alert(card_id, at))

    async def note_told(self, at: datetime) -> None:
        """Note so of every unresolved alert whose card has a ``ts`` that came another way."""
        await self._database.change(alert_changes.tell_posted(at))

    async def due_pages(self, now: datetime, limit: int) -> list[Page]:
        """Tell what pagers have to be told now, oldest first."""
        rows = await self._database.fetch(page_statements.select_due_pages(now, limit))
        return [read_page(row) for row in rows]

    async def claim_page(self, page: Page, now: datetime) -> bool:
        """Begin to send a page; True for one of all who try. Unsettled, it is due in 30 s."""
        claimed = page_statements.claim_page(page.id, page.attempts, now + _PAGE_LASTS)
        return bool(await self._database.change(claimed))

    async def page_sent(self, page_id: str, at: datetime) -> None:
        """Note that a pager took a page."""
        values = {"state": page_statements.PAGE_SENT, "sent_at": at, "error": None}
        await self._database.change(page_statements.settle_page(page_id, values))

    async def page_failed(self, page_id: str, error: str, again_at: datetime) -> None:
        """Note that a page did not get through, and when it is sent again."""
        values = {"error": error, "not_before": again_at}
        await self._database.change(page_statements.settle_page(page_id, values))

    async def page_dead(self, page_id: str, error: str) -> None:
        """Note that a pager will not take a page."""
        values = {"state": page_statements.PAGE_DEAD, "error": error}
        await self._database.change(page_statements.settle_page(page_id, values))

    async def _alerts(self, statement: Executable) -> list[Alert]:
        return [read_alert(row) for row in await self._database.fetch(statement)]

    async def _counted(self, statement: Executable) -> list[CountedTask]:
        rows = await self._database.fetch(statement)
        return [CountedTask(row.alert_id, read_alert_task(row)) for row in rows]

    @staticmethod
    def _one(alerts: Sequence[Alert]) -> Alert | None:
        return alerts[0] if alerts else None
