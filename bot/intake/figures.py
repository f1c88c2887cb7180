"""What is counted about callbacks and sweeps, for ``GET /metrics``; labels are closed sets."""

from collections.abc import Callable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_CALLBACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)


class CallbackFigures:
    """How the taking in of callbacks does, in the process's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._verdicts = Counter(
            "mediatask_callbacks",
            "Callbacks, by what was made of them.",
            ("vendor", "verdict"),
            registry=registry,
        )
        self._seconds = Histogram(
            "mediatask_callback_seconds",
            "Time from a callback's arrival to its answer.",
            buckets=_CALLBACK_BUCKETS,
            registry=registry,
        )
        self._open = Gauge(
            "mediatask_callbacks_open",
            "Callbacks that were accepted and not looked into yet.",
            registry=registry,
        )
        self._dropped = Counter(
            "mediatask_callbacks_dropped",
            "Accepted callbacks that nothing could be made of, by the reason; the log names them.",
            ("reason",),
            registry=registry,
        )

    def count(self, vendor: str, verdict: str, seconds: float) -> None:
        """Count one callback; *vendor* is ``none`` where no account has that name."""
        self._verdicts.labels(vendor, verdict).inc()
        self._seconds.observe(seconds)

    def set_open(self, count: int) -> None:
        """Note how many wait to be looked into."""
        self._open.set(count)

    def count_dropped(self, reason: str) -> None:
        """Count an accepted callback that is given up; *reason* is a word of ours."""
        self._dropped.labels(reason).inc()


class SweepFigures:
    """How sweeping and checking do, in the process's registry."""

    def __init__(self, registry: CollectorRegistry, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lag = Gauge(
            "mediatask_sweep_lag_seconds",
            "How long ago the vendor's list was looked through to its end.",
            ("lane",),
            registry=registry,
        )
        self._sweeps = Counter(
            "mediatask_sweeps",
            "Looks through a vendor's list: ok, or why one could not be had.",
            ("lane", "outcome"),
            registry=registry,
        )
        self._checks = Gauge(
            "mediatask_checks_open",
            "Tasks nobody may watch that are still to be asked once.",
            ("lane",),
            registry=registry,
        )

    def swept(self, lane: str, until: datetime) -> None:
        """Note up to when a list was looked through; its lag grows from then on by itself."""

        def lag_s() -> float:
            return (self._now() - until).total_seconds()

        self._lag.labels(lane).set_function(lag_s)

    def count_sweep(self, lane: str, outcome: str) -> None:
        """Count a sweep as ``ok``, ``store``, ``fault`` or a vendor error's reason."""
        self._sweeps.labels(lane, outcome).inc()

    def forget_lane(self, lane: str) -> None:
        """Say no more of a list that another replica looks through now."""
        self._lag.remove(lane)

    def set_checks(self, by_lane: Mapping[str, int]) -> None:
        """Note how many tasks are still to be asked once."""
        self._checks.clear()
        for lane, count in by_lane.items():
            self._checks.labels(lane).set(count)
