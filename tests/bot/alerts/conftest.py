from collections.abc import AsyncIterator

import pytest

from tests.bot.alerts.world import World, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """On-call with one route."""
    async with open_world() as opened:
        yield opened
