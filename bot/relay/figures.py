"""What is counted of the relay, for ``GET /metrics``; every label comes from a closed set."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.models import Delivery
from bot.relay.outcomes import Outcome, Reading
from bot.store.deliveries import Backlog

_KINDS = frozenset(
    {"card", "news", "group", "digest", "notice"}
    | {"alert", "alert_event", "report", "silence", "subscription", "oncall"}
)
_OTHER_KIND = "other"
"""A later version's kind: a label's values are a closed set."""
_WAIT_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)


class RelayFigures:
    """How deliveries do."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._attempts = Counter(
            "mediatask_delivery_attempts",
            "Attempts to send a delivery to Slack, by its kind and what became of the attempt.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._waits = Histogram(
            "mediatask_delivery_seconds",
            "Time from the commit of what happened to Slack's ok.",
            ("kind",),
            buckets=_WAIT_BUCKETS,
            registry=registry,
        )
        self._dead = Counter(
            "mediatask_deliveries_dead",
            "Deliveries Slack would not take; mediatask deliveries --dead lists them.",
            ("kind",),
            registry=registry,
        )
        self._readings = Counter(
            "mediatask_delivery_read_backs",
            "Sends of unknown fate that were read back, by what was found out.",
            ("reading",),
            registry=registry,
        )
        self._reposts = Counter(
            "mediatask_delivery_reposts",
            "Sends of unknown fate that are made again; unverified where nobody could look before.",
            ("unverified",),
            registry=registry,
        )
        self._twins = Counter(
            "mediatask_delivery_twins_deleted",
            "Messages that arrived a second time and were taken away.",
            registry=registry,
        )
        self._edits = Counter(
            "mediatask_card_edits",
            "Edits of cards, by what became of them.",
            ("outcome",),
            registry=registry,
        )
        self._open = Gauge(
            "mediatask_deliveries_open",
            "Deliveries that are not settled yet.",
            registry=registry,
        )
        self._oldest = Gauge(
            "mediatask_delivery_oldest_seconds",
            "Age of the oldest delivery that is not settled yet.",
            registry=registry,
        )
        self._stale = Gauge(
            "mediatask_cards_stale",
            "Cards whose message does not show the latest change yet.",
            registry=registry,
        )
        self._turns = Gauge(
            "mediatask_egress_oldest_wait_seconds",
            "How long the call has waited that waits longest for a turn at Slack.",
            registry=registry,
        )

    def watch_egress(self, oldest_wait_s: Callable[[], float]) -> None:
        """Ask *oldest_wait_s* whenever the figures are read."""
        self._turns.set_function(oldest_wait_s)

    def count_attempt(self, delivery: Delivery, outcome: Outcome) -> None:
        """Count an attempt."""
        self._attempts.labels(_kind(delivery), outcome).inc()

    def observe_sent(self, delivery: Delivery, at: datetime) -> None:
        """Note how long a delivery took; a clock that was set back makes it nothing."""
        seconds = max((at - delivery.created_at).total_seconds(), 0)
        self._waits.labels(_kind(delivery)).observe(seconds)

    def count_dead(self, delivery: Delivery) -> None:
        """Count a delivery that Slack would not take."""
        self._dead.labels(_kind(delivery)).inc()

    def count_reading(self, reading: Reading) -> None:
        """Count one reading back."""
        self._readings.labels(reading).inc()

    def count_repost(self, *, unverified: bool) -> None:
        """Count a send that is made again."""
        self._reposts.labels("yes" if unverified else "no").inc()

    def count_twin(self) -> None:
        """Count a message that was there twice."""
        self._twins.inc()

    def count_edit(self, outcome: str) -> None:
        """Count an edit of a card."""
        self._edits.labels(outcome).inc()

    def note_backlog(self, backlog: Backlog, stale: int, now: datetime) -> None:
        """Note what is open now, and how many cards are behind."""
        self._open.set(backlog.count)
        age = (now - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0
        self._oldest.set(max(age, 0))
        self._stale.set(stale)


def _kind(delivery: Delivery) -> str:
    return delivery.kind if delivery.kind in _KINDS else _OTHER_KIND
