"""One delivery is sent, once.

```
turn taken ─► claim (commit: SENDING, fence, not_before = now + 40 s) ─► draw ─► drew for long?
              claim anew ─► fewer than 10 s since? ─► chat.postMessage ─► settle (commit)
```
The turn comes first, so between the claim and the call there is only the drawing. Killed before the
claim, nothing has happened; killed after it, the delivery is overdue 40 s later and whoever then
takes it over reads back whether it arrived. A process that slept past the ten seconds does not
call, because somebody else may soon; nor does one whose fence is gone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.crashpoint import CrashPoint, reach
from bot.models import POSTS_CARD, Delivery
from bot.relay.drafting import Draft, Drafter
from bot.relay.editing import Editor
from bot.relay.figures import RelayFigures
from bot.relay.folding import is_end
from bot.relay.letters import DRAWN_WITHIN_S
from bot.relay.notices import Subject, write_notices
from bot.relay.outage import Outage
from bot.relay.outcomes import Manner, Outcome, judge, manner_of, notice_of, refusal
from bot.relay.posting import Place, Poster, thread_of
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from bot.store.deliveries import Deliveries
from bot.store.errors import StoreError
from bot.store.posted_cards import PostedCards
from providers.clock import Clock

_CALLED_WITHIN_S = 10.0
_CLAIMED_ANEW_AFTER_S = 4.0
_LOOKED_FOR_TWINS_AFTER = timedelta(seconds=60)
_STORE_PAUSE = timedelta(seconds=5)
_MOST_DRAWINGS = 8
_LONGEST_PAUSE_S = 60

PlaceLost = Callable[[Delivery, str, datetime], Awaitable[None]]
"""Told of a delivery whose channel takes nothing any more, the notice's word, and when."""

log = logging.getLogger(__name__)


async def nobody_minds(_delivery: Delivery, _why: str, _now: datetime) -> None:
    """Do nothing about a lost place."""


@dataclass(slots=True)
class Sender:
    """Claims, draws, posts and settles."""

    deliveries: Deliveries
    cards: PostedCards
    drafter: Drafter
    poster: Poster
    editor: Editor
    outage: Outage
    clock: Clock
    figures: RelayFigures
    new_fence: Callable[[], str]
    place_lost: PlaceLost

    async def send(self, delivery_id: str) -> None:
        """Send one that is pending and due, with a turn taken; nothing where it is not any more."""
        began_s = self.clock.monotonic()
        claimed = await self.deliveries.claim(
            delivery_id, fence=self.new_fence(), now=self.clock.now()
        )
        if claimed is None:
            return
        reach(CrashPoint.AFTER_SENDING_COMMIT)
        draft = await self._draft(claimed)
        if draft is None or not await self._may_call(claimed, began_s):
            return
        try:
            ts = await self._post(draft)
        except (SlackRefusedError, SlackUnreachableError) as error:
            await self._failed(draft, error)
        else:
            reach(CrashPoint.AFTER_OK)
            await self._sent(draft, ts)

    async def _may_call(self, claimed: Delivery, began_s: float) -> bool:
        """Tell whether the claim is young enough, after making it anew where that helps."""
        if self.clock.monotonic() - began_s > _CLAIMED_ANEW_AFTER_S:
            began_s = self.clock.monotonic()
            if not await self.deliveries.renew(claimed, self.clock.now()):
                log.warning("delivery_taken_over delivery=%s", claimed.id)
                return False
        return self.clock.monotonic() - began_s < _CALLED_WITHIN_S

    async def _draft(self, claimed: Delivery) -> Draft | None:
        """Draw it; None where it is settled already, and not to be sent now."""
        try:
            card = await self.cards.card(claimed.card_id) if claimed.card_id is not None else None
            if card is not None and _ends(claimed) and not await self.editor.freshen(card):
                await self.deliveries.release(claimed, error="its card is posted anew")
                return None
            async with asyncio.timeout(DRAWN_WITHIN_S):
                draft = await self.drafter.draft(claimed, card)
        except StoreError as error:
            await self._put_off(claimed, str(error), _STORE_PAUSE)
            return None
        except Exception as error:
            log.exception("delivery_not_drawn delivery=%s kind=%s", claimed.id, claimed.kind)
            await self._not_drawn(claimed, type(error).__name__)
            return None
        if draft is None:
            await self.deliveries.drop(claimed, self.clock.now())
        return draft

    async def _put_off(self, claimed: Delivery, reason: str, pause: timedelta) -> None:
        error = _error_of(claimed, reason)
        not_before = self.clock.now() + pause
        await self.deliveries.release(claimed, error=error, not_before=not_before)

    async def _not_drawn(self, claimed: Delivery, reason: str) -> None:
        """Try again later, for a redeploy may mend it; not for ever."""
        error = f"cannot be drawn: {reason}"
        if claimed.attempts >= _MOST_DRAWINGS:
            await self._bury(claimed, error)
            return
        pause = timedelta(seconds=min(2**claimed.attempts, _LONGEST_PAUSE_S))
        not_before = self.clock.now() + pause
        await self.deliveries.release(claimed, error=error, not_before=not_before, counts=True)

    async def _post(self, draft: Draft) -> str:
        delivery = draft.delivery
        channel_id = await self.poster.conversation(delivery.channel_id)
        place = Place(channel_id, thread_of(delivery, draft.card, manner_of(delivery)))
        return await self.poster.post(place, draft.letter, draft.view, draft.metadata)

    async def _sent(self, draft: Draft, ts: str) -> None:
        claimed, now = draft.delivery, self.clock.now()
        self.outage.ended()
        self.figures.count_attempt(claimed, Outcome.SENT)
        self.figures.observe_sent(claimed, now)
        check_at = now + _LOOKED_FOR_TWINS_AFTER if claimed.attempts > 1 else None
        if not await self._settle(draft, ts, now, check_at):
            log.warning("delivery_settled_elsewhere delivery=%s", claimed.id)

    async def _settle(
        self, draft: Draft, ts: str, now: datetime, check_at: datetime | None
    ) -> bool:
        claimed = draft.delivery
        if claimed.kind in POSTS_CARD and draft.card is not None:
            shown = draft.card.wanted
            return await self.deliveries.card_sent(claimed, ts, now, shown=shown, check_at=check_at)
        return await self.deliveries.sent(claimed, ts, now, check_at=check_at)

    async def _failed(self, draft: Draft, error: SlackRefusedError | SlackUnreachableError) -> None:
        outcome, reason = judge(error), str(error)
        self.figures.count_attempt(draft.delivery, outcome)
        await self._then(outcome)(draft, reason)

    def _then(self, outcome: Outcome) -> Callable[[Draft, str], Awaitable[None]]:
        known: dict[Outcome, Callable[[Draft, str], Awaitable[None]]] = {
            Outcome.UNSENT: self._pause,
            Outcome.RATE_LIMITED: self._wait_it_out,
            Outcome.PLACE: self._place_is_gone,
            Outcome.WORKSPACE: self._mended_by_hand,
            Outcome.UNKNOWN: self._read_back_later,
        }
        return known.get(outcome, self._in_another_manner)

    async def _pause(self, draft: Draft, reason: str) -> None:
        self.outage.failed(reason)
        await self._put_off(draft.delivery, reason, timedelta())

    async def _wait_it_out(self, draft: Draft, reason: str) -> None:
        self.outage.ended()
        await self._put_off(draft.delivery, reason, timedelta())

    async def _mended_by_hand(self, draft: Draft, reason: str) -> None:
        self.outage.failed(reason, level=logging.ERROR)
        await self._put_off(draft.delivery, reason, timedelta())

    async def _read_back_later(self, draft: Draft, reason: str) -> None:
        self.outage.failed(reason)
        claimed = draft.delivery
        log.warning("delivery_uncertain delivery=%s reason=%s", claimed.id, reason)
        await self.deliveries.note_trouble(claimed, _error_of(claimed, reason))

    async def _in_another_manner(self, draft: Draft, code: str) -> None:
        self.outage.ended()
        claimed = draft.delivery
        if draft.is_last_try:
            await self._bury(claimed, refusal(code))
            return
        log.warning("delivery_refused delivery=%s reason=%s", claimed.id, code)
        await self.deliveries.release(claimed, error=refusal(code, manner_of(claimed)))

    async def _place_is_gone(self, draft: Draft, code: str) -> None:
        self.outage.ended()
        claimed, now = draft.delivery, self.clock.now()
        people = await self.cards.creators(claimed) if claimed.kind != "notice" else []
        told = [member.facts for member in draft.members or (claimed,)]
        place, happened_at = claimed.channel_id, claimed.happened_at
        subject = Subject(
            claimed.key, claimed.team_id, place, happened_at, draft.letter.tasks, told
        )
        notices = write_notices(subject, people, notice=notice_of(code), reason=code)
        self._count_dead(claimed, code)
        await self.place_lost(claimed, notice_of(code), now)
        await self.deliveries.bury(claimed, refusal(code), now, notices)
        if draft.card is not None:
            await self.cards.lose(draft.card, now)

    async def _bury(self, claimed: Delivery, error: str) -> None:
        self._count_dead(claimed, error)
        await self.deliveries.bury(claimed, error, self.clock.now())

    def _count_dead(self, claimed: Delivery, reason: str) -> None:
        self.figures.count_dead(claimed)
        log.warning(
            "delivery_dead delivery=%s kind=%s channel=%s reason=%s",
            claimed.id,
            claimed.kind,
            claimed.channel_id,
            reason,
        )


def _ends(delivery: Delivery) -> bool:
    return is_end(delivery) or delivery.kind == "group"


def _error_of(claimed: Delivery, reason: str) -> str:
    """Keep what the next attempt has to know, over what only explains this one."""
    if claimed.error is not None and manner_of(claimed) is not Manner.WHOLE:
        return claimed.error
    return reason
