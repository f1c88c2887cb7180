"""What Slack tells about a channel: is it shared (Slack Connect), and may the bot post there."""

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
_CLOSED = "not_in_channel"
_INVISIBLE = "channel_not_found"
_ARCHIVED = "is_archived"

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

    async def bars(self, channel_id: str) -> str | None:
        """Tell why the bot could not post there now; None: it could, as far as Slack tells.

        In Slack's words for a refused ``chat.postMessage``: ``not_in_channel``, for what the bot
        cannot even see ``channel_not_found``, ``is_archived``. Never remembered: it may be let in.
        """
        try:
            response = await ask_slack(
                self._client.conversations_info(channel=channel_id), within_s=_WITHIN_S
            )
        except SlackRefusedError as refusal:
            return _INVISIBLE if str(refusal) == _INVISIBLE else None
        except SlackUnreachableError as error:
            log.warning("channel_unknown channel=%s reason=%s", channel_id, error)
            return None
        channel = response.get("channel") or {}
        if channel.get("is_archived"):
            return _ARCHIVED
        is_inside = channel.get("is_member", True) or channel.get("is_im", False)
        return None if is_inside else _CLOSED

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
