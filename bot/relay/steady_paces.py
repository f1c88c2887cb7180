"""Shared schedules that do not stop where the store does."""

import logging
from dataclasses import dataclass

from bot.paces import Paces
from bot.store.errors import StoreError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class SteadyPaces:
    """Keeps to *shared*, and to this process's *own* pace while the store does not answer.

    People are answered without a store too; Slack's 429 then says where replicas were too many.
    """

    shared: Paces
    own: Paces
    _is_alone: bool = False

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        """Reserve a slot, as ``Paces`` says."""
        try:
            wait = await self.shared.take(name, interval_s, ahead_s=ahead_s)
        except StoreError as error:
            self._note(str(error))
            return await self.own.take(name, interval_s, ahead_s=ahead_s)
        self._is_alone = False
        return wait

    async def hold_off(self, name: str, seconds: float) -> None:
        """Push the next slot, as ``Paces`` says; our own too, in case."""
        await self.own.hold_off(name, seconds)
        try:
            await self.shared.hold_off(name, seconds)
        except StoreError as error:
            self._note(str(error))

    def _note(self, reason: str) -> None:
        if not self._is_alone:
            log.warning("paces_not_shared reason=%s", reason)
        self._is_alone = True
