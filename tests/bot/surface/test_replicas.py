"""Two bots on one PostgreSQL are one to whoever watches."""

from bot.sandbox.slack.server import LocalSlack
from bot.store.maintenance import migrate_store
from tests.bot.surface.conftest import BotWith
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, prose

LESSON = "LiveLessonAAAAA1"
TOLD_WITHIN_S = 40.0


async def test_two_replicas_post_one_card_and_tell_the_end_once(
    bot_with: BotWith, slack: LocalSlack, cloud_clock: MovingClock, postgres_url: str
) -> None:
    await migrate_store(postgres_url)
    store = {"url": postgres_url}
    async with bot_with(store=store), bot_with(store=store):
        await Person(slack).asks(f"watch record {LESSON}")
        await Person(slack, user="U0BOB").asks(f"watch record {LESSON}")
        (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))
        cloud_clock.skip(31)
        told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], TOLD_WITHIN_S)
        await slack.wait_for(lambda: "Done" in prose(card), TOLD_WITHIN_S)

    assert [one.thread_ts for one in told] == [card.ts]
    assert slack.messages("C0MEDIA") == [card, *told]
