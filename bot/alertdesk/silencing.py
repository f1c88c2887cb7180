"""Alerts in a list, and silences: begun, listed and ended by people."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.asker import Asker
from bot.commands import ListAlerts, Silence, Target, Unsilence, WhichAlerts
from bot.oncall import Alert, AlertStatus
from bot.oncall import Silence as KeptQuiet
from bot.questions import Questions
from bot.replies import Answer
from bot.store.alerts import UNRESOLVED
from bot.store.errors import StoreError
from bot.views.alert_list import PAGE_ROWS, render_alerts
from bot.views.buttons import AlertsPage
from bot.views.silence import render_silenced, render_unsilenced
from providers.ids import PROVIDERS

_MOST_IN_HOME = 10
Unsilenced = Callable[[str, datetime], Awaitable[None]]
"""Told the team whose silence was ended, and when: what it kept quiet is to be heard."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Silencing:
    """Answers about alerts and silences."""

    questions: Questions
    unsilenced: Unsilenced

    async def list_alerts(self, command: ListAlerts, asker: Asker) -> Answer:
        """List alerts, newest first, with the silences that hold now."""
        store = self.questions.store
        is_mine = command.scope is WhichAlerts.MINE
        statuses = tuple(AlertStatus) if command.scope is WhichAlerts.ALL else UNRESOLVED
        found = await store.alerts.listed(
            asker.team_id,
            statuses,
            mine=asker.user_id if is_mine else None,
            limit=PAGE_ROWS + 1,
            offset=command.page * PAGE_ROWS,
        )
        silences = await store.silences.active(asker.team_id, self.questions.clock.now())
        options = await self.questions.audience.options(asker, public=False)
        view = render_alerts(
            found[:PAGE_ROWS],
            AlertsPage(command.page, command.scope),
            has_more=len(found) > PAGE_ROWS,
            silences=silences,
            options=options,
        )
        return Answer(view, words=options.words)

    async def mine(self, asker: Asker) -> tuple[list[Alert], list[KeptQuiet]]:
        """Tell the first open alerts somebody took or was given, and what is silenced now."""
        store = self.questions.store
        try:
            alerts = await store.alerts.listed(
                asker.team_id, mine=asker.user_id, limit=_MOST_IN_HOME
            )
            silences = await store.silences.active(asker.team_id, self.questions.clock.now())
        except StoreError as error:
            log.warning("alerts_unknown reason=%s", error)
            return [], []
        return alerts, silences

    async def silence(self, command: Silence, asker: Asker) -> Answer:
        """Begin a silence, and announce it where it was asked for."""
        targets = _guarded(command.target)
        if denied := await self.questions.guard.refuse("alert", asker, targets, done="silence"):
            return await self.questions.deny(denied, asker)
        now = self.questions.clock.now()
        begun = await self.questions.store.silences.add(
            KeptQuiet(
                id=0,
                team_id=asker.team_id,
                target=command.target,
                created_by=asker.user_id,
                channel_id=asker.channel_id or asker.user_id,
                created_at=now,
                until=now + command.lasting,
                because=command.because,
            )
        )
        options = await self.questions.audience.options(asker, public=True)
        return Answer(render_silenced(begun, options=options), public=True, words=options.words)

    async def unsilence(self, command: Unsilence, asker: Asker) -> Answer:
        """End the silences that are named, by their number or by what they are for."""
        silences = await self.questions.store.silences.active(
            asker.team_id, self.questions.clock.now()
        )
        named = [
            one for one in silences if command.target == one.target or command.number == one.id
        ]
        return await self._end(named, asker)

    async def end_one(self, silence_id: int, asker: Asker) -> Answer:
        """End the silence of a button."""
        return await self.unsilence(Unsilence(number=silence_id), asker)

    async def _end(self, named: list[KeptQuiet], asker: Asker) -> Answer:
        targets = [target for one in named for target in _guarded(one.target)]
        if denied := await self.questions.guard.refuse("alert", asker, targets, done="unsilence"):
            return await self.questions.deny(denied, asker)
        now, silences = self.questions.clock.now(), self.questions.store.silences
        ended = [await silences.end(one.id, asker.user_id, now) for one in named]
        await self.unsilenced(asker.team_id, now)
        options = await self.questions.audience.options(asker, public=bool(named))
        done = [one for one in ended if one is not None]
        view = render_unsilenced(done, options=options)
        return Answer(view, public=bool(done), words=options.words)


def _guarded(target: str) -> list[Target]:
    """Tell what a policy has to allow: of a silence that names a provider, that one."""
    provider = target.partition("@")[0].partition(":")[0]
    return [Target(provider, None, "*")] if provider in PROVIDERS else []
