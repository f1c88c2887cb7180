"""The machine's clock, which a test can also set forward."""

from datetime import datetime, timedelta

from bot.sandbox.clock import SystemClock


class MovingClock:
    """Time passes as it does, and by ``skip`` at once; sleepers are not woken by that."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._ahead = 0.0

    def now(self) -> datetime:
        return self._machine.now() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        return self._machine.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    def skip(self, seconds: float) -> None:
        """Let *seconds* have passed."""
        self._ahead += seconds
