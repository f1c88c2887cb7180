"""What becomes of deliveries Slack refuses, or cannot take now."""

import logging
from itertools import pairwise

import pytest

from bot.models import DeliveryState, Happening
from tests.bot.relay.world import CHANNEL, CREATOR, card_delivery, news, open_world
from tests.fakes.jumping_loop import run_jumping
from tests.fakes.scripted_slack import LIMITED, UNSENT

POST = "chat.postMessage"


def test_without_a_connection_it_is_tried_again_and_again_at_growing_pauses() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, *[UNSENT] * 4)
            await world.add(news())

            await world.clock.sleep(30)

            sent = await world.one()
            assert (sent.state, sent.attempts) == (DeliveryState.SENT, 1)
            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            times = world.slack.times(POST)
            assert [round(b - a) for a, b in pairwise(times)] == [1, 2, 4, 8]

    run_jumping(main())


def test_a_429_holds_every_channel_off_for_as_long_as_slack_says() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, LIMITED)
            await world.add(news(1), news(2, channel_id="C2"), news(3, channel_id="C3"))
            await world.clock.sleep(29)
            before = len(world.slack.times(POST))

            await world.clock.sleep(5)

            assert before <= 3
            assert [one.attempts for one in await world.all()] == [1, 1, 1]
            assert await world.states() == [DeliveryState.SENT] * 3

    run_jumping(main())


def test_content_slack_refuses_is_sent_once_more_as_plain_text() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, "invalid_blocks")
            await world.add(news())

            await world.clock.sleep(5)

            (posted,) = world.slack.in_channel(CHANNEL)
            assert (posted.text, posted.blocks) == ("plain news:1:1:finished", [])
            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())


def test_content_slack_refuses_plainly_drawn_too_is_sent_as_its_text_alone() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.has_plainer_blocks = True
            world.slack.order(POST, "invalid_blocks", "invalid_blocks")
            await world.add(news())

            await world.clock.sleep(10)

            (posted,) = world.slack.in_channel(CHANNEL)
            assert (posted.text, posted.blocks) == ("news:1:1:finished", [])
            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())


def test_content_slack_refuses_twice_is_a_dead_letter_and_can_be_sent_again() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, "invalid_blocks", "msg_too_long")
            await world.add(news())
            await world.clock.sleep(5)
            (dead,) = await world.store.deliveries.dead("T1", 10)

            resent = await world.store.deliveries.resend(dead.id, team_id="T1")
            await world.clock.sleep(5)

            assert dead.error == "refused msg_too_long"
            assert resent
            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert world.figure("mediatask_deliveries_dead_total", kind="news") == 1

    run_jumping(main())


def test_a_reply_whose_thread_is_closed_goes_to_the_channel() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.order(POST, "cannot_reply_to_message")
            await world.add(news(card_id=card_id))

            await world.clock.sleep(5)

            assert world.slack.in_channel(CHANNEL)[-1].thread_ts is None

    run_jumping(main())


def test_where_the_place_is_gone_whoever_began_it_is_told_directly_and_once() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.refuses[CHANNEL] = "is_archived"
            await world.add(news(card_id=card_id))

            await world.clock.sleep(5)

            dead, notice = await world.all()
            assert (dead.state, notice.state) == (DeliveryState.DEAD, DeliveryState.SENT)
            assert notice.channel_id == CREATOR
            assert world.slack.texts("D1") == [f"news:1:1:finished:dm:{CREATOR}"]
            assert notice.facts["notice"] == "channel_archived"
            assert notice.facts["told"] == [{"happening": "finished", "watch": 1}]
            assert (await world.card_row(card_id)).lost_at is not None

    run_jumping(main())


def test_a_notice_that_finds_nobody_is_dead_and_makes_no_other() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            world.slack.refuses = {CHANNEL: "channel_not_found", "D1": "cannot_dm_bot"}
            await world.add(card_delivery(card_id))

            await world.clock.sleep(5)

            assert await world.states() == [DeliveryState.DEAD] * 2

    run_jumping(main())


@pytest.mark.parametrize(
    ("code", "state"),
    [("missing_scope", DeliveryState.SENT), ("user_not_found", DeliveryState.DEAD)],
)
def test_a_person_whose_conversation_cannot_be_opened_is_written_to_by_their_id(
    code: str, state: DeliveryState
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.refuses["conversations.open"] = code
            await world.add(news(1, channel_id="U7"))

            await world.clock.sleep(5)

            assert (await world.one()).state is state
            assert len(world.slack.in_channel("U7")) == (state is DeliveryState.SENT)

    run_jumping(main())


def test_news_do_not_wait_for_a_card_that_cannot_be_posted() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            world.slack.order(POST, "invalid_blocks", "invalid_blocks")
            await world.add(card_delivery(card_id), news(card_id=card_id))

            await world.clock.sleep(10)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())


def test_refused_credentials_pause_everything_are_logged_once_and_cost_no_attempt(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.refuses[POST] = "token_revoked"
            await world.add(*(news(n, channel_id=f"C{n}") for n in range(1, 4)))
            await world.clock.sleep(300)
            tried = len(world.slack.times(POST))

            world.slack.refuses.clear()
            await world.clock.sleep(120)

            assert tried <= 12
            assert [one.attempts for one in await world.all()] == [1, 1, 1]
            assert len(world.slack.messages) == 3

    with caplog.at_level(logging.INFO, "bot.relay.outage"):
        run_jumping(main())

    errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert errors == ["slack_takes_nothing reason=token_revoked"]
    assert "slack_takes_messages_again" in caplog.text
    caplog.clear()


def test_what_cannot_be_drawn_is_tried_again_and_in_the_end_a_dead_letter(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.troubles = [ValueError("later")] * 2
            await world.add(news(1))
            await world.clock.sleep(20)
            sent = await world.one()
            world.letters.troubles = [ValueError("never")] * 20
            await world.add(news(2))

            await world.clock.sleep(300)

            assert sent.state is DeliveryState.SENT
            assert (await world.all())[1].error == "cannot be drawn: ValueError"
            assert (await world.all())[1].state is DeliveryState.DEAD
            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())

    assert "delivery_not_drawn" in caplog.text
    caplog.clear()


def test_drawing_that_never_ends_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.takes_s = 3600
            await world.add(news(1))
            await world.clock.sleep(21)
            world.letters.takes_s = 0

            await world.clock.sleep(10)

            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())

    assert "delivery_not_drawn" in caplog.text
    caplog.clear()


def test_drawing_that_takes_long_is_followed_by_a_new_claim() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.takes_s = 12
            await world.add(news(1))

            await world.clock.sleep(15)

            sent = await world.one()
            assert (sent.state, sent.attempts) == (DeliveryState.SENT, 1)
            assert sent.attempt_at is not None
            assert (sent.attempt_at - sent.created_at).total_seconds() >= 12

    run_jumping(main())


def test_what_has_become_pointless_is_dropped() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            world.letters.pointless = {"news:1:1:stalled", f"card:{card_id}"}
            await world.add(news(1, Happening.STALLED), card_delivery(card_id))
            await world.add(news(2, card_id=card_id))

            await world.clock.sleep(5)

            superseded = DeliveryState.SUPERSEDED
            assert await world.states() == [superseded, superseded, DeliveryState.SENT]

    run_jumping(main())
