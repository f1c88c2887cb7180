"""What one sweep remembers: how far it looked, when it first did, and what is not settled yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.intake.unsettled import Span, span
from bot.store.sweep_marks import SweepMarks


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one lane. Methods raise ``StoreError`` where the store fails."""

    lane: str
    stored: SweepMarks

    async def span(self, now: datetime) -> Span:
        """Say which part of the list to look through now; empty at the first sweep ever."""
        began_at = await self.stored.watermark(self._beginning)
        if began_at is None:
            await self.stored.move_watermark(self._beginning, now, now)
        return span(await self.stored.watermark(self.lane), began_at, now)

    async def advance(self, until: datetime) -> None:
        """Note that the list was looked through."""
        await self.stored.move_watermark(self.lane, until, until)

    async def running(self) -> set[str]:
        """Tell what was listed as running when it was last looked at."""
        return await self.stored.running(self.lane)

    async def keep_running(self, ids: Collection[str], at: datetime) -> None:
        """Note what is listed as running."""
        await self.stored.replace_running(self.lane, ids, at)

    async def unsettled(self) -> set[str]:
        """Tell what is listed as running no more, and has come to no end yet."""
        return await self.stored.running(self._unsettled)

    async def keep_unsettled(self, ids: Collection[str], at: datetime) -> None:
        """Note what has come to no end yet."""
        await self.stored.replace_running(self._unsettled, ids, at)

    @property
    def _beginning(self) -> str:
        return f"{self.lane}:beginning"

    @property
    def _unsettled(self) -> str:
        return f"{self.lane}:unsettled"
