"""From what happened to whom it is told: transitions become alerts and subscribers' news.

A transition is dealt with when ``routed_at`` says so, which is written last. Whoever dies in
between deals with it again, and that changes nothing: an alert counts a trouble once, by its key,
and a subscriber's news has a key too.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.alerts.due import is_kept_quiet, unsilence_with
from bot.alerts.grouping import Group, group_troubles
from bot.alerts.machine import Place, is_inhibited, join, open_alert, recover, reopen
from bot.alerts.reporting import fold_reports, reports_for
from bot.alerts.silencing import hides, silence_hid
from bot.alerts.troubles import is_over, newest, trouble_of
from bot.models import NewDelivery
from bot.oncall import Alert, AlertChange, AlertTask, Cause, Silence, Trouble
from bot.settings.sections import AlertRoute
from bot.store.alerts import CountedTask, RoutedTransition
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_AT_ONCE = 1000
_LOOK_EVERY_S = 1.0
_REST_EACH_S, _LONGEST_REST_S = 0.2, 10.0
"""How long to leave alone for each transition that was routed, and at most."""
_TRIES = 5
"""How often a change is decided anew because somebody else made one first."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Router:
    """Routes what happened, for the one workspace this process serves."""

    store: Store
    routes: Sequence[AlertRoute]
    team_id: Callable[[], str | None]
    """None until Slack has said who we are; nothing is routed before."""
    clock: Clock
    wake: Callable[[], None]
    """Told that something was committed that has to be sent."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin; what happened before a restart is routed now."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; what is not routed stays in the store."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def look(self) -> None:
        """Look at once: a transition was committed."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            routed = 0
            try:
                while (some := await self.route_some()) == _AT_ONCE:
                    routed += some
                routed += some
            except StoreError as error:
                log.warning("not_routed reason=%s", error)
            await self._rest(min(routed * _REST_EACH_S, _LONGEST_REST_S))

    async def _rest(self, at_least_s: float) -> None:
        """Wait for news: the longer, the more there was, so that a flood edits few messages."""
        await self.clock.sleep(at_least_s)
        pause = asyncio.create_task(self.clock.sleep(_LOOK_EVERY_S))
        woken = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait({pause, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            woken.cancel()
            await asyncio.gather(pause, woken, return_exceptions=True)
        self._woken.clear()

    async def route_some(self) -> int:
        """Route the oldest transitions nobody has dealt with; give how many they were."""
        team_id = self.team_id()
        if team_id is None or not await self.store.leases.hold("alerts", 30):
            return 0
        found = await self.store.alerts.unrouted(_AT_ONCE)
        if not found:
            return 0
        stand = newest(found)
        await self.raise_troubles([made for one in stand if (made := trouble_of(one)) is not None])
        await self._end_troubles(stand)
        keys = [(one.transition.task_id, one.transition.version) for one in found]
        reports = await self._reports(found)
        await self.store.alerts.mark_routed(keys, self.clock.now(), reports)
        self.wake()
        return len(found)

    async def raise_troubles(self, troubles: Sequence[Trouble]) -> bool:
        """Let troubles be counted by the alerts they belong to; one counted already is not.

        False, and nothing is done, while Slack has not said who we are.
        """
        team_id = self.team_id()
        if team_id is None:
            return False
        for group in group_troubles(team_id, troubles, self.routes):
            await self._settle(group)
        if troubles:
            self.wake()
        return True

    async def end_outages(self, api: str, account: str) -> None:
        """Note that a vendor's API answers again."""
        for alert in await self.store.alerts.all_unresolved():
            is_its = (alert.provider, alert.account) == (api, account)
            if alert.cause is Cause.OUTAGE and is_its:
                contents = await self.store.alerts.contents(alert.id)
                tasks = contents.tasks if contents else ()
                await self._recover([CountedTask(alert.id, task) for task in tasks])
        self.wake()

    async def _end_troubles(self, found: Sequence[RoutedTransition]) -> None:
        """Note the recoveries among transitions; what the vendor did not confirm is none."""
        states = {one.ref: one.transition.after for one in found if one.transition.confirmed}
        struck = await self.store.alerts.struck(states)
        await self._recover(
            [one for one in struck if one.task.ref and is_over(one.task, states[one.task.ref])]
        )

    async def _recover(self, counted: Sequence[CountedTask]) -> None:
        theirs: dict[int, list[AlertTask]] = {}
        for one in counted:
            if one.task.recovered_at is None:
                theirs.setdefault(one.alert_id, []).append(one.task)
        for alert_id, tasks in theirs.items():
            await self._recover_in(alert_id, tasks)

    async def _recover_in(self, alert_id: int, tasks: Sequence[AlertTask]) -> None:
        """Count troubles of one alert that are over.

        Raises:
            StoreError: somebody changed it again and again; its tasks are to be read anew.
        """
        keys = [task.trouble_key for task in tasks]
        for _ in range(_TRIES):
            alert = await self.store.alerts.find(alert_id)
            if alert is None:
                return
            in_trouble = await self.store.alerts.in_trouble(alert_id, alert.opened_at)
            now = self.clock.now()
            change = recover(alert, keys, now, left=len(in_trouble - set(keys)))
            if await self.store.alerts.apply(change, now) is not None:
                return
        raise StoreError("an alert was changed by others again and again")

    async def _settle(self, group: Group) -> None:
        """Open, reopen or join the alert of a group, whichever it is when it is committed."""
        for _ in range(_TRIES):
            now = self.clock.now()
            change = await self._decide(group, now)
            if change is None:
                return
            alert = await self.store.alerts.apply(change, now)
            if alert is not None:
                await self._tell_hidden(change, alert, now)
                return
        log.error("alert_contended route=%s", group.key.route)
        raise StoreError("an alert was changed by others again and again")

    async def _tell_hidden(self, change: AlertChange, alert: Alert, now: datetime) -> None:
        """Say where a silence was begun that it kept an opening quiet."""
        if alert.silence_id is None or (change.before and change.before.silence_id):
            return
        silences = await self.store.silences.active(alert.team_id, now)
        silence = next((one for one in silences if one.id == alert.silence_id), None)
        if silence is not None:
            told = silence_hid(silence, alert, now)
            await self.store.silences.count_hidden(silence.id, 1, now, [told])

    async def _decide(self, group: Group, now: datetime) -> AlertChange | None:
        """Decide what a group changes; None: it is all known, or only seems to be trouble."""
        cause = group.key.columns()
        alerts = self.store.alerts
        alert = await alerts.find_open(cause)
        lately = None if alert else await alerts.resolved_since(cause, now - group.route.group)
        troubles = await self._uninhibited(await self._unknown(group))
        if not troubles or (alert is not None and alert.cause is Cause.OUTAGE):
            return None
        silence = await self._silence(group.key.team_id, troubles, now)
        if alert is not None:
            joined = join(alert, troubles, now)
            is_heard = silence is None and alert.silence_id is not None and is_kept_quiet(alert)
            return unsilence_with(joined, group.route, now) if is_heard else joined
        by = silence.id if silence else None
        if lately is not None:
            return reopen(lately, troubles, group.route, now, silenced_by=by)
        return open_alert(Place(group.key.team_id, group.route), troubles, now, silenced_by=by)

    async def _unknown(self, group: Group) -> list[Trouble]:
        """Leave out what an alert of the same route counts, or counted, already."""
        counted = await self.store.alerts.troubled([one.key for one in group.troubles])
        known: set[str] = set()
        for alert_id in {one.alert_id for one in counted}:
            alert = await self.store.alerts.find(alert_id)
            if alert is not None and alert.route == group.key.route:
                known |= {one.task.trouble_key for one in counted if one.alert_id == alert_id}
        return [one for one in group.troubles if one.key not in known]

    async def _uninhibited(self, troubles: Sequence[Trouble]) -> list[Trouble]:
        if not any(trouble.cause is Cause.STUCK for trouble in troubles):
            return list(troubles)
        unresolved = await self.store.alerts.all_unresolved()
        return [trouble for trouble in troubles if not is_inhibited(trouble, unresolved)]

    async def _silence(
        self, team_id: str, troubles: Sequence[Trouble], now: datetime
    ) -> Silence | None:
        """Find the silence that keeps all of them quiet; one that nothing hides is heard."""
        silences = await self.store.silences.active(team_id, now)
        found = [hides(silences, trouble) for trouble in troubles]
        return found[0] if found and all(found) else None

    async def _reports(self, found: Sequence[RoutedTransition]) -> list[NewDelivery]:
        """Say what subscribers are told; not what a channel's own watch tells it already."""
        subscriptions = await self.store.subscriptions.all_open()
        if not subscriptions:
            return []
        watched = await self.store.watches.watches_of(
            {one.transition.task_id for one in found}, ended=True
        )
        now = self.clock.now()
        told = (
            delivery
            for one in found
            for delivery in reports_for(
                one, subscriptions, watched.get(one.transition.task_id, ()), now
            )
        )
        return list(fold_reports(told))
