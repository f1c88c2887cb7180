"""A clock that runs faster than the machine's, for what waits for minutes and does real I/O."""

from datetime import UTC, datetime, timedelta

from providers.clock import SystemClock


class QuickClock:
    """Tells and waits for *times* as many seconds as pass."""

    def __init__(self, times: float) -> None:
        self._machine = SystemClock()
        self._times = times
        self._start = datetime.now(UTC)  # noqa: TID251  # this is a clock
        self._start_s = self._machine.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic() - self._start_s)

    def monotonic(self) -> float:
        return self._start_s + (self._machine.monotonic() - self._start_s) * self._times

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds / self._times)
