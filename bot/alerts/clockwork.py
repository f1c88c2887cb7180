"""What becomes due: escalation steps, ends of quiet hours, snoozes and silences, questions again.

Everything here is a row with a time. What became due while no process ran is run at the start:
late, in order, and once.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.alerts.due import (
    due_as_planned,
    is_kept_quiet,
    open_timers,
    timer_due,
    unsilence,
)
from bot.alerts.hush import silence_of
from bot.alerts.machine import next_ask
from bot.alerts.routing import fingerprint
from bot.alerts.silencing import silence_over
from bot.models import CheckOrder, Source
from bot.oncall import Alert, Timer, TimerKind
from bot.settings.sections import AlertRoute
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_LOOK_EVERY_S = 1.0
_AT_ONCE = 200
LEASE_S = 30

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Clockwork:
    """Runs what is due, for alerts of every workspace in the store."""

    store: Store
    routes: Mapping[str, AlertRoute]
    """By fingerprint. An alert of a route that is configured no more escalates no further."""
    lane_of: Callable[[str, str], str | None]
    """Names the lane of a provider and an account; None where it is configured no more."""
    clock: Clock
    wake: Callable[[], None]
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin; what is overdue is run at once."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; what is due stays in the store."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                if await self.store.leases.hold("clockwork", LEASE_S):
                    await self.run_due()
            except StoreError as error:
                log.warning("clockwork_waits reason=%s", error)
            await self.clock.sleep(_LOOK_EVERY_S)

    async def run_due(self) -> None:
        """Run everything whose time has come."""
        now = self.clock.now()
        await self._run_timers(now)
        await self._end_silences(now)
        await self._ask_again(now)

    async def _run_timers(self, now: datetime) -> None:
        due = await self.store.alerts.due_timers(now, _AT_ONCE)
        for timer in due:
            await self._run_timer(timer, now)
        if due:
            self.wake()

    async def _run_timer(self, timer: Timer, now: datetime) -> None:
        """Run one; where somebody changed the alert meanwhile, the next look runs it."""
        alert = await self.store.alerts.find(timer.alert_id)
        if alert is None:
            return
        route = self.routes.get(alert.route) or AlertRoute(channel=alert.channel_id)
        silence = await silence_of(self.store, alert, now)
        until = silence.until if silence else None
        change = timer_due(alert, timer, route, now, silenced_until=until)
        await self.store.alerts.apply(change, now)

    async def _end_silences(self, now: datetime) -> None:
        for silence in await self.store.silences.expired(now):
            ended = await self.store.silences.end(
                silence.id, None, now, [silence_over(silence, now)]
            )
            if ended is not None:
                await self.wake_silenced(silence.team_id, now)

    async def wake_silenced(self, team_id: str, now: datetime) -> None:
        """Let alerts be heard that nothing keeps quiet any more; after a silence ended.

        Who was not notified is notified; what was put off to the silence's end is due as planned.
        """
        for alert in await self.store.alerts.all_unresolved():
            route = self.routes.get(alert.route)
            if route is None or alert.team_id != team_id:
                continue
            if await silence_of(self.store, alert, now) is None:
                await self._let_be_heard(alert, route, now)
        self.wake()

    async def _let_be_heard(self, alert: Alert, route: AlertRoute, now: datetime) -> None:
        timers = await self.store.alerts.timers_of(alert.id)
        waits = any(open_timers(timers, TimerKind.QUIET_END))
        if is_kept_quiet(alert) and not (waits and alert.silence_id is None):
            await self.store.alerts.apply(unsilence(alert, route, now), now)
        elif (change := due_as_planned(alert, timers, route, now)) is not None:
            await self.store.alerts.apply(change, now)

    async def _ask_again(self, now: datetime) -> None:
        """Let tasks in trouble be asked again: a file may turn up after all."""
        due = await self.store.alerts.due_asks(now, _AT_ONCE)
        orders = [
            CheckOrder(ref=ref, lane=lane, source=Source.SWEEP, again=True)
            for one in due
            if (ref := one.task.ref) and (lane := self.lane_of(ref.provider, ref.account))
        ]
        if orders:
            await self.store.watches.check(orders, now)
        if due:
            await self.store.alerts.asked(
                [replace(one, task=next_ask(one.task, now)) for one in due]
            )


def by_fingerprint(routes: tuple[AlertRoute, ...]) -> dict[str, AlertRoute]:
    """Name routes as alerts remember them."""
    return {fingerprint(route): route for route in routes}
