"""What people asked for lately, written behind their backs.

A person's answer does not wait for the disk, and many people's lookups share one commit. What a
crash takes is the last second of a list that only helps the memory.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.asker import Asker
from bot.models import RecentLookup
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock
from providers.models import TaskRef, TaskStatus

_WRITTEN_EVERY_S = 1.0
_MOST_KEPT = 1_000
"""People whose lookups wait for a store in trouble; beyond, the new ones are not remembered."""

log = logging.getLogger(__name__)

_Person = tuple[str, str]
"""The workspace's id and the user's."""


@dataclass(slots=True)
class Recents:
    """Remembers lookups for everybody."""

    store: Store
    clock: Clock
    _noted: dict[_Person, dict[TaskRef, TaskStatus]] = field(default_factory=dict)
    _running: asyncio.Task[None] | None = field(default=None)

    def note(self, asker: Asker, statuses: Sequence[TaskStatus]) -> None:
        """Remember that this person asked for these; the later answer counts."""
        person = (asker.team_id, asker.user_id)
        if person not in self._noted and len(self._noted) >= _MOST_KEPT:
            return
        noted = self._noted.setdefault(person, {})
        for status in statuses:
            noted.pop(status.ref, None)
            noted[status.ref] = status

    async def of(self, asker: Asker) -> list[RecentLookup]:
        """Tell what this person asked for lately; nothing where the store is in trouble."""
        try:
            await self._write()
            return await self.store.recent_lookups(asker.team_id, asker.user_id)
        except StoreError as error:
            log.warning("lookups_unknown reason=%s", error)
            return []

    def start(self) -> None:
        """Begin to write every second; returns at once."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Write what is left."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._try_to_write()

    async def _run(self) -> None:
        while True:
            await self.clock.sleep(_WRITTEN_EVERY_S)
            await self._try_to_write()

    async def _try_to_write(self) -> None:
        try:
            await self._write()
        except StoreError as error:
            log.warning("lookups_not_remembered reason=%s", error)

    async def _write(self) -> None:
        """Write everything noted in one commit; what could not be written is noted again."""
        taken, self._noted = self._noted, {}
        if not taken:
            return
        try:
            await self.store.remember_everybodys_lookups(
                {person: list(noted.values()) for person, noted in taken.items()},
                self.clock.now(),
            )
        except StoreError:
            for person, noted in taken.items():
                self._noted[person] = noted | self._noted.get(person, {})
            raise
