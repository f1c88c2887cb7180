"""What is asked of the vendors, what is remembered, and who shares a request."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from providers.errors import (
    AuthError,
    ConfigurationError,
    ProviderError,
    TaskNotFoundError,
    UnreachableError,
)
from providers.gate import Gate
from providers.limiter import Limit
from providers.lookup import Endpoint, Lookup
from providers.models import Reason, TaskRef, TaskState
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeBatchProvider, FakeProvider

REF = TaskRef("record", "main", "X3CgNeE4I1qAAABN")
Maker = Callable[..., Lookup]


class Words(list[tuple[str, str]]):
    """Counts undocumented words as a metric would."""

    def count_word(self, provider: str, word: str) -> None:
        self.append((provider, word))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(clock: FakeClock) -> FakeProvider:
    return FakeProvider("record", clock)


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
async def make(clock: FakeClock, words: Words) -> AsyncIterator[Maker]:
    made: list[Lookup] = []

    def make(*providers: FakeProvider, accounts: tuple[str, ...] = ("main",)) -> Lookup:
        endpoints = {
            (provider.name, account): Endpoint(provider, gate_of(provider.name, clock))
            for provider in providers
            for account in accounts
        }
        made.append(Lookup(endpoints, clock=clock, on_undocumented=words.count_word))
        return made[-1]

    yield make
    for lookup in made:
        await lookup.aclose()


@pytest.fixture
def lookup(make: Maker, record: FakeProvider) -> Lookup:
    return make(record)


def gate_of(name: str, clock: FakeClock) -> Gate:
    return Gate(name, limit=Limit(1000, 1), timeout=10, clock=clock, random=lambda: 0.0)


async def test_fifty_people_asking_for_one_task_at_once_cost_one_request(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    people = [asyncio.create_task(lookup.fetch(REF)) for _ in range(50)]

    await clock.advance(1)

    assert {(await person).state for person in people} == {TaskState.RUNNING}
    assert len(record.asked) == 1


@pytest.mark.parametrize(
    ("said", "kept_s"),
    [
        (TaskState.RUNNING, 2),
        (TaskState.FAILED, 2),
        (TaskState.SUCCEEDED, 600),
        (TaskState.CANCELED, 600),
        (TaskNotFoundError("no such task"), 2),
        (AuthError("the signature was refused"), 2),
    ],
)
async def test_an_answer_is_remembered_as_long_as_it_holds(
    lookup: Lookup,
    record: FakeProvider,
    clock: FakeClock,
    said: TaskState | ProviderError,
    kept_s: float,
) -> None:
    record.says = said
    asked = []

    for pause in (0, kept_s - 0.01, 0.01):
        await clock.advance(pause)
        await lookup.ask(REF)
        asked.append(len(record.asked))

    assert asked == [1, 1, 2]


async def test_a_fresh_question_passes_by_what_is_remembered_and_refills_it(
    lookup: Lookup, record: FakeProvider
) -> None:
    await lookup.fetch(REF)
    record.says = TaskState.SUCCEEDED

    fresh = await lookup.fetch(REF, fresh=True)
    remembered = await lookup.fetch(REF)

    assert (fresh.state, remembered.state) == (TaskState.SUCCEEDED, TaskState.SUCCEEDED)
    assert len(record.asked) == 2


async def test_a_fresh_question_joins_the_request_under_way(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    presses = [asyncio.create_task(lookup.fetch(REF, fresh=True)) for _ in range(2)]

    await clock.advance(1)

    assert all(press.done() for press in presses)
    assert len(record.asked) == 1


@pytest.mark.parametrize(("first", "second", "requests"), [(True, False, 2), (False, True, 1)])
async def test_a_person_does_not_wait_for_a_poll_but_a_poll_joins_a_person(
    lookup: Lookup,
    record: FakeProvider,
    clock: FakeClock,
    *,
    first: bool,
    second: bool,
    requests: int,
) -> None:
    record.takes_s = 1
    asked = [asyncio.create_task(lookup.fetch(REF, background=first))]
    await clock.advance(0.5)
    asked.append(asyncio.create_task(lookup.fetch(REF, background=second)))

    await clock.advance(1)

    assert all(question.done() for question in asked)
    assert len(record.asked) == requests


async def test_two_polls_for_one_task_share_a_request(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    polls = [asyncio.create_task(lookup.fetch(REF, background=True)) for _ in range(2)]

    await clock.advance(1)

    assert all(poll.done() for poll in polls)
    assert len(record.asked) == 1


async def test_the_failure_of_a_poll_is_not_told_to_a_person(
    lookup: Lookup, record: FakeProvider
) -> None:
    record.says = AuthError("the signature was refused")
    await lookup.ask(REF, background=True)
    record.says = TaskState.RUNNING

    answer = await lookup.fetch(REF)

    assert answer.state is TaskState.RUNNING


async def test_one_callers_cancellation_leaves_the_request_to_the_others(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    first, second = (asyncio.create_task(lookup.fetch(REF)) for _ in range(2))
    await clock.settle()

    first.cancel()
    await clock.advance(1)

    assert first.cancelled()
    assert (await second).state is TaskState.RUNNING


async def test_a_request_everybody_gave_up_is_still_remembered(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    only = asyncio.create_task(lookup.fetch(REF))
    await clock.settle()
    only.cancel()
    await clock.advance(1)

    answer = await lookup.fetch(REF)

    assert answer.state is TaskState.RUNNING
    assert len(record.asked) == 1


async def test_a_fault_of_ours_reaches_everybody_and_is_not_remembered(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.says, record.takes_s = KeyError("TaskId"), 1
    people = [asyncio.create_task(lookup.fetch(REF)) for _ in range(2)]
    await clock.advance(1)
    record.says, record.takes_s = TaskState.RUNNING, 0

    answer = await lookup.fetch(REF)

    assert [type(person.exception()) for person in people] == [KeyError, KeyError]
    assert answer.state is TaskState.RUNNING


async def test_a_remembered_failure_carries_nothing_of_where_it_came_from(
    lookup: Lookup, record: FakeProvider
) -> None:
    error = AuthError("the signature was refused")
    error.__context__ = ValueError("https://vendor.example/?Signature=secret")
    record.says = error
    await lookup.ask(REF)

    with pytest.raises(AuthError) as caught:
        await lookup.fetch(REF)

    assert caught.value is error
    assert caught.value.__context__ is None
    assert len(caught.traceback) == 2


async def test_what_was_asked_of_nobody_is_a_matter_of_configuration(lookup: Lookup) -> None:
    with pytest.raises(ConfigurationError, match="no account staging is configured for record"):
        await lookup.fetch(TaskRef("record", "staging", "1"))


async def test_ask_tells_a_failure_as_a_status(lookup: Lookup, record: FakeProvider) -> None:
    record.says = TaskNotFoundError("no such task", code="300001000")

    answer = await lookup.ask(REF)

    assert answer.state is TaskState.NOT_FOUND
    assert answer.error is not None
    assert (answer.error.code, answer.error.reason) == ("300001000", Reason.NOT_FOUND)


async def test_ids_for_a_provider_that_takes_several_travel_together(
    make: Maker, clock: FakeClock
) -> None:
    mpc = FakeBatchProvider("mpc", clock)
    lookup = make(mpc)
    asked = [
        asyncio.create_task(lookup.ask(TaskRef("mpc", "main", task_id)))
        for task_id in ("1", "404", "3", "4")
    ]

    await clock.advance(0.02)

    assert mpc.asked == ["1 404 3", "4"]
    assert [(await question).state for question in asked] == [
        TaskState.RUNNING,
        TaskState.NOT_FOUND,
        TaskState.RUNNING,
        TaskState.RUNNING,
    ]


@pytest.mark.parametrize(
    ("configured", "task_id", "asked"),
    [
        (("tencent", "huawei", "record", "mpc"), "289665200", ["huawei", "mpc", "tencent"]),
        (("record", "tiw"), "289665200", ["record", "tiw"]),
        (("record", "tiw"), "X3CgNeE4I1qAAABN", ["record"]),
        (("record", "tiw"), "no known shape", ["record", "tiw"]),
    ],
)
async def test_a_bare_id_is_asked_of_everybody_it_may_belong_to(
    make: Maker, clock: FakeClock, configured: tuple[str, ...], task_id: str, asked: list[str]
) -> None:
    providers = [
        FakeProvider(name, clock, TaskNotFoundError("no such task")) for name in configured
    ]
    lookup = make(*providers)

    (answer,) = await lookup.ask_id(task_id)

    assert sorted(provider.name for provider in providers if provider.asked) == sorted(asked)
    assert (answer.provider, answer.state) == (asked[0], TaskState.NOT_FOUND)


async def test_a_bare_id_is_asked_of_every_account_at_the_same_time(
    make: Maker, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 1
    lookup = make(record, accounts=("prod", "staging"))
    question = asyncio.create_task(lookup.ask_id(REF.task_id))

    await clock.advance(1)

    assert [answer.account for answer in await question] == ["prod", "staging"]
    assert lookup.accounts == {"record": ("prod", "staging")}


async def test_one_vendor_that_cannot_be_reached_leaves_a_bare_id_open(
    make: Maker, clock: FakeClock
) -> None:
    huawei = FakeProvider("huawei", clock, TaskNotFoundError("no such task"))
    tencent = FakeProvider("tencent", clock, UnreachableError("no answer", retries=0))
    lookup = make(tencent, huawei)

    (answer,) = await lookup.ask_id("289665200")

    assert (answer.provider, answer.state) == ("tencent", None)


async def test_a_bare_id_with_no_account_configured_is_answered_too(make: Maker) -> None:
    (answer,) = await make().ask_id("289665200")

    assert answer.error is not None
    assert answer.error.reason is Reason.CONFIGURATION


async def test_an_undocumented_word_is_counted_always_and_logged_once(
    lookup: Lookup, record: FakeProvider, words: Words, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "providers.lookup")
    record.undocumented = ("Status=7\nforged line",)

    for _ in range(3):
        await lookup.fetch(REF, fresh=True)

    assert words == [("record", "Status=7\nforged line")] * 3
    assert [entry.getMessage() for entry in caplog.records] == [
        r"undocumented_word provider=record word='Status=7\nforged line'"
    ]


async def test_closing_tells_whoever_still_waits(
    lookup: Lookup, record: FakeProvider, clock: FakeClock
) -> None:
    record.takes_s = 5
    question = asyncio.create_task(lookup.ask(REF))
    await clock.settle()

    await lookup.aclose()

    answer = await question
    assert answer.error is not None
    assert answer.error.reason is Reason.UNREACHABLE
    assert clock.sleepers == 0


async def test_closing_tells_whoever_waits_in_a_batch(make: Maker, clock: FakeClock) -> None:
    lookup = make(FakeBatchProvider("mpc", clock))
    question = asyncio.create_task(lookup.ask(TaskRef("mpc", "main", "1")))
    await clock.settle()

    await lookup.aclose()

    assert (await question).state is None
    assert clock.sleepers == 0
