"""The relay's own coming and going, and its store's troubles."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from bot.models import DeliveryState, Happening
from bot.store.errors import StoreError
from tests.bot.relay.world import CHANNEL, card_delivery, news, open_world
from tests.fakes.jumping_loop import run_jumping


async def _fail(*_statements: object) -> Sequence[Row[Any]]:
    raise StoreError("the disk is full; free some space")


def test_what_is_on_its_way_when_the_bot_stops_is_settled() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.slack.latency_s = 3
            await world.add(news(1))
            await world.clock.sleep(1)

            await world.relay.close()

            assert (await world.one()).state is DeliveryState.SENT

    run_jumping(main())


def test_what_never_ends_does_not_keep_the_bot_from_stopping() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.takes_s = 19
            world.slack.latency_s = 8
            await world.add(news(1))
            await world.clock.sleep(1)
            began = world.clock.monotonic()

            await world.relay.close()

            assert world.clock.monotonic() - began == pytest.approx(15)
            assert (await world.one()).state is DeliveryState.SENDING

    run_jumping(main())


def test_after_a_restart_what_waits_is_sent_and_what_was_sent_is_not() -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.add(news(1))
            await world.clock.sleep(1)
            await world.relay.close()
            await world.add(news(2))

            await world.restart()
            await world.clock.sleep(2)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished", "news:2:1:finished"]

    run_jumping(main())


def test_a_store_that_fails_is_logged_once_and_nothing_is_lost_or_told_twice(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.add(news(1))
            await world.clock.sleep(0.05)
            monkeypatch.setattr(world.database, "change_if", _fail)
            monkeypatch.setattr(world.database, "fetch", _fail)
            await world.clock.sleep(30)
            monkeypatch.undo()

            await world.clock.sleep(30)

            assert world.slack.texts(CHANNEL) == ["news:1:1:finished"]
            assert (await world.one()).state is DeliveryState.SENT

    with caplog.at_level(logging.INFO):
        run_jumping(main())

    assert caplog.text.count("relay_stopped rounds=posting") == 1
    assert caplog.text.count("relay_goes_on rounds=posting") == 1
    assert "channel_not_served channel=C1 reason=the disk is full" in caplog.text


def test_a_store_that_fails_while_something_is_drawn_only_puts_it_off() -> None:
    async def main() -> None:
        async with open_world() as world:
            world.letters.troubles = [StoreError("no")]
            await world.add(news(1))

            await world.clock.sleep(8)

            sent = await world.one()
            assert (sent.state, sent.attempts) == (DeliveryState.SENT, 1)

    run_jumping(main())


def test_a_store_that_fails_while_a_card_is_drawn_only_puts_the_edit_off() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.posted_card()
            world.letters.troubles = [StoreError("no")]
            await world.touch(card_id)

            await world.clock.sleep(40)

            assert (await world.card_row(card_id)).shown == 2

    run_jumping(main())


def test_a_fault_of_ours_in_one_channel_is_logged_and_others_are_served(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with open_world() as world:
            fold = world.store.deliveries.waiting

            async def waiting(channel_id: str, limit: int) -> Any:
                if channel_id == CHANNEL:
                    raise ZeroDivisionError
                return await fold(channel_id, limit)

            monkeypatch.setattr(world.store.deliveries, "waiting", waiting)
            await world.add(news(1), news(2, channel_id="C2"))

            await world.clock.sleep(1)

            assert world.slack.texts("C2") == ["news:2:1:finished"]

    run_jumping(main())

    assert "channel_not_served channel=C1" in caplog.text
    caplog.clear()


def test_the_backlog_is_shown_in_the_figures() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card(ts="1.1", lost_at=world.clock.now())
            stale = await world.posted_card()
            world.slack.refuses["chat.update"] = "internal_error"
            await world.touch(card_id)
            await world.touch(stale)
            wait = world.clock.now() + timedelta(seconds=50)
            await world.add(news(1, Happening.STALLED, not_before=wait))

            await world.clock.sleep(31)

            assert world.figure("mediatask_deliveries_open") == 1
            assert world.figure("mediatask_delivery_oldest_seconds") == pytest.approx(30, abs=1)
            assert world.figure("mediatask_cards_stale") == 1
            assert world.figure("mediatask_egress_oldest_wait_seconds") == 0

    run_jumping(main())


def test_how_long_deliveries_took_and_what_became_of_attempts_is_counted() -> None:
    async def main() -> None:
        async with open_world() as world:
            card_id = await world.card()
            await world.add(card_delivery(card_id))

            await world.clock.sleep(2)

            sent = {"kind": "card", "outcome": "sent"}
            assert world.figure("mediatask_delivery_attempts_total", **sent) == 1
            assert world.figure("mediatask_delivery_seconds_count", kind="card") == 1

    run_jumping(main())


def test_a_replica_begins_when_the_database_has_told_it_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        async with open_world() as world:
            await world.relay.close()
            outbox = world.store.deliveries
            clock, ahead, slow_s = world.clock, timedelta(minutes=5), [2.0]

            async def now() -> datetime:
                told = clock.now() + ahead
                await clock.sleep(slow_s.pop() if slow_s else 0.5)
                return told

            monkeypatch.setattr(type(outbox), "is_shared", True)
            monkeypatch.setattr(outbox, "now", now)
            await world.restart()
            await world.add(news(1))

            await clock.sleep(10)

            sent = await world.one()
            assert sent.sent_at is not None
            assert sent.sent_at - sent.created_at > ahead

    run_jumping(main())
