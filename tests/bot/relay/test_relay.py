"""Deliveries on their way, from the commit to the message."""

from bot.models import DeliveryState, Happening
from tests.bot.relay.world import CHANNEL, card_delivery, news, open_world
from tests.fakes.jumping_loop import run_jumping


def test_what_was_committed_is_posted_once_and_at_once() -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.add(news())

            await world.clock.sleep(0.5)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())


def test_a_card_is_posted_before_its_news_and_they_are_replies_to_it() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            await world.add(news(card_id=card_id), card_delivery(card_id))

            await world.clock.sleep(5)

            card, reply = world.slack.in_channel(CHANNEL)
            assert card.text == f"card {card_id} at 1"
            assert reply.thread_ts == card.ts

    run_jumping(main())


def test_one_channel_gets_a_message_every_1100_ms_and_others_do_not_wait_for_it() -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.add(*(news(n, Happening.STALLED) for n in range(3)))
            await world.add(news(9, channel_id="C2"))

            await world.clock.sleep(5)

            times = world.slack.times("chat.postMessage")
            assert len(times) == 4
            assert times[-1] >= 2.2
            assert world.slack.texts("C2") == ["news:9:1:finished"]

    run_jumping(main())
