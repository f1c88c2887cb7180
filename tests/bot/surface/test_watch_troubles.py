"""Where a watch cannot be told where it should be, somebody hears of it all the same."""

from collections.abc import AsyncIterator

import pytest

from bot.app import Bot
from bot.sandbox.slack.entities import Channel, Message
from bot.sandbox.slack.server import LocalSlack
from bot.store.errors import StoreError
from tests.bot.surface.conftest import BotWith
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, labels, prose

LESSON = "LiveLessonAAAAA1"
PAUSED = "PausedRecAAAAAA1"
OPERATOR = "U0CHEN"
TOLD_WITHIN_S = 30.0


@pytest.fixture
async def bot(bot_with: BotWith) -> AsyncIterator[Bot]:
    """A bot with somebody who looks after it."""
    async with bot_with(operators={"users": [OPERATOR]}) as running:
        yield running


@pytest.fixture
def channel(slack: LocalSlack) -> Channel:
    return slack.backend.workspace.channels["C0MEDIA"]


async def card_of(slack: LocalSlack) -> Message:
    (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))
    return card


async def told_directly(slack: LocalSlack) -> Message:
    """Wait for what the bot writes to Alice alone."""
    (told,) = await slack.wait_for(lambda: slack.messages("D0ALICE"), TOLD_WITHIN_S)
    return told


async def test_in_an_archived_channel_whoever_began_it_is_told_directly(
    alice: Person, slack: LocalSlack, channel: Channel, cloud_clock: MovingClock
) -> None:
    await alice.asks(f"watch record {LESSON}")
    await card_of(slack)
    channel.is_archived = True
    cloud_clock.skip(31)

    told = await told_directly(slack)

    assert "<#C0MEDIA>" in prose(told)
    assert LESSON in prose(told)


async def test_a_bot_that_was_removed_tells_so_and_sends_again_what_an_operator_wants_sent(
    alice: Person, slack: LocalSlack, channel: Channel, cloud_clock: MovingClock
) -> None:
    operator = Person(slack, user=OPERATOR)
    await alice.asks(f"watch record {LESSON}")
    await card_of(slack)
    channel.members.discard(slack.bot_user_id)
    cloud_clock.skip(31)
    told = await told_directly(slack)
    homes = [await operator.opens_home(), await alice.opens_home()]

    channel.members.add(slack.bot_user_id)
    await operator.presses_in(homes[0], "重新发送")
    (end,) = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], TOLD_WITHIN_S)

    assert "<#C0MEDIA>" in prose(told)
    assert "Send again" not in labels(homes[1])
    assert LESSON in prose(end)


async def test_what_cannot_be_stored_is_said_and_not_watched(
    alice: Person,
    slack: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("bot.store.watches.WatchStore.start", fail)
    monkeypatch.setattr("bot.store.watches.WatchStore.open_watches", fail)

    said = [
        prose(await alice.asks(words))
        for words in (f"watch record {PAUSED}", f"unwatch record {PAUSED}", "watches")
    ]
    await alice.opens_home()

    assert all("could not be" in text for text in said)
    assert slack.messages("C0MEDIA") == []
    events = {message.partition(" ")[0] for message in caplog.messages}
    assert {"watch_not_started", "watch_not_ended", "watches_unknown"} <= events


async def test_without_the_scope_to_open_conversations_everybody_is_told_all_the_same(
    alice: Person, slack: LocalSlack, channel: Channel, cloud_clock: MovingClock
) -> None:
    slack.backend.workspace.scopes.discard("im:write")
    await alice.asks(f"watch record {LESSON}")
    await card_of(slack)
    channel.is_archived = True
    cloud_clock.skip(31)
    told = await told_directly(slack)

    await Person(slack, channel="C0ONCALL").asks(f"watch record {PAUSED}")

    assert LESSON in prose(told)
    assert await slack.wait_for(lambda: slack.messages("C0ONCALL"))
