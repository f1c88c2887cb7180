"""What could not be sent: operators see it, and may send it again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot import audit
from bot.asker import Asker
from bot.models import Delivery
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.notes import render_note

_SHOWN = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Messages Slack would not take."""

    questions: Questions
    operators: frozenset[str]
    wake: Callable[[], None]
    """Tells the relay that there is something to send."""

    async def of(self, asker: Asker) -> list[Delivery]:
        """Tell an operator the latest; nobody else, and nothing where the store is in trouble."""
        if asker.user_id not in self.operators:
            return []
        try:
            return await self.questions.store.deliveries.dead(asker.team_id, _SHOWN)
        except StoreError as error:
            log.warning("dead_letters_unknown reason=%s", error)
            return []

    async def resend(self, delivery_id: str, asker: Asker) -> Answer:
        """Send one again, for an operator."""
        words = await self.questions.audience.words(asker)
        is_allowed = asker.user_id in self.operators
        audit.note("resend", asker, "allowed" if is_allowed else "denied", [delivery_id])
        if not is_allowed:
            return Answer(render_note(words, "operators_only"), words=words)
        try:
            again = await self.questions.store.deliveries.resend(delivery_id, team_id=asker.team_id)
        except StoreError as error:
            log.warning("not_resent reason=%s", error)
            return Answer(render_note(words, "watch_not_saved"), words=words)
        self.wake()
        return Answer(render_note(words, "resent" if again else "not_resent"), words=words)
