"""Schedules in memory."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paces import MemoryPaces
from tests.fakes.clock import FakeClock


async def test_slots_of_a_lane_are_an_interval_apart_and_lanes_know_nothing_of_each_other() -> None:
    paces = MemoryPaces(FakeClock())

    waits = [await paces.take("a", 1.1, ahead_s=10) for _ in range(3)]

    assert waits == [0, 1.1, 2.2]
    assert await paces.take("b", 1.1, ahead_s=10) == 0


async def test_a_slot_too_far_ahead_is_not_reserved() -> None:
    paces = MemoryPaces(FakeClock())
    await paces.take("a", 5, ahead_s=0)

    assert await paces.take("a", 5, ahead_s=4.9) is None
    assert await paces.take("a", 5, ahead_s=5) == 5


async def test_an_idle_lane_saves_nothing_up() -> None:
    clock = FakeClock()
    paces = MemoryPaces(clock)
    await paces.take("a", 1, ahead_s=0)
    await clock.advance(100)

    assert [await paces.take("a", 1, ahead_s=9) for _ in range(2)] == [0, 1]


async def test_a_pause_pushes_the_next_slot_and_a_shorter_one_takes_nothing_back() -> None:
    paces = MemoryPaces(FakeClock())

    await paces.hold_off("a", 30)
    await paces.hold_off("a", 5)

    assert await paces.take("a", 1, ahead_s=60) == 30


async def test_lanes_that_would_go_at_once_are_forgotten_where_there_are_too_many() -> None:
    clock = FakeClock()
    paces = MemoryPaces(clock)
    await paces.hold_off("held", 1000)
    for number in range(5000):
        await paces.take(f"lane {number}", 0.001, ahead_s=0)
        if number == 4000:
            await clock.advance(1)

    assert len(paces._due) < 4096  # noqa: SLF001  # it shows nowhere else
    assert await paces.take("held", 1, ahead_s=0) is None


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 20)), max_size=30))
async def test_no_two_slots_are_closer_than_the_interval(asks: list[tuple[float, float]]) -> None:
    clock = FakeClock()
    paces = MemoryPaces(clock)
    slots = []
    for pause, ahead_s in asks:
        await clock.advance(pause)
        wait = await paces.take("a", 2, ahead_s=ahead_s)
        if wait is not None:
            assert wait <= ahead_s
            slots.append(clock.monotonic() + wait)

    assert all(later - sooner >= 2 - 1e-9 for sooner, later in pairwise(slots))
