"""A topic's subscription is confirmed by one look at an address, tried for as long as SMN waits."""

from datetime import timedelta

import pytest

from bot.fetch import FetchRefusedError
from bot.intake.confirming import Confirming
from bot.oncall import Callback
from providers.callbacks import Confirmation, Received
from tests.bot.intake.world import ScriptedFetcher
from tests.fakes.clock import FakeClock

URL = "https://smn.cn-north-4.myhuaweicloud.com/confirm?token=SECRETTOKEN"


def asked(clock: FakeClock, number: int = 1) -> tuple[Callback, Received]:
    now = clock.now()
    received = Received(
        event="SubscriptionConfirmation",
        sent_at=now,
        replay_key="k",
        stale_at=now,
        confirmation=Confirmation(URL, "urn:smn:topic"),
    )
    return Callback(number, "mpc", "k", now, {}, b""), received


async def test_what_failed_rests_twice_as_long_each_time() -> None:
    clock, fetcher = FakeClock(), ScriptedFetcher(*[FetchRefusedError("HTTP 500")] * 2)
    confirming, row = Confirming(fetcher, clock), asked(clock)

    assert await confirming.confirm([row]) == {1}
    assert (confirming.rests(1), confirming.waiting) == (True, 1)
    await clock.advance(5)
    assert not confirming.rests(1)
    assert await confirming.confirm([row]) == {1}
    await clock.advance(9)
    assert confirming.rests(1)
    await clock.advance(1)

    assert await confirming.confirm([row]) == set()
    assert confirming.waiting == 0


async def test_after_two_days_it_is_given_up_and_its_secret_never_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    confirming = Confirming(ScriptedFetcher(FetchRefusedError("HTTP 403")), clock)
    row = asked(clock)
    clock.jump(timedelta(hours=49))

    assert await confirming.confirm([row]) == set()

    assert "subscription_not_confirmed topic=urn:smn:topic" in caplog.text
    assert "SECRETTOKEN" not in caplog.text
    caplog.clear()


async def test_one_that_hangs_keeps_no_other_from_being_confirmed() -> None:
    clock = FakeClock()
    fetcher = ScriptedFetcher(FetchRefusedError("too slow"))
    confirming = Confirming(fetcher, clock)

    assert await confirming.confirm([asked(clock, 1), asked(clock, 2)]) == {1}
