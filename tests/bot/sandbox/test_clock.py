"""The stand-ins' clock is the machine's."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import SystemClock


async def test_time_goes_on_and_is_told_in_utc() -> None:
    clock = SystemClock()
    began = clock.monotonic()

    await clock.sleep(-1)

    assert clock.monotonic() >= began
    assert clock.now().tzinfo is UTC
    assert clock.now() - datetime(2020, 1, 1, tzinfo=UTC) > timedelta(0)
