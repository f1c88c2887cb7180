"""Cards are kept true: whenever something changed since their last edit, they are edited again.

An edit shows the card as it is when its turn comes, so changes in between cost no edit of their
own. Editing twice does no harm, so an edit without an answer is simply made again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import Card, NewDelivery, Priority
from bot.relay.figures import RelayFigures
from bot.relay.letters import DRAWN_WITHIN_S, Letter, Letters
from bot.relay.notices import Subject, write_notices
from bot.relay.outcomes import Outcome, judge, notice_of
from bot.relay.posting import EDIT, Poster
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from bot.store.errors import StoreError
from bot.store.posted_cards import PostedCards
from bot.views.layout import View
from providers.clock import Clock

_BEFORE_S = 0.05
"""An end that came with the change may take the edit along; it is on its way by then."""
_APART = timedelta(seconds=3)
"""Between two edits of one card."""
_AGAIN = timedelta(seconds=5)
_MENDED_BY_HAND = timedelta(minutes=1)
_AT_ONCE = 100
"""Edits in one round."""

_GONE = "message_not_found"
_CLOSED = frozenset({"cant_update_message", "edit_window_closed", "is_inactive"})
_FAILED = frozenset({"update_failed"})
"""Slack's words for a message that may not be edited any more, and for a fault of its own."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Editor:
    """Edits cards that are not true any more, the one that waits longest first."""

    cards: PostedCards
    letters: Letters
    poster: Poster
    clock: Clock
    figures: RelayFigures

    async def look(self) -> None:
        """Edit what is stale, one card a turn, until none is or Slack has trouble."""
        await self.clock.sleep(_BEFORE_S)
        for _ in range(_AT_ONCE):
            if not await self.cards.has_stale(self.clock.now()):
                return
            await self.poster.egress.turn(method=EDIT, channel_id="", priority=Priority.PROGRESS)
            card = await self.cards.claim_stale(self.clock.now())
            if card is not None and not await self._edit(card):
                return

    async def freshen(self, card: Card) -> bool:
        """Edit a card before its thread is written to, if that is possible at once.

        False where its message turns out to be gone, and its thread with it.
        """
        if card.ts is None or card.lost_at is not None or card.wanted <= card.shown:
            return True
        if not await self.poster.egress.turn_now(EDIT):
            return True
        claimed = await self.cards.claim_stale(self.clock.now(), card.id)
        if claimed is None:
            return True
        await self._edit(claimed)
        now = await self.cards.card(card.id)
        return now is None or now.ts == card.ts

    async def _edit(self, card: Card) -> bool:
        """Edit a claimed card with a turn taken; False where the next one would fare no better."""
        try:
            async with asyncio.timeout(DRAWN_WITHIN_S):
                letter = await self.letters.draw_card(card)
        except StoreError:
            raise
        except Exception:
            log.exception("card_not_drawn card=%d", card.id)
            return await self._edit_late(card)
        if letter is None:
            await self._shown(card, "nothing")
            return True
        return await self._send(card, letter)

    async def _send(self, card: Card, letter: Letter) -> bool:
        try:
            await self.poster.edit(card, letter.view)
        except (SlackRefusedError, SlackUnreachableError) as error:
            return await self._failed(card, letter, error)
        await self._shown(card, "edited")
        return True

    async def _shown(self, card: Card, outcome: str) -> None:
        self.figures.count_edit(outcome)
        await self.cards.edited(card, card.wanted, self.clock.now() + _APART)

    async def _failed(
        self, card: Card, letter: Letter, error: SlackRefusedError | SlackUnreachableError
    ) -> bool:
        code = str(error)
        if code == _GONE:
            await self._repost(card, letter)
        elif code in _CLOSED:
            await self._give_up(card, code)
        else:
            outcome = Outcome.UNKNOWN if code in _FAILED else judge(error)
            self.figures.count_edit(outcome)
            return await self._after(outcome)(card, letter, code)
        return True

    def _after(self, outcome: Outcome) -> Callable[[Card, Letter, str], Awaitable[bool]]:
        known: dict[Outcome, Callable[[Card, Letter, str], Awaitable[bool]]] = {
            Outcome.CONTENT: self._edit_plain,
            Outcome.PLACE: self._lose_place,
            Outcome.RATE_LIMITED: self._edit_soon,
            Outcome.WORKSPACE: self._edit_late,
        }
        return known.get(outcome, self._edit_again)

    async def _edit_plain(self, card: Card, letter: Letter, code: str) -> bool:
        """Show less, and less; refused to the end, it shows what it did until the next change."""
        text = View([], letter.view.text)
        try:
            refused = await self._refused(card, letter.plain or text)
            if refused is not None and letter.plain is not None:
                refused = await self._refused(card, text)
        except SlackUnreachableError:
            return await self._edit_again(card, letter, code)
        if refused is not None:
            log.warning("card_not_shown card=%d reason=%s then=%s", card.id, code, refused)
        await self._shown(card, "plain")
        return True

    async def _refused(self, card: Card, view: View) -> SlackRefusedError | None:
        """Edit with a turn of its own; give what Slack refuses it for."""
        await self.poster.egress.turn(method=EDIT, channel_id="", priority=Priority.PROGRESS)
        try:
            await self.poster.edit(card, view)
        except SlackRefusedError as error:
            return error
        return None

    async def _lose_place(self, card: Card, letter: Letter, code: str) -> bool:
        await self._lose(card, letter, notice_of(code), code)
        return True

    async def _edit_soon(self, card: Card, _letter: Letter, _code: str) -> bool:
        await self.cards.postpone(card, self.clock.now())
        return True

    async def _edit_again(self, card: Card, _letter: Letter, _code: str) -> bool:
        await self.cards.postpone(card, self.clock.now() + _AGAIN)
        return False

    async def _edit_late(self, card: Card, _letter: object = None, _code: str = "") -> bool:
        await self.cards.postpone(card, self.clock.now() + _MENDED_BY_HAND)
        return False

    async def _repost(self, card: Card, letter: Letter) -> None:
        """Post a deleted card anew; deleted a second time, it is lost."""
        self.figures.count_edit("gone")
        if await self.cards.repost(card, _anew(card, self.clock.now()), self.clock.now()):
            log.info("card_posted_anew card=%d channel=%s", card.id, card.channel_id)
        else:
            await self._lose(card, letter, "card_deleted", _GONE)

    async def _give_up(self, card: Card, code: str) -> None:
        self.figures.count_edit("closed")
        log.warning("card_not_editable card=%d reason=%s", card.id, code)
        await self.cards.postpone(card, None)

    async def _lose(self, card: Card, letter: Letter, notice: str, code: str) -> None:
        now = self.clock.now()
        subject = Subject(f"card:{card.id}", card.team_id, card.channel_id, now, letter.tasks)
        notices = write_notices(subject, [card.created_by], notice=notice, reason=code)
        if await self.cards.lose(card, now, notices):
            log.warning("card_lost card=%d channel=%s reason=%s", card.id, card.channel_id, code)


def _anew(card: Card, now: datetime) -> NewDelivery:
    return NewDelivery(
        key=f"card:{card.id}:again",
        team_id=card.team_id,
        kind="card",
        channel_id=card.channel_id,
        priority=Priority.TERMINAL,
        happened_at=now,
        card_id=card.id,
    )
