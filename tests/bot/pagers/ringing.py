"""Alerts that ring after a minute, pagers that do as they are told, and who hears of dead pages."""

import asyncio
from dataclasses import dataclass, field

from bot.oncall import Page
from bot.pagers.base import Pager
from bot.pagers.relay import PagerRelay
from bot.store.errors import StoreError
from bot.store.oncall_tables import pages
from tests.bot.alerts.samples import MINUTE, route
from tests.bot.alerts.world import World

RINGS = route(notify=(), escalate=({"after": "1m", "pager": "ops"},))
BOTH = route(
    notify=(), escalate=({"after": "1m", "pager": "ops"}, {"after": "1m", "pager": "main"})
)


@dataclass
class Told:
    """Notes what nobody takes; the store may be out of order the first time."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    fails: bool = False

    async def __call__(self, page: Page, reason: str) -> None:
        self.said.append((page.pager, page.action, reason))
        if self.fails:
            self.fails = False
            raise StoreError("the disk is full")


@dataclass
class RecordingPager:
    """Takes everything, or raises what it is told to."""

    took: list[tuple[int, str]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    lets_go: asyncio.Event | None = None

    async def send(self, page: Page) -> None:
        if self.lets_go is not None:
            await self.lets_go.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.took.append((page.alert_id, page.action))


def relay(world: World, told: Told, **pagers: Pager) -> PagerRelay:
    return PagerRelay(world.store.alerts, pagers, world.clock, told)


async def ring(world: World, *task_ids: str) -> None:
    """Let tasks fail, and a minute go by."""
    await world.fail(*(task_ids or ("a",)))
    await world.run(MINUTE)


async def stands(world: World) -> list[tuple[str, int, str | None]]:
    """Every page's action, state and last error, oldest first."""
    rows = sorted(await world.rows(pages), key=lambda row: row.created_at)
    return [(row.action, row.state, row.error) for row in rows]
