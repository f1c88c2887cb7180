"""Looks after the alerts themselves: is every open one told, notified and timed as it should be.

The clockwork runs rows; the auditor asks whether the rows are there. It finds nothing, or a fault
of ours, which it mends and logs. Its heartbeat is a metric: an auditor that stands still is what to
be alerted of by somebody else.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.alerts.clockwork import LEASE_S
from bot.alerts.due import is_kept_quiet, open_timers, ring_early, steps_left, unsilence
from bot.alerts.figures import AlertFigures
from bot.alerts.hush import silence_of
from bot.oncall import Alert, AlertChange, AlertStatus, Timer, TimerKind
from bot.settings.sections import AlertRoute
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

UNHEARD_FOR = timedelta(seconds=60)
"""How long Slack may not have what calls somebody before a pager rings instead."""
_LEFT_TO_OTHERS = timedelta(seconds=30)
_LOOK_EVERY_S = 5.0
_AUDIT_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


def missing_steps(
    alert: Alert, timers: Sequence[Timer], route: AlertRoute, now: datetime
) -> AlertChange | None:
    """Set the steps of an open, notified alert that no timer stands for; None: all do."""
    if alert.status is not AlertStatus.OPEN or alert.notified_at is None:
        return None
    steps = (timer for timer in timers if timer.kind is TimerKind.STEP)
    there = {timer.number for timer in steps if timer.canceled_at is None}
    missing = tuple(one for one in steps_left(alert, route, now) if one.number not in there)
    if not missing:
        return None
    after = replace(alert, revision=alert.revision + 1)
    return AlertChange(alert, after, timers=missing)


@dataclass(slots=True)
class Auditor:
    """Audits open alerts each minute, and looks every few seconds whether they are told."""

    store: Store
    routes: Mapping[str, AlertRoute]
    clock: Clock
    wake: Callable[[], None]
    figures: AlertFigures
    _audited_at: datetime | None = field(default=None)
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin with a whole audit."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                if await self.store.leases.hold("auditor", LEASE_S):
                    await self.look()
            except StoreError as error:
                log.warning("alerts_not_audited reason=%s", error)
            await self.clock.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Note what Slack has by now, ring for what it has not, and audit where it is time."""
        now = self.clock.now()
        await self.store.alerts.note_told(now)
        await self._ring(now)
        if self._audited_at is not None and now - self._audited_at < _AUDIT_EVERY:
            return
        for alert in await self.store.alerts.all_unresolved():
            await self._audit(alert, now)
        await self._measure(self._audited_at or now)
        self._audited_at = now
        self.figures.note_audit(now)

    async def _measure(self, since: datetime) -> None:
        """Count what there is, and what came to be since the last audit."""
        self.figures.set_alerts(await self.store.alerts.counts())
        for alert in await self.store.alerts.lately(since):
            if alert.acknowledged_at is not None and alert.acknowledged_at > since:
                self.figures.observe_acknowledged(alert)
            if alert.told_at is not None and alert.told_at > since:
                self.figures.observe_told(await self._happened_at(alert), alert.told_at)

    async def _happened_at(self, alert: Alert) -> datetime:
        contents = await self.store.alerts.contents(alert.id, tasks=1)
        told = contents.tasks[0].facts.get("happened_at") if contents and contents.tasks else None
        return datetime.fromisoformat(told) if told else alert.opened_at

    async def _ring(self, now: datetime) -> None:
        for alert_id in await self.store.alerts.unheard(now - UNHEARD_FOR):
            alert = await self.store.alerts.find(alert_id)
            route = self.routes.get(alert.route) if alert else None
            if alert is None or route is None or await silence_of(self.store, alert, now):
                continue
            timers = await self.store.alerts.timers_of(alert.id)
            await self._apply(ring_early(alert, timers, route, now), now)

    async def _audit(self, alert: Alert, now: datetime) -> None:
        """Find what an alert lacks, for it was forgotten somewhere else, or the file was changed.

        What a silence kept quiet until a moment ago is the clockwork's yet.
        """
        route = self.routes.get(alert.route)
        if route is None or await silence_of(self.store, alert, now - _LEFT_TO_OTHERS):
            return
        timers = await self.store.alerts.timers_of(alert.id)
        if is_kept_quiet(alert) and not any(open_timers(timers, TimerKind.QUIET_END)):
            log.error("alert_was_not_notified alert=%d", alert.id)
            await self._apply(unsilence(alert, route, now), now)
        elif (change := missing_steps(alert, timers, route, now)) is not None:
            log.warning("alert_lacked_steps alert=%d steps=%d", alert.id, len(change.timers))
            await self._apply(change, now)

    async def _apply(self, change: AlertChange | None, now: datetime) -> None:
        """Make a change; where somebody was faster, the next look finds what is left of it."""
        if change is not None and await self.store.alerts.apply(change, now) is not None:
            self.wake()
