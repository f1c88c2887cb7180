"""A side of the comparison: asks so many questions, so many at a time, and tells what it took."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

WARM_UP = 20
"""Questions asked before the watch starts, so that imports and connections are not measured."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one side is to do."""

    provider: str
    accounts: dict[str, dict[str, Any]]
    queries: int
    in_flight: int

    @property
    def task_ids(self) -> list[str]:
        """Every question is about another task; each vendor takes these ids."""
        return [f"{number}" for number in range(10_000_000, 10_000_000 + self.queries)]

    @property
    def warm_up_ids(self) -> list[str]:
        """Other tasks than those that are measured, and as many as are in flight."""
        count = max(WARM_UP, self.in_flight)
        return [f"{number}" for number in range(20_000_000, 20_000_000 + count)]


@dataclass(slots=True)
class Took:
    """What it took; CPU seconds are those of the asking process alone."""

    seconds: float = 0
    cpu_s: float = 0
    failed: int = 0
    requests: int = 0
    """Sent to the vendor for these questions."""


def read_job() -> Job:
    """Read the job from the command line."""
    return Job(**json.loads(sys.argv[1]))


def tell(took: Took) -> None:
    """Write the result for the process that gave the job."""
    print(json.dumps(asdict(took)))


@contextmanager
def measured(took: Took) -> Iterator[None]:
    """Measure what happens inside."""
    before, began = os.times(), time.perf_counter()
    yield
    took.seconds = time.perf_counter() - began
    after = os.times()
    took.cpu_s = after.user + after.system - before.user - before.system
