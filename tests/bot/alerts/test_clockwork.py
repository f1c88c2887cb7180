from datetime import datetime, timedelta

import pytest

from bot.oncall import AlertStatus, What
from bot.store.delivery_tables import deliveries
from bot.store.oncall_tables import alert_tasks, timers
from bot.store.watch_tables import tasks
from tests.bot.alerts.samples import (
    HOUR,
    LEAD,
    MINUTE,
    NIGHTS,
    NOW,
    ONCALL,
    QUIET,
    SECOND,
    route,
)
from tests.bot.alerts.world import Faulty, World, on, open_world
from tests.fakes.clock import FakeClock

NIGHT = datetime.fromisoformat("2026-11-20T23:30+00:00")


async def test_the_escalation_runs_in_its_time_while_nobody_takes_it(world: World) -> None:
    await world.fail("a")

    await world.run(25 * MINUTE)

    log = [(event.what, event.at - NOW) for event in await world.events()]
    assert log == [
        (What.OPENED, timedelta()),
        (What.ESCALATED, 10 * MINUTE),
        (What.PAGED, 20 * MINUTE),
    ]
    assert await world.mentioned() == [ONCALL, LEAD]
    assert await world.rung() == [("main", "trigger")]


@pytest.mark.parametrize("what", [What.ACKNOWLEDGED, What.SNOOZED, What.RESOLVED])
async def test_who_takes_it_stops_the_steps(world: World, what: What) -> None:
    await world.fail("a")
    await world.run(5 * MINUTE)
    await world.press(what, lasting=4 * HOUR)

    await world.run(HOUR, 10 * MINUTE)

    assert await world.mentioned() == [ONCALL]
    assert await world.rung() == []


async def test_who_is_given_it_does_not_stop_the_steps(world: World) -> None:
    await world.fail("a")
    await world.press(What.ASSIGNED, to="U3")

    await world.run(HOUR, 10 * MINUTE)

    assert await world.mentioned() == [ONCALL, "U3", LEAD]


async def test_a_snoozes_end_calls_again_and_resumes_the_steps(world: World) -> None:
    await world.fail("a")
    await world.run(5 * MINUTE)
    await world.press(What.SNOOZED, lasting=10 * MINUTE)

    await world.run(10 * MINUTE)
    woken = (await world.alert()).status, await world.mentioned()
    await world.run(10 * MINUTE)

    assert woken == (AlertStatus.OPEN, [ONCALL, ONCALL])
    assert await world.mentioned() == [ONCALL, ONCALL, LEAD]
    assert await world.rung() == [("main", "trigger")]


async def test_at_night_it_is_posted_and_everybody_hears_of_it_in_the_morning() -> None:
    async with open_world([QUIET], FakeClock(NIGHT)) as world:
        await world.fail("a")
        await world.run(7 * HOUR + 29 * MINUTE, HOUR)
        at_night = [row.kind for row in await world.rows(deliveries)], await world.mentioned()

        await world.run(22 * MINUTE)

        assert at_night == (["alert"], [])
        assert await world.mentioned() == [ONCALL, LEAD]
        told = [(f"{one.at:%H:%M}", one.what) for one in await world.events()]
        assert told[1:] == [
            ("07:00", What.NOTIFIED),
            ("07:10", What.ESCALATED),
            ("07:20", What.PAGED),
        ]


async def test_what_was_due_while_no_process_ran_is_run_at_the_start_in_order(
    world: World,
) -> None:
    await world.fail("a")
    world.clock.jump(9 * HOUR)

    later = on(world.database, world.routes, world.clock)
    await later.clockwork.run_due()
    await later.clockwork.run_due()

    assert [one.what for one in await later.events()] == [
        What.OPENED,
        What.ESCALATED,
        What.PAGED,
    ]
    assert await later.rung() == [("main", "trigger")]


async def test_an_alert_of_a_route_that_is_gone_wakes_up_and_escalates_no_further(
    world: World,
) -> None:
    await world.fail("a")
    await world.press(What.SNOOZED, lasting=10 * MINUTE)

    later = on(world.database, (), world.clock)
    await later.run(HOUR, 10 * MINUTE)

    assert (await later.alert()).status is AlertStatus.OPEN
    assert await later.mentioned() == [ONCALL]
    assert [row.done_at for row in await later.rows(timers) if not row.canceled_at] == [
        NOW + 10 * MINUTE
    ]


async def test_a_task_in_trouble_is_asked_again_until_its_vendor_forgets_it(
    world: World,
) -> None:
    await world.fail("a")
    asked: list[timedelta] = []
    while (at := (await world.rows(alert_tasks))[0].ask_at) is not None:
        world.clock.jump(at - world.clock.now())
        await world.clockwork.run_due()
        asked.append(world.clock.now() - NOW)

    assert asked[:4] == [5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR]
    assert asked[-1] == timedelta(days=3)
    row = (await world.rows(tasks))[0]
    assert (row.is_open, row.check_source, row.check_at) == (True, "sweep", NOW + timedelta(days=3))


async def test_nothing_is_asked_again_once_its_alert_is_resolved(world: World) -> None:
    await world.fail("a")
    await world.press(What.RESOLVED)
    world.clock.jump(HOUR)

    await world.clockwork.run_due()

    assert [row.asked for row in await world.rows(alert_tasks)] == [0]


async def test_what_no_account_is_configured_for_is_not_asked(world: World) -> None:
    world.clockwork.lane_of = lambda _provider, _account: None
    await world.fail("a")
    asked_at = (await world.rows(tasks))[0].check_at
    world.clock.jump(5 * MINUTE)

    await world.clockwork.run_due()

    assert (await world.rows(tasks))[0].check_at == asked_at
    assert (await world.rows(alert_tasks))[0].asked == 1


async def test_a_silence_that_begins_while_it_is_open_holds_its_steps(world: World) -> None:
    await world.fail("a")
    await world.silence("room room-*", HOUR)

    await world.run(HOUR - SECOND, 10 * MINUTE)
    during = await world.mentioned(), await world.rung()
    await world.run(2 * SECOND)

    assert during == ([ONCALL], [])
    assert await world.mentioned() == [ONCALL, LEAD]
    assert await world.rung() == [("main", "trigger")]


async def test_a_silence_for_another_room_holds_nothing(world: World) -> None:
    await world.silence("room elsewhere", HOUR)
    await world.fail("a")

    await world.run(10 * MINUTE)

    assert await world.mentioned() == [ONCALL, LEAD]


async def test_a_silence_ends_by_itself_says_so_and_what_it_hid_is_heard(world: World) -> None:
    silence_id = await world.silence("all", HOUR)
    await world.fail("a")

    await world.run(HOUR + 10 * MINUTE, 5 * MINUTE)

    told = [row.facts["happening"] for row in await world.rows(deliveries) if row.kind == "silence"]
    assert told == ["hid", "ended"]
    assert await world.mentioned() == [ONCALL, LEAD]
    ended = await world.store.silences.find(silence_id)
    assert ended is not None
    assert (ended.ended_at, ended.ended_by) == (NOW + HOUR, None)


async def test_what_a_silence_hid_stays_quiet_while_another_one_does(world: World) -> None:
    await world.silence("all", HOUR)
    await world.silence("record", 2 * HOUR)
    await world.fail("a")

    await world.run(HOUR + MINUTE, 10 * MINUTE)
    during = await world.mentioned()
    await world.run(HOUR, 10 * MINUTE)

    assert (during, await world.mentioned()) == ([], [ONCALL])


async def test_a_silence_that_somebody_ends_early_holds_nothing_any_longer(
    world: World,
) -> None:
    await world.fail("a")
    silence_id = await world.silence("all", 24 * HOUR)
    await world.run(15 * MINUTE)

    await world.unsilence(silence_id)
    await world.run(10 * MINUTE)

    assert await world.mentioned() == [ONCALL, LEAD]
    assert await world.rung() == [("main", "trigger")]


async def test_quiet_hours_and_a_silence_that_overlap_call_once() -> None:
    async with open_world([route(quiet=NIGHTS)], FakeClock(NIGHT)) as world:
        await world.fail("a")
        silence_id = await world.silence("all", 8 * HOUR + 30 * MINUTE)
        await world.run(8 * HOUR, HOUR / 2)

        await world.unsilence(silence_id)
        await world.run(5 * MINUTE)
        await world.run(HOUR, HOUR)

        assert (await world.mentioned()).count(ONCALL) == 1


async def test_a_resolved_alert_is_not_heard_when_its_silence_ends(world: World) -> None:
    await world.silence("all", HOUR)
    await world.fail("a")
    await world.press(What.RESOLVED)

    await world.run(2 * HOUR, HOUR / 2)

    assert await world.mentioned() == []


async def test_nothing_of_another_workspace_is_woken(world: World) -> None:
    await world.fail("a")
    before = await world.alert()

    await world.clockwork.wake_silenced("T2", NOW)

    assert await world.alert() == before


async def test_a_clockwork_at_work_goes_on_after_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.fail("a")
    world.store.leases = Faulty(world.store.leases)
    world.clockwork.start()

    await world.clock.advance(20 * 60)
    await world.clockwork.close()

    assert caplog.text.count("clockwork_waits reason=the disk is full") == 1
    assert await world.rung() == [("main", "trigger")]
