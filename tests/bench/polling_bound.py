"""How small the mean lateness of polling can be at all, whoever decides.

Suppose the distributions of durations are known, but no end before it is polled. Let a poll cost a
price; the cheapest way to inspect one task is found by dynamic programming over its age. Then
``mean lateness >= cost(price) - price * polls`` whatever the price (a Lagrangian relaxation), and
the best price gives a bound that no policy with as many polls per task can beat. Ages are a grid
of some thousand points; one twice as fine gives the same within three in a thousand.
"""

import math
from collections.abc import Callable

import numpy as np

from tests.bench.polling_workload import GIVEN_UP_S, NEVER_ENDS, SORTS, Floats, survival

_PRICES_S = np.geomspace(1e-3, 1e6, 91)
_WINDOW = 32


class Bound:
    """Gives bounds where a share *miss_rate* of the ends is told by nothing but a poll.

    *coarseness* widens the grid of ages by as much.
    """

    def __init__(self, miss_rate: float = 1.0, *, coarseness: float = 1.0) -> None:
        self._miss_rate = miss_rate
        self._ages_s = _ages(coarseness)
        alive = [np.maximum(survival(sort, self._ages_s), 1e-12) for sort in SORTS]
        self._alive: Floats = np.array(alive)
        steps = np.diff(self._ages_s) * (self._alive[:, 1:] + self._alive[:, :-1]) / 2
        self._lived_s: Floats = np.pad(np.cumsum(steps, axis=1), ((0, 0), (1, 0)))
        self._costs: dict[int, Floats] = {}

    def mean_lateness_s(self, polls_per_task: float, shares: Floats) -> float:
        """Tell the smallest mean over all tasks, those that callbacks told with none."""

        def relaxed(place: int) -> float:
            return float(self._cost(place) @ shares - _PRICES_S[place] * polls_per_task)

        return max(0.0, relaxed(_peak(relaxed, len(_PRICES_S)))) / (1 - NEVER_ENDS)

    def _cost(self, place: int) -> Floats:
        if place not in self._costs:
            self._costs[place] = self._inspect(float(_PRICES_S[place]))
        return self._costs[place]

    def _inspect(self, price_s: float) -> Floats:
        """Give the least cost of a task of each sort, from its birth to its end, at one price."""
        costs = np.zeros_like(self._alive)
        last, window = len(self._ages_s) - 1, _WINDOW
        for here in range(last - 1, -1, -1):
            while True:
                late, total = self._look_ahead(here, min(last, here + window), price_s, costs)
                least = total.min(axis=1)
                if here + window >= last or bool((late[:, -1] >= least).all()):
                    break
                window *= 2
            costs[:, here] = least
            window = max(_WINDOW, 2 * int(total.argmin(axis=1).max()))
        return costs[:, 0]

    def _look_ahead(
        self, here: int, until: int, price_s: float, costs: Floats
    ) -> tuple[Floats, Floats]:
        """Give, for each next age to look at, the lateness it costs and what all costs then."""
        ahead, miss = slice(here + 1, until + 1), self._miss_rate
        alive = self._alive[:, here, None]
        survives = self._alive[:, ahead] / alive
        lived_s = (self._lived_s[:, ahead] - self._lived_s[:, here, None]) / alive
        late = miss * (self._ages_s[ahead] - self._ages_s[here] - lived_s)
        asked = price_s * (miss + (1 - miss) * survives)
        return late, late + asked + survives * costs[:, ahead]


def _ages(coarseness: float) -> Floats:
    ages_s = [0.0]
    while ages_s[-1] < GIVEN_UP_S:
        age_s = ages_s[-1]
        step_s = max(0.2, min(0.02 * age_s, 0.1 * math.sqrt(age_s)))
        ages_s.append(age_s + coarseness * step_s)
    ages_s[-1] = GIVEN_UP_S
    return np.array(ages_s)


def _peak(height: Callable[[int], float], count: int) -> int:
    """Find the top of a hill with one top."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if height(middle) < height(middle + 1):
            low = middle + 1
        else:
            high = middle
    return low
