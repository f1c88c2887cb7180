"""A workflow step is told how its task ended, in time, once, and over a bad day of Slack's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text as sql

from bot.models import Wait
from bot.sandbox.slack.entities import Execution
from bot.sandbox.slack.server import LocalSlack
from bot.store.errors import StoreError
from bot.store.store import Store, open_store
from bot.waits import Waits, next_poll_at, outputs_of
from providers.gate import Gate
from providers.limiter import Limit
from providers.lookup import Endpoint, Lookup
from providers.models import (
    Output,
    OutputType,
    Reason,
    TaskError,
    TaskRef,
    TaskState,
    TaskStatus,
)
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeProvider

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
REF = TaskRef("record", "main", "X3CgNeE4I1qAAABN")
STEP = "Fx000000001"


class Elsewhere:
    """Another replica holds every lease, until it dies; and giving one back fails."""

    is_dead = False

    async def hold(self, name: str, for_s: float) -> bool:
        assert (name, for_s) == ("waits", 25)
        return self.is_dead

    async def drop(self, name: str) -> None:
        assert name == "waits"
        raise StoreError("PostgreSQL cannot be reached")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def vendor(clock: FakeClock) -> FakeProvider:
    return FakeProvider("record", clock)


@pytest.fixture
async def lookup(vendor: FakeProvider, clock: FakeClock) -> AsyncIterator[Lookup]:
    gate = Gate("record", limit=Limit(1000, 1), timeout=10, clock=clock, random=lambda: 0.0)
    lookup = Lookup(
        {("record", "main"): Endpoint(vendor, gate)},
        clock=clock,
        on_undocumented=lambda *_: None,
    )
    yield lookup
    await lookup.aclose()


@pytest.fixture
async def store(clock: FakeClock) -> AsyncIterator[Store]:
    async with open_store("sqlite://", clock) as opened:
        yield opened


@pytest.fixture
async def waits(
    store: Store,
    lookup: Lookup,
    slack: LocalSlack,
    session: aiohttp.ClientSession,
    clock: FakeClock,
) -> AsyncIterator[Waits]:
    client = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )
    made = Waits(store, lookup, client, clock)
    yield made
    await made.close()


@pytest.fixture
def step(slack: LocalSlack) -> Execution:
    """A step that Slack waits for."""
    execution = Execution(STEP, "look_up_media_task", {})
    slack.backend.workspace.executions[STEP] = execution
    return execution


async def pass_until_over(step: Execution, clock: FakeClock) -> None:
    """Let time pass until the step has ended."""
    async with asyncio.timeout(20):
        while step.state == "running":
            await clock.advance(1)


async def test_a_step_without_patience_is_told_how_it_stands(waits: Waits, step: Execution) -> None:
    await waits.answer_step("T1", STEP, REF, patience=timedelta(0))

    assert step.outputs == {"state": "running", "playback_url": "", "error": ""}


async def test_a_step_is_told_when_its_task_ends(
    waits: Waits, step: Execution, vendor: FakeProvider, clock: FakeClock
) -> None:
    await waits.answer_step("T1", STEP, REF, patience=timedelta(hours=9))
    waits.start()
    await clock.advance(100)
    waiting = step.state
    vendor.says = TaskState.SUCCEEDED

    await pass_until_over(step, clock)

    assert waiting == "running"
    assert step.outputs is not None
    assert step.outputs["state"] == "succeeded"


async def test_nobody_waits_longer_than_an_hour(
    waits: Waits, step: Execution, clock: FakeClock
) -> None:
    await waits.answer_step("T1", STEP, REF, patience=timedelta(hours=9))
    clock.jump(timedelta(minutes=59))
    waits.start()
    await clock.advance(50)
    waiting = step.state

    await pass_until_over(step, clock)

    assert waiting == "running"
    assert step.outputs is not None
    assert step.outputs["state"] == "running"
    assert clock.now() - NOW < timedelta(minutes=62)


async def test_two_who_look_after_one_wait_tell_slack_once(
    waits: Waits, step: Execution, vendor: FakeProvider, clock: FakeClock
) -> None:
    vendor.says = TaskState.SUCCEEDED
    await waits.store.add_wait("T1", STEP, REF, until=NOW, at=NOW - timedelta(minutes=1))
    (wait,) = await waits.store.due_waits(NOW, 9)
    vendor.takes_s = 1
    waits.start()

    await clock.advance(0)
    await waits._look_after(wait)  # noqa: SLF001  # the second, while the first still asks
    await pass_until_over(step, clock)

    assert vendor.asked == [REF.task_id]


async def test_a_wait_that_trips_over_a_fault_is_looked_after_again(
    waits: Waits,
    step: Execution,
    vendor: FakeProvider,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    vendor.says = KeyError("a bug")
    await waits.answer_step("T1", STEP, REF, patience=timedelta(minutes=30))
    vendor.says = TaskState.SUCCEEDED
    waits.start()

    await pass_until_over(step, clock)

    assert caplog.messages[0] == f"wait_failed task={REF}"
    assert step.state == "completed"
    caplog.clear()


@pytest.mark.parametrize(
    ("gone", "event"),
    [(False, "step_given_up"), (True, "step_not_completed reason=function_execution_not_found")],
)
async def test_a_step_slack_never_takes_is_given_up(
    waits: Waits,
    slack: LocalSlack,
    step: Execution,
    caplog: pytest.LogCaptureFixture,
    event: str,
    *,
    gone: bool,
) -> None:
    if gone:
        del slack.backend.workspace.executions[STEP]
    slack.trouble("functions.completeSuccess", "no_answer", times=0 if gone else 9)
    await waits.answer_step("T1", STEP, REF, patience=timedelta(0))
    open_before = len(await waits.store.due_waits(NOW + timedelta(days=9), 9))
    clock: Any = waits.clock
    clock.jump(timedelta(days=2))
    waits.start()
    async with asyncio.timeout(20):
        while await waits.store.due_waits(clock.now() + timedelta(days=9), 9):
            await clock.settle()

    assert open_before == (0 if gone else 1)
    assert step.state == "running"
    assert any(message.startswith(event) for message in caplog.messages)
    caplog.clear()


async def test_a_store_in_trouble_holds_nothing_up_for_ever(
    waits: Waits,
    step: Execution,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await waits.store.add_wait("T1", STEP, REF, until=NOW, at=NOW)
    with monkeypatch.context() as broken:
        statement = "bot.store.statements.select_due_waits"
        broken.setattr(statement, lambda *_: sql("select * from nowhere"))
        waits.start()
        async with asyncio.timeout(20):
            while not caplog.messages:
                await clock.settle()

    await pass_until_over(step, clock)

    assert caplog.messages[0].startswith("waits_not_looked_after reason=")
    assert step.state == "completed"


async def test_what_the_store_does_not_note_after_a_poll_is_said_in_the_log(
    waits: Waits,
    step: Execution,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = "bot.store.statements.end_wait"
    monkeypatch.setattr(broken, lambda *_: sql("insert into nowhere values (1)"))

    await waits.answer_step("T1", STEP, REF, patience=timedelta(0))

    assert step.state == "completed"
    assert caplog.messages[0].startswith("waits_not_looked_after reason=")


async def test_a_step_told_to_another_replica_is_left_to_it_at_first(
    waits: Waits, step: Execution, vendor: FakeProvider, clock: FakeClock
) -> None:
    await waits.store.add_wait("T1", STEP, REF, until=NOW, at=NOW)
    waits.start()
    await clock.advance(15)
    asked_early = list(vendor.asked)

    await pass_until_over(step, clock)

    assert asked_early == []
    assert clock.now() - NOW < timedelta(seconds=25)


async def test_what_another_replica_looks_after_is_left_to_it(
    waits: Waits, step: Execution, vendor: FakeProvider, clock: FakeClock
) -> None:
    elsewhere = Elsewhere()
    waits.store.leases = elsewhere
    await waits.store.add_wait("T1", STEP, REF, until=NOW, at=NOW - timedelta(minutes=1))
    waits.start()
    await clock.advance(100)
    asked = list(vendor.asked)
    elsewhere.is_dead = True

    await pass_until_over(step, clock)

    assert asked == []
    assert step.state == "completed"


async def test_who_cannot_give_its_lease_back_ends_all_the_same(
    waits: Waits, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bot.waits")
    waits.store.leases = Elsewhere()
    waits.start()
    await clock.advance(1)

    await waits.close()

    assert caplog.messages == ["waits_not_left reason=PostgreSQL cannot be reached"]


async def test_waits_that_never_began_can_be_closed(waits: Waits) -> None:
    await waits.close()


@pytest.mark.parametrize(
    ("age", "left", "pause"),
    [(0, 3600, 3), (100, 3500, 10), (1800, 1800, 60), (3595, 5, 5)],
)
def test_a_young_task_is_asked_about_often_and_nobody_after_the_end(
    age: int, left: int, pause: int
) -> None:
    now = NOW + timedelta(seconds=age)
    wait = Wait(1, "T1", STEP, REF, now + timedelta(seconds=left), now, NOW)

    assert next_poll_at(wait, now) == now + timedelta(seconds=pause)


def status(**fields: object) -> TaskStatus:
    known = {"provider": "record", "account": "main", "task_id": "1", "queried_at": NOW}
    return TaskStatus.model_validate({**known, **fields})


def test_outputs_carry_no_link_that_signs_its_reader_in() -> None:
    signed = Output(type=OutputType.VIDEO, url="https://a.example/1?sig=1", signed=True)
    plain = Output(type=OutputType.VIDEO, url="https://a.example/2")
    bare = Output(type=OutputType.VIDEO)

    told = outputs_of(status(state=TaskState.SUCCEEDED, outputs=(bare, signed, plain)))

    assert told == {"state": "succeeded", "playback_url": "https://a.example/2", "error": ""}


def test_outputs_say_what_went_wrong_and_what_to_do() -> None:
    error = TaskError(reason=Reason.UNREACHABLE, message="No answer.", hint="Try later.")

    told = outputs_of(status(state=None, error=error))

    assert told == {"state": "unknown", "playback_url": "", "error": "No answer. Try later."}
