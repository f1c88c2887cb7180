"""Sends of which nobody knows whether they arrived: looked for first, sent again after."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.models import DeliveryState
from bot.relay.outcomes import UncertainSends
from bot.relay.read_back import ReadingRules
from bot.store.delivery_tables import deliveries
from tests.bot.relay.world import CHANNEL, card_delivery, news, open_world
from tests.fakes.jumping_loop import run_jumping
from tests.fakes.scripted_slack import HANGS, LIMITED, LOST, SILENT

POST = "chat.postMessage"
HISTORY = "conversations.history"


@pytest.mark.parametrize("in_thread", [True, False])
def test_what_arrived_without_an_answer_is_found_and_not_sent_again(*, in_thread: bool) -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card() if in_thread else None
            world.slack.order(POST, LOST)
            await world.add(news(card_id=card_id))

            await world.clock.sleep(60)

            sent = await world.one()
            assert (sent.state, sent.attempts, sent.unverified) == (DeliveryState.SENT, 1, False)
            assert sent.ts == world.slack.in_channel(CHANNEL)[-1].ts
            assert world.slack.texts(CHANNEL).count("news:1:1:finished") == 1

    run_jumping(main())


@pytest.mark.parametrize("order", [SILENT, "internal_error", "service_unavailable"])
def test_what_did_not_arrive_is_sent_again_after_forty_seconds(order: str) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, order)
            await world.add(news())

            await world.clock.sleep(60)

            first, second = world.slack.times(POST)
            sent = await world.one()
            assert (sent.state, sent.attempts, sent.unverified) == (DeliveryState.SENT, 2, False)
            assert 40 <= second - first < 45
            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())


def test_what_slack_puts_down_late_but_within_the_settling_time_is_there_once() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, HANGS)
            await world.add(news())

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert (await world.one()).attempts == 1

    run_jumping(main())


def test_a_twin_that_lands_long_after_is_taken_away() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, SILENT)
            await world.add(news())
            await world.clock.sleep(60)
            metadata = world.slack.messages[0].metadata
            await world.slack.call(POST, {"channel": CHANNEL, "text": "2", "metadata": metadata})

            await world.clock.sleep(70)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert world.figure("mediatask_delivery_twins_deleted_total") == 1

    run_jumping(main())


def test_a_twin_is_looked_for_twice_and_a_single_attempt_has_none() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, SILENT)
            await world.add(news(1), news(2, channel_id="C2"))
            await world.clock.sleep(50)
            looked = len(world.slack.times(HISTORY))

            await world.clock.sleep(700)

            assert len(world.slack.times(HISTORY)) - looked == 2

    run_jumping(main())


def test_a_janitor_that_gets_no_answer_looks_again_and_one_that_may_not_read_does_not() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, SILENT)
            await world.add(news(1))
            await world.clock.sleep(50)
            world.slack.order(HISTORY, SILENT, LIMITED, "missing_scope")
            looked = len(world.slack.times(HISTORY))

            await world.clock.sleep(700)

            assert len(world.slack.times(HISTORY)) - looked == 3

    run_jumping(main())


def test_a_twin_that_somebody_else_took_away_is_no_trouble() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, SILENT)
            await world.add(news(1))
            await world.clock.sleep(60)
            metadata = world.slack.messages[0].metadata
            await world.slack.call(POST, {"channel": CHANNEL, "text": "2", "metadata": metadata})
            world.slack.order("chat.delete", "message_not_found", "cant_delete_message")

            await world.clock.sleep(700)

            assert len(world.slack.times("chat.delete")) == 2

    run_jumping(main())


@pytest.mark.parametrize(
    ("rule", "messages", "ts_is_known"), [("repeat", 2, True), ("leave", 1, False)]
)
@pytest.mark.parametrize("may_read", [True, False])
def test_where_nothing_can_be_read_the_rule_decides_and_the_delivery_says_so(
    rule: UncertainSends, messages: int, *, ts_is_known: bool, may_read: bool
) -> None:
    async def main() -> None:
        async with open_world(ReadingRules(may_read, rule)) as world:
            world.slack.refuses[HISTORY] = "missing_scope"
            world.slack.order(POST, LOST)
            await world.add(news())

            await world.clock.sleep(60)

            sent = await world.one()
            assert (sent.state, sent.unverified) == (DeliveryState.SENT, True)
            assert (sent.ts is not None) is ts_is_known
            assert len(world.slack.texts(CHANNEL)) == messages

    run_jumping(main())


def test_reading_that_fails_is_tried_for_a_quarter_of_an_hour_and_then_it_is_sent_anyway() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, SILENT)
            world.slack.refuses[HISTORY] = "internal_error"
            await world.add(news())
            await world.clock.sleep(14 * 60)
            before = await world.states()

            await world.clock.sleep(3 * 60)

            sent = await world.one()
            assert before == [DeliveryState.SENDING]
            assert (sent.state, sent.unverified) == (DeliveryState.SENT, True)

    run_jumping(main())


def test_a_card_that_arrived_unheard_is_found_and_then_kept_true() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            world.slack.order(POST, LOST)
            await world.add(card_delivery(card_id))

            await world.clock.sleep(60)

            (posted,) = world.slack.in_channel(CHANNEL)
            row = await world.card_row(card_id)
            assert (row.ts, row.shown, row.wanted) == (posted.ts, 1, 1)

    run_jumping(main())


def test_news_of_a_card_nobody_saw_arrive_go_to_the_channel() -> None:
    async def main() -> None:
        async with open_world(ReadingRules(may_read=False, uncertain_sends="leave")) as world:
            card_id = await world.card()
            world.slack.order(POST, SILENT)
            await world.add(card_delivery(card_id), news(card_id=card_id))

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())


def test_a_process_that_dies_while_sending_is_succeeded_by_the_next() -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.add(news())
            (delivery,) = await world.all()
            claimed = await world.store.deliveries.claim(
                delivery.id, fence="of the dead", now=world.clock.now()
            )
            await world.restart()

            await world.clock.sleep(45)

            sent = await world.one()
            assert claimed is not None
            assert (sent.state, sent.attempts) == (DeliveryState.SENT, 2)
            assert len(world.slack.messages) == 1

    run_jumping(main())


def test_whoever_was_taken_over_does_not_send_any_more() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.takes_s = 5
            await world.add(news())
            await world.clock.sleep(1)
            await world.database.change(update(deliveries).values(fence="another's"))

            await world.clock.sleep(10)

            assert world.slack.messages == []

    run_jumping(main())


def test_a_reading_without_an_answer_is_made_again() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, LOST)
            world.slack.order(HISTORY, SILENT)
            await world.add(news())

            await world.clock.sleep(90)

            assert len(world.slack.times(HISTORY)) == 2
            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())


def test_a_reading_that_is_put_off_by_a_429_is_made_later() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, LOST, LOST)
            world.slack.order(HISTORY, LIMITED, "missing_scope", "missing_scope")
            await world.add(news(1), news(2, channel_id="C2"))

            await world.clock.sleep(130)

            assert len(world.slack.times(HISTORY)) >= 3
            assert await world.states() == [DeliveryState.SENT] * 2

    run_jumping(main())


def test_a_reply_whose_thread_is_gone_is_not_there() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.slack.order(POST, LOST)
            await world.add(news(card_id=card_id))
            await world.clock.sleep(5)
            world.slack.messages.clear()

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]

    run_jumping(main())


def test_a_bot_that_may_not_read_looks_for_no_twins() -> None:
    async def main() -> None:
        async with open_world(ReadingRules(may_read=False)) as world:
            world.slack.order(POST, SILENT)
            await world.add(news(1))

            await world.clock.sleep(130)

            sent = await world.one()
            assert (sent.state, sent.attempts) == (DeliveryState.SENT, 2)
            assert world.slack.times(HISTORY) == []

    run_jumping(main())


def test_whoever_was_taken_over_while_slack_answered_has_nothing_to_report(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.latency_s = 2
            await world.add(news())
            await world.clock.sleep(1)
            await world.database.change(update(deliveries).values(fence="another's"))

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())

    assert "delivery_settled_elsewhere" in caplog.text


def test_what_slack_refused_is_remembered_over_an_attempt_of_unknown_fate() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, "invalid_blocks", SILENT)
            await world.add(news())

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["plain news:1:1:finished"]

    run_jumping(main())


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.parametrize("order", [LOST, SILENT])
def test_a_clock_that_jumps_an_hour_loses_nothing_and_tells_nothing_twice(
    hours: int, order: str
) -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, order)
            await world.add(news(1))
            await world.clock.sleep(5)
            world.clock.jump(timedelta(hours=hours))
            await world.add(news(2, not_before=world.clock.now() + timedelta(seconds=5)))

            await world.clock.sleep(120)

            assert sorted(world.slack.texts(CHANNEL)) == ["news:1:1:finished", "news:2:1:finished"]
            assert await world.states() == [DeliveryState.SENT] * 2

    run_jumping(main())


def test_a_restart_after_the_clock_was_set_back_waits_out_what_was_begun() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.order(POST, LOST)
            await world.add(news(1))
            await world.clock.sleep(5)
            world.clock.jump(timedelta(hours=-1))
            await world.restart()

            await world.clock.sleep(60)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())
