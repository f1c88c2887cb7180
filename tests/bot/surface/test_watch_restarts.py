"""A bot that comes back says nothing, unless something happened while it was away."""

from pathlib import Path

import pytest

from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, prose

LESSON = "LiveLessonAAAAA1"
TOLD_WITHIN_S = 30.0


@pytest.fixture
def store(tmp_path: Path) -> dict[str, str]:
    return {"url": f"sqlite:///{tmp_path}/bot.db"}


async def test_what_happened_while_it_was_away_is_told_once(
    bot_with: BotWith, slack: LocalSlack, cloud_clock: MovingClock, store: dict[str, str]
) -> None:
    async with bot_with(store=store):
        await Person(slack).asks(f"watch record {LESSON}")
        (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))
    cloud_clock.skip(31)

    async with bot_with(store=store):
        told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], TOLD_WITHIN_S)
        await slack.wait_for(lambda: "Done" in prose(card))
    async with bot_with(store=store):
        await Person(slack).asks("watches")

    assert [one.thread_ts for one in told] == [card.ts]
    assert slack.messages("C0MEDIA") == [card, *told]


async def test_where_nothing_happened_nothing_is_said_and_the_task_is_followed_on(
    bot_with: BotWith, slack: LocalSlack, cloud_clock: MovingClock, store: dict[str, str]
) -> None:
    async with bot_with(store=store):
        await Person(slack).asks(f"watch record {LESSON}")
        (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    async with bot_with(store=store):
        listed = await Person(slack).asks("watches")
        quiet = slack.messages("C0MEDIA") == [card]
        cloud_clock.skip(31)
        told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], TOLD_WITHIN_S)

    assert LESSON in prose(listed)
    assert quiet
    assert len(told) == 1
