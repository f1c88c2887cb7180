"""Two bots on one PostgreSQL: whoever is told, the channel hears of it once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.app import run_bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import come_up, settings_tree
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, labels, links, prose

LESSON = "LiveLessonAAAAA1"
_TOLD_WITHIN_S = 40.0


@pytest.fixture
def settings(clouds: VendorClouds, slack: LocalSlack, postgres_url: str) -> Settings:
    tree = settings_tree(clouds, slack)
    return Settings.model_validate({**tree, "store": {"url": postgres_url}})


@pytest.fixture
async def first(settings: Settings) -> AsyncIterator[AsyncExitStack]:
    """The first of two bots, which a test may stop; it has the lanes to itself."""
    async with AsyncExitStack() as stack:
        await come_up(await stack.enter_async_context(run_bot(settings, SystemClock())))
        yield stack


@pytest.fixture
async def second(settings: Settings, first: AsyncExitStack) -> AsyncIterator[None]:
    assert first is not None  # it comes up before the second
    async with run_bot(settings, SystemClock()) as bot:
        await come_up(bot)
        yield


@pytest.fixture
def alice(slack: LocalSlack, second: None) -> Person:
    assert second is None
    return Person(slack)


async def test_both_answer_and_one_tells_the_end(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    await slack.wait_for(lambda: slack.connections >= 4)
    answers = await asyncio.gather(*(alice.asks(f"record {LESSON}") for _ in range(6)))
    await alice.asks(f"watch record {LESSON}")
    (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))
    cloud_clock.skip(31)

    told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], _TOLD_WITHIN_S)
    await slack.wait_for(lambda: "Done" in prose(card))

    assert all("Running" in prose(answer) for answer in answers)
    assert [one.thread_ts for one in told] == [card.ts]
    assert links(told[0])


async def test_one_that_stops_hands_its_watches_over(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock, first: AsyncExitStack
) -> None:
    await alice.asks(f"watch record {LESSON}")
    (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    await first.aclose()
    cloud_clock.skip(31)
    told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], _TOLD_WITHIN_S)
    await slack.wait_for(lambda: "Done" in prose(card))

    assert [one.thread_ts for one in told] == [card.ts]
    assert "Unwatch" not in labels(card)
