"""Somebody to ring, and alerts that ring them."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.oncall import OnCallWorld
from bot.settings.sections import PagerDutyPager, WebhookPager
from tests.bot.alerts.world import World, open_world
from tests.bot.pagers.ringing import RINGS, Told


@pytest.fixture
async def called() -> AsyncIterator[OnCallWorld]:
    """Both kinds of pagers, on loopback."""
    async with await OnCallWorld.start() as running:
        yield running


@pytest.fixture
def duty(called: OnCallWorld) -> PagerDutyPager:
    return PagerDutyPager.model_validate(called.pagers()["main"])


@pytest.fixture
def hook(called: OnCallWorld) -> WebhookPager:
    return WebhookPager.model_validate(called.pagers()["ops"])


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Alerts that ring after a minute."""
    async with open_world([RINGS]) as opened:
        yield opened


@pytest.fixture
def told() -> Told:
    return Told()
