"""Beginning to watch: look up first, for what has ended is told at once and watched by nobody."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.asker import Asker
from bot.commands import Target, Watch
from bot.models import CardOrder, Started, Watcher, WatchOrder
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.batch import render_batch
from bot.views.layout import MAX_BLOCKS, View
from bot.views.notes import render_note
from bot.views.options import Options
from bot.views.sharing import render_not_member
from bot.views.task import render_task
from bot.views.watch_notes import render_unclear, render_watching
from bot.watchlists.choosing import Unclear, choose, needs_no_watch, target_of
from providers.models import TaskStatus

WINDOWS: Mapping[str, timedelta] = {"record": timedelta(days=3)}
"""How long after its start a vendor tells anything of a task (ZEGO docs, DescribeRecordStatus,
read 2026-11); the others' documents name no limit."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every watch here."""

    lanes: Mapping[tuple[str, str], str]
    """The gate in front of each provider and account."""
    limit: timedelta
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Watching:
    """Starts watches, and lets people join those of others."""

    questions: Questions
    terms: Terms
    wake: Callable[[], None]
    """Tells the relay that there is something to send."""

    async def watch(self, command: Watch, asker: Asker, thread_ts: str | None) -> Answer:
        """Watch tasks in the conversation the asker is in, or in this thread of it."""
        questions = self.questions
        if denied := await questions.guard.refuse("watch", asker, command.targets):
            return await questions.deny(denied, asker)
        options = await questions.audience.options(asker, public=False)
        if (trouble := await self._trouble_with(asker.channel_id, options)) is not None:
            return Answer(trouble, words=options.words)
        chosen = await self._look_up(command.targets, asker)
        unclear = [one for one in chosen if isinstance(one, Unclear)]
        if unclear:
            view = render_unclear(unclear[0].task_id, unclear[0].refs, options)
            return Answer(view, words=options.words)
        statuses = {one.ref: one for one in chosen if isinstance(one, TaskStatus)}
        place = CardOrder(asker.team_id, asker.channel_id or "", thread_ts, asker.user_id)
        watchers = _watchers(command, asker)
        try:
            return await self._start(place, list(statuses.values()), watchers, options)
        except StoreError as error:
            return await self._apologize(error, asker)

    async def _trouble_with(self, channel_id: str | None, options: Options) -> View | None:
        """Say why nothing can be told there; None where it can, as far as Slack tells."""
        if channel_id is None:
            return render_note(options.words, "watch_nowhere")
        if await self.questions.guard.channels.bars(channel_id):
            return render_not_member(channel_id, options.words)
        return None

    async def watch_card(self, card_id: int, asker: Asker, thread_ts: str | None) -> Answer | None:
        """Watch all that somebody still watches by a card; None where that is nothing."""
        try:
            contents = await self.questions.store.watches.card(card_id)
        except StoreError as error:
            return await self._apologize(error, asker)
        if contents is None or contents.card.team_id != asker.team_id:
            return None
        watches = [watched.watch for watched in contents.watches]
        refs = [watch.ref for watch in watches if watch.ended_at is None]
        if not refs:
            return None
        return await self.watch(Watch(tuple(map(target_of, refs))), asker, thread_ts)

    async def _apologize(self, error: StoreError, asker: Asker) -> Answer:
        log.warning("watch_not_started reason=%s", error)
        words = await self.questions.audience.words(asker)
        return Answer(render_note(words, "watch_not_saved"), words=words)

    async def _look_up(self, targets: Sequence[Target], asker: Asker) -> list[TaskStatus | Unclear]:
        answers = await asyncio.gather(
            *(self.questions.look_up([target], asker, fresh=True) for target in targets)
        )
        accounts = self.questions.accounts
        return [choose(*asked, accounts) for asked in zip(targets, answers, strict=True)]

    async def _start(
        self,
        place: CardOrder,
        statuses: Sequence[TaskStatus],
        watchers: tuple[Watcher, ...],
        options: Options,
    ) -> Answer:
        """Watch what needs it; the answer tells what is watched and shows what is not."""
        now = self.questions.clock.now()
        over = [status for status in statuses if self._is_over(status)]
        orders = [self._order(one, watchers, now) for one in statuses if one not in over]
        started = Started(None, (), ())
        if orders:
            started = await self.questions.store.watches.start(place, orders, now)
            self.wake()
        return Answer(_tell(started, over, now, options), words=options.words)

    def _is_over(self, status: TaskStatus) -> bool:
        """Whether it has ended, or no account is configured to follow it with."""
        return needs_no_watch(status) or (status.provider, status.account) not in self.terms.lanes

    def _order(
        self, status: TaskStatus, watchers: tuple[Watcher, ...], now: datetime
    ) -> WatchOrder:
        ref = status.ref
        return WatchOrder(
            ref=ref,
            lane=self.terms.lanes[ref.provider, ref.account],
            status=None if status.state is None else status,
            ends_at=end_of(status, now, self.terms.limit),
            grace_until=now + self.terms.grace,
            watchers=watchers,
        )


def end_of(status: TaskStatus, now: datetime, limit: timedelta) -> datetime:
    """Say when a watch that begins *now* ends at the latest: at the limit, or with the window.

    The window counts from the task's start; from now where it has not begun or nobody told.
    """
    window = WINDOWS.get(status.provider)
    if window is None:
        return now + limit
    begun = status.started_at or status.created_at or now
    return max(min(now + limit, begun + window), now)


def _watchers(command: Watch, asker: Asker) -> tuple[Watcher, ...]:
    """Name the asker and whoever else is to be mentioned, each once."""
    named = dict.fromkeys((asker.user_id, *command.notify))
    return tuple(
        Watcher(subject, added_by=asker.user_id, only_failures=command.only_failures)
        for subject in named
    )


def _tell(started: Started, over: Sequence[TaskStatus], now: datetime, options: Options) -> View:
    """Say what is watched, and show what has ended already as if it had been asked for."""
    watched = [*started.watches, *started.joined]
    shown = [_draw(over, now, options)] if over else []
    if watched or len(over) > 1:
        told = render_watching(
            [str(watch.ref) for watch in started.watches],
            [str(watch.ref) for watch in started.joined],
            [str(status.ref) for status in over],
            ends_at=min((watch.ends_at for watch in watched), default=now),
            options=options,
        )
        shown.insert(0, told)
    blocks = [block for view in shown for block in view.blocks]
    return View(blocks[:MAX_BLOCKS], " ".join(view.text for view in shown))


def _draw(over: Sequence[TaskStatus], now: datetime, options: Options) -> View:
    if len(over) == 1:
        return render_task(over[0], now=now, options=options)
    return render_batch(over, now=now, options=options)
