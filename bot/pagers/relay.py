"""Sends pages: from the store to the pagers, until each is taken or refused for good.

A page is claimed before it is sent. One whose process died meanwhile is due again half a minute
later; that it then arrives twice is harmless, because pagers know its alert and its id. Each pager
has a lane of its own, so that one that hangs holds up no other; in a lane, alerts go beside each
other, and the pages of one alert in the order they were made.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.oncall import AlertContents, AlertStatus, Page
from bot.pagers.base import Pager, PagerError
from bot.pagers.describing import describe_alert
from bot.store.alerts import Alerts
from bot.store.errors import StoreError
from providers.clock import Clock

_LOOK_EVERY_S = 1.0
_AT_ONCE = 1000
_TASKS_TOLD = 10
_LONGEST_PAUSE_S = 60.0
_LONGEST_DOUBLING = 6
_LONGEST_ASKED_S = 900.0

log = logging.getLogger(__name__)

OnDead = Callable[[Page, str], Awaitable[None]]
"""Told of a page no pager takes, and why; told again where the process dies right after."""


@dataclass(slots=True)
class PagerRelay:
    """Rings the pagers, by their configured names."""

    alerts: Alerts
    pagers: Mapping[str, Pager]
    clock: Clock
    on_dead: OnDead
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = field(default=None)
    _lanes: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """What is being sent, by pager."""

    def start(self) -> None:
        """Begin; what was not sent before a restart is sent now."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; what is not sent stays in the store."""
        running = [*([self._running] if self._running else []), *self._lanes.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def wake(self) -> None:
        """Look at once: something was committed."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._begin_due()
            except StoreError as error:
                log.warning("pages_not_sent reason=%s", error)
            await self._rest()

    async def _rest(self) -> None:
        """Wait for the next look, or for somebody who has something to send."""
        pause = asyncio.create_task(self.clock.sleep(_LOOK_EVERY_S))
        woken = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait({pause, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            woken.cancel()
            await asyncio.gather(pause, woken, return_exceptions=True)
        self._woken.clear()

    async def send_due(self) -> None:
        """Send every page that is due, and wait for the slowest.

        Raises:
            StoreError: what is due cannot be known.
        """
        await self._begin_due()
        await asyncio.gather(*self._lanes.values())

    async def _begin_due(self) -> None:
        """Begin to send what is due at every pager that has nothing to do."""
        self._lanes = {name: lane for name, lane in self._lanes.items() if not lane.done()}
        lanes: dict[str, dict[int, list[Page]]] = {}
        for page in await self.alerts.due_pages(self.clock.now(), _AT_ONCE):
            lanes.setdefault(page.pager, {}).setdefault(page.alert_id, []).append(page)
        for name in lanes.keys() - self._lanes.keys():
            self._lanes[name] = asyncio.create_task(self._send_lane(list(lanes[name].values())))

    async def _send_lane(self, alerts: Sequence[Sequence[Page]]) -> None:
        await asyncio.gather(*(self._send_in_order(pages) for pages in alerts))

    async def _send_in_order(self, pages: Sequence[Page]) -> None:
        for page in pages:
            try:
                if not await self._send(page):
                    return
            except StoreError as error:
                log.warning("page_not_settled alert=%d reason=%s", page.alert_id, error)
                return
            except Exception:
                # A fault of ours: the page is due again when its claim is over.
                log.exception("page_failed pager=%s alert=%d", page.pager, page.alert_id)
                return

    async def _send(self, page: Page) -> bool:
        """Send one; False where those after it have to wait."""
        pager = self.pagers.get(page.pager)
        if pager is None:
            await self._bury(page, "no such pager is configured any more")
            return True
        contents = await self.alerts.contents(page.alert_id, tasks=_TASKS_TOLD)
        if not await self.alerts.claim_page(page, self.clock.now()):
            return False
        if contents is None or _is_late(page, contents):
            await self.alerts.page_dead(page.id, "nobody has to come any more")
            return True
        try:
            await pager.send(replace(page, facts={**page.facts, **describe_alert(contents)}))
        except PagerError as error:
            return await self._failed(page, error)
        await self.alerts.page_sent(page.id, self.clock.now())
        log.info("page_sent pager=%s action=%s alert=%d", page.pager, page.action, page.alert_id)
        return True

    async def _failed(self, page: Page, error: PagerError) -> bool:
        if not error.retryable:
            await self._bury(page, str(error))
            return True
        pause = backoff_s(page.attempts, error.retry_after)
        log.warning("page_not_taken pager=%s alert=%d reason=%s", page.pager, page.alert_id, error)
        again_at = self.clock.now() + timedelta(seconds=pause)
        await self.alerts.page_failed(page.id, str(error), again_at)
        return False

    async def _bury(self, page: Page, reason: str) -> None:
        log.error("page_dead pager=%s alert=%d reason=%s", page.pager, page.alert_id, reason)
        await self.on_dead(page, reason)
        await self.alerts.page_dead(page.id, reason)


def _is_late(page: Page, contents: AlertContents) -> bool:
    """Tell whether somebody has an alert by now that was to ring.

    Whether an earlier attempt rang nobody knows; then what was done is told right after.
    """
    return page.action == "trigger" and contents.alert.status is not AlertStatus.OPEN


def backoff_s(attempts: int, asked: float | None) -> float:
    """Say how long to wait after *attempts* before this one: 1 s, doubled up to a minute.

    *asked* is what the pager wants; it is believed up to a quarter of an hour.
    """
    doubled = 2.0 ** min(attempts, _LONGEST_DOUBLING)
    return max(min(doubled, _LONGEST_PAUSE_S), min(asked or 0, _LONGEST_ASKED_S))
