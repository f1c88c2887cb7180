"""Answers give way to acknowledgements, and get their turn nevertheless."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.turns import Turns
from tests.fakes.clock import FakeClock

PAUSE_S = 0.026
"""A little over the 25 ms after which a turn is given in any case."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def turns(clock: FakeClock) -> Turns:
    """Turns of which one was just given."""
    await clock.advance(1)
    given = Turns(clock)
    await given.wait()
    return given


@pytest.fixture
async def rush(turns: Turns) -> AsyncIterator[None]:
    """Requests in every pass of the event loop, until the test is over or stuck."""
    loop, left = asyncio.get_running_loop(), iter(range(10_000))

    def ask_again(number: int | None) -> None:
        turns.note_request()
        if number is not None:
            loop.call_soon(ask_again, next(left, None))

    ask_again(next(left))
    yield
    list(left)


async def test_without_requests_a_turn_comes_though_no_time_passes(turns: Turns) -> None:
    await turns.wait()


async def test_turns_come_in_the_order_they_were_asked_for(turns: Turns, clock: FakeClock) -> None:
    order: list[int] = []

    async def take(number: int) -> None:
        await turns.wait()
        order.append(number)

    async with asyncio.TaskGroup() as waiting:
        for number in range(5):
            waiting.create_task(take(number))
        await clock.settle()

    assert order == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("rush")
async def test_while_requests_come_one_turn_is_given_every_25_ms(
    turns: Turns, clock: FakeClock
) -> None:
    waiting = [asyncio.create_task(turns.wait()) for _ in range(3)]

    taken = []
    for _ in range(3):
        await clock.settle()
        taken.append(sum(turn.done() for turn in waiting))
        await clock.advance(PAUSE_S)

    assert taken == [0, 1, 2]
    await asyncio.gather(*waiting)


async def test_whoever_gave_up_waiting_holds_nobody_up(turns: Turns, clock: FakeClock) -> None:
    gone, patient = (asyncio.create_task(turns.wait()) for _ in range(2))
    await asyncio.wait({gone}, timeout=0)

    gone.cancel()
    await clock.settle()

    assert gone.cancelled()
    assert patient.done()


@pytest.mark.usefixtures("rush")
async def test_when_too_many_wait_a_further_one_does_not(turns: Turns, clock: FakeClock) -> None:
    turns.most_waiting = 1
    first = asyncio.create_task(turns.wait())
    await clock.settle()

    await turns.wait()

    assert not first.done()
    await clock.advance(PAUSE_S)
    await first
