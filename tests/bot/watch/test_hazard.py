"""How long tasks take, learned; and the interval that is worth its poll."""

import math
import random
from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hazard import (
    CALLBACK_GRACE_S,
    MIN_INTERVAL_S,
    MIN_SAMPLES,
    Durations,
    history_kind,
)
from bot.life_table import BIN_COUNT, EDGES_S
from providers.models import Kind, TaskState
from tests.bot.watch.samples import status

AGES = st.floats(0, 7 * 86_400.0)
PRICES = st.floats(0.05, 1e6)


def learned(*took_s: float) -> Durations:
    durations = Durations()
    for one in took_s:
        durations.observe_end(0, one, took_s=one)
    durations.relearn()
    return durations


def lognormal(count: int, median_s: float = 300, sigma: float = 0.8) -> list[float]:
    dice = random.Random(5)  # noqa: S311  # the same durations each time, no secret
    return [dice.lognormvariate(math.log(median_s), sigma) for _ in range(count)]


KNOWN = learned(*lognormal(2_000))


def test_bins_begin_at_nothing_and_reach_beyond_a_day() -> None:
    assert EDGES_S[:2] == (0.0, 1.0)
    assert EDGES_S[-1] == pytest.approx(86_400)
    assert list(EDGES_S) == sorted(EDGES_S)


def test_an_end_counts_in_its_bin_and_the_time_before_in_all_it_passed() -> None:
    durations = learned(10.0)

    events, exposure_s = durations.take_unsaved()

    assert events == {bisect_right(EDGES_S, 10.0) - 1: 1}
    assert sum(exposure_s.values()) == pytest.approx(10)
    assert max(exposure_s) == max(events)


def test_an_end_of_unknown_time_is_put_half_way_between_the_looks() -> None:
    durations = Durations()

    durations.observe_end(100, 300)

    events, exposure_s = durations.take_unsaved()
    assert list(events) == [bisect_right(EDGES_S, 200) - 1]
    assert sum(exposure_s.values()) == pytest.approx(100)


def test_a_task_that_lives_for_days_is_exposed_in_the_last_bin() -> None:
    durations = Durations()

    durations.observe_alive(90_000, 190_000)

    assert durations.take_unsaved() == ({}, {BIN_COUNT - 1: 100_000})


@pytest.mark.parametrize(("from_s", "to_s"), [(5, 5), (9, 5)])
def test_looks_in_the_wrong_order_teach_nothing(from_s: float, to_s: float) -> None:
    durations = Durations()

    durations.observe_alive(from_s, to_s)

    assert durations.take_unsaved() == ({}, {})


def test_what_was_taken_is_not_given_again_but_is_not_forgotten() -> None:
    durations = learned(60.0)

    taken = durations.take_unsaved()

    assert durations.take_unsaved() == ({}, {})
    assert durations.samples == 1
    assert durations.saved == taken


def test_what_is_read_again_keeps_what_was_not_stored_yet() -> None:
    durations = Durations({3: 2.0}, {3: 50.0})
    durations.observe_end(0, 60)

    durations.reload({3: 7.0}, {3: 90.0})

    assert durations.samples == 8
    assert durations.saved == ({3: 7.0}, {3: 90.0})


def test_twenty_ends_count_at_once_and_fewer_when_told() -> None:
    few, many = Durations(), Durations()
    naive_s = few.interval(590, 1)
    for durations, ends in ((few, 19), (many, 20)):
        for _ in range(ends):
            durations.observe_end(0, 600, took_s=600)

    assert few.interval(590, 1) == naive_s
    assert many.interval(590, 1) < naive_s / 2
    few.relearn()
    assert few.interval(590, 1) < naive_s / 2


def test_before_anything_is_known_intervals_grow_with_the_root_of_the_age() -> None:
    durations = Durations()

    intervals = [durations.interval(age_s, 1.0) for age_s in (300, 3_000)]

    assert intervals[0] == pytest.approx(math.sqrt(2 * 320), rel=0.1)
    assert intervals[1] == pytest.approx(math.sqrt(2 * 3_020), rel=0.1)


def test_where_ends_are_due_polls_come_close_together() -> None:
    durations = learned(*(600 + jitter for jitter in range(-10, 11)))

    intervals = [durations.interval(age_s, 1.0) for age_s in (300, 595)]

    assert intervals[0] > 60
    assert intervals[1] < 15


@given(AGES, PRICES)
def test_the_lateness_found_is_worth_the_price(age_s: float, price_s: float) -> None:
    interval_s = KNOWN.interval(age_s, price_s)

    hazard = _hazard(KNOWN, age_s, age_s + interval_s)
    worth_s = interval_s * (math.expm1(min(hazard, 700)) - hazard) / max(hazard, 1e-9)
    is_limited = interval_s <= MIN_INTERVAL_S or worth_s < price_s
    assert is_limited or worth_s == pytest.approx(price_s, rel=0.02)


def _hazard(durations: Durations, from_s: float, to_s: float) -> float:
    """Cumulate the hazard anew, from what is stored, in many small steps."""
    durations.take_unsaved()
    stored_ends, stored_s = durations.saved
    edges = [from_s, *(edge for edge in EDGES_S if from_s < edge < to_s), to_s]
    total = 0.0
    for start, end in pairwise(edges):
        place = bisect_right(EDGES_S, start) - 1
        middle = (EDGES_S[place] + EDGES_S[place + 1]) / 2 if place < BIN_COUNT - 1 else 172_780
        ends, seconds = stored_ends.get(place, 0.0), stored_s.get(place, 0.0)
        total += (ends + 0.2) / (seconds + 0.2 * (middle + 20)) * (end - start)
    return total


@given(AGES, PRICES, st.floats(1.01, 10))
def test_the_dearer_a_poll_the_longer_the_interval(
    age_s: float, price_s: float, factor: float
) -> None:
    assert KNOWN.interval(age_s, price_s * factor) >= KNOWN.interval(age_s, price_s) * 0.999


@pytest.mark.parametrize(
    ("age_s", "longest_s"), [(0, 900), (3_600, 900), (10_000, 2_000), (500_000, 3_600)]
)
def test_where_polls_are_cheap_nobody_waits_too_long(age_s: float, longest_s: float) -> None:
    never_ends = Durations({}, dict.fromkeys(range(BIN_COUNT), 1e12))

    interval_s = never_ends.interval(age_s, 0.25)

    assert interval_s == pytest.approx(longest_s)
    assert never_ends.interval(age_s, 25) == pytest.approx(10 * longest_s)


def test_nobody_is_asked_more_than_once_a_second() -> None:
    assert learned(*[2.0] * 1_000).interval(1.9, 0.05) == MIN_INTERVAL_S


def test_however_dear_polls_are_none_waits_long_after_an_end_that_is_certain() -> None:
    at_once = Durations(dict.fromkeys(range(BIN_COUNT), 1e6), dict.fromkeys(range(BIN_COUNT), 1e4))

    assert at_once.interval(10, 1e7) == MIN_INTERVAL_S


def test_where_vendors_call_back_polls_are_rare_and_leave_the_call_its_time() -> None:
    alone_s, with_calls_s = KNOWN.interval(300, 1.0), KNOWN.interval(300, 1.0, 0.05)

    assert with_calls_s == pytest.approx(alone_s * math.sqrt(20), rel=0.1)
    assert learned(*[2.0] * 1_000).interval(1.9, 0.05, 0.05) == CALLBACK_GRACE_S


@pytest.mark.parametrize("known", [[], [60.0] * (MIN_SAMPLES - 1)])
def test_of_few_ends_nothing_is_foretold(known: list[float]) -> None:
    durations = learned(*known)

    assert durations.expected_finish(0) is None
    assert durations.slow_after_s() is None


@pytest.mark.parametrize("age_s", [0.0, 200.0, 600.0])
def test_an_end_is_foretold_from_those_that_ran_as_long(age_s: float) -> None:
    took_s = sorted(lognormal(2_000))

    expected = KNOWN.expected_finish(age_s)

    left = [one for one in took_s if one > age_s]
    assert expected is not None
    assert expected.low_s == pytest.approx(left[len(left) // 10], rel=0.1)
    assert expected.likely_within_s == pytest.approx(left[len(left) * 8 // 10], rel=0.1)
    assert expected.high_s == pytest.approx(left[len(left) * 9 // 10], rel=0.1)
    assert expected.slower_than == pytest.approx(1 - len(left) / len(took_s), abs=0.03)


def test_tasks_that_all_take_as_long_are_foretold_to_take_no_longer() -> None:
    expected = learned(*[600.0] * 40).expected_finish(0)

    assert expected is not None
    assert 500 < expected.low_s < expected.likely_within_s < expected.high_s < 640


@pytest.mark.parametrize("age_s", [1e4, 1e5, 1e6])
def test_a_task_older_than_all_others_is_slower_than_nearly_all(age_s: float) -> None:
    expected = KNOWN.expected_finish(age_s)

    assert expected is not None
    assert age_s < expected.low_s < expected.likely_within_s < expected.high_s
    assert 0.99 < expected.slower_than < 1


def test_too_slow_is_slower_than_all_but_one_in_a_hundred() -> None:
    slow_s = KNOWN.slow_after_s()

    assert slow_s == pytest.approx(sorted(lognormal(2_000))[1_980], rel=0.1)


def test_too_slow_is_twice_the_usual_at_least_and_not_for_ever() -> None:
    same, with_zombies = learned(*[600.0] * 40), learned(*[600.0] * 40)
    for _ in range(2):
        with_zombies.observe_alive(0, 1e6)

    assert same.slow_after_s() == pytest.approx(1_200, rel=0.1)
    assert with_zombies.slow_after_s() == pytest.approx(2_460, rel=0.1)


@pytest.mark.parametrize(
    ("kind", "media_s", "expected"),
    [
        (Kind.TRANSCODE, None, "transcode"),
        (Kind.TRANSCODE, 0.0, "transcode:short"),
        (Kind.TRANSCODE, 299.9, "transcode:short"),
        (Kind.TRANSCODE, 300.0, "transcode:medium"),
        (Kind.TRANSCODE, 1_800.0, "transcode:long"),
        (None, 300.0, "other"),
    ],
)
def test_a_task_has_the_history_of_its_kind_and_of_media_as_long(
    kind: Kind | None, media_s: float | None, expected: str
) -> None:
    assert history_kind(status(TaskState.RUNNING, kind=kind, media_s=media_s)) == expected


def test_a_task_that_nobody_told_of_has_the_history_of_any_other() -> None:
    assert history_kind(None) == "other"
