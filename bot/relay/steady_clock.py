"""The time as all replicas tell it, which goes on evenly whatever is done to this machine's clock.

A send is overdue when its time is over, so whoever thought it was an hour later would take over
what is under way. Between two looks at the told time only the monotonic clock counts.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from providers.clock import Clock

_TRIFLE = timedelta(seconds=1)
_LASTS_S = 60.0
"""A jump is followed when it has lasted for so long; what was under way before is then settled."""


@dataclass(slots=True)
class SteadyClock:
    """A clock that is told the time from time to time, by the machine or by the database."""

    clock: Clock
    _told: datetime = field(init=False)
    _told_s: float = field(init=False)
    _differs_since_s: float | None = None

    def __post_init__(self) -> None:
        self.set(self.clock.now())

    def now(self) -> datetime:
        """Tell the wall-clock instant, aware, in UTC; it never jumps by itself."""
        return self._told + timedelta(seconds=self.clock.monotonic() - self._told_s)

    def monotonic(self) -> float:
        """Tell seconds since an arbitrary start."""
        return self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self.clock.sleep(seconds)

    def set(self, told: datetime) -> None:
        """Take *told* for the time from now on."""
        self._told, self._told_s = told, self.clock.monotonic()
        self._differs_since_s = None

    def follow(self, told: datetime) -> None:
        """Follow *told*: a trifle at once, a jump when it has lasted."""
        now_s = self.clock.monotonic()
        if abs(told - self.now()) <= _TRIFLE:
            self.set(told)
        elif self._differs_since_s is None:
            self._differs_since_s = now_s
        elif now_s - self._differs_since_s >= _LASTS_S:
            self.set(told)
