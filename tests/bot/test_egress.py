"""Turns at Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.egress import POST, Egress
from bot.models import Priority
from bot.paces import MemoryPaces
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from tests.fakes.jumping_loop import JumpingClock, run_jumping
from tests.fakes.scripted_slack import LIMITED, SILENT, ScriptedSlack

EDIT = "chat.update"


@asynccontextmanager
async def open_egress() -> AsyncIterator[tuple[Egress, JumpingClock]]:
    clock = JumpingClock()
    egress = Egress(MemoryPaces(clock), clock)
    try:
        yield egress, clock
    finally:
        await egress.close()


def test_a_first_call_waits_for_nobody() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            await egress.turn(method=POST, channel_id="C1", priority=Priority.PROGRESS)

            assert clock.monotonic() == 0

    run_jumping(main())


def test_the_more_urgent_goes_first_and_equals_in_the_order_they_came() -> None:
    async def main() -> None:
        async with open_egress() as (egress, _):
            order: list[str] = []

            async def call(name: str, priority: Priority) -> None:
                await egress.turn(method=EDIT, channel_id="", priority=priority)
                order.append(name)

            await asyncio.gather(
                call("first", Priority.PROGRESS),
                call("progress", Priority.PROGRESS),
                call("answer", Priority.ANSWER),
                call("terminal", Priority.TERMINAL),
                call("another", Priority.TERMINAL),
                call("page", Priority.PAGE),
            )

            assert order == ["page", "terminal", "another", "answer", "first", "progress"]

    run_jumping(main())


@pytest.mark.parametrize(
    ("method", "channels", "seconds"),
    [
        (POST, ["C1"] * 5, 4 * 1.1),
        (POST, ["C1", "C2", "C3", "C4", "C5"], 4 * 0.0125),
        (EDIT, [""] * 5, 4 * 60 / 47.5),
    ],
)
def test_each_lane_has_its_own_pace(method: str, channels: list[str], seconds: float) -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            for_all = (
                egress.turn(method=method, channel_id=channel, priority=Priority.ANSWER)
                for channel in channels
            )
            await asyncio.gather(*for_all)

            assert clock.monotonic() == pytest.approx(seconds)

    run_jumping(main())


def test_whoever_gives_up_keeps_nobody_waiting() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):

            async def turn() -> float:
                await egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)
                return clock.monotonic()

            first, second, third = (asyncio.create_task(turn()) for _ in range(3))
            await clock.sleep(0.5)
            second.cancel()

            assert await first == 0
            assert await third == pytest.approx(60 / 47.5)
            assert egress.oldest_wait_s() == 0

    run_jumping(main())


def test_a_429_holds_off_those_who_wait_already_and_those_who_come() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            slack = ScriptedSlack(clock)
            slack.order(EDIT, LIMITED)
            update = _update(slack)
            refused = asyncio.create_task(_call(egress, update))
            waiting = asyncio.create_task(_call(egress, update))

            with pytest.raises(SlackRefusedError, match="ratelimited") as refusal:
                await refused
            with pytest.raises(SlackRefusedError, match="message_not_found"):
                await waiting

            assert refusal.value.retry_after == 30
            assert slack.times(EDIT) == [0, pytest.approx(30.1, abs=0.2)]

    run_jumping(main())


@pytest.mark.parametrize(("seconds", "pause"), [(None, 1), (5, 5), (100_000, 600)])
def test_a_pause_has_its_limits(seconds: float | None, pause: float) -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            await egress.hold_off(EDIT, seconds)
            await egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)

            assert clock.monotonic() == pytest.approx(pause, abs=1.01)

    run_jumping(main())


def test_other_troubles_hold_nobody_off() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            slack = ScriptedSlack(clock)
            slack.order(EDIT, SILENT, "message_not_found")

            with pytest.raises(SlackUnreachableError):
                await _call(egress, _update(slack))
            with pytest.raises(SlackRefusedError, match="message_not_found"):
                await _call(egress, _update(slack))

            assert clock.monotonic() < 2

    run_jumping(main())


def test_how_long_the_longest_has_waited_is_known() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            await egress.hold_off(EDIT, 60)
            waiting = asyncio.create_task(
                egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)
            )
            await clock.sleep(7)

            assert egress.oldest_wait_s() == 7
            waiting.cancel()

    run_jumping(main())


def test_a_turn_at_once_is_given_only_where_nobody_waits() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            assert await egress.turn_now(EDIT)
            assert not await egress.turn_now(EDIT)
            waiting = asyncio.create_task(
                egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)
            )
            await clock.sleep(0.1)

            assert not await egress.turn_now(EDIT)
            await waiting

    run_jumping(main())


class Sleepy(JumpingClock):
    """A process that is stopped for five seconds whenever it sleeps."""

    stops = 1

    async def sleep(self, seconds: float) -> None:
        late, self.stops = 5.0 * (self.stops > 0), self.stops - 1
        await super().sleep(seconds + late)


def test_a_slot_that_a_process_slept_over_is_not_used_late() -> None:
    async def main() -> None:
        clock = Sleepy()
        paces = Recorded(clock)
        egress = Egress(paces, clock)
        for _ in range(2):
            await egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)
        await egress.close()

        assert paces.taken == 3

    run_jumping(main())


class Recorded(MemoryPaces):
    """Counts the slots that were taken."""

    taken = 0

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        self.taken += 1
        return await super().take(name, interval_s, ahead_s=ahead_s)


class Broken(MemoryPaces):
    """Schedules that cannot be asked."""

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        await self.clock.sleep(1)
        raise OSError(name, interval_s, ahead_s)


def test_schedules_that_fail_fail_whoever_waits_for_them_and_not_for_ever() -> None:
    async def main() -> None:
        clock = JumpingClock()
        egress = Egress(Broken(clock), clock)
        turns = [
            asyncio.create_task(egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER))
            for _ in range(3)
        ]
        await clock.sleep(0)
        turns[1].cancel()

        ended = await asyncio.gather(*turns, return_exceptions=True)

        assert [type(one) for one in ended] == [OSError, asyncio.CancelledError, OSError]
        with pytest.raises(OSError, match=r"slack:chat\.update"):
            await egress.turn(method=EDIT, channel_id="", priority=Priority.ANSWER)

    run_jumping(main())


def test_lanes_nobody_uses_are_forgotten() -> None:
    async def main() -> None:
        async with open_egress() as (egress, clock):
            for number in range(100):
                channel = f"C{number}"
                await egress.turn(method=POST, channel_id=channel, priority=Priority.ANSWER)
                await clock.sleep(2)

            assert len(egress._lanes) < 5  # noqa: SLF001  # it shows nowhere else

    run_jumping(main())


def _update(slack: ScriptedSlack) -> Callable[[], Coroutine[Any, Any, Any]]:
    client = slack.client()
    return lambda: client.chat_update(channel="C1", ts="1.1", text="true")


async def _call(egress: Egress, send: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    await egress.call(EDIT, "C1", Priority.PROGRESS, send)
