"""Which of the user groups a policy names somebody is in."""

import logging
from collections.abc import Iterable

from cachetools import TLRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from providers.clock import Clock

_REMEMBERED_S = 600.0
_ASKED_AGAIN_AFTER_S = 60.0
_REMEMBERED_GROUPS = 1_000
_WITHIN_S = 3.0

log = logging.getLogger(__name__)

_Told = tuple[frozenset[str]] | tuple[()]
"""A group's members; empty where Slack did not tell."""


class Groups:
    """Asks Slack who is in a group, at most every ten minutes; needs ``usergroups:read``."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._told: TLRUCache[str, _Told] = TLRUCache(
            _REMEMBERED_GROUPS, _forgotten_at, clock.monotonic
        )

    async def groups_of(self, user_id: str, named: Iterable[str]) -> frozenset[str] | None:
        """Tell which of the groups *named* hold a person; None where Slack does not tell."""
        found = set()
        for group in named:
            members = await self._members(group)
            if not members:
                return None
            if user_id in members[0]:
                found.add(group)
        return frozenset(found)

    async def _members(self, group: str) -> _Told:
        told = self._told.get(group)
        if told is None:
            told = self._told[group] = await self._ask(group)
        return told

    async def _ask(self, group: str) -> _Told:
        asked = self._client.usergroups_users_list(usergroup=group)
        try:
            response = await ask_slack(asked, within_s=_WITHIN_S)
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("groups_unknown group=%s reason=%s", group, error)
            return ()
        return (frozenset(map(str, response.get("users") or ())),)


def _forgotten_at(_group: str, told: _Told, now: float) -> float:
    return now + (_REMEMBERED_S if told else _ASKED_AGAIN_AFTER_S)
