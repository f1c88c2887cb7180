from datetime import timedelta

import pytest

from bot.models import Source
from bot.oncall import AlertStatus, Cause, What
from bot.store.delivery_tables import deliveries
from bot.store.errors import StoreError
from bot.store.watch_tables import transitions
from providers.models import TaskState
from tests.bot.alerts.samples import HOUR, MINUTE, NOW, ONCALL, ROUTE, TEAM, route, silence, trouble
from tests.bot.alerts.world import Contended, Faulty, World, on, open_world

SUCCEEDED, FAILED, PARTIAL = TaskState.SUCCEEDED, TaskState.FAILED, TaskState.PARTIAL


async def test_a_failure_becomes_one_message_that_calls_whom_the_route_names(world: World) -> None:
    await world.fail("a")

    alert = await world.alert()
    assert (alert.status, alert.cause, alert.code, alert.count) == (
        AlertStatus.OPEN,
        Cause.FAILED,
        "5",
        1,
    )
    assert [row.kind for row in await world.rows(deliveries)] == ["alert"]
    assert await world.mentioned() == [ONCALL]
    assert world.woken


@pytest.mark.parametrize("state", [SUCCEEDED, TaskState.CANCELED, TaskState.RUNNING])
async def test_what_is_no_failure_alarms_nobody(world: World, state: TaskState) -> None:
    await world.fail("a", state=state)

    assert await world.all() == []
    assert [row.routed_at for row in await world.rows(transitions)] == [NOW]


async def test_what_nobody_confirmed_alarms_nobody(world: World) -> None:
    await world.fail("a", confirmed=False, source=Source.CALLBACK)

    assert await world.all() == []


async def test_failures_of_one_cause_join_one_alert_and_call_once(world: World) -> None:
    await world.fail("a", "b")
    await world.fail("c")

    assert (await world.alert()).count == 3
    assert await world.mentioned() == [ONCALL]


async def test_another_code_state_or_account_is_another_alert(world: World) -> None:
    await world.fail("a")
    await world.fail("b", code="6")
    await world.fail("c", state=PARTIAL)

    found = [(one.cause, one.code) for one in await world.all()]
    assert found == [(Cause.FAILED, "5"), (Cause.FAILED, "6"), (Cause.PARTIAL, "5")]


async def test_one_that_recovers_resolves_its_alert_which_says_so(world: World) -> None:
    await world.fail("a")
    await world.recover("a")

    alert = await world.alert()
    assert (alert.status, alert.resolved_by, alert.recovered) == (AlertStatus.RESOLVED, None, 1)
    assert [event.what for event in await world.events()] == [What.OPENED, What.RESOLVED]


async def test_an_alert_stays_open_until_its_last_task_recovers(world: World) -> None:
    await world.fail("a", "b")
    await world.recover("a")
    one_left = await world.alert()
    await world.recover("b")

    assert (one_left.status, one_left.recovered) == (AlertStatus.OPEN, 1)
    assert (await world.alert()).status is AlertStatus.RESOLVED


async def test_a_task_that_gets_better_but_not_well_goes_to_another_alert(world: World) -> None:
    await world.fail("a")
    await world.fail("a", state=PARTIAL)

    found = [(one.cause, one.status) for one in await world.all()]
    assert found == [(Cause.FAILED, AlertStatus.RESOLVED), (Cause.PARTIAL, AlertStatus.OPEN)]


async def test_what_was_over_before_anybody_was_told_alarms_nobody(world: World) -> None:
    await world.see("a")
    world.clock.jump(MINUTE)
    await world.recover("a")

    assert await world.all() == []


async def test_a_failure_within_the_groups_time_opens_the_same_alert_anew(world: World) -> None:
    await world.fail("a")
    await world.press(What.RESOLVED)
    world.clock.jump(ROUTE.group)
    await world.fail("b")

    alert = await world.alert()
    assert (alert.status, alert.openings, alert.count) == (AlertStatus.OPEN, 2, 2)
    assert await world.mentioned() == [ONCALL, ONCALL]


async def test_a_failure_later_than_that_is_another_alert(world: World) -> None:
    await world.fail("a")
    await world.press(What.RESOLVED)
    world.clock.jump(ROUTE.group + timedelta(seconds=1))
    await world.fail("b")

    assert [one.count for one in await world.all()] == [1, 1]


async def test_what_somebody_resolved_before_does_not_keep_an_alert_open(world: World) -> None:
    await world.fail("a")
    await world.press(What.RESOLVED)
    world.clock.jump(MINUTE)
    await world.fail("b")
    await world.recover("b")

    assert (await world.alert()).status is AlertStatus.RESOLVED


async def test_a_process_that_died_before_it_noted_so_routes_again_without_effect(
    world: World,
) -> None:
    await world.see("a", "b")
    found = await world.store.alerts.unrouted(10)
    await world.router.route_some()
    keys = [(one.transition.task_id, one.transition.version) for one in found]
    again = transitions.update().values(routed_at=None)
    await world.database.change(again)

    after = on(world.database, world.routes, world.clock)
    routed = await after.router.route_some()

    assert routed == len(keys)
    assert (await after.alert()).count == 2
    assert await after.mentioned() == [ONCALL]


async def test_what_is_routed_again_after_its_alert_was_resolved_opens_nothing(
    world: World,
) -> None:
    await world.fail("a")
    await world.press(What.RESOLVED)
    await world.database.change(transitions.update().values(routed_at=None))

    await world.router.route_some()

    assert (await world.alert()).status is AlertStatus.RESOLVED


async def test_two_channels_that_want_it_have_an_alert_each() -> None:
    async with open_world([ROUTE, route(channel="C0OTHER")]) as world:
        await world.fail("a", "b")

        assert [(one.channel_id, one.count) for one in await world.all()] == [
            ("C0ONCALL", 2),
            ("C0OTHER", 2),
        ]


async def test_nothing_is_routed_before_slack_says_who_we_are(world: World) -> None:
    world.router.team_id = lambda: None
    await world.see("a")

    assert await world.router.route_some() == 0
    assert not await world.router.raise_troubles([trouble()])
    assert await world.all() == []


async def test_an_outage_under_way_is_not_told_again(world: World) -> None:
    first = trouble(cause=Cause.OUTAGE, ref=None, key="outage:1", facts={"providers": ["record"]})
    after_restart = trouble(cause=Cause.OUTAGE, ref=None, key="outage:2", facts=first.facts)

    await world.router.raise_troubles([first])
    await world.router.raise_troubles([after_restart])

    assert (await world.alert()).count == 1


async def test_an_outage_that_is_over_resolves_its_alert(world: World) -> None:
    await world.fail("a")
    out = trouble(cause=Cause.OUTAGE, ref=None, key="outage:1", facts={"providers": ["record"]})
    await world.router.raise_troubles([out])

    await world.router.end_outages("record", "main")

    found = [(one.cause, one.status) for one in await world.all()]
    assert found == [(Cause.FAILED, AlertStatus.OPEN), (Cause.OUTAGE, AlertStatus.RESOLVED)]


async def test_while_its_api_is_out_nothing_is_called_stuck(world: World) -> None:
    facts = {"providers": ["record"], "lane": "record@main"}
    out = trouble(cause=Cause.OUTAGE, ref=None, key="outage:1", facts=facts)
    stuck = trouble(cause=Cause.STUCK, key="stuck:1:0:slow", facts=facts)
    await world.router.raise_troubles([out])

    await world.router.raise_troubles([stuck])
    during = len(await world.all())
    await world.router.end_outages("record", "main")
    await world.router.raise_troubles([stuck])

    assert during == 1
    assert [one.cause for one in await world.all()] == [Cause.OUTAGE, Cause.STUCK]


async def test_an_alert_that_everybody_changes_is_left_to_the_next_look(world: World) -> None:
    await world.fail("a")
    assert (await world.press(What.ASSIGNED, to="U3")) is not None

    await world.fail("b")

    alert = await world.alert()
    assert (alert.count, alert.assigned_to) == (2, "U3")


async def test_a_router_at_work_routes_what_it_is_told_of_and_what_was_left(world: World) -> None:
    await world.see("a")
    world.router.start()
    await world.clock.settle()
    before = len(await world.all())

    await world.see("b", code="6")
    world.router.look()
    await world.clock.advance(1)
    await world.router.close()

    assert (before, len(await world.all())) == (1, 2)


async def test_a_router_at_work_goes_on_after_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.see("a")
    world.store.leases = Faulty(world.store.leases)
    world.router.start()

    await world.clock.advance(1)
    await world.router.close()

    assert caplog.text.count("not_routed reason=the disk is full") == 1
    assert (await world.alert()).count == 1


async def test_what_others_change_again_and_again_is_left_unrouted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.see("a")
    alerts, world.store.alerts = world.store.alerts, Contended(world.database)

    with pytest.raises(StoreError, match="by others"):
        await world.router.route_some()
    assert "alert_contended" in caplog.text
    caplog.clear()
    world.store.alerts = alerts
    await world.router.route_some()

    assert (await world.alert()).count == 1


async def test_a_recovery_others_are_faster_than_is_counted_with_the_next_look(
    world: World,
) -> None:
    await world.fail("a")
    await world.see("a", state=SUCCEEDED)
    alerts, world.store.alerts = world.store.alerts, Contended(world.database)

    with pytest.raises(StoreError, match="by others"):
        await world.router.route_some()
    world.store.alerts = alerts
    await world.router.route_some()

    assert (await world.alert()).status is AlertStatus.RESOLVED


async def test_what_was_never_started_can_be_closed(world: World) -> None:
    for loop in (world.router, world.clockwork, world.auditor, world.delays):
        await loop.close()

    assert world.woken == []


async def test_a_silenced_failure_is_posted_and_calls_nobody(world: World) -> None:
    silence_id = await world.silence("room room-*", HOUR)

    await world.fail("a")

    alert = await world.alert()
    assert (alert.silence_id, alert.notified_at) == (silence_id, None)
    assert await world.mentioned() == []
    kinds = [(row.kind, row.channel_id) for row in await world.rows(deliveries)]
    assert kinds == [("alert", "C0ONCALL"), ("silence", "C9")]
    hidden = await world.store.silences.find(silence_id)
    assert hidden is not None
    assert hidden.hidden == 1


async def test_what_a_silence_hides_is_counted_once_for_an_opening(world: World) -> None:
    silence_id = await world.silence("all", HOUR)

    await world.fail("a")
    await world.fail("b")

    hidden = await world.store.silences.find(silence_id)
    assert hidden is not None
    assert hidden.hidden == 1


async def test_a_failure_no_silence_is_for_makes_a_silenced_alert_heard(world: World) -> None:
    await world.silence("room room-*", HOUR)
    await world.fail("a")
    silent = await world.mentioned()

    await world.fail("b", room="elsewhere")

    alert = await world.alert()
    assert (silent, await world.mentioned()) == ([], [ONCALL])
    assert (alert.count, alert.silence_id, alert.notified_at) == (2, None, NOW)


async def test_another_workspaces_silence_hides_nothing(world: World) -> None:
    await world.store.silences.add(silence(team_id="T2"))

    await world.fail("a")

    assert (await world.alert()).team_id == TEAM
    assert await world.mentioned() == [ONCALL]
