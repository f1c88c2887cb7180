"""What is counted about watches, for ``GET /metrics``; every label comes from a closed set."""

from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_DETECTION_BUCKETS = (0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


class LaneFigures(NamedTuple):
    """How one lane of polls does."""

    price_s: float
    """Seconds of lateness one poll is worth; it rises where there are more tasks than polls."""
    pause_s: float
    """The typical pause between two polls of a task, lately."""
    busy: float
    """The share of the documented pace that polls used, 0 to 1."""


class WatchFigures:
    """How following tasks does, in the process's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = Gauge(
            "mediatask_watch_tasks",
            "Tasks somebody watches now, by the last state their vendor told.",
            ("state",),
            registry=registry,
        )
        self._polls = Counter(
            "mediatask_watch_polls",
            "Polls, by what came of them: a decision's reason, or why nobody answered.",
            ("lane", "outcome"),
            registry=registry,
        )
        self._detection = Histogram(
            "mediatask_watch_detection_seconds",
            "Time from a task's end, as its vendor tells it, to our noticing, by who told.",
            ("source",),
            buckets=_DETECTION_BUCKETS,
            registry=registry,
        )
        self._price = Gauge(
            "mediatask_watch_price_seconds",
            "Seconds of lateness one poll of the lane is worth; 0.25 while there are plenty.",
            ("lane",),
            registry=registry,
        )
        self._pause = Gauge(
            "mediatask_watch_pause_seconds",
            "The typical pause between two polls of a task, lately.",
            ("lane",),
            registry=registry,
        )
        self._busy = Gauge(
            "mediatask_watch_busy_ratio",
            "The share of the documented pace that polls used lately.",
            ("lane",),
            registry=registry,
        )

    def count_poll(self, lane: str, outcome: str) -> None:
        """Count a poll; *outcome* is a decision's ``Reason`` or an error's."""
        self._polls.labels(lane, outcome).inc()

    def observe_detection(self, source: str, seconds: float) -> None:
        """Note how long ago a task had ended when we saw it; less than nothing is nothing."""
        self._detection.labels(source).observe(max(seconds, 0))

    def set_tasks(self, by_state: Mapping[str, int]) -> None:
        """Note how many tasks are followed; a state of ``""`` was told by nobody yet."""
        self._open.clear()
        for state, count in by_state.items():
            self._open.labels(state or "unseen").set(count)

    def set_lane(self, lane: str, figures: LaneFigures) -> None:
        """Note how a lane does."""
        for gauge, value in zip((self._price, self._pause, self._busy), figures, strict=True):
            gauge.labels(lane).set(value)

    def forget_lane(self, lane: str) -> None:
        """Say no more of a lane that another replica polls now."""
        for gauge in (self._price, self._pause, self._busy):
            gauge.remove(lane)
