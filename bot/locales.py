"""In which language a person reads Slack."""

import logging

from cachetools import TLRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from providers.clock import Clock

DEFAULT_LOCALE = "en-US"
_REMEMBERED_S = 3600.0
_ASKED_AGAIN_AFTER_S = 60.0
_REMEMBERED_PEOPLE = 10_000
_WITHIN_S = 2.0
"""An answer in English is better than one that waits for its language."""

log = logging.getLogger(__name__)


class Locales:
    """Asks Slack once an hour a person; where it does not tell, English it is for a minute."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._told: TLRUCache[str, str] = TLRUCache(
            _REMEMBERED_PEOPLE, _forgotten_at, clock.monotonic
        )

    async def locale_of(self, user_id: str) -> str:
        """Tell a person's locale as Slack names it: ``zh-CN``."""
        told = self._told.get(user_id)
        if told is None:
            told = self._told[user_id] = await self._ask(user_id)
        return told or DEFAULT_LOCALE

    async def _ask(self, user_id: str) -> str:
        """Ask Slack; empty where it does not tell."""
        asked = self._client.users_info(user=user_id, include_locale=True)
        try:
            response = await ask_slack(asked, within_s=_WITHIN_S)
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("locale_unknown reason=%s", error)
            return ""
        return str((response.get("user") or {}).get("locale") or "")


def _forgotten_at(_user_id: str, locale: str, now: float) -> float:
    return now + (_REMEMBERED_S if locale else _ASKED_AGAIN_AFTER_S)
