"""Many ends at once."""

from collections import Counter
from dataclasses import replace

from bot.models import DeliveryState, Happening
from tests.bot.relay.world import CHANNEL, World, news, open_world
from tests.fakes.jumping_loop import run_jumping


def test_five_hundred_ends_in_one_channel_are_told_within_25_s_each_once() -> None:
    async def main() -> None:
        async with open_world() as world:
            cards = [await world.posted_card() for _ in range(500)]
            began = world.clock.monotonic()
            await world.add(*(news(n, card_id=card) for n, card in enumerate(cards)))
            await _until_all_are_told(world)

            took = world.clock.monotonic() - began
            told = Counter(" ".join(world.slack.texts(CHANNEL)).split())
            assert took < 25
            assert all(told[f"news:{n}:1:finished"] == 1 for n in range(500))

    run_jumping(main())


async def _until_all_are_told(world: World) -> None:
    while (await world.store.deliveries.backlog()).count:
        await world.clock.sleep(1)
    assert {DeliveryState.SENT, DeliveryState.MERGED}.issuperset(await world.states())


def test_ends_of_one_card_are_one_reply_in_its_thread_that_names_them_all() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            await world.add(*(news(n, card_id=card_id) for n in range(3)))

            await world.clock.sleep(5)

            card, reply = world.slack.in_channel(CHANNEL)
            *members, group = await world.all()
            payload = (reply.metadata or {})["event_payload"]
            assert reply.thread_ts == card.ts
            assert payload["delivery_id"] == group.id
            assert payload["delivery_ids"] == [member.id for member in members]
            assert len(payload["tasks"]) == 3
            assert {member.state for member in members} == {DeliveryState.MERGED}

    run_jumping(main())


def test_a_digest_nobody_is_left_to_be_told_by_is_dropped() -> None:
    async def main() -> None:
        async with open_world() as world:
            digest = replace(news(), kind="digest", key="digest:x")
            orphan = await world.store.deliveries.fold(digest, ["nobody"], world.clock.now())
            await world.clock.sleep(2)

            assert orphan is not None
            assert (await world.one()).state is DeliveryState.SUPERSEDED

    run_jumping(main())


def test_an_end_supersedes_what_was_not_told_before_it() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order("chat.postMessage", "ratelimited")
            await world.add(news(1, Happening.STARTED))
            await world.clock.sleep(2)
            await world.add(news(1))

            await world.clock.sleep(40)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert await world.states() == [DeliveryState.SUPERSEDED, DeliveryState.SENT]

    run_jumping(main())


def test_a_thousand_ends_over_200_channels_are_told_within_15_s() -> None:
    async def main() -> None:
        async with open_world() as world:
            ends = [news(n, channel_id=f"C{n % 200}") for n in range(1000)]
            began = world.clock.monotonic()
            await world.add(*ends)
            await _until_all_are_told(world)

            assert world.clock.monotonic() - began < 15

    run_jumping(main())
