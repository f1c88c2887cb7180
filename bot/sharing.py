"""Sharing a card with the conversation, once, whoever presses and how often.

The answer to a press goes through its response address, which posts also where the bot is no
member. Where that address has run out, the bot posts by itself, or says how to let it in.
"""

import logging
from dataclasses import dataclass

from bot.egress import Egress
from bot.press import Press
from bot.receipts import Receipts
from bot.replies import Answer, PostReply
from bot.respond import Outcome
from bot.views.notes import render_note
from bot.views.sharing import render_not_member

_NO_MEMBER = frozenset({"channel_not_found", "not_in_channel"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShareReply:
    """Posts what is public once, though several press at a time, and what is not as it comes."""

    press: Press
    receipts: Receipts
    egress: Egress

    async def prepare(self) -> None:
        """Nothing: there is time."""

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Post the card to the conversation the button stands in."""
        del replace
        press, asker = self.press, self.press.asker
        if not answer.public:
            return await press.beside().send(answer, replace=False)
        if asker.channel_id is None:
            return await self._explain("no_conversation")
        key = f"share:{asker.channel_id}:{press.thread_ts or ''}:{press.value}"
        claimed = await self.receipts.claim(asker, key)
        if not claimed:
            return Outcome.SENT
        outcome = await press.by_url().send(answer, replace=False)
        if outcome is not Outcome.LOST:
            return outcome
        outcome, reason = await self._post(answer, asker.channel_id)
        if outcome is Outcome.LOST:
            # Before it is explained: whoever has read why may press again at once.
            await self.receipts.release(asker, claimed)
            log.warning("share_refused reason=%s", reason)
            is_closed = reason in _NO_MEMBER
            await self._explain("not_shared", asker.channel_id if is_closed else None)
        return outcome

    async def _post(self, answer: Answer, channel_id: str) -> tuple[Outcome, str]:
        press = self.press
        person = press.asker.user_id
        post = PostReply(press.client, channel_id, press.thread_ts, person, self.egress)
        return await post.post(answer)

    async def _explain(self, note: str, closed_channel: str | None = None) -> Outcome:
        """Say in a modal, for there may be no other way, why nothing was posted."""
        words = await self.press.words()
        view = render_note(words, note)
        if closed_channel:
            view = render_not_member(closed_channel, words)
        modal = self.press.in_modal()
        await modal.prepare()
        return await modal.send(Answer(view, words=words), replace=False)
