"""One effect for one delivery, also when Slack delivers it again, and over restarts."""

import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.asker import Asker
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock

_LATELY_S = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipts:
    """Remembers what has come."""

    store: Store
    clock: Clock

    async def is_first(self, asker: Asker, key: str) -> bool:
        """Record a delivery; where the store fails, everything is new, for silence is worse."""
        try:
            return await self.store.is_first(asker.team_id, key, self.clock.now())
        except StoreError as error:
            log.warning("receipt_not_recorded reason=%s", error)
            return True

    async def once(
        self, asker: Asker, key: str, work: Coroutine[Any, Any, Answer | None]
    ) -> Answer | None:
        """Do *work* if this is the first delivery under *key*."""
        try:
            return await work if await self.is_first(asker, key) else None
        finally:
            work.close()

    async def claim(self, asker: Asker, key: str) -> tuple[str, ...]:
        """Claim what may be done again later: one of all who try within ten seconds gets it.

        Gives what to hand to ``release`` where nothing comes of it; empty to whoever comes too
        late. Two spans of ten seconds are claimed, this and the last, so that no two get it who
        come to either side of a boundary.
        """
        span = int(self.clock.now().timestamp()) // _LATELY_S
        keys = (f"{key}@{span}", f"{key}@{span - 1}")
        is_theirs = [await self.is_first(asker, one) for one in keys]
        return keys if all(is_theirs) else ()

    async def release(self, asker: Asker, claimed: tuple[str, ...]) -> None:
        """Let the next one try."""
        for key in claimed:
            try:
                await self.store.forget_receipt(asker.team_id, key)
            except StoreError as error:
                log.warning("receipt_not_taken_back reason=%s", error)
