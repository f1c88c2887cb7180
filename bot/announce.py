"""What watches have to say, drawn when it is sent: for its channel, or for one person.

Deliveries hold what happened; how it reads, in which language, with which links and pictures, is
settled here, so that what waited over a redeploy is drawn by the newer one.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.alert_letters import CARD as ALERT_CARD
from bot.alert_letters import KINDS as ALERT_KINDS
from bot.alert_letters import AlertLetters
from bot.asker import Asker
from bot.audience import Audience
from bot.channels import Channels
from bot.models import Card, CardContents, Delivery
from bot.relay.letters import Letter
from bot.replies import Answer
from bot.sheets import SheetError, Sheets
from bot.store.errors import StoreError
from bot.store.store import Store
from bot.views.digest import render_digest
from bot.views.facts import Facts, read_facts
from bot.views.layout import View, without_images
from bot.views.options import Options
from bot.views.pictures import picture_links
from bot.views.watch import render_watch_card
from bot.views.watch_news import render_group, render_news, render_notice
from bot.views.watch_sheet import add_sheet
from bot.watch.forecasts import Forecasts
from providers.clock import Clock

_SHEET_WITHIN_S = 5.0
"""A send begins within ten seconds of being claimed; a sheet that takes longer is for the next."""
_WORTH_A_SHEET = 4
"""Pictures; up to three are drawn one by one."""
_CONVERSATION = "D"
_DIRECT = (_CONVERSATION, "U", "W")
"""What the ids begin with of whatever one person alone reads: a conversation, or the person."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Draws what the relay sends."""

    store: Store
    audience: Audience
    channels: Channels
    forecasts: Forecasts
    sheets: Sheets
    alerts: AlertLetters
    clock: Clock

    async def draw_card(self, card: Card) -> Letter | None:
        """Draw a card as it has to look now; None where nobody knows it any more."""
        if card.kind == ALERT_CARD:
            options = await self._options(card.team_id, card.channel_id, "")
            return await self.alerts.draw_card(card, options)
        contents = await self.store.watches.card(card.id)
        if contents is None or not contents.watches:
            return None
        options = await self._options(card.team_id, card.channel_id, card.created_by)
        now = self.clock.now()
        expected = await self.forecasts.of([watched.task for watched in contents.watches], now)
        view = render_watch_card(contents, expected, now=now, options=options)
        return _letter(view, tuple(str(watched.watch.ref) for watched in contents.watches))

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        """Draw a delivery; None where there is nothing left to tell.

        Raises:
            ValueError: nobody here knows how to draw it; a later version does.
        """
        match delivery.kind:
            case "card":
                return await self._first_card(delivery)
            case "news":
                return await self._news(delivery)
            case "group" | "digest":
                return await self._several(delivery, members)
            case "notice":
                return await self._notice(delivery)
            case kind if kind in ALERT_KINDS:
                return await self.alerts.draw(delivery, await self._options_of(delivery))
            case unknown:
                raise ValueError(f"nobody draws {unknown!r}")

    async def turn_digest(self, digest_id: str, page: int, asker: Asker) -> Answer | None:
        """Draw another page of a digest that was sent; None where nobody has it any more."""
        try:
            digest = await self.store.deliveries.find(digest_id)
            if digest is None or digest.team_id != asker.team_id:
                return None
            members = await self.store.deliveries.members(digest_id)
            options = await self._options_of(digest)
        except StoreError as error:
            log.warning("digest_unknown reason=%s", error)
            return None
        told = [_facts(member) for member in members]
        now = self.clock.now()
        view = render_digest(told, digest.id, now=now, options=options, page=page)
        return Answer(view, words=options.words)

    async def _first_card(self, delivery: Delivery) -> Letter | None:
        contents = await self._contents(delivery)
        return await self.draw_card(contents.card) if contents else None

    async def _news(self, delivery: Delivery) -> Letter:
        facts, options = _facts(delivery), await self._options_of(delivery)
        view = render_news(facts, now=self.clock.now(), options=options)
        letter = _letter(view, (str(facts.status.ref),))
        if facts.is_end:
            letter = replace(letter, view=await self._with_sheet(facts, options) or view)
        return replace(letter, broadcast=bool(delivery.facts.get("broadcast")))

    async def _several(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        told = [_facts(member) for member in members]
        if not told:
            return None
        options, now = await self._options_of(delivery), self.clock.now()
        tasks = tuple(dict.fromkeys(str(facts.status.ref) for facts in told))
        if delivery.kind == "digest":
            view = render_digest(told, delivery.id, now=now, options=options)
            return _letter(view, tasks)
        view = render_group(told, now=now, options=options)
        broadcast = any(member.facts.get("broadcast") for member in members)
        return replace(_letter(view, tasks), broadcast=broadcast)

    async def _notice(self, delivery: Delivery) -> Letter:
        facts, options = dict(delivery.facts), await self._options_of(delivery)
        untold: Sequence[object] = facts.get("told") or []
        if len(untold) == 1:
            facts["happening"] = untold[0]
        view = render_notice(str(facts.get("notice")), facts, options=options)
        return _letter(view, tuple(map(str, facts.get("refs") or ())))

    async def _contents(self, delivery: Delivery) -> CardContents | None:
        return None if delivery.card_id is None else await self.store.watches.card(delivery.card_id)

    async def _with_sheet(self, facts: Facts, options: Options) -> View | None:
        """Draw an end with all its thumbnails on one picture; None where there is none to show."""
        links = picture_links(facts.status, options)
        if not options.thumbnails or len(links) < _WORTH_A_SHEET:
            return None
        try:
            async with asyncio.timeout(_SHEET_WITHIN_S):
                sheet = await self.sheets.sheet(facts.status.ref, links)
        except (SheetError, TimeoutError) as error:
            reason = str(error) or "it took too long"
            log.warning("sheet_left_out task=%s reason=%s", facts.status.ref, reason)
            return None
        bare = replace(options, thumbnails=False)
        view = render_news(facts, now=self.clock.now(), options=bare)
        return add_sheet(view, facts.status, sheet.file_id, sheet.shown, options)

    async def _options_of(self, delivery: Delivery) -> Options:
        channel_id = delivery.channel_id
        reader = channel_id
        if channel_id.startswith(_CONVERSATION):
            contents = await self._contents(delivery)
            reader = contents.card.created_by if contents else ""
        return await self._options(delivery.team_id, channel_id, reader)

    async def _options(self, team_id: str, channel_id: str, reader: str) -> Options:
        """Say how to draw for everybody in a channel, or for the one *reader* of a direct one."""
        if channel_id.startswith(_DIRECT):
            return await self.audience.options(Asker(team_id, reader, channel_id), public=False)
        asker = Asker(team_id, "", channel_id)
        options = await self.audience.options(asker, public=True)
        if not options.links_in_channel or not await self.channels.is_shared(channel_id):
            return options
        return replace(options, links_in_channel=False)


def _facts(delivery: Delivery) -> Facts:
    return read_facts(delivery.facts, delivery.happened_at)


def _letter(view: View, tasks: tuple[str, ...]) -> Letter:
    return Letter(view, plain=without_images(view), tasks=tasks)
