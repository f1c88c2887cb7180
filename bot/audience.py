"""For whom an answer is drawn: what a channel and a person chose, and in which language."""

import logging
from dataclasses import dataclass, replace

from bot.asker import Asker
from bot.locales import Locales
from bot.models import Preferences, Scope, Visibility
from bot.preferences import resolve
from bot.store.errors import StoreError
from bot.store.store import Store
from bot.views.options import Options
from bot.views.words import Words, words_for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Audience:
    """Knows how to speak to whom."""

    store: Store
    locales: Locales
    base: Options
    channel_words: Words
    """The language of what a whole channel reads; a person's own answers follow their Slack."""

    async def preferences_of(self, asker: Asker) -> tuple[Preferences, Preferences]:
        """Load what the channel and the person chose; a store in trouble costs no answer."""
        try:
            channel = await self._load(asker.team_id, Scope.CHANNEL, asker.channel_id)
            person = await self._load(asker.team_id, Scope.PERSON, asker.user_id)
        except StoreError as error:
            log.warning("preferences_unknown reason=%s", error)
            return Preferences(), Preferences()
        return channel, person

    async def is_public(self, asker: Asker) -> bool:
        """Whether answers are for the whole conversation by default; never in a direct message."""
        effective = resolve(*await self.preferences_of(asker))
        return effective.visibility is Visibility.CHANNEL and not asker.is_direct

    async def options(self, asker: Asker, *, public: bool) -> Options:
        """Say how to draw for this person, or, when *public*, for everybody there."""
        shown = Visibility.CHANNEL if public else Visibility.ME
        effective = resolve(*await self.preferences_of(asker), shown=shown)
        words = self.channel_words if public else await self.words(asker)
        return replace(
            self.base,
            public=public,
            links_in_channel=effective.links_in_channel and asker.is_shared is not True,
            thumbnails=effective.thumbnails,
            condensed=effective.condensed,
            words=words,
        )

    async def words(self, asker: Asker) -> Words:
        """Give the person's language."""
        return words_for(await self.locales.locale_of(asker.user_id))

    async def _load(self, team_id: str, scope: Scope, subject_id: str | None) -> Preferences:
        if not subject_id:
            return Preferences()
        return await self.store.preferences(team_id, scope, subject_id)
