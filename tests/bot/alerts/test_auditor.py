import logging
from dataclasses import replace
from datetime import datetime

import pytest

from bot.oncall import AlertChange, AlertStatus, What
from bot.store.delivery_tables import deliveries
from bot.store.oncall_tables import alerts, timers
from tests.bot.alerts.samples import HOUR, LEAD, MINUTE, NOW, ONCALL, QUIET, SECOND, route
from tests.bot.alerts.world import Faulty, World, on, open_world
from tests.fakes.clock import FakeClock

NIGHT = datetime.fromisoformat("2026-11-20T23:30+00:00")
HEARTBEAT = "mediatask_alert_audit_timestamp_seconds"


async def test_an_alert_counts_as_told_when_slack_has_it(world: World) -> None:
    await world.fail("a")
    await world.auditor.look()
    before = (await world.alert()).told_at

    await world.deliver()
    world.clock.jump(5 * SECOND)
    await world.auditor.look()

    assert (before, (await world.alert()).told_at) == (None, NOW + 5 * SECOND)


async def test_where_slack_does_not_take_it_for_a_minute_the_pager_rings_once(
    world: World,
) -> None:
    await world.fail("a")
    world.clock.jump(59 * SECOND)
    await world.auditor.look()
    before = await world.rung()

    world.clock.jump(SECOND)
    await world.auditor.look()
    await world.run(HOUR, 5 * MINUTE)

    assert before == []
    assert await world.rung() == [("main", "trigger")]
    paged = await world.events(What.PAGED)
    assert [(event.at, event.facts["early"]) for event in paged] == [(NOW + MINUTE, True)]
    assert LEAD in await world.mentioned()


async def test_what_slack_has_rings_nobody_early(world: World) -> None:
    await world.fail("a")
    await world.deliver()

    await world.run(9 * MINUTE)

    assert await world.rung() == []


async def test_where_slack_refuses_it_the_pager_rings(world: World) -> None:
    await world.fail("a")
    await world.database.change(deliveries.update().values(state=3))
    world.clock.jump(MINUTE)

    await world.auditor.look()

    assert await world.rung() == [("main", "trigger")]


async def test_an_opening_again_that_slack_does_not_take_rings_too(world: World) -> None:
    await world.fail("a")
    await world.deliver()
    await world.press(What.RESOLVED)
    await world.deliver()
    await world.fail("b")
    world.clock.jump(MINUTE)

    await world.auditor.look()

    assert await world.rung() == [("main", "trigger")]


async def test_in_quiet_hours_slacks_trouble_rings_nobody_until_their_end() -> None:
    async with open_world([QUIET], FakeClock(NIGHT)) as world:
        world.slack_answers = False
        await world.fail("a")
        await world.run(7 * HOUR + 29 * MINUTE, HOUR)
        before = await world.rung()

        await world.run(MINUTE)

        assert (before, await world.rung()) == ([], [("main", "trigger")])


@pytest.mark.parametrize("what", [What.ACKNOWLEDGED, What.RESOLVED])
async def test_what_somebody_has_rings_nobody(world: World, what: What) -> None:
    world.slack_answers = False
    await world.fail("a")
    await world.press(what)

    await world.run(10 * MINUTE)

    assert [action for _, action in await world.rung()] == []


async def test_what_is_silenced_rings_nobody(world: World) -> None:
    world.slack_answers = False
    await world.silence("all", HOUR)
    await world.fail("a")

    await world.run(HOUR - MINUTE, 10 * MINUTE)

    assert await world.rung() == []


async def test_an_open_alert_nobody_was_told_of_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.fail("a")
    await world.database.change(
        alerts.update().values(notified_at=None), deliveries.delete(), timers.delete()
    )

    await world.run(11 * MINUTE)

    assert await world.mentioned() == [ONCALL, LEAD]
    errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert errors == ["alert_was_not_notified alert=1"]
    caplog.clear()


async def test_steps_that_are_nowhere_are_set_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.fail("a")
    await world.database.change(timers.delete())

    await world.run(20 * MINUTE)

    assert await world.rung() == [("main", "trigger")]
    assert caplog.text.count("alert_lacked_steps alert=1 steps=2") == 1


async def test_steps_that_the_settings_gained_since_are_taken(world: World) -> None:
    await world.fail("a")
    more = (
        {"after": "10m", "notify": (LEAD,)},
        {"after": "20m", "pager": "main"},
        {"after": "30m", "pager": "ops"},
    )

    later = on(world.database, (route(escalate=more),), world.clock)
    await later.run(30 * MINUTE)

    assert await later.rung() == [("main", "trigger"), ("ops", "trigger")]


async def test_a_silence_that_ended_just_now_is_left_to_the_clockwork(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.silence("all", HOUR)
    await world.fail("a")
    world.clock.jump(HOUR)

    await world.auditor.look()
    left = await world.mentioned()
    await world.clockwork.run_due()

    assert (left, await world.mentioned()) == ([], [ONCALL])
    assert caplog.records == []


async def test_an_alert_of_a_route_that_is_gone_is_left_alone(world: World) -> None:
    await world.fail("a")

    later = on(world.database, (), world.clock)
    await later.run(10 * MINUTE)

    assert await later.rung() == []


async def test_every_whole_audit_is_a_heartbeat(world: World) -> None:
    await world.auditor.look()
    first = world.figure(HEARTBEAT)
    world.clock.jump(59 * SECOND)
    await world.auditor.look()
    soon = world.figure(HEARTBEAT)
    world.clock.jump(SECOND)
    await world.auditor.look()

    assert (first, soon) == (NOW.timestamp(), NOW.timestamp())
    assert world.figure(HEARTBEAT) == (NOW + MINUTE).timestamp()


async def test_an_auditor_at_work_goes_on_after_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.store.leases = Faulty(world.store.leases)
    world.auditor.start()

    await world.clock.advance(5)
    await world.auditor.close()

    assert caplog.text.count("alerts_not_audited reason=the disk is full") == 1
    assert world.figure(HEARTBEAT) == (NOW + 5 * SECOND).timestamp()


async def test_figures_tell_what_there_is_and_how_long_it_took(world: World) -> None:
    await world.auditor.look()
    await world.fail("a")
    world.clock.jump(30 * SECOND)
    await world.press(What.ACKNOWLEDGED)
    await world.deliver()
    world.clock.jump(30 * SECOND)
    await world.auditor.look()

    alert = await world.alert()
    labels = {"route": alert.route, "channel": "C0ONCALL"}
    assert world.figure("mediatask_alerts", status="acknowledged", **labels) == 1
    assert world.figure("mediatask_alerts", status="open", **labels) == 0
    assert world.figure("mediatask_alert_acknowledge_seconds_sum") == 30
    assert world.figure("mediatask_alert_told_seconds_sum") == 60


async def test_an_alert_of_a_route_that_is_gone_is_counted_as_such(world: World) -> None:
    await world.fail("a")
    alert = await world.alert()
    change = AlertChange(alert, replace(alert, route="old", revision=2))
    assert (await world.store.alerts.apply(change, NOW)) is not None

    await world.auditor.look()

    labels = {"route": "gone", "channel": "gone"}
    assert world.figure("mediatask_alerts", status=AlertStatus.OPEN, **labels) == 1
