"""Looks into what was accepted: hints become questions, proven news is taken in, the rest is told.

In the order it came, in one process at a time. A callback is taken only when what follows from it
is on the disk; who dies before that does it again, and nothing comes of it twice.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.alerts.reporting import reports_of_callback
from bot.intake.checking import Checking
from bot.intake.confirming import Confirming
from bot.intake.envelope import Fresh, new_fresh, reopen_letter
from bot.intake.figures import CallbackFigures
from bot.models import CheckOrder, NewDelivery, Observation, Source
from bot.oncall import Callback, Subscription
from bot.store.endings import Ending
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.callbacks import CallbackNews, CallbackReceiver, Received
from providers.errors import CallbackError

LEASE = "inbox"
_LEASE_S = 20.0
_AT_ONCE = 100
"""Few enough that those who are being answered hardly wait for them."""
_GATHERED_FOR_S = 0.1
"""What comes in a burst is looked into together."""
_LOOK_EVERY_S = 1.0
"""How soon it is noticed what another replica accepted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """A callback that was read once more."""

    callback: Callback
    received: Received


@dataclass(slots=True)
class Worker:
    """Works the inbox off."""

    store: Store
    receivers: Mapping[str, CallbackReceiver]
    checking: Checking
    confirming: Confirming
    figures: CallbackFigures
    fresh: Fresh = field(default_factory=new_fresh)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; what a crash left is worked off now."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; what is not taken stays in the inbox."""
        if self._running is None:
            return
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        try:
            await self.store.leases.drop(LEASE)
        except StoreError as error:
            log.warning("inbox_not_left reason=%s", error)

    def wake(self) -> None:
        """Look at once: something was accepted."""
        self._bell.set()

    async def work_off(self) -> bool:
        """Look into some of what waits; True: there may be more.

        Raises:
            StoreError: some of it may have to be looked into again.
        """
        if not await self.store.leases.hold(LEASE, _LEASE_S):
            return False
        waiting = await self.store.inbox.open(_AT_ONCE + self.confirming.waiting)
        now = self.checking.clock.now()
        due = [one for one in waiting if not self.confirming.rests(one.id)]
        read = [one for callback in due if (one := self._read(callback)) is not None]
        await self._follow(read)
        unconfirmed = await self.confirming.confirm(
            [(one.callback, one.received) for one in read if one.received.confirmation]
        )
        await self.store.inbox.taken([one.id for one in due if one.id not in unconfirmed], now)
        return len(waiting) >= _AT_ONCE and bool(due)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                while await self.work_off():
                    pass
                self.figures.set_open(await self.store.inbox.count_open())
            except StoreError as error:
                log.warning("inbox_not_worked_off reason=%s", error)
            except Exception:
                log.exception("inbox_failed")
            await self._rest()
            await self.checking.clock.sleep(_GATHERED_FOR_S)

    async def _rest(self) -> None:
        pause = asyncio.create_task(self.checking.clock.sleep(_LOOK_EVERY_S))
        woken = asyncio.create_task(self._bell.wait())
        try:
            await asyncio.wait({pause, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            woken.cancel()
            await asyncio.gather(pause, woken, return_exceptions=True)

    def _read(self, callback: Callback) -> _Read | None:
        """Read a callback as it was read when it was accepted; None: it cannot be any more."""
        fresh = self.fresh.pop((callback.account, callback.replay_key), None)
        if fresh is not None:
            return _Read(callback, fresh)
        receiver = self.receivers.get(callback.account)
        if receiver is None:
            self._drop(callback, "no_receiver")
            return None
        letter, at = callback.headers, callback.received_at
        try:
            heard = receiver.parse_callback(letter, callback.body, now=at)
            return _Read(callback, reopen_letter(heard, letter))
        except CallbackError as error:
            self._drop(callback, error.verdict)
            return None

    def _drop(self, callback: Callback, reason: str) -> None:
        self.figures.count_dropped(reason)
        log.warning("callback_dropped account=%s reason=%s", callback.account, reason)

    async def _follow(self, read: Sequence[_Read]) -> None:
        """See everything that follows from some callbacks onto the disk."""
        orders = [order for one in read for order in self._orders(one)]
        answers = [answer for one in read for answer in _answers(one)]
        endings = [ending for one in read for ending in _endings(one)]
        await self.store.endings.note(endings, self.checking.clock.now())
        if answers:
            await self.checking.tell(answers)
        if orders:
            await self.checking.ask(orders)
        await self._report(read)

    def _orders(self, one: _Read) -> Iterator[CheckOrder]:
        """Have asked what a callback only hints at, or does not tell to the end."""
        for news in one.received.news:
            if news.queryable and not _is_answer(one, news):
                yield CheckOrder(
                    news.ref,
                    self.checking.lane(news.ref),
                    Source.CALLBACK,
                    ask_at=one.callback.received_at + news.ask_in if news.ask_in else None,
                )

    async def _report(self, read: Sequence[_Read]) -> None:
        """Tell the subscribers what nobody can be asked about."""
        if not any(not news.queryable for one in read for news in one.received.news):
            return
        subscriptions = await self.store.subscriptions.all_open()
        reports = [report for one in read for report in self._reports(one, subscriptions)]
        await self.store.deliveries.add_all(reports, self.checking.clock.now())
        if reports:
            self.checking.observer.wake()

    def _reports(self, one: _Read, subscriptions: Sequence[Subscription]) -> Iterator[NewDelivery]:
        for news in one.received.news:
            if news.status is not None and not news.queryable:
                yield from reports_of_callback(
                    news.status,
                    one.callback.replay_key,
                    subscriptions,
                    sent_at=one.received.sent_at,
                    now=self.checking.clock.now(),
                )


def _is_answer(one: _Read, news: CallbackNews) -> bool:
    return one.received.confirmed and news.complete and news.status is not None


def _endings(one: _Read) -> Iterator[Ending]:
    """Keep what the vendor's answer will not tell, before anybody asks it."""
    hints = () if one.received.confirmed else one.received.news
    for news in hints:
        tells = news.cause is not None or news.ended_ordinarily is not None
        if news.queryable and tells:
            yield Ending(news.ref, news.ended_ordinarily, news.cause)


def _answers(one: _Read) -> Iterator[Observation]:
    for news in one.received.news:
        if news.status is not None and _is_answer(one, news):
            yield Observation(news.ref, news.status, one.received.sent_at, Source.CALLBACK)
