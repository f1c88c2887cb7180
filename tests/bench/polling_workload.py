"""Imagined media tasks for the polling benches: how long they take, and when they come.

Five sorts of task: short transcodes, long ones, documents, recordings and a heavy tail; one in a
hundred never ends and is given up after a day. Half of them come in bursts of about thirty of a
sort, as batches do.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Draw = Callable[[np.random.Generator, int], Floats]
Survive = Callable[[float], float]

GIVEN_UP_S = 86_400.0
NEVER_ENDS = 0.01
_BURST = 30
_POPULATION = 200_000


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of task: its share of all, how to draw durations, and the chance to last longer."""

    name: str
    share: float
    draw: Draw
    outlasts: Survive


def _lognormal(name: str, share: float, median_s: float, sigma: float) -> Sort:
    return Sort(
        name,
        share,
        lambda rng, count: rng.lognormal(math.log(median_s), sigma, count),
        lambda age_s: _lognormal_tail(age_s, median_s, sigma),
    )


def _lognormal_tail(age_s: float, median_s: float, sigma: float) -> float:
    return _normal_tail(math.log(age_s / median_s) / sigma) if age_s > 0 else 1.0


def _normal_tail(deviations: float) -> float:
    return 0.5 * math.erfc(deviations / math.sqrt(2))


def _draw_recordings(rng: np.random.Generator, count: int) -> Floats:
    planned = np.abs(3600 + 60 * rng.standard_normal(count))
    free = rng.lognormal(math.log(2700), 0.5, count)
    return np.where(rng.random(count) < 0.7, free, planned)


def _recording_outlasts(age_s: float) -> float:
    return 0.7 * _lognormal_tail(age_s, 2700, 0.5) + 0.3 * _normal_tail((age_s - 3600) / 60)


def _draw_heavy_tail(rng: np.random.Generator, count: int) -> Floats:
    return 60 * (1 - rng.random(count)) ** (-1 / 1.2)


SORTS = (
    _lognormal("short transcode", 0.40, 40, 0.8),
    _lognormal("long transcode", 0.25, 300, 1.1),
    _lognormal("document", 0.12, 15, 0.7),
    Sort("recording", 0.15, _draw_recordings, _recording_outlasts),
    Sort("heavy tail", 0.08, _draw_heavy_tail, lambda age_s: min(1.0, (60 / max(age_s, 1)) ** 1.2)),
)
SHARES: Floats = np.array([sort.share for sort in SORTS])


@dataclass(frozen=True, slots=True)
class Workload:
    """Tasks in the order of their births; instants are seconds, tasks may be born before 0."""

    sort: Ints
    born_s: Floats
    ended_s: Floats
    """Infinite for those that never end."""
    polled_s: Floats
    """When each was last seen alive before the race, or born."""
    told_s: Floats
    """When the vendor's callback about the end comes; infinite where none does."""


def make_workload(
    rng: np.random.Generator, outstanding: int, until_s: float, *, miss_rate: float = 1.0
) -> Workload:
    """Draw tasks that keep *outstanding* under watch, from a steady state at second 0 on.

    All but *miss_rate* of the ends are told by a callback, mostly a second or two late.
    """
    sort, born_s, ended_s = _under_way(rng, outstanding)
    news = _newcomers(rng, until_s, outstanding / mean_watch_s())
    sort, born_s, ended_s = (
        np.concatenate(pair) for pair in zip((sort, born_s, ended_s), news, strict=True)
    )
    order = np.argsort(born_s, kind="stable")
    sort, born_s, ended_s = sort[order], born_s[order], ended_s[order]
    count = len(sort)
    seen_ago = rng.random(count) * np.minimum(np.abs(born_s), outstanding / 200 + 5)
    called = rng.random(count) >= miss_rate
    delay_s = rng.lognormal(math.log(1.5), 0.6, count)
    return Workload(
        sort,
        born_s,
        ended_s,
        polled_s=np.where(born_s < 0, -seen_ago, born_s),
        told_s=np.where(called, ended_s + delay_s, np.inf),
    )


def mean_watch_s() -> float:
    """Tell how long a task is under watch in the mean."""
    return float(sum(sort.share * _mean_s(sort) for sort in SORTS))


def survival(sort: Sort, ages_s: Floats) -> Floats:
    """Tell which share of a sort is still under way, by age."""
    ends = np.array([sort.outlasts(age_s) for age_s in ages_s])
    return NEVER_ENDS + (1 - NEVER_ENDS) * ends


def _mean_s(sort: Sort) -> float:
    ages_s = np.concatenate([[0.0], np.geomspace(0.1, GIVEN_UP_S, 4_000)])
    return float(np.trapezoid(survival(sort, ages_s), ages_s))


def _draw_lives(rng: np.random.Generator, sort: Ints) -> Floats:
    lives_s = np.empty(len(sort))
    for place, one in enumerate(SORTS):
        mine = sort == place
        lives_s[mine] = one.draw(rng, int(mine.sum()))
    lives_s[rng.random(len(sort)) < NEVER_ENDS] = np.inf
    return lives_s


def _draw_sorts(rng: np.random.Generator, count: int) -> Ints:
    return rng.choice(len(SORTS), count, p=SHARES).astype(np.int64)


def _under_way(rng: np.random.Generator, count: int) -> tuple[Ints, Floats, Floats]:
    """Draw those under watch at second 0: the longer one lasts, the likelier it is among them."""
    sort = _draw_sorts(rng, _POPULATION)
    lives_s = _draw_lives(rng, sort)
    watched_s = np.minimum(lives_s, GIVEN_UP_S)
    chosen = rng.choice(_POPULATION, count, p=watched_s / watched_s.sum())
    born_s = -rng.random(count) * watched_s[chosen]
    return sort[chosen], born_s, born_s + lives_s[chosen]


def _newcomers(
    rng: np.random.Generator, until_s: float, per_second: float
) -> tuple[Ints, Floats, Floats]:
    count = int(per_second * until_s)
    sizes = rng.geometric(1 / _BURST, max(1, count // 2 // _BURST))
    bursts = np.repeat(_draw_sorts(rng, len(sizes)), sizes)
    burst_s = np.repeat(rng.random(len(sizes)) * until_s, sizes) + rng.random(len(bursts))
    alone = max(0, count - len(bursts))
    sort = np.concatenate([bursts, _draw_sorts(rng, alone)])
    born_s = np.concatenate([burst_s, rng.random(alone) * until_s])
    return sort, born_s, born_s + _draw_lives(rng, sort)
