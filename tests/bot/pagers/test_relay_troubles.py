"""Pages nobody takes, processes that die, and a store in trouble."""

import asyncio
import logging

import pytest

from bot.oncall import Page, What
from bot.pagers.base import PagerError
from bot.store.errors import StoreError
from bot.store.oncall_tables import pages
from tests.bot.alerts.samples import MINUTE, SECOND
from tests.bot.alerts.world import World, open_world
from tests.bot.pagers.ringing import RINGS, RecordingPager, Told, relay, ring, stands
from tests.fakes.hasty_clock import HastyClock


async def test_a_page_refused_for_good_is_told_once_and_those_after_it_go_on(
    world: World, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    pager = RecordingPager(errors=[PagerError("HTTP 401", retryable=False)])
    ringing = relay(world, told, ops=pager)
    await ring(world)

    await ringing.send_due()
    world.clock.jump(MINUTE)
    await world.press(What.ACKNOWLEDGED)
    await ringing.send_due()

    assert told.said == [("ops", "trigger", "HTTP 401")]
    assert pager.took == [(1, "acknowledge")]
    assert (await stands(world))[0] == ("trigger", 3, "HTTP 401")
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    caplog.clear()


async def test_where_nobody_could_be_told_of_a_dead_page_somebody_is_told_later(
    world: World, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = [PagerError("HTTP 401", retryable=False) for _ in range(2)]
    ringing = relay(world, told, ops=RecordingPager(errors=errors))
    await ring(world)
    told.fails = True

    await ringing.send_due()
    before = await stands(world)
    world.clock.jump(31 * SECOND)
    await ringing.send_due()

    assert before == [("trigger", 0, None)]
    assert len(told.said) == 2
    assert await stands(world) == [("trigger", 3, "HTTP 401")]
    caplog.clear()


async def test_a_pager_that_is_configured_no_more_is_told_too(
    world: World, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    await ring(world)

    await relay(world, told).send_due()

    assert told.said == [("ops", "trigger", "no such pager is configured any more")]
    caplog.clear()


async def test_of_two_processes_one_sends_a_page(world: World, told: Told) -> None:
    pager = RecordingPager(lets_go=asyncio.Event())
    await ring(world)
    first = asyncio.create_task(relay(world, told, ops=pager).send_due())
    await world.clock.settle()
    (due,) = await world.rows(pages)

    claimed = await world.store.alerts.claim_page(
        (await world.store.alerts.due_pages(world.clock.now() + MINUTE, 1))[0], world.clock.now()
    )
    stale = Page(due.id, 1, "ops", "trigger", due.dedup_key, due.created_at)
    lost = await world.store.alerts.claim_page(stale, world.clock.now())
    assert pager.lets_go is not None
    pager.lets_go.set()
    await first

    assert (claimed, lost) == (True, False)


async def test_a_page_another_process_claimed_first_is_its_business(
    world: World, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def somebody_was_faster(*_: object) -> bool:
        return False

    pager = RecordingPager()
    await ring(world)
    monkeypatch.setattr(world.store.alerts, "claim_page", somebody_was_faster)

    await relay(world, told, ops=pager).send_due()

    assert pager.took == []


async def test_a_fault_of_ours_stops_neither_the_loop_nor_other_pages(
    world: World, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    pager = RecordingPager(errors=[KeyError("a fault")])
    ringing = relay(world, told, ops=pager)
    await ring(world)
    await ringing.send_due()

    world.clock.jump(31 * SECOND)
    await ringing.send_due()

    assert pager.took == [(1, "trigger")]
    assert "page_failed" in caplog.text
    caplog.clear()


async def test_it_sends_by_itself_at_once_when_woken_and_survives_a_store_in_trouble(
    world: World, told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    right, troubles = world.store.alerts.due_pages, [StoreError("the disk is full")]

    async def due_pages(*told: object) -> list[Page]:
        if troubles:
            raise troubles.pop()
        return await right(*told)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(world.store.alerts, "due_pages", due_pages)
    pager = RecordingPager()
    ringing = relay(world, told, ops=pager)
    await ring(world)

    ringing.start()
    await world.clock.settle()
    ringing.wake()
    await world.clock.settle()
    await ringing.close()

    assert pager.took == [(1, "trigger")]
    assert "pages_not_sent reason=the disk is full" in caplog.text


async def test_what_is_being_sent_when_it_stops_is_sent_by_the_next_process(
    world: World, told: Told
) -> None:
    pager = RecordingPager(lets_go=asyncio.Event())
    ringing = relay(world, told, ops=pager)
    await ring(world)
    ringing.start()
    await world.clock.settle()
    await ringing.close()
    pager.lets_go = None

    world.clock.jump(31 * SECOND)
    await relay(world, told, ops=pager).send_due()

    assert pager.took == [(1, "trigger")]


async def test_one_that_was_never_started_can_be_closed(world: World, told: Told) -> None:
    await relay(world, told).close()


async def test_it_looks_every_second(told: Told) -> None:
    clock = HastyClock()
    async with open_world([RINGS], clock) as world:
        pager = RecordingPager()
        ringing = relay(world, told, ops=pager)
        ringing.start()
        await world.fail("a")
        await world.run(MINUTE)
        await clock.settle()
        await ringing.close()

    assert pager.took == [(1, "trigger")]
    assert set(clock.slept) == {1.0}
