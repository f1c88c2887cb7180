"""A clock for those who only want to know how long somebody would have waited."""

from tests.fakes.clock import FakeClock


class HastyClock(FakeClock):
    """Whoever sleeps wakes at once; the time they wanted has then passed."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._move_to(self._elapsed + max(seconds, 0))
        await self.settle()
