"""How late ends are detected: the product's policy beside naive ones and the bound, simulated."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from tests.bench.polling_bound import Bound
from tests.bench.polling_race import Budget, Naive, Race, SquareRootHazard, Turns
from tests.bench.polling_workload import (
    NEVER_ENDS,
    SORTS,
    Floats,
    make_workload,
    mean_watch_s,
)
from tests.bench.processes import BenchError
from tests.bench.report import Row, Table

_PER_SECOND = 20.0
_FLOOR_S = 0.05
"""Lower than the product's, so that the budget binds and not the wish to be frugal."""
_CALLED_BACK = 0.05
_MOST_OF_BOUND = 1.3
_LEAST_GAIN = 4.0
_CROWDED = 0.3
_MOST_ROUNDS = 20
_LONGEST_WISH_S = 3_600.0

CELLS = ("1000x1", "10000x1", "10000x10", "100000x10")
_NAIVE: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("fixed 5 s", lambda _age_s: 5.0),
    ("fixed 30 s", lambda _age_s: 30.0),
    ("backoff x1.5", lambda age_s: min(300.0, 2 + age_s / 2)),
    ("round robin", lambda _age_s: 1.0),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One situation: so many tasks under watch, asked about so many at a time."""

    outstanding: int
    batch: int
    miss_rate: float = 1.0
    per_second: float = _PER_SECOND

    def __str__(self) -> str:
        called = ", 95 % call back" if self.miss_rate < 1 else ""
        return f"{self.outstanding:,} by {self.batch}{called}"

    @property
    def is_crowded(self) -> bool:
        """Whether merely finding every end once would need a third of all polls."""
        ends_per_second = self.outstanding / mean_watch_s()
        return self.miss_rate == 1 and ends_per_second > _CROWDED * self.per_second * self.batch

    @property
    def round_s(self) -> float:
        """How long it takes to ask about each task once."""
        return self.outstanding / (self.per_second * self.batch)


def read_cells(words: Sequence[str]) -> tuple[Cell, ...]:
    """Read ``10000x1``: that many tasks, so many at a time, with callbacks and without.

    Raises:
        BenchError: something else was written.
    """
    sizes = [word.partition("x") for word in words]
    if not all(outstanding.isdecimal() and batch.isdecimal() for outstanding, _, batch in sizes):
        raise BenchError(f"cells are written as 10000x1, not {' '.join(words)}")
    return tuple(
        Cell(int(outstanding), int(batch), miss_rate)
        for outstanding, _, batch in sizes
        for miss_rate in (1.0, _CALLED_BACK)
    )


@dataclass(frozen=True, slots=True)
class Window:
    """When ends count, after the policy has settled and before the race is over; in seconds."""

    from_s: float
    to_s: float
    until_s: float


def _window(cell: Cell) -> Window:
    from_s = max(3_000.0, min(8 * cell.round_s, 30_000.0))
    to_s = from_s + max(4_000.0, min(30_000.0, 40_000 * mean_watch_s() / cell.outstanding))
    return Window(from_s, to_s, to_s + max(4_000.0, min(6 * cell.round_s, 20_000.0)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What one policy made of one cell."""

    late_s: Floats
    """How late each end was detected, by whatever it was."""
    missed_s: float
    """The mean lateness by polling, over all tasks; those that called back count as none."""
    polls: float
    requests: float
    """Both per task."""
    bound_s: float
    """The least *missed_s* that as many polls allow."""
    longest_wait_s: float

    @property
    def of_bound(self) -> float:
        """How many times the bound it is."""
        return self.missed_s / self.bound_s if self.bound_s > 0 else float("inf")


async def measure(
    *,
    cells: Sequence[str] = CELLS,
    seeds: int = 1,
    window: Window | None = None,
    coarseness: float = 1.0,
) -> Table:
    """Race every policy through every cell; at full size that takes ten minutes."""
    rows = [
        row
        for cell in read_cells(cells)
        for row in await asyncio.to_thread(
            _rows, cell, window or _window(cell), seeds, _bound(cell.miss_rate, coarseness)
        )
    ]
    return Table(
        "polling: how late an end is detected, seconds",
        ("mean", "p50", "p95", "p99", "requests a task", "of the bound"),
        tuple(rows),
        (
            f"simulated, {_PER_SECOND:g} requests a second; a round trip comes on top",
            f"polls cost {_FLOOR_S:g} s at least; the bound is polling's alone, at as many polls",
            f"no row starves: nobody waits {_MOST_ROUNDS} rounds, or an hour if that is longer",
        ),
    )


def race(
    cell: Cell, window: Window, seeds: int, turns: Callable[[], Turns], bound: Bound
) -> Figures:
    """Race one policy, which *turns* makes anew for each seed."""
    runs = [_run(cell, window, seed, turns(), bound) for seed in range(seeds)]

    def mean(figure: Callable[[Figures], float]) -> float:
        return sum(map(figure, runs)) / len(runs)

    return Figures(
        np.concatenate([run.late_s for run in runs]),
        missed_s=mean(lambda run: run.missed_s),
        polls=mean(lambda run: run.polls),
        requests=mean(lambda run: run.requests),
        bound_s=mean(lambda run: run.bound_s),
        longest_wait_s=max(run.longest_wait_s for run in runs),
    )


def hazard_policy(cell: Cell) -> SquareRootHazard:
    """Make the product's policy for a cell, knowing nothing yet."""
    return SquareRootHazard(1 / cell.per_second, _FLOOR_S, cell.miss_rate)


def _run(cell: Cell, window: Window, seed: int, turns: Turns, bound: Bound) -> Figures:
    rng = np.random.default_rng(seed)
    work = make_workload(rng, cell.outstanding, window.until_s, miss_rate=cell.miss_rate)
    between_s = (window.from_s, window.to_s)
    budget = Budget(cell.per_second, cell.batch)
    outcome = Race(work, budget, turns, between_s).run(window.until_s)
    counts = (work.ended_s >= window.from_s) & (work.ended_s < window.to_s)
    late_s = np.minimum(outcome.detected_s, window.until_s)[counts] - work.ended_s[counts]
    tasks = float(counts.sum()) / (1 - NEVER_ENDS)
    shares = np.bincount(work.sort[counts], minlength=len(SORTS)) / counts.sum()
    return Figures(
        late_s,
        missed_s=float((late_s * np.isinf(work.told_s[counts])).mean()),
        polls=outcome.polls / tasks,
        requests=outcome.requests / tasks,
        bound_s=bound.mean_lateness_s(outcome.polls / tasks, shares),
        longest_wait_s=outcome.longest_wait_s,
    )


@cache
def _bound(miss_rate: float, coarseness: float) -> Bound:
    """Keep what was worked out: cells with the same callbacks share it."""
    return Bound(miss_rate, coarseness=coarseness)


def _rows(cell: Cell, window: Window, seeds: int, bound: Bound) -> list[Row]:
    ours = race(cell, window, seeds, partial(hazard_policy, cell), bound)
    others = [
        (name, race(cell, window, seeds, partial(Naive, wait), bound)) for name, wait in _NAIVE
    ]
    best = min(float(figures.late_s.mean()) for _, figures in others)
    return [
        _of_bound(cell, ours),
        _starving(cell, ours),
        *([_gain(cell, ours, best)] if cell.is_crowded else []),
        *(Row(f"{cell}: {name}", _cells(figures)) for name, figures in others),
    ]


def _cells(figures: Figures) -> tuple[str, ...]:
    late_s = figures.late_s
    lateness = (late_s.mean(), *np.percentile(late_s, [50, 95, 99]))
    return (
        *(f"{seconds:.1f}" for seconds in lateness),
        f"{figures.requests:.2f}",
        f"x{figures.of_bound:.2f}",
    )


def _of_bound(cell: Cell, ours: Figures) -> Row:
    is_met = ours.of_bound <= _MOST_OF_BOUND
    return Row(f"{cell}: ours", _cells(ours), f"at most x{_MOST_OF_BOUND:g}", is_met)


def _starving(cell: Cell, ours: Figures) -> Row:
    """Compare the longest wait with the rounds there are; told in the column of means."""
    most_s = max(_MOST_ROUNDS * cell.round_s, _LONGEST_WISH_S)
    told = (f"{ours.longest_wait_s:.0f}", *[""] * 5)
    return Row(
        f"{cell}: longest wait", told, f"at most {most_s:.0f} s", ours.longest_wait_s <= most_s
    )


def _gain(cell: Cell, ours: Figures, best_s: float) -> Row:
    """Compare with the best naive policy where the budget is scarce; in the column of means."""
    gain = best_s / float(ours.late_s.mean())
    told = (f"x{gain:.1f}", *[""] * 5)
    return Row(
        f"{cell}: better than naive", told, f"at least x{_LEAST_GAIN:g}", gain >= _LEAST_GAIN
    )
