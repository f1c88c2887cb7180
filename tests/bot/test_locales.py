"""In which language a person reads Slack is asked seldom, and never waited for long."""

from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.locales import Locales
from bot.sandbox.slack.server import LocalSlack
from tests.fakes.clock import FakeClock

CHEN = "U0CHEN"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def locales(slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock) -> Locales:
    client = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )
    return Locales(client, clock)


def move_to_england(slack: LocalSlack) -> None:
    users = slack.backend.workspace.users
    users[CHEN] = replace(users[CHEN], locale="en-GB")


async def test_a_language_is_asked_once_an_hour(
    locales: Locales, slack: LocalSlack, clock: FakeClock
) -> None:
    first = await locales.locale_of(CHEN)
    move_to_england(slack)
    await clock.advance(3599)
    remembered = await locales.locale_of(CHEN)
    await clock.advance(2)
    anew = await locales.locale_of(CHEN)

    assert (first, remembered, anew) == ("zh-CN", "zh-CN", "en-GB")


async def test_where_slack_does_not_tell_it_is_asked_again_after_a_minute(
    locales: Locales, slack: LocalSlack, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("users.info", "http_500")

    first = await locales.locale_of(CHEN)
    soon = await locales.locale_of(CHEN)
    await clock.advance(61)
    later = await locales.locale_of(CHEN)

    assert (first, soon, later) == ("en-US", "en-US", "zh-CN")
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("locale_unknown reason=")


async def test_somebody_without_a_language_reads_english(
    locales: Locales, slack: LocalSlack
) -> None:
    users = slack.backend.workspace.users
    users[CHEN] = replace(users[CHEN], locale="")

    assert await locales.locale_of(CHEN) == "en-US"
