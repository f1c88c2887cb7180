"""``python -m tests.simulation [--watches N] [--seed S]``: live through a week, print figures."""

import argparse
import gc
import logging
import resource
import sys
from pathlib import Path
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory

from tests.fakes.jumping_loop import run_jumping
from tests.simulation.ledger import BrokenPromiseError
from tests.simulation.plan import Plan, draw_plan
from tests.simulation.week import Outcome, live

_PERCENTILES = 100
_GARBAGE, _GARBAGE_ROUNDS = 100_000, 50
"""How much is made before Python looks for what is no longer used; nothing here is large."""


def main() -> int:
    """Simulate; 1 where something happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--watches", type=int, default=10_000, help="how many are begun")
    parser.add_argument("--seed", type=int, default=1, help="the same seed is the same week")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    gc.set_threshold(_GARBAGE, _GARBAGE_ROUNDS, _GARBAGE_ROUNDS)
    plan = draw_plan(arguments.watches, arguments.seed)
    try:
        with TemporaryDirectory() as folder:
            outcome = run_jumping(live(plan, Path(folder) / "week.db"))
    except BrokenPromiseError as error:
        print(f"seed {arguments.seed}: {error}", file=sys.stderr)
        return 1
    print("\n".join(describe(plan, outcome)))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{usage.ru_utime + usage.ru_stime:.0f} s of processor time")
    return 0


def describe(plan: Plan, outcome: Outcome) -> list[str]:
    """Write the figures; they are the same whenever the seed is."""
    ledger = outcome.ledger
    told = ", ".join(f"{count} {word}" for word, count in sorted(ledger.told.items()))
    sent = ", ".join(f"{count} to {name}" for name, count in outcome.requests.items())
    begun = f"{len(ledger.entries)} watches of {len(plan.lives)} tasks"
    lines = [
        f"{begun} in a week, {outcome.starts} starts, {len(plan.deeds)} troubles and deeds",
        f"{ledger.checks} checks held; told: {told}; {outcome.messages} messages",
        f"{outcome.polls / len(ledger.entries):.1f} polls a watch; requests: {sent}",
    ]
    return lines + [_latency(name, late) for name, late in sorted(ledger.latencies.items())]


def _latency(name: str, late_s: list[float]) -> str:
    cuts = quantiles(late_s, n=_PERCENTILES) if len(late_s) > 1 else late_s * _PERCENTILES
    return (
        f"{name}: noticed after {fmean(late_s):.1f} s in the mean,"
        f" p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f} ({len(late_s)} ends)"
    )


if __name__ == "__main__":
    sys.exit(main())
