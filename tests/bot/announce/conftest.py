from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.alert_letters import AlertLetters
from bot.announce import Announcements
from bot.audience import Audience
from bot.store.store import Store, open_store
from bot.views.on_call import OnCall
from bot.views.words import CHINESE
from bot.watch.forecasts import Forecasts
from bot.watch.histories import Histories
from bot.watch.policy import Rules
from tests.bot.test_audience import BASE, KnownLocales
from tests.bot.test_sheets import Studio
from tests.bot.views.samples import NOW
from tests.fakes.clock import FakeClock


class KnownChannels:
    """Knows one channel that another company reads, too."""

    async def is_shared(self, channel_id: str) -> bool:
        return channel_id == "C0SHARED"


async def nobody_on_call(_targets: Sequence[str]) -> OnCall:
    return {}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def store(clock: FakeClock) -> AsyncIterator[Store]:
    async with open_store("sqlite://", clock) as opened:
        yield opened


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def announcements(store: Store, studio: Studio, clock: FakeClock) -> Announcements:
    locales: Any = KnownLocales()
    channels: Any = KnownChannels()
    audience = Audience(store, locales, BASE, CHINESE)
    letters = AlertLetters(store, nobody_on_call, clock)
    forecasts = Forecasts(store, Histories(store, Rules()))
    return Announcements(store, audience, channels, forecasts, studio.sheets(), letters, clock)
