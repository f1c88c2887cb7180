"""Cards are kept true."""

import pytest

from bot.models import DeliveryState, Happening
from tests.bot.relay.world import CHANNEL, CREATOR, card_delivery, news, open_world
from tests.fakes.jumping_loop import run_jumping
from tests.fakes.scripted_slack import LIMITED, LOST

EDIT = "chat.update"


def test_many_changes_are_one_edit_that_shows_the_latest() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            for _ in range(7):
                await world.touch(card_id)
            world.relay.wake()

            await world.clock.sleep(5)

            (card,) = world.slack.in_channel(CHANNEL)
            assert (card.text, card.edits) == (f"card {card_id} at 8", 1)
            assert (await world.card_row(card_id)).shown == 8

    run_jumping(main())


def test_edits_keep_to_slacks_pace_and_no_card_is_left_out() -> None:
    async def main() -> None:
        async with open_world() as world:
            cards = [await world.posted_card(f"C{n}") for n in range(20)]
            for card_id in cards:
                await world.touch(card_id)
            world.relay.wake()
            busy = cards[0]
            for _ in range(30):
                await world.touch(busy)
                await world.clock.sleep(1)

            edited = [(await world.card_row(card_id)).shown for card_id in cards]
            times = world.slack.times(EDIT)
            assert all(shown > 1 for shown in edited)
            assert len(times) <= 30 / (60 / 50) + 1

    run_jumping(main())


def test_a_card_whose_end_is_told_is_true_before_the_reply_stands_there() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            await world.touch(card_id)
            await world.add(news(card_id=card_id))

            await world.clock.sleep(2)

            methods = [name for name, _, _ in world.slack.calls[1:]]
            assert methods == [EDIT, "chat.postMessage"]

    run_jumping(main())


def test_a_deleted_card_is_posted_anew_and_its_end_is_told_there() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.messages.clear()
            await world.touch(card_id)
            await world.add(news(card_id=card_id))

            await world.clock.sleep(5)

            card, reply = world.slack.in_channel(CHANNEL)
            assert card.text == f"card {card_id} at 2"
            assert (reply.text, reply.thread_ts) == ("news:1:1:finished", card.ts)

    run_jumping(main())


def test_a_card_deleted_twice_is_lost_and_its_creator_is_told() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            for _ in range(2):
                world.slack.messages.clear()
                await world.touch(card_id)
                world.relay.wake()
                await world.clock.sleep(5)
            await world.add(news(card_id=card_id))
            await world.clock.sleep(5)

            again, notice, _ = await world.all()
            assert (again.key, notice.key) == (
                f"card:{card_id}:again",
                f"card:{card_id}:dm:{CREATOR}",
            )
            assert notice.facts["notice"] == "card_deleted"
            assert [one.thread_ts for one in world.slack.in_channel(CHANNEL)] == [None]

    run_jumping(main())


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message"])
def test_a_card_that_may_not_be_edited_is_left_alone_and_said_so_once(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.refuses[EDIT] = code
            for _ in range(3):
                await world.touch(card_id)
                world.relay.wake()
                await world.clock.sleep(10)
            await world.add(news(card_id=card_id))
            await world.clock.sleep(2)

            assert len(world.slack.times(EDIT)) == 1
            assert world.slack.in_channel(CHANNEL)[1].thread_ts is not None

    run_jumping(main())

    assert caplog.text.count("card_not_editable") == 1


def test_a_channel_found_archived_by_an_edit_is_told_to_the_creator() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.refuses[EDIT] = "is_archived"
            await world.touch(card_id)

            await world.clock.sleep(10)

            assert (await world.one()).facts["notice"] == "channel_archived"
            assert len(world.slack.in_channel("D1")) == 1
            assert len(world.slack.times(EDIT)) == 1

    run_jumping(main())


def test_more_cards_than_one_round_edits_are_edited_by_the_next() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.latency_s = 0
            cards = [await world.posted_card(f"C{n}") for n in range(101)]
            for card_id in cards:
                await world.touch(card_id)
            world.relay.wake()

            await world.clock.sleep(101 * 1.27 + 10)

            assert [(await world.card_row(card_id)).shown for card_id in cards] == [2] * 101

    run_jumping(main())


def test_a_card_that_another_replica_edits_keeps_its_end_from_nobody() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            await world.touch(card_id)
            assert await world.store.cards.claim_stale(world.clock.now())
            await world.add(news(card_id=card_id))

            await world.clock.sleep(2)

            assert world.slack.texts(CHANNEL)[1:] == ["news:1:1:finished"]

    run_jumping(main())


def test_an_end_does_not_wait_for_an_edit_that_has_no_turn_now() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            assert await world.egress.turn_now(EDIT)
            await world.touch(card_id)
            await world.add(news(card_id=card_id))

            await world.clock.sleep(0.5)

            assert world.slack.texts(CHANNEL)[1:] == ["news:1:1:finished"]
            assert world.slack.times(EDIT) == []

    run_jumping(main())


def test_a_card_that_is_lost_already_is_not_told_again() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.refuses[EDIT] = "is_archived"
            world.slack.latency_s = 1
            await world.touch(card_id)
            world.relay.wake()
            await world.clock.sleep(0.5)
            card = await world.store.cards.card(card_id)
            assert card is not None
            await world.store.cards.lose(card, world.clock.now())

            await world.clock.sleep(5)

            assert await world.all() == []

    run_jumping(main())


@pytest.mark.parametrize(
    "order", [LOST, "internal_error", "update_failed", LIMITED, "token_revoked"]
)
def test_an_edit_that_fails_for_now_is_made_again(order: str) -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.order(EDIT, order)
            await world.touch(card_id)

            await world.clock.sleep(70)

            assert len(world.slack.times(EDIT)) == 2
            assert (await world.card_row(card_id)).shown == 2

    run_jumping(main())


@pytest.mark.parametrize(
    ("orders", "calls", "is_plain"),
    [
        (["invalid_blocks"], 2, True),
        (["invalid_blocks", "invalid_blocks"], 2, False),
        (["invalid_blocks", LOST], 3, False),
    ],
)
def test_a_card_slack_refuses_for_its_content_is_shown_as_text(
    orders: list[str], calls: int, *, is_plain: bool
) -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.order(EDIT, *orders)
            await world.touch(card_id)

            await world.clock.sleep(20)

            (card,) = world.slack.in_channel(CHANNEL)
            assert len(world.slack.times(EDIT)) == calls
            assert (await world.card_row(card_id)).shown == 2
            assert (card.text == f"card {card_id} at 2" and not card.blocks) is is_plain

    run_jumping(main())


@pytest.mark.parametrize(("refusals", "calls", "text"), [(1, 2, "plain card"), (2, 3, "card")])
def test_a_card_shows_less_and_less_until_slack_takes_it(
    refusals: int, calls: int, text: str
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.has_plainer_blocks = True
            card_id = await world.posted_card()
            world.slack.order(EDIT, *["invalid_blocks"] * refusals)
            await world.touch(card_id)

            await world.clock.sleep(20)

            (card,) = world.slack.in_channel(CHANNEL)
            assert len(world.slack.times(EDIT)) == calls
            assert (card.text, bool(card.blocks)) == (f"{text} {card_id} at 2", refusals == 1)

    run_jumping(main())


def test_a_card_that_cannot_be_drawn_costs_neither_others_nor_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id, other = await world.posted_card(), await world.posted_card("C2")
            await world.touch(card_id)
            world.letters.troubles = [ValueError("no")]
            await world.add(news(card_id=card_id))
            await world.clock.sleep(2)
            await world.touch(other)
            await world.clock.sleep(65)

            assert (await world.one()).state is DeliveryState.SENT
            assert [(await world.card_row(one)).shown for one in (card_id, other)] == [2, 2]

    run_jumping(main())

    assert "card_not_drawn" in caplog.text
    caplog.clear()


def test_a_card_with_nothing_to_show_is_left_as_it_is() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.letters.pointless = {f"card:{card_id}"}
            await world.touch(card_id)

            await world.clock.sleep(5)

            assert world.slack.times(EDIT) == []
            assert (await world.card_row(card_id)).shown == 2

    run_jumping(main())


def test_a_change_while_a_card_is_posted_is_shown_by_an_edit() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            world.slack.latency_s = 1
            await world.add(card_delivery(card_id))
            await world.clock.sleep(0.5)
            await world.touch(card_id)

            await world.clock.sleep(5)

            (card,) = world.slack.in_channel(CHANNEL)
            assert (card.text, card.edits) == (f"card {card_id} at 2", 1)

    run_jumping(main())


def test_news_on_the_way_do_not_wait_for_an_edit() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            await world.touch(card_id)
            await world.add(news(1, Happening.STARTED, card_id=card_id))

            await world.clock.sleep(3)

            first = world.slack.calls[1][0]
            assert first == "chat.postMessage"

    run_jumping(main())
