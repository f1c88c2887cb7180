"""Pages from the store to the pagers: each taken once, and in order."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.oncall import AlertStatus, What
from bot.pagers.base import PagerError
from bot.pagers.relay import backoff_s
from bot.pagers.webhook import Webhook
from bot.sandbox.oncall import OnCallWorld
from bot.settings.sections import WebhookPager
from tests.bot.alerts.samples import MINUTE, SECOND
from tests.bot.alerts.world import World, open_world
from tests.bot.pagers.ringing import BOTH, RecordingPager, Told, relay, ring, stands


async def test_a_page_is_told_as_the_alert_is_when_it_is_sent(
    world: World,
    told: Told,
    called: OnCallWorld,
    hook: WebhookPager,
    session: aiohttp.ClientSession,
) -> None:
    await ring(world)
    await world.fail("b")

    await relay(world, told, ops=Webhook(hook, session)).send_due()

    (page,) = called.delivered.values()
    assert page["facts"]["summary"] == "2 tasks failed at record@main (5)"
    assert [task["ref"] for task in page["facts"]["tasks"]] == ["record@main:a", "record@main:b"]
    assert await stands(world) == [("trigger", 2, None)]


async def test_what_was_taken_is_not_sent_again(world: World, told: Told) -> None:
    pager = RecordingPager()
    await ring(world)
    ringing = relay(world, told, ops=pager)

    await ringing.send_due()
    await ringing.send_due()

    assert pager.took == [(1, "trigger")]


async def test_a_process_that_dies_before_it_noted_the_answer_sends_the_same_id_again(
    world: World,
    told: Told,
    called: OnCallWorld,
    hook: WebhookPager,
    session: aiohttp.ClientSession,
) -> None:
    await ring(world)
    (due,) = await world.store.alerts.due_pages(world.clock.now(), 10)
    await world.store.alerts.claim_page(due, world.clock.now())
    await Webhook(hook, session).send(due)  # and here it dies
    again = relay(world, told, ops=Webhook(hook, session))

    await again.send_due()
    before = list(called.repeated)
    world.clock.jump(31 * SECOND)
    await again.send_due()

    assert before == []
    assert called.repeated == [due.id]
    assert list(called.delivered) == [due.id]
    assert await stands(world) == [("trigger", 2, None)]


async def test_what_may_pass_is_tried_again_after_as_long_as_the_pager_wants(
    world: World, told: Told
) -> None:
    pager = RecordingPager(errors=[PagerError("HTTP 429", retryable=True, retry_after=20)])
    ringing = relay(world, told, ops=pager)
    await ring(world)
    await ringing.send_due()
    waits = await stands(world)

    world.clock.jump(19 * SECOND)
    await ringing.send_due()
    too_early = list(pager.took)
    world.clock.jump(2 * SECOND)
    await ringing.send_due()

    assert waits == [("trigger", 0, "HTTP 429")]
    assert too_early == []
    assert pager.took == [(1, "trigger")]
    assert told.said == []


@pytest.mark.parametrize(
    ("attempts", "asked", "wanted"),
    [
        (0, None, 1),
        (3, None, 8),
        (6, None, 60),
        (1000, None, 60),
        (0, 30, 30),
        (6, 1, 60),
        (0, 120, 120),
        (0, 86_400, 900),
    ],
)
def test_the_longer_a_pager_refuses_the_longer_it_is_left_alone(
    attempts: int, asked: float | None, wanted: float
) -> None:
    assert backoff_s(attempts, asked) == wanted


async def test_what_happens_later_to_an_alert_never_overtakes_what_waits(
    world: World, told: Told
) -> None:
    pager = RecordingPager(errors=[PagerError("HTTP 500", retryable=True)])
    ringing = relay(world, told, ops=pager)
    await ring(world)
    await ringing.send_due()
    world.clock.jump(timedelta(milliseconds=100))
    await world.press(What.ACKNOWLEDGED)
    await ringing.send_due()
    overtook = list(pager.took)

    world.clock.jump(2 * SECOND)
    await ringing.send_due()

    assert overtook == []
    assert pager.took == [(1, "acknowledge")]


async def test_nobody_is_rung_for_what_somebody_has_taken_meanwhile(
    world: World, told: Told
) -> None:
    pager = RecordingPager()
    await ring(world)
    world.clock.jump(SECOND)
    await world.press(What.RESOLVED)

    await relay(world, told, ops=pager).send_due()

    assert pager.took == [(1, "resolve")]
    assert [(action, state) for action, state, _ in await stands(world)] == [
        ("trigger", 3),
        ("resolve", 2),
    ]
    assert told.said == []


async def test_an_alert_is_told_from_its_trigger_to_its_end_in_order(
    world: World, told: Told
) -> None:
    pager = RecordingPager()
    ringing = relay(world, told, ops=pager)
    await ring(world)
    await ringing.send_due()
    await world.press(What.ACKNOWLEDGED)
    world.clock.jump(SECOND)
    await world.recover("a")

    await ringing.send_due()

    assert (await world.alert()).status is AlertStatus.RESOLVED
    assert pager.took == [(1, "trigger"), (1, "acknowledge"), (1, "resolve")]


async def test_another_alert_does_not_wait_for_one_that_is_refused(
    world: World, told: Told
) -> None:
    pager = RecordingPager(errors=[PagerError("HTTP 500", retryable=True)])
    await world.fail("a")
    await world.fail("b", code="6")
    await world.run(MINUTE)

    await relay(world, told, ops=pager).send_due()

    assert len(pager.took) == 1
    assert len(await stands(world)) == 2


async def test_a_pager_that_hangs_holds_up_no_other(told: Told) -> None:
    slow, quick = RecordingPager(lets_go=asyncio.Event()), RecordingPager()
    async with open_world([BOTH]) as world:
        ringing = relay(world, told, ops=slow, main=quick)
        await ring(world)
        both = asyncio.create_task(ringing.send_due())
        await world.clock.settle()
        first = list(quick.took)
        await world.fail("b", code="6")
        await world.run(MINUTE)
        again = asyncio.create_task(ringing.send_due())
        await world.clock.settle()
        second = list(quick.took)
        assert slow.lets_go is not None
        slow.lets_go.set()
        await asyncio.gather(both, again)

    assert (first, len(second)) == ([(1, "trigger")], 2)
    assert slow.took == [(1, "trigger")]
