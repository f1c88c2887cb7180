"""People at an alert, over real tables and without Slack."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.alertdesk import AlertDesk, Hearing
from bot.asker import Asker
from bot.store.store import Store
from bot.views.options import Options
from bot.views.words import ENGLISH, Words
from providers.clock import Clock
from tests.bot.alerts.world import World, open_world


@dataclass
class Everything:
    """As much of the questions as is asked here: a store, a clock, a language; all is allowed."""

    store: Store
    clock: Clock

    @property
    def audience(self) -> "Everything":
        return self

    @property
    def guard(self) -> "Everything":
        return self

    @property
    def channels(self) -> "Everything":
        return self

    async def bars(self, _channel_id: str) -> bool:
        return False

    async def refuse(self, *_: Any, **__: Any) -> None:
        return None

    async def options(self, _asker: Asker, *, public: bool) -> Options:
        return Options(public=public)

    async def words(self, _asker: Asker) -> Words:
        return ENGLISH


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


@pytest.fixture
def desk(world: World) -> AlertDesk:
    async def unsilenced(team_id: str, _at: object) -> None:
        await world.clockwork.wake_silenced(team_id, world.clock.now())

    questions: Any = Everything(world.store, world.clock)
    hearing = Hearing({"record": ["main"]}, frozenset(), {"main": "callback_secret"})
    return AlertDesk(questions, hearing, frozenset(), lambda: None, unsilenced)
