"""What people do about alerts: press, list, silence, subscribe. Answers, like those of watches."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.alertdesk.presses import AlertPresses
from bot.alertdesk.silencing import Silencing, Unsilenced
from bot.alertdesk.subscribing import Hearing, Subscribing
from bot.asker import Asker
from bot.commands import (
    ListAlerts,
    Silence,
    Subscribe,
    Unsilence,
    Unsubscribe,
    WhichAlerts,
)
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.buttons import AlertsPage, AlertTasksPage
from bot.views.notes import render_note

__all__ = ["AlertCommand", "AlertDesk", "Hearing"]

AlertCommand = ListAlerts | Silence | Unsilence | Subscribe | Unsubscribe
_NOT_DONE: Mapping[type[AlertCommand], str] = {
    ListAlerts: "alerts_unknown",
    Silence: "silence_not_saved",
    Unsilence: "silence_not_saved",
    Subscribe: "subscription_not_saved",
    Unsubscribe: "subscription_not_saved",
}
"""What is said where the store does not take it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """Answers about on-call."""

    questions: Questions
    hearing: Hearing
    operators: frozenset[str]
    wake: Callable[[], None]
    """Tells the relays that there is something to send."""
    unsilenced: Unsilenced

    @property
    def presses(self) -> AlertPresses:
        """Who does what the buttons below an alert say."""
        return AlertPresses(self.questions, self.wake)

    @property
    def silencing(self) -> Silencing:
        """Who lists alerts, and begins and ends silences."""
        return Silencing(self.questions, self.unsilenced)

    @property
    def subscribing(self) -> Subscribing:
        """Who begins and ends subscriptions."""
        return Subscribing(self.questions, self.hearing, self.operators)

    async def answer(self, command: AlertCommand, asker: Asker) -> Answer:
        """Do what a command says; where the store is in trouble, say that it was not done."""
        try:
            return await self._do(command, asker)
        except StoreError as error:
            log.warning("alert_command_not_done reason=%s", error)
            words = await self.questions.audience.words(asker)
            return Answer(render_note(words, _NOT_DONE[type(command)]), words=words)

    async def _do(self, command: AlertCommand, asker: Asker) -> Answer:
        match command:
            case ListAlerts():
                return await self.silencing.list_alerts(command, asker)
            case Silence():
                return await self.silencing.silence(command, asker)
            case Unsilence():
                return await self.silencing.unsilence(command, asker)
            case Subscribe():
                return await self.subscribing.subscribe(command, asker)
            case Unsubscribe():
                return await self.subscribing.unsubscribe(command, asker)

    async def turn(self, value: object, asker: Asker) -> Answer | None:
        """Draw the page that a button asks for; None where it is about something else."""
        match value:
            case AlertsPage(page, scope) if scope in set(WhichAlerts):
                listed = ListAlerts(WhichAlerts(scope), page)
                return await self.silencing.list_alerts(listed, asker)
            case AlertTasksPage(page, alert_id):
                return await self.presses.turn(alert_id, page, asker)
            case _:
                return None
