"""What is counted about alerts, for ``GET /metrics``; every label comes from a closed set."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram

from bot.oncall import Alert, AlertStatus
from bot.settings.sections import AlertRoute

_ACKNOWLEDGED_BUCKETS = (30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)
_TOLD_BUCKETS = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
_UNRESOLVED = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.SNOOZED)
_GONE = "gone"
"""The route of alerts whose entry is in the settings no more."""


class AlertFigures:
    """How alerts do, in the process's registry; *routes* are by fingerprint."""

    def __init__(self, registry: CollectorRegistry, routes: Mapping[str, AlertRoute]) -> None:
        self._routes = routes
        self._open = Gauge(
            "mediatask_alerts",
            "Alerts that are not resolved, by where they stand, route and channel.",
            ("status", "route", "channel"),
            registry=registry,
        )
        self._acknowledged = Histogram(
            "mediatask_alert_acknowledge_seconds",
            "Time from an alert's opening to its acknowledgement.",
            buckets=_ACKNOWLEDGED_BUCKETS,
            registry=registry,
        )
        self._told = Histogram(
            "mediatask_alert_told_seconds",
            "Time from a change at the vendor to the moment Slack had the alert's message.",
            buckets=_TOLD_BUCKETS,
            registry=registry,
        )
        self._audited = Gauge(
            "mediatask_alert_audit_timestamp_seconds",
            "When every open alert was last re-checked, in seconds since 1970.",
            registry=registry,
        )

    def set_alerts(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Note how many alerts there are, by status and route."""
        self._open.clear()
        for status in _UNRESOLVED:
            for route, settings in self._routes.items():
                self._open.labels(status, route, settings.channel).set(0)
        for (status_now, route), count in counts.items():
            known = self._routes.get(route)
            labels = (route, known.channel) if known else (_GONE, _GONE)
            self._open.labels(status_now, *labels).inc(count)

    def observe_acknowledged(self, alert: Alert) -> None:
        """Note how long an alert, which is acknowledged, had been open."""
        if alert.acknowledged_at is not None:
            self._acknowledged.observe(_seconds(alert.opened_at, alert.acknowledged_at))

    def observe_told(self, happened_at: datetime, told_at: datetime) -> None:
        """Note how long Slack was without an alert's message; less than nothing is nothing."""
        self._told.observe(_seconds(happened_at, told_at))

    def note_audit(self, at: datetime) -> None:
        """Note that every open alert was re-checked."""
        self._audited.set(at.timestamp())


def _seconds(begin: datetime, end: datetime) -> float:
    return max((end - begin).total_seconds(), 0)
