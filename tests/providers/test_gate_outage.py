"""What happens to questions while a vendor is down, and how it is found to be back."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from providers.errors import (
    AuthError,
    UnavailableError,
    UnreachableError,
)
from providers.gate import Gate
from providers.limiter import Limit
from tests.fakes.clock import FakeClock
from tests.fakes.vendor import GateMaker, SilentVendor, Vendor, ask, gates

REFUSED = UnreachableError("the connection to the vendor was refused")
BUSY = UnavailableError("HTTP 503")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def open_gate(clock: FakeClock) -> AsyncIterator[GateMaker]:
    async with gates(clock, []) as make:
        yield make


async def break_down(gate: Gate) -> None:
    """Make the breaker open: one question nobody answers."""
    silent = asyncio.create_task(gate.call(SilentVendor().answer))
    await asyncio.wait({silent})
    assert isinstance(silent.exception(), UnreachableError)


async def test_nobody_waits_twice_for_a_vendor_that_says_nothing(open_gate: GateMaker) -> None:
    gate = open_gate(timeout=0.05)
    vendor = Vendor()
    await break_down(gate)

    with pytest.raises(UnreachableError, match=r"down since 10:00:00 UTC \(no answer within"):
        await gate.call(vendor.answer)

    assert vendor.asked == 0


async def test_five_failures_in_a_row_stop_the_questions(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate()
    vendor = Vendor(*[BUSY] * 9)

    answers = [await ask(gate, vendor, clock) for _ in range(2)]
    with pytest.raises(UnavailableError, match="down since"):
        await gate.call(vendor.answer)

    assert answers == [BUSY, BUSY]
    assert vendor.asked == 5


async def test_a_question_that_waited_for_its_turn_is_spared_the_outage(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(limit=Limit(20, 1), timeout=0.1)
    vendor = Vendor()
    silent = asyncio.create_task(gate.call(SilentVendor().answer))
    await clock.settle()
    waiting = asyncio.create_task(gate.call(vendor.answer))
    await asyncio.wait({silent})

    await clock.advance(0.06)

    assert isinstance(silent.exception(), UnreachableError)
    assert isinstance(waiting.exception(), UnreachableError)
    assert vendor.asked == 0


async def test_a_vendor_that_is_down_is_probed_until_it_comes_back(
    open_gate: GateMaker, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "providers.gate")
    gate = open_gate(timeout=0.05)
    vendor = Vendor(REFUSED, REFUSED)
    await break_down(gate)
    with pytest.raises(UnreachableError):
        await gate.call(vendor.answer)

    probed = []
    for _ in range(12):
        await clock.advance(1)
        probed.append(vendor.asked)
    answer = await ask(gate, vendor, clock)

    assert probed == [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]
    assert answer == "done"
    assert [record.getMessage() for record in caplog.records] == [
        "vendor_unavailable gate=record@main reason=unreachable",
        "vendor_recovered gate=record@main",
    ]


async def test_the_question_that_failed_is_the_probe_where_nobody_asks_another(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate()
    vendor = Vendor(*[REFUSED] * 5)
    await ask(gate, vendor, clock)
    await ask(gate, vendor, clock)

    await clock.advance(2)

    assert vendor.asked == 6
    assert gate.health().answering


async def test_a_refusal_is_an_answer_and_ends_the_outage(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(timeout=0.05)
    await break_down(gate)
    with pytest.raises(UnreachableError):
        await gate.call(Vendor(AuthError("signature")).answer)

    await clock.advance(2)

    assert gate.health().answering


async def test_an_answer_to_an_older_question_ends_the_outage_and_the_probing(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate()
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def late() -> str:
        return await answer

    older = asyncio.create_task(gate.call(late))
    await clock.settle()
    broken = Vendor(*[BUSY] * 5)
    await ask(gate, broken, clock)
    await ask(gate, broken, clock)
    answer.set_result("late")
    await clock.settle()

    assert await older == "late"
    assert await ask(gate, Vendor(), clock) == "done"
    assert clock.sleepers == 0


async def test_a_fault_of_ours_in_a_probe_does_not_keep_the_vendor_down(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(timeout=0.05)
    faults: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: faults.append(context["exception"])
    )
    await break_down(gate)
    with pytest.raises(UnreachableError):
        await gate.call(Vendor(KeyError("TaskId")).answer)

    await clock.advance(2)

    assert gate.health().answering
    assert [type(fault) for fault in faults] == [KeyError]


async def test_closing_ends_the_probing(open_gate: GateMaker, clock: FakeClock) -> None:
    gate = open_gate(timeout=0.05)
    await break_down(gate)
    await clock.settle()
    probing = clock.sleepers

    await gate.aclose()

    assert (probing, clock.sleepers) == (1, 0)


async def test_one_lost_question_among_answered_ones_is_no_outage(
    open_gate: GateMaker, clock: FakeClock
) -> None:
    gate = open_gate(timeout=0.5)
    lost = asyncio.create_task(gate.call(SilentVendor().answer))
    await clock.advance(0.02)
    await gate.call(Vendor().answer)

    await asyncio.wait({lost})

    assert isinstance(lost.exception(), UnreachableError)
    assert gate.health().answering
