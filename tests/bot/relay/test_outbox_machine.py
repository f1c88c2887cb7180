"""The outbox under everything that can happen to it, in any order; hypothesis chooses.

The machine's Slack posts or does not, and says so or does not. Time is the relay's own; the
process dies and is started again; the machine's clock is set. In the end Slack takes everything,
and each delivery stands there exactly once: lost are none, twice are none.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.models import DeliveryState, Happening
from tests.bot.relay.world import World, card_delivery, news, open_world
from tests.fakes.jumping_loop import JumpingLoop
from tests.fakes.scripted_slack import HANGS, LIMITED, LOST, SILENT, UNSENT

TROUBLES = [
    *(HANGS, LIMITED, LOST, SILENT, UNSENT),
    *("internal_error", "invalid_blocks", "token_revoked", "ok"),
]
NO_ANSWERS = [LIMITED, LOST, SILENT, UNSENT, "internal_error", "ok"]
CHANNELS = ["C1", "C2"]
OPEN = {DeliveryState.PENDING, DeliveryState.SENDING}


class Outbox(RuleBasedStateMachine):
    """What may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = JumpingLoop()
        self.stack = AsyncExitStack()
        self.world: World = self.run(self.stack.enter_async_context(open_world()))
        self.cards: list[tuple[int, str]] = []
        self.watches = 0
        self.ends: list[str] = []
        self.jumps = 0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        asyncio.set_event_loop(self.loop)
        return self.loop.run_until_complete(work)

    @rule(channel=st.sampled_from(CHANNELS))
    def begin_a_card(self, channel: str) -> None:
        card_id = self.run(self.world.card(channel_id=channel))
        self.run(self.world.add(card_delivery(card_id, channel)))
        self.cards.append((card_id, channel))

    @precondition(lambda self: self.cards)
    @rule(
        which=st.integers(0, 50),
        many=st.sampled_from([1, 1, 1, 2, 7]),
        happening=st.sampled_from([Happening.FINISHED, Happening.FINISHED, Happening.STALLED]),
    )
    def have_news(self, which: int, many: int, happening: Happening) -> None:
        for number in range(many):
            card_id, channel = self.cards[(which + number) % len(self.cards)]
            self.watches += 1
            told = news(self.watches, happening, card_id=card_id, channel_id=channel)
            self.run(self.world.touch(card_id))
            self.run(self.world.add(told))
            if happening is Happening.FINISHED:
                self.ends.append(told.key)

    @rule(orders=st.lists(st.sampled_from(TROUBLES), min_size=1, max_size=3))
    def order_trouble(self, orders: list[str]) -> None:
        self.world.slack.order("chat.postMessage", *orders)

    @rule(order=st.sampled_from([*TROUBLES, "message_not_found"]))
    def order_trouble_with_edits(self, order: str) -> None:
        self.world.slack.order("chat.update", order)

    @rule(order=st.sampled_from(NO_ANSWERS))
    def order_trouble_with_readings(self, order: str) -> None:
        for method in ("conversations.history", "conversations.replies"):
            self.world.slack.order(method, order)

    @rule(seconds=st.sampled_from([0.05, 0.15, 1.2, 5.0, 41.0]))
    def pass_time(self, seconds: float) -> None:
        self.run(self.world.clock.sleep(seconds))

    @rule()
    def die_and_be_started_again(self) -> None:
        self.run(self.world.die())

    @precondition(lambda self: self.jumps < 2)
    @rule(hours=st.sampled_from([1, -1]))
    def set_the_clock(self, hours: int) -> None:
        self.jumps += 1
        self.world.clock.jump(timedelta(hours=hours))

    @invariant()
    def nothing_is_told_twice_for_long(self) -> None:
        """A twin may stand for as long as the janitor lets it; here Slack is never that late."""
        counted = Counter(one.delivery_id for one in self.world.slack.messages)
        assert [id_ for id_, times in counted.items() if id_ and times > 1] == []

    def teardown(self) -> None:
        try:
            self.run(self._settle())
        finally:
            self.run(self.stack.aclose())
            self.loop.close()

    async def _settle(self) -> None:
        self.world.slack.forget_orders()
        for _ in range(60):
            await self.world.clock.sleep(20)
            if not OPEN.intersection(await self.world.states()):
                break
        await self._resend_the_dead()
        told = Counter(" ".join(one.text for one in self.world.slack.messages).split())
        assert {key: told[key] for key in self.ends} == dict.fromkeys(self.ends, 1)
        assert not OPEN.intersection(await self.world.states())

    async def _resend_the_dead(self) -> None:
        for dead in await self.world.store.deliveries.dead(None, 1000):
            assert await self.world.store.deliveries.resend(dead.id)
        await self.world.clock.sleep(120)


def test_whatever_happens_each_delivery_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    # Shrinking would play out minutes of the relay's time again and again.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    chosen = settings(max_examples=5, stateful_step_count=16, deadline=None, phases=phases)

    run_state_machine_as_test(Outbox, settings=chosen)

    errors = {one.getMessage() for one in caplog.records if one.levelno > logging.WARNING}
    assert errors <= {"slack_takes_nothing reason=token_revoked"}
    caplog.clear()
