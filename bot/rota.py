"""Who is on call now, by the calendars a team already has, as people of this workspace.

A calendar is fetched every five minutes at most, every half minute while it cannot be; the last
good copy is used then, and the log says so. A person the workspace does not know is said too: an
alert that called nobody would look as if somebody were coming.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.calendars import Person, UnreadableCalendarError, people_on_call
from bot.fetch import FetchRefusedError
from bot.settings.sections import Rota
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from providers.clock import Clock

_FETCHED_EVERY_S = 300.0
_PEOPLE_EVERY_S = 600.0
_AGAIN_AFTER_S = 30.0
"""How soon to ask again who did not answer."""
_MOST_PAGES, _PAGE = 20, 1000
"""Slack docs, users.list, read 2026-11: at most 1000 a page, some twenty calls a minute."""
_ROTA = "rota:"

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]
"""Fetches a calendar from an address that was checked; raises ``FetchRefusedError``."""


@dataclass(slots=True)
class _Copy:
    """The last good copy of a calendar."""

    text: bytes | None = None
    next_at: float = float("-inf")
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class People:
    """The workspace's people, by address and by name, looked up again every ten minutes."""

    client: AsyncWebClient
    clock: Clock
    _ids: dict[str, str] = field(default_factory=dict)
    _next_at: float = float("-inf")
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, person: Person) -> str | None:
        """Give the Slack id of somebody; None where nobody has the address or the name."""
        async with self._one_at_a_time:
            await self._refresh()
        wanted = (key.casefold() for key in (person.email, person.name) if key)
        return next((self._ids[key] for key in wanted if key in self._ids), None)

    async def _refresh(self) -> None:
        now_s = self.clock.monotonic()
        if now_s < self._next_at:
            return
        try:
            self._ids = await self._fetch()
            self._next_at = now_s + _PEOPLE_EVERY_S
        except (SlackRefusedError, SlackUnreachableError) as error:
            self._next_at = now_s + _AGAIN_AFTER_S
            log.warning("people_unknown reason=%s", error)

    async def _fetch(self) -> dict[str, str]:
        """List everybody; of two people with one name neither is meant by it."""
        found: dict[str, set[str]] = {}
        cursor = ""
        for _ in range(_MOST_PAGES):
            listed = await ask_slack(self.client.users_list(limit=_PAGE, cursor=cursor))
            for member in listed.get("members") or ():
                for key in _names(member):
                    found.setdefault(key, set()).add(str(member.get("id")))
            cursor = str((listed.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def _names(member: Mapping[str, object]) -> set[str]:
    """Tell by which names somebody may be meant; bots and those who left are nobody."""
    if member.get("deleted") or member.get("is_bot"):
        return set()
    profile = member.get("profile")
    told = profile if isinstance(profile, Mapping) else {}
    names = [member.get("name"), member.get("real_name")]
    names += [told.get(key) for key in ("email", "real_name", "display_name")]
    return {str(name).strip().casefold() for name in names if name}


@dataclass(slots=True)
class Rotas:
    """The configured rotas."""

    rotas: Mapping[str, Rota]
    fetch: Fetch
    people: People
    clock: Clock
    _copies: dict[str, _Copy] = field(default_factory=dict)

    async def on_call(self, targets: Sequence[str]) -> dict[str, list[str]]:
        """Tell who is on call in every ``rota:…`` among *targets*, by the rota's name.

        Each is a list of Slack ids, and of names nobody in the workspace was found for; empty where
        the calendar has nobody, or cannot be read.
        """
        names = {one.removeprefix(_ROTA) for one in targets if one.startswith(_ROTA)}
        people = await asyncio.gather(*(self._people_of(name) for name in sorted(names)))
        return dict(zip(sorted(names), people, strict=True))

    async def everybody(self) -> dict[str, list[str]]:
        """Tell so for every rota there is."""
        return await self.on_call([f"{_ROTA}{name}" for name in self.rotas])

    async def _people_of(self, name: str) -> list[str]:
        rota = self.rotas.get(name)
        text = await self._calendar(name, rota) if rota else None
        if text is None:
            return []
        try:
            named = await asyncio.to_thread(people_on_call, text, self.clock.now())
        except UnreadableCalendarError as error:
            log.warning("rota_not_read rota=%s reason=%s", name, error)
            return []
        return [await self.people.find(person) or person.shown for person in named]

    async def _calendar(self, name: str, rota: Rota) -> bytes | None:
        """Give the calendar's text; the last good copy while it cannot be fetched."""
        copy = self._copies.setdefault(name, _Copy())
        async with copy.one_at_a_time:
            now_s = self.clock.monotonic()
            if now_s >= copy.next_at:
                try:
                    copy.text = await self.fetch(rota.ical.get_secret_value())
                    copy.next_at = now_s + _FETCHED_EVERY_S
                except FetchRefusedError as error:
                    copy.next_at = now_s + _AGAIN_AFTER_S
                    log.warning("rota_not_fetched rota=%s reason=%s", name, error)
        return copy.text
