"""What is counted, for ``GET /metrics``; every label comes from a closed set."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_VENDOR_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The process's figures, in a registry of their own so that tests can have several."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._questions = Counter(
            "mediatask_questions",
            "Tasks people asked about, by the state or reason they were told.",
            ("provider", "told"),
            registry=registry,
        )
        self._vendor = Histogram(
            "mediatask_vendor_seconds",
            "Time one attempt at a vendor took, by its outcome.",
            ("api", "outcome"),
            buckets=_VENDOR_BUCKETS,
            registry=registry,
        )
        self._undocumented = Counter(
            "mediatask_undocumented_words",
            "Words a vendor sent that its documents do not list; the log names them.",
            ("provider",),
            registry=registry,
        )
        self._ack = Histogram(
            "mediatask_ack_seconds",
            "Time from a Slack request's arrival to its acknowledgement.",
            ("kind",),
            buckets=_ACK_BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "mediatask_answers",
            "Answers to people, by what became of them.",
            ("outcome",),
            registry=registry,
        )
        self._open_questions = Gauge(
            "mediatask_open_questions",
            "People waiting for an answer now.",
            registry=registry,
        )

    @property
    def registry(self) -> CollectorRegistry:
        """Where modules that count for themselves have their figures shown."""
        return self._registry

    def count_question(self, provider: str, told: str) -> None:
        """Count one task a person was told about; *told* is a state or a reason."""
        self._questions.labels(provider, told).inc()

    def observe_vendor(self, api: str, outcome: str, seconds: float) -> None:
        """Note one attempt at a vendor; *outcome* is ``ok`` or a reason."""
        self._vendor.labels(api, outcome).observe(seconds)

    def count_undocumented(self, provider: str, word: str) -> None:
        """Count a word no document lists; *word* is unbounded and so becomes no label."""
        del word
        self._undocumented.labels(provider).inc()

    def observe_ack(self, kind: str, seconds: float) -> None:
        """Note how long Slack waited for an acknowledgement."""
        self._ack.labels(kind).observe(seconds)

    def count_answer(self, outcome: str) -> None:
        """Count an answer as ``sent``, ``degraded`` (pictures left out) or ``lost``."""
        self._answers.labels(outcome).inc()

    def set_open_questions(self, count: int) -> None:
        """Note how many people wait for an answer."""
        self._open_questions.set(count)

    def socket_figures(self, count_open: Callable[[], int]) -> "SocketFigures":
        """Begin to count what Socket Mode needs counted; in http mode nobody does."""
        return SocketFigures(self._registry, count_open)

    def render(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self._registry)


class SocketFigures:
    """How the connections of Socket Mode do."""

    def __init__(self, registry: CollectorRegistry, count_open: Callable[[], int]) -> None:
        gauge = Gauge(
            "mediatask_socket_open",
            "Socket Mode connections that Slack would send a request over now.",
            registry=registry,
        )
        gauge.set_function(count_open)
        self._deaf = Counter(
            "mediatask_socket_deaf_seconds",
            "Time connections took no requests, from the last sign of life to a successor's hello.",
            registry=registry,
        )
        self._rebuilds = Counter(
            "mediatask_socket_rebuilds",
            "Connections that had to be replaced, by the reason.",
            ("reason",),
            registry=registry,
        )

    def count_deaf(self, seconds: float) -> None:
        """Count time in which one connection took no requests."""
        self._deaf.inc(seconds)

    def count_rebuild(self, reason: str) -> None:
        """Count a connection that has to be replaced."""
        self._rebuilds.labels(reason).inc()
