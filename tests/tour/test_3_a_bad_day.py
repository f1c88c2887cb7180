"""Slack cannot show something, or a vendor is down; the person still learns what is known."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.app import Bot, run_bot
from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import come_up, settings_tree
from tests.fakes.clock import FakeClock
from tests.fakes.person import Person, labels, pictures, prose

THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"
RECORDING = "X3CgNeE4I1qAAABN"


@pytest.fixture
def bot_clock() -> FakeClock:
    """The bot's time, which stands still until the test moves it."""
    return FakeClock(SystemClock().now())


@pytest.fixture
async def bot(clouds: VendorClouds, slack: LocalSlack, bot_clock: FakeClock) -> AsyncIterator[Bot]:
    """A bot that waits half a second for ZEGO, where an operator leaves it at ten."""
    tree = settings_tree(clouds, slack)
    tree["accounts"]["main"]["timeout"] = 0.5
    async with run_bot(Settings.model_validate(tree), bot_clock) as running:
        await come_up(running)
        await slack.wait_for(lambda: slack.connections)
        yield running


async def test_one_picture_slack_cannot_fetch_does_not_lose_the_message(
    alice: Person, clouds: VendorClouds
) -> None:
    """Slack refuses a whole message over one picture; the answer then comes without pictures."""
    clouds.set_weather(Cloud.MEDIA, Weather(kind=WeatherKind.HTTP_500))

    card = await alice.asks(f"tencent {THUMBNAILS}")

    assert "*Thumbnails · Done*" in prose(card)
    assert "Pictures are left out: Slack could not fetch them." in prose(card)
    assert pictures(card) == []
    assert "Refresh" in labels(card)


async def test_a_vendor_that_is_down_costs_one_timeout_and_comes_back(
    alice: Person, bot: Bot, bot_clock: FakeClock, clouds: VendorClouds
) -> None:
    """The first to ask waits; the next are told at once; then the bot finds out by itself."""
    clouds.set_weather(Cloud.RECORD, Weather(kind=WeatherKind.HANG))
    waited = await alice.asks(f"record {RECORDING}")
    told_at_once = await alice.asks("record LostFilesAAAAAA1")
    asked_while_down = sum(asked.action == "DescribeRecordStatus" for asked in clouds.requests)

    clouds.set_weather(Cloud.RECORD, Weather())
    await _comes_back("record@main", bot, bot_clock)
    answered = await alice.asks(f"record {RECORDING}")

    assert "*Media task · No answer*" in prose(waited)
    assert "no answer within 0.5 s" in prose(waited)
    assert "it is being asked again in the background" in prose(told_at_once)
    assert asked_while_down == 1
    assert "*Recording · Done*" in prose(answered)


async def _comes_back(gate: str, bot: Bot, clock: FakeClock) -> None:
    """Let time pass until /readyz says that the vendor answers."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        answering = False
        while not answering:
            await clock.advance(2)
            async with session.get(f"http://127.0.0.1:{bot.port}/readyz") as response:
                answering = (await response.json())["vendors"][gate]["answering"]
    await clock.advance(1)  # the probe took a turn of the vendor's pace; the next one comes
