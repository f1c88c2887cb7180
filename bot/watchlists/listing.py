"""What is watched: here, by one person, or in the whole workspace."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import audit
from bot.asker import Asker
from bot.commands import Watches, Whose
from bot.models import WatchedTask
from bot.oncall import Subscription
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.buttons import WatchesPage
from bot.views.notes import render_note
from bot.views.subscription import add_subscriptions
from bot.views.watch_list import PAGE_ROWS, Schedule, render_watches
from bot.watch.forecasts import Forecasts
from bot.watchlists.choosing import target_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists watches, of tasks that the asker may look up."""

    questions: Questions
    forecasts: Forecasts

    async def watches(self, command: Watches, asker: Asker) -> Answer:
        """Draw a page, for the asker alone."""
        audit.note("watches", asker, "allowed", [command.scope])
        options = await self.questions.audience.options(asker, public=False)
        try:
            rows, total = await self._load(command, asker)
            schedule = await self._foresee(rows)
            theirs = await self._subscriptions(command, asker)
        except StoreError as error:
            log.warning("watches_unknown reason=%s", error)
            return Answer(render_note(options.words, "watches_unknown"), words=options.words)
        page = WatchesPage(command.page, command.scope)
        now = self.questions.clock.now()
        view = render_watches(rows, page, total, schedule, now=now, options=options)
        return Answer(add_subscriptions(view, theirs, options), words=options.words)

    async def _subscriptions(self, command: Watches, asker: Asker) -> list[Subscription]:
        """Tell the subscriptions that belong on the first page of a list."""
        store = self.questions.store.subscriptions
        if command.page:
            return []
        if command.scope is Whose.ALL:
            return [one for one in await store.all_open() if one.team_id == asker.team_id]
        if command.scope is Whose.HERE and asker.channel_id is not None:
            return await store.of_channel(asker.team_id, asker.channel_id)
        return await store.of_creator(asker.team_id, asker.user_id)

    async def mine(self, asker: Asker) -> tuple[list[WatchedTask], Schedule]:
        """Tell the first of what a person watches; nothing where the store is in trouble."""
        try:
            rows = await self.questions.store.watches.open_watches(
                asker.team_id, subject_ids=(asker.user_id,), limit=PAGE_ROWS
            )
            return rows, await self._foresee(rows)
        except StoreError as error:
            log.warning("watches_unknown reason=%s", error)
            return [], Schedule()

    async def _foresee(self, rows: Sequence[WatchedTask]) -> Schedule:
        now, tasks = self.questions.clock.now(), [row.task for row in rows]
        expected = await self.forecasts.of(tasks, now)
        return Schedule(expected, await self.forecasts.next_polls(tasks, now))

    async def _load(self, command: Watches, asker: Asker) -> tuple[list[WatchedTask], int]:
        store, whose = self.questions.store.watches, _whose(command.scope, asker)
        offset = command.page * PAGE_ROWS
        rows = await store.open_watches(asker.team_id, limit=PAGE_ROWS, offset=offset, **whose)
        total = await store.count_open(asker.team_id, **whose)
        return [row for row in rows if await self._may_see(row, asker)], total

    async def _may_see(self, row: WatchedTask, asker: Asker) -> bool:
        """Whether the policy would show them the task; their own watches they always see."""
        if any(watcher.subject_id == asker.user_id for watcher in row.watch.watchers):
            return True
        target = target_of(row.watch.ref)
        return await self.questions.guard.judge("show", asker, [target]) is None


def _whose(scope: Whose, asker: Asker) -> dict[str, Any]:
    """Say it in the store's words; outside of any conversation *here* is one's own."""
    if scope is Whose.ALL:
        return {}
    if scope is Whose.HERE and asker.channel_id is not None:
        return {"channel_id": asker.channel_id}
    return {"subject_ids": (asker.user_id,)}
