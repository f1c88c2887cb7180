"""How long tasks take, learned from how long they took. Pure.

Of every sort of task (provider and history kind) we count, per age, the ends and the seconds under
watch; their quotient is the hazard, the chance to end per second. A poll is due as soon as the
lateness it would find is worth its price, which makes intervals go with ``sqrt(2 price / hazard)``:
the answer to the inspection problem of reliability theory (Barlow, Hunter, Proschan, "Optimum
checking procedures", 1963). It costs some microseconds, for it is worked out at every poll.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from bot.life_table import BIN_COUNT, EDGES_S, ENDS_S, PRIOR_S, WIDTHS_S, LifeTable, bin_of
from bot.virtual_time import PRICE_FLOOR_S
from providers.models import TaskStatus

MIN_SAMPLES = 20
"""Of fewer ends nobody is told anything."""

MIN_INTERVAL_S = 1.0
"""No task is asked for more often."""
CALLBACK_GRACE_S = 8.0
"""Where a vendor calls back, what ended is left so long to be told by it."""
_SOON_S, _SOON_SHARE = 900.0, 0.2
_LONGEST_S = 3_600.0

_PRIOR_ENDS = 0.2
"""How many ends what we assume weighs as much as, in each bin."""
_RELEARN_AFTER = 20
_CERTAIN = 50.0
"""A hazard so large that the task has ended."""
_UNCERTAIN = 1e-8
"""A hazard so small that nothing is lost if it is taken for this."""
_PRECISION = 1e-3
_MAX_STEPS = 20
_SHORTEST_S = 1e-3

_MEDIA_FROM_S, _MEDIA = (300.0, 1_800.0), ("short", "medium", "long")
"""Media is medium from five minutes on, and long from half an hour."""

_NOTHING: Mapping[int, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expected:
    """When a task that still runs should end, by those of its sort that ran as long at least.

    All but the last are ages: seconds since the task was born.
    """

    low_s: float
    """One in ten has ended by then."""
    high_s: float
    """Nine in ten have."""
    likely_within_s: float
    """Four in five have."""
    slower_than: float
    """Which share, 0 to 1, of all of its sort had ended at this age."""


class Durations:
    """How long tasks of one sort took; it learns in place.

    *events* are ends by bin, *exposure_s* seconds under watch by bin, as they are stored.
    """

    def __init__(
        self,
        events: Mapping[int, float] = _NOTHING,
        exposure_s: Mapping[int, float] = _NOTHING,
    ) -> None:
        self._new_events = [0.0] * BIN_COUNT
        self._new_exposure_s = [0.0] * BIN_COUNT
        self._ends_to_learn = 0
        self.reload(events, exposure_s)

    @property
    def samples(self) -> float:
        """How many ends were seen."""
        return sum(self._events) + sum(self._new_events)

    @property
    def saved(self) -> tuple[dict[int, float], dict[int, float]]:
        """What is stored, events and exposure by bin: what ``reload`` takes."""
        return _sparse(self._events), _sparse(self._exposure_s)

    def observe_alive(self, from_age_s: float, to_age_s: float) -> None:
        """Learn that a task had not ended between two ages."""
        place = bin_of(from_age_s)
        while to_age_s > from_age_s:
            end_s = min(to_age_s, ENDS_S[place])
            self._new_exposure_s[place] += end_s - from_age_s
            from_age_s, place = end_s, place + 1

    def observe_end(
        self, from_age_s: float, to_age_s: float, *, took_s: float | None = None
    ) -> None:
        """Learn that a task, last seen alive at one age, was found ended at another.

        *took_s* is how long it really took, where the vendor tells; else half-way is assumed.
        """
        ended_s = max((from_age_s + to_age_s) / 2 if took_s is None else took_s, 0.0)
        self.observe_alive(from_age_s, ended_s)
        self._new_events[bin_of(ended_s)] += 1
        self._ends_to_learn += 1
        if self._ends_to_learn >= _RELEARN_AFTER:
            self.relearn()

    def relearn(self) -> None:
        """Let what was observed since count; call it every 20 s or so (20 ends do it too)."""
        self._ends_to_learn = 0
        self._hazards = [
            (ends + _PRIOR_ENDS) / (seconds + _PRIOR_ENDS * prior_s)
            for ends, seconds, prior_s in zip(*self._observed(), PRIOR_S, strict=True)
        ]
        self._cumulated = _cumulate(self._hazards)

    def take_unsaved(self) -> tuple[dict[int, float], dict[int, float]]:
        """Give what was observed and not taken yet, events and exposure by bin, to be stored."""
        taken = _sparse(self._new_events), _sparse(self._new_exposure_s)
        self._events, self._exposure_s = self._observed()
        self._new_events = [0.0] * BIN_COUNT
        self._new_exposure_s = [0.0] * BIN_COUNT
        return taken

    def reload(self, events: Mapping[int, float], exposure_s: Mapping[int, float]) -> None:
        """Take over what is stored, by other replicas too; what is unsaved stays on top of it."""
        self._events = [events.get(place, 0.0) for place in range(BIN_COUNT)]
        self._exposure_s = [exposure_s.get(place, 0.0) for place in range(BIN_COUNT)]
        self.relearn()

    def interval(
        self,
        age_s: float,
        price_s: float,
        miss_rate: float = 1.0,
        *,
        floor_s: float = PRICE_FLOOR_S,
    ) -> float:
        """Tell how many seconds after a poll at *age_s* the next one is worth *price_s*.

        *miss_rate* is the share of ends that only a poll would tell; less than one where the
        vendor calls back. At the floor price it is at most 15 minutes or a fifth of the age,
        whichever is longer, and an hour at the very most; where polls are dearer these limits
        grow as all intervals do, so that they take no polls from tasks that are due.
        """
        scarcity = math.sqrt(max(1.0, price_s / floor_s))
        longest_s = min(max(_SOON_S, _SOON_SHARE * age_s), _LONGEST_S) * scarcity
        shortest_s = MIN_INTERVAL_S if miss_rate >= 1 else CALLBACK_GRACE_S
        return max(shortest_s, self._worth_after(max(age_s, 0.0), price_s / miss_rate, longest_s))

    def expected_finish(self, age_s: float) -> Expected | None:
        """Tell when a task of that age should end; None before 20 ends were seen."""
        if self.samples < MIN_SAMPLES:
            return None
        fate = LifeTable(*self._observed())
        return Expected(
            low_s=fate.age_when(0.1, age_s),
            high_s=fate.age_when(0.9, age_s),
            likely_within_s=fate.age_when(0.8, age_s),
            slower_than=1 - fate.left_at(age_s),
        )

    def slow_after_s(self) -> float | None:
        """Tell from which age on a task takes far too long; None before 20 ends were seen.

        That is longer than 99 of 100, or four times as long as nine in ten (where one in a hundred
        never ends, the former is of no use), but twice as long as half of them at least.
        """
        if self.samples < MIN_SAMPLES:
            return None
        fate = LifeTable(*self._observed())
        return max(2 * fate.age_when(0.5), min(fate.age_when(0.99), 4 * fate.age_when(0.9)))

    def _observed(self) -> tuple[list[float], list[float]]:
        return (
            [old + new for old, new in zip(self._events, self._new_events, strict=True)],
            [old + new for old, new in zip(self._exposure_s, self._new_exposure_s, strict=True)],
        )

    def _worth_after(self, age_s: float, worth_s: float, longest_s: float) -> float:
        """Find when the lateness is worth a poll: first the bin, then the second."""
        place = bin_of(age_s)
        begun = self._cumulated[place] + self._hazards[place] * (age_s - EDGES_S[place])
        low, high = place, bin_of(age_s + longest_s)
        while low < high:
            middle = (low + high) // 2
            wait_s = ENDS_S[middle] - age_s
            if _lateness(wait_s, self._cumulated[middle + 1] - begun) < worth_s:
                low = middle + 1
            else:
                high = middle
        # Inside of a bin the hazard grows in a straight line.
        at_zero = self._cumulated[low] - begun + self._hazards[low] * (age_s - EDGES_S[low])
        first_s = max(_SHORTEST_S, EDGES_S[low] - age_s)
        return _solve(at_zero, self._hazards[low], worth_s, (first_s, longest_s))


def history_kind(status: TaskStatus | None) -> str:
    """Name the sort of task whose history fits this one: its kind, and how long its media plays.

    Like ``transcode``, ``transcode:long``, or ``other`` where the vendor tells no kind.
    """
    if status is None or status.kind is None:
        return "other"
    if status.media_s is None:
        return status.kind.value
    return f"{status.kind}:{_MEDIA[bisect_right(_MEDIA_FROM_S, status.media_s)]}"


def _cumulate(hazards: list[float]) -> list[float]:
    finite = zip(hazards[:-1], WIDTHS_S[:-1], strict=True)
    return list(accumulate((hazard * width_s for hazard, width_s in finite), initial=0.0))


def _sparse(figures: list[float]) -> dict[int, float]:
    return {place: figure for place, figure in enumerate(figures) if figure}


def _lateness(wait_s: float, hazard: float) -> float:
    """Give the seconds of lateness that are worth a poll after *wait_s*, as hazard grew so far."""
    if hazard > _CERTAIN:
        return math.inf
    return wait_s * (math.expm1(hazard) - hazard) / hazard if hazard > 0 else 0.0


def _solve(at_zero: float, rate: float, worth_s: float, between_s: tuple[float, float]) -> float:
    """Find the wait whose lateness is *worth_s*, where hazard is ``at_zero + rate * wait``.

    Newton's steps on the logarithm of the lateness, from where it would be if *at_zero* were 0.
    """
    first_s, last_s = between_s
    steep = math.sqrt(2 * worth_s * rate)
    guess_s = min(steep, math.log1p(worth_s * rate + steep)) / rate
    wait_s, before_s = min(last_s, max(first_s, guess_s)), math.inf
    steps = 0
    while abs(wait_s - before_s) > _PRECISION * wait_s and steps < _MAX_STEPS:
        nearer_s = _step(at_zero, rate, worth_s, wait_s)
        before_s, wait_s = wait_s, min(last_s, max(first_s, nearer_s))
        steps += 1
    return wait_s


def _step(at_zero: float, rate: float, worth_s: float, wait_s: float) -> float:
    hazard = max(at_zero + rate * wait_s, _UNCERTAIN)
    grown = math.expm1(hazard)
    gain = (grown - hazard) / hazard
    slope = gain + wait_s * rate * (grown + 1 - grown / hazard) / hazard
    return wait_s + wait_s * gain * math.log(worth_s / (wait_s * gain)) / slope
