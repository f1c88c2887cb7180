"""Who travels with whom, and that nobody's trouble is another's."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from providers.batch import Answers, Batcher
from providers.errors import InvalidRequestError, TaskNotFoundError, UnreachableError
from providers.models import TaskRef, TaskState, TaskStatus
from tests.fakes.clock import FakeClock

WINDOW_S = 0.02


def ref(number: int) -> TaskRef:
    return TaskRef("mpc", "transcode", str(number))


class Vendor:
    """Knows every task but 404, refuses every request with 400 in it, and notes what it got."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.requests: list[tuple[list[str], bool]] = []
        self.broken: Exception | None = None
        self.takes_s = 0.0

    async def fetch(self, refs: Sequence[TaskRef], *, background: bool) -> Answers:
        ids = [ref.task_id for ref in refs]
        self.requests.append((ids, background))
        await self.clock.sleep(self.takes_s)
        if self.broken:
            raise self.broken
        if "400" in ids:
            raise InvalidRequestError("a bad id", code="MPC.10202")
        return {ref: self.answer(ref) for ref in refs}

    def answer(self, ref: TaskRef) -> TaskStatus | TaskNotFoundError:
        if ref.task_id == "404":
            return TaskNotFoundError("no such task")
        return TaskStatus(
            provider=ref.provider,
            account=ref.account,
            task_id=ref.task_id,
            state=TaskState.RUNNING,
            queried_at=self.clock.now(),
        )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def vendor(clock: FakeClock) -> Vendor:
    return Vendor(clock)


@pytest.fixture
async def batcher(vendor: Vendor, clock: FakeClock) -> AsyncIterator[Batcher]:
    batcher = Batcher(vendor.fetch, clock=clock, window_s=WINDOW_S)
    yield batcher
    await batcher.aclose()


def ask(batcher: Batcher, *numbers: int) -> list[asyncio.Task[TaskStatus]]:
    return [asyncio.create_task(batcher.ask(ref(number))) for number in numbers]


async def test_those_who_ask_within_the_window_travel_together(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    early = ask(batcher, 1, 2)
    await clock.advance(0.019)
    late = ask(batcher, 3)
    await clock.advance(0.001)

    assert vendor.requests == [(["1", "2", "3"], False)]
    assert [(await asked).task_id for asked in early + late] == ["1", "2", "3"]


async def test_who_comes_after_the_window_takes_the_next(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    ask(batcher, 1)
    await clock.advance(WINDOW_S)
    ask(batcher, 2)
    await clock.advance(WINDOW_S)

    assert [ids for ids, _ in vendor.requests] == [["1"], ["2"]]


async def test_a_full_batch_leaves_at_once(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    ask(batcher, *range(23))
    await clock.settle()
    at_once = [len(ids) for ids, _ in vendor.requests]
    await clock.advance(WINDOW_S)

    assert at_once == [10, 10]
    assert [len(ids) for ids, _ in vendor.requests] == [10, 10, 3]


async def test_one_task_asked_for_twice_takes_one_seat(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    asked = ask(batcher, 7, 7)

    await clock.advance(WINDOW_S)

    assert vendor.requests == [(["7"], False)]
    assert (await asked[0]) == (await asked[1])


@pytest.mark.parametrize(
    ("askers", "expected"), [([True, True], True), ([True, False, True], False), ([False], False)]
)
async def test_a_batch_is_in_a_hurry_if_anybody_in_it_is(
    vendor: Vendor, clock: FakeClock, askers: list[bool], *, expected: bool
) -> None:
    batcher = Batcher(vendor.fetch, clock=clock)

    async with asyncio.TaskGroup() as group:
        for number, background in enumerate(askers):
            group.create_task(batcher.ask(ref(number), background=background))
        await clock.advance(WINDOW_S)

    assert [background for _, background in vendor.requests] == [expected]


async def test_a_task_that_is_not_found_concerns_only_who_asked_for_it(
    batcher: Batcher, clock: FakeClock
) -> None:
    missing, found = ask(batcher, 404, 2)

    await clock.advance(WINDOW_S)

    assert isinstance(missing.exception(), TaskNotFoundError)
    assert (await found).state is TaskState.RUNNING


async def test_a_request_that_fails_concerns_everybody_in_it(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    vendor.broken = UnreachableError("no answer")
    asked = ask(batcher, 1, 2)

    await clock.advance(WINDOW_S)

    assert [type(question.exception()) for question in asked] == [UnreachableError] * 2


async def test_one_bad_id_spoils_no_other(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    good, bad, missing = ask(batcher, 1, 400, 404)

    await clock.advance(WINDOW_S)

    assert [ids for ids, _ in vendor.requests] == [["1", "400", "404"], ["1"], ["400"], ["404"]]
    assert (await good).state is TaskState.RUNNING
    assert isinstance(bad.exception(), InvalidRequestError)
    assert isinstance(missing.exception(), TaskNotFoundError)


async def test_a_bad_id_alone_is_asked_for_once(
    batcher: Batcher, vendor: Vendor, clock: FakeClock
) -> None:
    (bad,) = ask(batcher, 400)

    await clock.advance(WINDOW_S)

    assert isinstance(bad.exception(), InvalidRequestError)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("while_under_way", [False, True])
async def test_one_callers_cancellation_hurts_nobody_else(
    batcher: Batcher, vendor: Vendor, clock: FakeClock, *, while_under_way: bool
) -> None:
    vendor.takes_s = 1
    first, second = ask(batcher, 1, 2)
    await clock.advance(WINDOW_S if while_under_way else 0)

    first.cancel()
    await clock.advance(2)

    assert first.cancelled()
    assert (await second).task_id == "2"


async def test_an_answer_that_leaves_a_task_out_fails_only_who_asked_for_it(
    clock: FakeClock, vendor: Vendor
) -> None:
    async def forgetful(refs: Sequence[TaskRef], *, background: bool) -> Answers:
        return await vendor.fetch(refs[1:], background=background)

    batcher = Batcher(forgetful, clock=clock)
    forgotten, told = ask(batcher, 1, 2)

    await clock.advance(WINDOW_S)

    assert isinstance(forgotten.exception(), KeyError)
    assert (await told).task_id == "2"


@pytest.mark.parametrize("passed_s", [0, WINDOW_S])
async def test_closing_ends_what_is_gathering_and_what_is_under_way(
    batcher: Batcher, vendor: Vendor, clock: FakeClock, passed_s: float
) -> None:
    vendor.takes_s = 5
    asked = ask(batcher, 1, 2)
    await clock.advance(passed_s)

    await batcher.aclose()
    await asyncio.wait(asked)

    assert all(question.cancelled() for question in asked)
    assert clock.sleepers == 0
