"""A press on an alert: decided on the alert as it is, made if nobody was faster, else explained."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.alerts.presses import Press, TooLate, press
from bot.asker import Asker
from bot.commands import Target
from bot.oncall import Alert, AlertContents
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.alert import render_alert
from bot.views.alert_details import render_alert_details
from bot.views.alert_tasks import PAGE_ROWS
from bot.views.late_press import render_late_press
from bot.views.notes import render_note
from bot.views.sharing import render_old_button

_TRIES = 3
"""Tasks join an alert while somebody presses; that makes nobody too late."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AlertPresses:
    """Does what the buttons below an alert say."""

    questions: Questions
    wake: Callable[[], None]
    """Tells the relays that there is something to send."""

    async def press(self, alert_id: int, pressed: Press, asker: Asker) -> Answer | None:
        """Change the alert; None: the alert itself shows that it was done.

        Whoever comes too late is told who did what and when.
        """
        alert = await self._find(alert_id, asker)
        if alert is None:
            return await self._gone(asker)
        target = Target(alert.provider, alert.account, "*")
        if denied := await self.questions.guard.refuse(
            "alert", asker, [target], done=f"alert.{pressed.what}"
        ):
            return await self.questions.deny(denied, asker)
        try:
            return await self._press(alert, pressed, asker)
        except StoreError as error:
            log.warning("press_not_saved alert=%d reason=%s", alert_id, error)
            words = await self.questions.audience.words(asker)
            return Answer(render_note(words, "alert_not_saved"), words=words, may_replace=False)

    async def _press(self, alert: Alert, pressed: Press, asker: Asker) -> Answer | None:
        for _ in range(_TRIES):
            change = press(alert, pressed, self.questions.clock.now())
            if change is None:
                return None
            if isinstance(change, TooLate):
                return await self._late(alert, asker)
            store = self.questions.store.alerts
            if await store.apply(change, self.questions.clock.now()) is not None:
                self.wake()
                return None
            alert = await self._find(alert.id, asker) or alert
        raise StoreError("the alert was changed by others again and again")

    async def details(self, alert_id: int, asker: Asker, *, page: int = 0) -> Answer:
        """Draw an alert with its tasks and its whole log, for a modal."""
        contents = await self._contents(alert_id, asker, page)
        if contents is None:
            return await self._gone(asker)
        options = await self.questions.audience.options(asker, public=False)
        modal = render_alert_details(contents, page=page, options=options)
        instead = render_note(options.words, "not_opened")
        return Answer(instead, words=options.words, modal=modal)

    async def turn(self, alert_id: int, page: int, asker: Asker) -> Answer:
        """Show one person another page of an alert's tasks; the message itself stays as it is."""
        contents = await self._contents(alert_id, asker, page)
        if contents is None:
            return await self._gone(asker)
        options = await self.questions.audience.options(asker, public=False)
        now = self.questions.clock.now()
        view = render_alert(contents, page=page, now=now, options=options)
        modal = render_alert_details(contents, page=page, options=options)
        return Answer(view, words=options.words, modal=modal, may_replace=False)

    async def _contents(self, alert_id: int, asker: Asker, page: int) -> AlertContents | None:
        if await self._find(alert_id, asker) is None:
            return None
        return await self.questions.store.alerts.contents(
            alert_id, tasks_from=page * PAGE_ROWS, tasks=PAGE_ROWS
        )

    async def _find(self, alert_id: int, asker: Asker) -> Alert | None:
        alert = await self.questions.store.alerts.find(alert_id)
        return alert if alert and alert.team_id == asker.team_id else None

    async def _late(self, alert: Alert, asker: Asker) -> Answer:
        options = await self.questions.audience.options(asker, public=False)
        contents = await self.questions.store.alerts.contents(alert.id)
        if contents is None:
            return await self._gone(asker)
        view = render_late_press(contents, options=options)
        return Answer(view, words=options.words, may_replace=False)

    async def _gone(self, asker: Asker) -> Answer:
        options = await self.questions.audience.options(asker, public=False)
        return Answer(render_old_button(options.words), words=options.words, may_replace=False)
