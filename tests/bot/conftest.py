"""What the tests of the bot's modules share."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.vendors import open_session
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.scripted_server import ScriptedServer, scripted_server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The process's one session."""
    async with open_session() as opened:
        yield opened


@pytest.fixture
def hasty_clock() -> HastyClock:
    """A clock on which nobody waits."""
    return HastyClock()


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    """Somebody on the network who says what the test wants."""
    async with scripted_server() as listening:
        yield listening
