"""What comes twice has one effect; a store in trouble costs nobody an answer."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.asker import Asker
from bot.receipts import Receipts
from bot.replies import Answer
from bot.store.store import Store, open_store
from bot.views.layout import View
from tests.fakes.clock import FakeClock

ALICE = Asker("T1", "U1", "C1")
DONE = Answer(View([], "done"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(clock: FakeClock) -> AsyncIterator[Store]:
    async with open_store("sqlite://", clock) as opened:
        yield opened


@pytest.fixture
def receipts(store: Store, clock: FakeClock) -> Receipts:
    return Receipts(store, clock)


@pytest.fixture
def broken(receipts: Receipts, monkeypatch: pytest.MonkeyPatch) -> Receipts:
    """One whose store takes nothing."""
    for name in ("record_receipt", "forget_receipt"):
        statement = f"bot.store.statements.{name}"
        monkeypatch.setattr(statement, lambda *_: sql("insert into nowhere values (1)"))
    return receipts


def work() -> Coroutine[Any, Any, Answer]:
    async def answer() -> Answer:
        return DONE

    return answer()


async def test_the_first_delivery_is_worked_on_and_the_same_again_is_not(
    receipts: Receipts,
) -> None:
    answers = [await receipts.once(ALICE, key, work()) for key in ("Ev1", "Ev1", "Ev2")]

    assert answers == [DONE, None, DONE]


async def test_what_a_store_in_trouble_cannot_tell_is_worked_on(
    broken: Receipts, caplog: pytest.LogCaptureFixture
) -> None:
    assert await broken.once(ALICE, "Ev1", work()) is DONE
    assert caplog.messages[0].startswith("receipt_not_recorded reason=")


async def test_of_all_who_claim_at_once_one_gets_it(receipts: Receipts) -> None:
    claims = await asyncio.gather(*(receipts.claim(ALICE, "share") for _ in range(5)))

    assert sum(map(bool, claims)) == 1


@pytest.mark.parametrize("second", range(0, 40, 3))
async def test_nobody_gets_it_just_after_whatever_the_clock_says(
    second: int, receipts: Receipts, clock: FakeClock
) -> None:
    clock.jump(timedelta(seconds=second, milliseconds=990))
    first = await receipts.claim(ALICE, "share")
    clock.jump(timedelta(milliseconds=20))
    second_claim = await receipts.claim(ALICE, "share")

    assert (bool(first), bool(second_claim)) == (True, False)


async def test_half_a_minute_later_it_can_be_had_again(
    receipts: Receipts, clock: FakeClock
) -> None:
    await receipts.claim(ALICE, "share")
    clock.jump(timedelta(seconds=30))

    assert await receipts.claim(ALICE, "share")


async def test_what_is_released_can_be_had_at_once(receipts: Receipts) -> None:
    await receipts.release(ALICE, await receipts.claim(ALICE, "share"))

    assert await receipts.claim(ALICE, "share")


async def test_what_cannot_be_released_is_said_in_the_log(
    broken: Receipts, caplog: pytest.LogCaptureFixture
) -> None:
    await broken.release(ALICE, ("share@1",))

    assert caplog.messages[0].startswith("receipt_not_taken_back reason=")
