"""Whether a vendor is believed to be down.

::

    closed ── several failures in a row, or one question without any answer ──▶ open
    open ──── any answer, even a refusal ─────────────────────────────────────▶ closed

There is no half-open state: no person's question is spent on finding out. The gate asks by itself
in the background, at the pauses of ``probe_pauses``.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from providers.clock import Clock
from providers.errors import ProviderError
from providers.models import Reason

_OUTAGE_REASONS = frozenset({Reason.UNREACHABLE, Reason.UNAVAILABLE, Reason.MALFORMED})
_OUTAGE_RETRIES = 2
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_JITTER = 0.25


def is_outage(error: ProviderError) -> bool:
    """Whether a failure speaks against the vendor as a whole.

    One that is worth fewer than two more attempts (ZEGO's code 1000, which a wrong id gives too;
    an answer that is plainly not the documented one) is about the single question.
    """
    return error.reason in _OUTAGE_REASONS and error.retries >= _OUTAGE_RETRIES


def probe_pauses(random: Callable[[], float]) -> Iterator[float]:
    """Yield for ever the seconds to wait before each probe: 2, doubling to 60, up to 25 % less."""
    pause = _FIRST_PAUSE_S
    while True:
        yield pause * (1 - _JITTER * random())
        pause = min(2 * pause, _LONGEST_PAUSE_S)


class Breaker:
    """Remembers how the last questions to one account and API ended.

    *threshold* is the number of failures in a row, over all callers, that opens it.
    """

    def __init__(self, clock: Clock, *, threshold: int = 5) -> None:
        self._clock = clock
        self._threshold = threshold
        self._failures = 0
        self._failing_since: datetime | None = None
        self._answered_at = float("-inf")
        self._cause: ProviderError | None = None
        self._since: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the vendor is believed to be down."""
        return self._cause is not None

    @property
    def since(self) -> datetime | None:
        """Since when it has been as it is; None before the first answer or outage."""
        return self._since

    def refusal(self) -> ProviderError | None:
        """Make the answer to who asks while it is open: the outage's own kind, not to be retried.

        None while it is closed.
        """
        if self._cause is None or self._since is None:
            return None
        return type(self._cause)(
            f"down since {self._since:%H:%M:%S} UTC ({self._cause.detail});"
            " it is being asked again in the background",
            code=self._cause.code,
            request_id=self._cause.request_id,
            retries=0,
        )

    def answered(self) -> bool:
        """Note that the vendor answered something; tell whether this closed it."""
        self._failures = 0
        self._answered_at = self._clock.monotonic()
        was_open, self._cause = self.is_open, None
        if was_open or self._since is None:
            self._since = self._clock.now()
        return was_open

    def failed(self, error: ProviderError) -> bool:
        """Note an attempt that failed as ``is_outage`` tells; tell whether this opened it."""
        self._count_failure()
        return self._failures >= self._threshold and self._open(error)

    def unanswered(self, error: ProviderError, asked_at: float) -> bool:
        """Note a question that used up all its time; tell whether this opened it.

        One such question is enough, so that nobody has to wait that long twice, unless the vendor
        answered somebody since *asked_at* (monotonic): then it counts as one failure.
        """
        if self._answered_at > asked_at:
            return self.failed(error)
        self._count_failure()
        return self._open(error)

    def _count_failure(self) -> None:
        if self._failures == 0:
            self._failing_since = self._clock.now()
        self._failures += 1

    def _open(self, error: ProviderError) -> bool:
        was_open, self._cause = self.is_open, error
        if not was_open:
            self._since = self._failing_since
        return not was_open
