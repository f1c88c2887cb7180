"""A local Slack on the machine's clock, one on a clock moved by hand, and Slack's own client."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import SystemClock
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.listening_bot import ListeningBot
from tests.fakes.clock import FakeClock


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with await LocalSlack.start(clock=SystemClock()) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def still_slack(clock: FakeClock) -> AsyncIterator[LocalSlack]:
    """A Slack in which no time passes but what the test lets pass."""
    async with await LocalSlack.start(clock=clock) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as shared:
        yield shared


@pytest.fixture
def web(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)


@pytest.fixture
def still_web(still_slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client of the Slack in which no time passes; it does not try again by itself."""
    return AsyncWebClient(
        still_slack.bot_token, base_url=still_slack.api_url, session=session, retry_handlers=[]
    )


@pytest.fixture
async def bot(slack: LocalSlack) -> AsyncIterator[ListeningBot]:
    """An app on a URL, to which ``slack`` delivers."""
    listening = ListeningBot()
    await listening.start(slack)
    yield listening
    await listening.stop()


@pytest.fixture
async def still_bot(still_slack: LocalSlack) -> AsyncIterator[ListeningBot]:
    """An app on a URL, to which ``still_slack`` delivers."""
    listening = ListeningBot()
    await listening.start(still_slack)
    yield listening
    await listening.stop()
