"""The machine's clock, as far as it can be told without waiting for it."""

from datetime import timedelta

import pytest

from providers.clock import Clock, SystemClock


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()

    assert clock.now().utcoffset() == timedelta(0)


def test_the_monotonic_clock_never_goes_back() -> None:
    clock = SystemClock()

    assert clock.monotonic() <= clock.monotonic()


@pytest.mark.parametrize("seconds", [0, -1])
async def test_no_time_to_wait_is_no_error(seconds: float) -> None:
    clock = SystemClock()
    before = clock.monotonic()

    await clock.sleep(seconds)

    assert clock.monotonic() >= before
