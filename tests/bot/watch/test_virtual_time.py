"""Whose turn it is, and what a poll is worth."""

import math
from heapq import heapify, heapreplace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.virtual_time import PRICE_FLOOR_S, VirtualTime

SLOT_S = 0.05
CHEAP = VirtualTime(price_s=PRICE_FLOOR_S)
DEAR = VirtualTime(price_s=5.0)

STEPS = st.lists(
    st.tuples(st.sampled_from(["served", "idle", "wanted"]), st.floats(0.01, 5_000)), max_size=60
)


def step(time: VirtualTime, what: str, figure: float) -> VirtualTime:
    match what:
        case "served":
            return time.served(time.virtual_s + figure / 1_000, SLOT_S)
        case "idle":
            return time.idle(figure)
        case _:
            return time.wanted(figure)


@given(STEPS)
def test_time_never_goes_back_and_the_price_never_leaves_its_bounds(
    steps: list[tuple[str, float]],
) -> None:
    time = VirtualTime()
    for what, figure in steps:
        later = step(time, what, figure)

        assert later.virtual_s >= time.virtual_s
        assert PRICE_FLOOR_S <= later.price_s <= 1e7
        assert later.speed > 0
        time = later


def test_an_interval_is_tagged_in_units_of_the_typical_one() -> None:
    time = VirtualTime(virtual_s=100.0, log_interval=math.log(20))

    assert time.tag_for(40) == pytest.approx(102)
    assert time.tag_for(40, waited_s=30) == pytest.approx(100.5)
    assert time.tag_for(40, waited_s=60) == 100


def test_nobody_is_tagged_beyond_thirty_typical_intervals() -> None:
    time = VirtualTime(virtual_s=100.0, log_interval=math.log(20))

    assert time.tag_for(1e9) == 130


def test_what_is_typical_follows_what_is_wanted() -> None:
    time = VirtualTime()

    for _ in range(10_000):
        time = time.wanted(60.0)

    assert time.nominal_speed == pytest.approx(1 / 60, rel=0.001)


def test_where_polls_are_cheap_nobody_is_asked_before_the_clock_says_so() -> None:
    tag = CHEAP.tag_for(25)

    assert CHEAP.wait_for(tag) == pytest.approx(25)
    assert CHEAP.idle(10).wait_for(tag) == pytest.approx(15)
    assert CHEAP.idle(30).wait_for(tag) == 0


def test_where_polls_are_dear_the_next_one_is_asked_at_once() -> None:
    assert DEAR.wait_for(DEAR.tag_for(25)) == 0


def test_where_polls_are_dear_time_jumps_to_whoever_is_served() -> None:
    assert DEAR.served(3.0, SLOT_S).virtual_s == 3.0


def test_where_polls_are_cheap_time_runs_no_faster_than_it_should() -> None:
    assert CHEAP.served(3.0, SLOT_S).virtual_s == pytest.approx(SLOT_S * CHEAP.nominal_speed)


def test_whoever_is_overdue_does_not_turn_time_back() -> None:
    time = VirtualTime(virtual_s=10.0)

    assert time.served(3.0, SLOT_S).virtual_s == 10.0


def test_two_requests_at_one_instant_are_one_step() -> None:
    first = DEAR.served(3.0, SLOT_S)

    assert first.served(3.5, 0.0) == VirtualTime(3.5, first.speed, first.price_s)


def test_a_clock_that_lags_makes_polls_dearer_and_one_that_hurries_cheaper() -> None:
    lagging = hurrying = DEAR
    for _ in range(2_000):
        lagging = lagging.served(lagging.virtual_s + 1e-6, SLOT_S)
        hurrying = hurrying.served(hurrying.virtual_s + 1.0, SLOT_S)

    assert lagging.price_s > 1.2 * DEAR.price_s
    assert hurrying.price_s < DEAR.price_s / 1.5


def test_an_empty_lane_grows_cheap_within_minutes() -> None:
    time = DEAR

    for _ in range(30):
        time = time.idle(10.0)

    assert time.price_s == PRICE_FLOOR_S


def test_a_lane_that_stood_still_for_an_hour_learns_as_from_seconds() -> None:
    hour, seconds = DEAR.served(0.001, 3_600.0), DEAR.served(0.001, 10.0)

    assert hour.price_s < 1.5 * seconds.price_s


@pytest.mark.parametrize("slot_s", [0.05, 0.5], ids=["polls are plenty", "polls are scarce"])
def test_everybody_gets_their_share_and_nobody_starves(slot_s: float) -> None:
    wanted_s = [5.0, 10.0, 20.0, 40.0, 80.0] * 20
    time = VirtualTime(log_interval=math.log(20))
    queue = [(time.tag_for(wait_s), row) for row, wait_s in enumerate(wanted_s)]
    heapify(queue)
    turns, last, longest = [0] * len(wanted_s), [0] * len(wanted_s), 0

    for slot in range(20_000):
        tag, row = queue[0]
        if time.wait_for(tag) > slot_s:
            time = time.idle(slot_s)
            continue
        time = time.served(tag, slot_s)
        turns[row] += 1
        longest, last[row] = max(longest, slot - last[row]), slot
        heapreplace(queue, (time.tag_for(wanted_s[row]), row))

    shares = [count * wait_s for count, wait_s in zip(turns, wanted_s, strict=True)]
    assert max(shares) / min(shares) < 1.1
    assert longest * slot_s < max(20 * len(wanted_s) * slot_s, 2 * max(wanted_s))
