"""Which channels people of another company read, too (Slack Connect)."""

import logging

from cachetools import TLRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from providers.clock import Clock

_REMEMBERED_S = 600.0
_ASKED_AGAIN_AFTER_S = 60.0
_REMEMBERED_CHANNELS = 10_000
_WITHIN_S = 3.0
_DIRECT = "D"

log = logging.getLogger(__name__)


class Channels:
    """Asks Slack, at most every ten minutes; needs ``channels:read`` and ``groups:read``.

    Only events say whether their channel is shared; commands and buttons do not.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._told: TLRUCache[str, str] = TLRUCache(
            _REMEMBERED_CHANNELS, _forgotten_at, clock.monotonic
        )

    async def is_shared(self, channel_id: str) -> bool | None:
        """Tell whether a channel is shared; None where Slack does not tell."""
        if channel_id.startswith(_DIRECT):
            return False
        told = self._told.get(channel_id)
        if told is None:
            told = self._told[channel_id] = await self._ask(channel_id)
        return {"shared": True, "own": False}.get(told)

    async def _ask(self, channel_id: str) -> str:
        """Ask Slack: ``shared``, ``own``, or empty where it does not tell."""
        asked = self._client.conversations_info(channel=channel_id)
        try:
            response = await ask_slack(asked, within_s=_WITHIN_S)
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("channel_unknown channel=%s reason=%s", channel_id, error)
            return ""
        return "shared" if (response.get("channel") or {}).get("is_ext_shared") else "own"


def _forgotten_at(_channel_id: str, told: str, now: float) -> float:
    return now + (_REMEMBERED_S if told else _ASKED_AGAIN_AFTER_S)
