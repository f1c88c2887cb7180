"""Every promise over every provider: who shares a request, and what is remembered how long."""

import asyncio
from itertools import chain

import pytest
from aiohttp import web

from providers.models import TaskState, TaskStatus
from tests.fakes.cloud import Answer, Says
from tests.providers.contract_stage import Stage, bounded, open_stage
from tests.providers.contract_vendors import MPC_SIGNED, MPC_TOKEN, VENDORS, Vendor

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)
both_mpc = pytest.mark.parametrize("vendor", [MPC_SIGNED, MPC_TOKEN], ids=lambda one: one.id)

WINDOW_S = 0.02


@each_vendor
async def test_a_word_nobody_documented_is_unknown_counted_and_logged_once(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    word = f"{vendor.words.field}={vendor.words.odd}"

    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.odd))
        status = await stage.person()
        await stage.clock.advance(1)
        await stage.person(fresh=True)

    assert (status.state, status.vendor_status) == (TaskState.UNKNOWN, str(vendor.words.odd))
    assert not TaskState.UNKNOWN.is_terminal
    assert status.undocumented == (word,)
    assert stage.words == [(vendor.provider, word)] * 2
    logged = [line for line in caplog.messages if line.startswith("undocumented_word")]
    assert logged == [f"undocumented_word provider={vendor.provider} word={word!r}"]


@each_vendor
async def test_fifty_people_asking_for_one_task_at_once_cost_one_request(vendor: Vendor) -> None:
    answering = asyncio.Event()

    async with open_stage(vendor) as stage:
        stage.cloud.answers(once(answering, vendor.says(vendor.words.running)))
        people = [asyncio.create_task(stage.lookup.ask(stage.ref())) for _ in range(50)]
        await stage.clock.advance(WINDOW_S)
        await bounded(stage.cloud.arrived.wait())
        answering.set()
        answers = await bounded(asyncio.gather(*people))

    assert {answer.state for answer in answers} == {TaskState.RUNNING}
    assert len(stage.asked) == 1


def once(answering: asyncio.Event, said: Answer) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        await answering.wait()
        return await said(request)

    return answer


@each_vendor
@pytest.mark.parametrize(("word", "kept_s"), [("done", 600), ("running", 2), ("odd", 2)])
async def test_an_answer_is_remembered_as_long_as_it_holds(
    vendor: Vendor, word: str, kept_s: float
) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(getattr(vendor.words, word)))
        asked = [await asked_after(stage, pause) for pause in (0, kept_s - 0.5, 0.5)]

    assert asked == [1, 1, 2]


@each_vendor
async def test_a_refusal_is_remembered_for_two_seconds(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.refusals.unlisted)
        asked = [await asked_after(stage, pause) for pause in (0, 1.5, 0.5)]

    assert asked == [1, 1, 2]


async def asked_after(stage: Stage, pause: float) -> int:
    await stage.clock.advance(pause)
    await stage.person()
    return len(stage.asked)


@each_vendor
async def test_a_refresh_passes_by_what_is_remembered_and_refills_it(vendor: Vendor) -> None:
    running, done = (vendor.says(word) for word in (vendor.words.running, vendor.words.done))

    async with open_stage(vendor) as stage:
        stage.cloud.answers(done, running)
        await stage.person()
        await stage.clock.advance(1)
        refreshed = await stage.person(fresh=True)
        remembered = await stage.person()

    assert (refreshed.state, remembered.state) == (TaskState.RUNNING, TaskState.RUNNING)
    assert len(stage.asked) == 2


@both_mpc
@pytest.mark.parametrize(("people", "sizes"), [(1, [1]), (10, [10]), (11, [10, 1])])
async def test_ten_ids_asked_within_20_ms_travel_as_one_request(
    vendor: Vendor, people: int, sizes: list[int]
) -> None:
    ids = [str(number) for number in range(100, 100 + people)]

    async with open_stage(vendor) as stage:
        stage.cloud.answers(every_row)
        early = [ask(stage, task_id) for task_id in ids[:5]]
        await stage.clock.advance(WINDOW_S - 0.001)
        late = [ask(stage, task_id) for task_id in ids[5:]]
        await stage.clock.advance(WINDOW_S)
        answers = await bounded(asyncio.gather(*early, *late))

    assert [answer.task_id for answer in answers] == ids
    assert {answer.state for answer in answers} == {TaskState.RUNNING}
    assert sorted(len(vendor.reads(asked)) for asked in stage.asked) == sorted(sizes)
    assert sorted(chain.from_iterable(map(vendor.reads, stage.asked))) == ids


@both_mpc
async def test_an_unknown_id_spoils_no_other_of_its_batch(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(every_row)
        asking = [ask(stage, task_id) for task_id in ("1", "404")]
        await stage.clock.advance(WINDOW_S)
        answers = await bounded(asyncio.gather(*asking))

    assert [answer.state for answer in answers] == [TaskState.RUNNING, TaskState.NOT_FOUND]
    assert len(stage.asked) == 1


def ask(stage: Stage, task_id: str) -> asyncio.Task[TaskStatus]:
    return asyncio.create_task(stage.lookup.ask(stage.ref(task_id)))


async def every_row(request: web.Request) -> web.StreamResponse:
    """Know every task that is asked for, but 404."""
    ids = [task_id for task_id in request.query.getall("task_id") if task_id != "404"]
    rows = [{"task_id": task_id, "status": "TRANSCODING"} for task_id in ids]
    return await Says({"task_array": rows, "total": len(rows)})(request)
