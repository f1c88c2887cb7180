"""The policy's own figures in a small race that is always the same."""

import pytest

from tests.bench.polling import Cell, Figures, Window, hazard_policy, race
from tests.bench.polling_bound import Bound
from tests.bench.polling_race import Naive

CROWDED = Cell(2_000, 1, per_second=4.0)
WINDOW = Window(from_s=4_000, to_s=7_000, until_s=8_500)


@pytest.fixture(scope="module")
def bound() -> Bound:
    return Bound(coarseness=8)


@pytest.fixture(scope="module")
def ours(bound: Bound) -> Figures:
    return race(CROWDED, WINDOW, 1, lambda: hazard_policy(CROWDED), bound)


def test_no_policy_could_find_ends_much_sooner(ours: Figures) -> None:
    assert ours.of_bound < 1.3


def test_naive_policies_find_them_four_times_later(ours: Figures, bound: Bound) -> None:
    backoff = race(
        CROWDED, WINDOW, 1, lambda: Naive(lambda age_s: min(300.0, 2 + age_s / 2)), bound
    )

    assert backoff.late_s.mean() > 4 * ours.late_s.mean()
    assert backoff.of_bound > 4


def test_nobody_waits_twenty_rounds(ours: Figures) -> None:
    assert ours.longest_wait_s < 20 * CROWDED.round_s


def test_no_poll_is_left_unused(ours: Figures) -> None:
    tasks = len(ours.late_s) / 0.99

    assert ours.polls * tasks == pytest.approx(4.0 * 3_000, rel=0.01)
