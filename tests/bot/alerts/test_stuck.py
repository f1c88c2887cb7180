from datetime import timedelta

import pytest

from bot.alerts.stuck import troubles_of_stuck
from bot.models import CardOrder, Watcher, WatchOrder
from bot.oncall import AlertStatus, Cause
from bot.store.errors import StoreError
from bot.store.watch_tables import tasks
from providers.models import TaskRef, TaskState
from tests.bot.alerts.samples import HOUR, MINUTE, NOW, SECOND, TEAM, ref
from tests.bot.alerts.world import World, failure
from tests.bot.watch.samples import followed

RUNNING = TaskState.RUNNING
DAY = timedelta(days=1)
RECORD, MPC = ref("a"), TaskRef("mpc", "main", "7")


@pytest.mark.parametrize(
    ("about", "state", "is_slow", "age", "codes"),
    [
        (MPC, RUNNING, True, HOUR, ["slow"]),
        (MPC, TaskState.QUEUED, True, HOUR, ["slow"]),
        (MPC, RUNNING, False, HOUR, []),
        (MPC, TaskState.PAUSED, True, HOUR, []),
        (MPC, TaskState.FAILED, True, HOUR, []),
        (MPC, RUNNING, False, 3 * DAY - HOUR, []),
        (RECORD, RUNNING, False, 3 * DAY - 6 * HOUR - SECOND, []),
        (RECORD, RUNNING, False, 3 * DAY - 6 * HOUR, ["window"]),
        (RECORD, RUNNING, False, 3 * DAY - SECOND, ["window"]),
        (RECORD, RUNNING, False, 3 * DAY, []),
        (RECORD, RUNNING, True, 3 * DAY - HOUR, ["slow", "window"]),
    ],
)
def test_what_is_far_too_slow_or_soon_forgotten_is_stuck(
    about: TaskRef, state: TaskState, age: timedelta, codes: list[str], *, is_slow: bool
) -> None:
    task = followed(
        state, ref=about, born_at=NOW - age, stalled_at=NOW - MINUTE if is_slow else None
    )

    found = list(troubles_of_stuck(task, NOW))

    assert [one.code for one in found] == codes
    assert {one.cause for one in found} <= {Cause.STUCK}


def test_a_recording_is_asked_until_zego_forgets_it_and_others_for_three_days() -> None:
    recording = followed(RUNNING, ref=RECORD, born_at=NOW - DAY, stalled_at=NOW)
    other = followed(RUNNING, ref=MPC, born_at=NOW - DAY, stalled_at=NOW)

    until = [next(troubles_of_stuck(one, NOW)).ask_until for one in (recording, other)]

    assert until == [NOW + 2 * DAY, NOW + 3 * DAY]


def test_a_task_that_was_never_answered_for_has_no_room_and_no_ids() -> None:
    task = followed(RUNNING, status=None, stalled_at=NOW)

    (found,) = troubles_of_stuck(task, NOW)

    assert (found.room, found.facts["request_id"], found.facts["window_ends_at"]) == (
        None,
        None,
        None,
    )


async def watch(world: World, *task_ids: str, age: timedelta = HOUR) -> None:
    """Let somebody watch running recordings of that age."""
    orders = [
        WatchOrder(
            ref(one),
            "record@main",
            failure(ref(one), RUNNING, NOW, started_at=NOW - age),
            ends_at=NOW + 30 * DAY,
            grace_until=NOW,
            watchers=(Watcher("U1", "U1"),),
        )
        for one in task_ids
    ]
    await world.store.watches.start(CardOrder("T1", "C1", None, "U1"), orders, NOW)


async def test_tasks_found_slow_are_one_alert_however_often_they_are_looked_at(
    world: World,
) -> None:
    await watch(world, *(f"{number:03}" for number in range(250)))
    await world.database.change(tasks.update().values(stalled_at=NOW))

    await world.delays.look()
    await world.delays.look()

    alert = await world.alert()
    assert (alert.cause, alert.code, alert.count) == (Cause.STUCK, "slow", 250)


async def test_a_recording_near_the_end_of_its_window_is_told_though_it_was_slow_before(
    world: World,
) -> None:
    await watch(world, "a", age=3 * DAY - 7 * HOUR)
    await world.delays.look()
    before = await world.all()
    await world.database.change(tasks.update().values(stalled_at=NOW))
    await world.delays.look()

    world.clock.jump(HOUR)
    await world.delays.look()

    assert before == []
    assert [one.code for one in await world.all()] == ["slow", "window"]


async def test_a_stuck_task_that_ends_is_stuck_no_more(world: World) -> None:
    await watch(world, "a")
    await world.database.change(tasks.update().values(stalled_at=NOW))
    await world.delays.look()

    world.clock.jump(MINUTE)
    await world.fail("a")

    found = [(one.cause, one.status) for one in await world.all()]
    assert found == [(Cause.STUCK, AlertStatus.RESOLVED), (Cause.FAILED, AlertStatus.OPEN)]


async def test_who_looks_for_delays_goes_on_after_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await watch(world, "a")
    await world.database.change(tasks.update().values(stalled_at=NOW))
    troubles = [StoreError("the disk is full")]

    def team_id() -> str:
        if troubles:
            raise troubles.pop()
        return TEAM

    world.router.team_id = team_id
    world.delays.start()

    await world.clock.advance(60)
    await world.delays.close()

    assert caplog.text.count("delays_not_looked_for reason=the disk is full") == 1
    assert (await world.alert()).code == "slow"
