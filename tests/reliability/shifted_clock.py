"""The machine's clock, set wrong by hand; what the monotonic one tells stays right."""

from datetime import datetime, timedelta

from providers.clock import SystemClock


class ShiftedClock:
    """Tells a time that is off by what ``shift`` has added up to."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._off_by_s = 0.0

    def now(self) -> datetime:
        return self._machine.now() + timedelta(seconds=self._off_by_s)

    def monotonic(self) -> float:
        return self._machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    def shift(self, seconds: float) -> None:
        """Set it on, or back where *seconds* are negative."""
        self._off_by_s += seconds
