"""Ages in bins, and the share of tasks that is left at an age: a life table. Pure."""

import math
import operator
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

_DAY_S = 86_400.0
_LOG_BINS = 60
EDGES_S: tuple[float, ...] = (
    0.0,
    *(_DAY_S ** (step / _LOG_BINS) for step in range(_LOG_BINS + 1)),
)
"""Ages where bins begin, a fifth apart from a second to a day; the last one has no end."""
ENDS_S = (*EDGES_S[1:], math.inf)
WIDTHS_S = tuple(end - start for start, end in zip(EDGES_S, ENDS_S, strict=True))
BIN_COUNT = len(EDGES_S)

_PRIOR_AGE_S = 20.0
PRIOR_S = (*((start + end) / 2 + _PRIOR_AGE_S for start, end in pairwise(EDGES_S)), 2 * _DAY_S)
"""Before anything is known, one in so many seconds ends: about as many as the age, and 20 s."""
_HALF_A_TASK = 0.5


def bin_of(age_s: float) -> int:
    """Name the bin that an age is in."""
    return max(bisect_right(EDGES_S, age_s), 1) - 1


class LifeTable:
    """The share of all tasks that is left, by age.

    *events* are ends by bin, *exposure_s* seconds under watch by bin.
    """

    def __init__(self, events: Sequence[float], exposure_s: Sequence[float]) -> None:
        # Whoever ended in a bin was there for half of it in the mean, the others for the whole.
        came = [
            seconds / width_s + ends / 2
            for seconds, width_s, ends in zip(exposure_s, WIDTHS_S, events, strict=True)
        ]
        survival = map(_survival, came, came[1:], events, WIDTHS_S, PRIOR_S)
        self._left = list(accumulate(survival, operator.mul, initial=1.0))

    def left_at(self, age_s: float) -> float:
        """Give the share that is left; within a bin tasks end evenly."""
        place = bin_of(age_s)
        beyond_s, left = age_s - EDGES_S[place], self._left[place]
        if place == BIN_COUNT - 1:
            return left * math.exp(-beyond_s / PRIOR_S[-1])
        return left - (left - self._left[place + 1]) * beyond_s / WIDTHS_S[place]

    def age_when(self, ended: float, alive_at_s: float = 0.0) -> float:
        """Give the age at which the share *ended* of those alive at another age has."""
        left = self.left_at(alive_at_s) * (1 - ended)
        place = bisect_right(self._left, -left, key=operator.neg) - 1
        if place == BIN_COUNT - 1:
            return EDGES_S[place] + math.log(self._left[place] / left) * PRIOR_S[-1]
        share = (self._left[place] - left) / (self._left[place] - self._left[place + 1])
        return EDGES_S[place] + share * WIDTHS_S[place]


def _survival(came: float, left: float, ended: float, width_s: float, prior_s: float) -> float:
    """Give the share of those that came to a bin that leaves it; some may come or be lost in it.

    Of a bin that not one task was seen through the prior speaks, and nobody knows that all end.
    """
    if came < 1 and not ended:
        return math.exp(-width_s / prior_s)
    left = max(left, _HALF_A_TASK)
    return left / (left + ended)
