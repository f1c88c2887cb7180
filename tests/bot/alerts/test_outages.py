from dataclasses import dataclass, field, replace

import pytest

from bot.alerts.outages import Lane, Outages, outage_of
from bot.models import CardOrder, Watcher, WatchOrder
from bot.oncall import AlertStatus
from bot.store.errors import StoreError
from providers.gate import Health
from tests.bot.alerts.samples import HOUR, MINUTE, NOW, ONCALL, SECOND, ref
from tests.bot.alerts.world import World, on

UP = Health(answering=True, since=NOW, latency_s=0.1, budget=1.0)
DOWN = replace(UP, answering=False)
UNKNOWN = replace(UP, since=None)


@dataclass
class Vendor:
    """One vendor's API, as its gate sees it."""

    health: Health = UP
    troubles: list[StoreError] = field(default_factory=list)

    def lanes(self) -> list[Lane]:
        if self.troubles:
            raise self.troubles.pop()
        return [Lane("record@main", "main", ("record",), self.health)]


def outages(world: World, vendor: Vendor) -> Outages:
    return Outages(world.router, world.store, vendor.lanes, world.clock)


async def watch(world: World, *task_ids: str) -> None:
    orders = [
        WatchOrder(
            ref(one),
            "record@main",
            None,
            ends_at=NOW + 24 * HOUR,
            grace_until=NOW,
            watchers=(Watcher("U1", "U1"),),
        )
        for one in task_ids
    ]
    await world.store.watches.start(CardOrder("T1", "C1", None, "U1"), orders, NOW)


async def test_a_vendor_that_is_silent_for_a_minute_is_one_alert(world: World) -> None:
    await watch(world, "a", "b", "c")
    looking = outages(world, Vendor(DOWN))
    world.clock.jump(59 * SECOND)
    await looking.look()
    before = await world.all()
    world.clock.jump(SECOND)

    await looking.look()
    await looking.look()

    alert = await world.alert()
    assert (before, alert.cause, alert.code) == ([], "outage", "unreachable")
    contents = await world.store.alerts.contents(alert.id)
    assert contents is not None
    assert contents.tasks[0].facts["unseen"] == 3
    assert contents.tasks[0].facts["since"] == "2026-11-20T10:00:00Z"
    assert await world.mentioned() == [ONCALL]


async def test_it_is_over_when_the_vendor_answers_again(world: World) -> None:
    vendor = Vendor(DOWN)
    looking = outages(world, vendor)
    world.clock.jump(MINUTE)
    await looking.look()

    vendor.health = replace(UP, since=world.clock.now())
    await looking.look()
    await looking.look()

    assert (await world.alert()).status is AlertStatus.RESOLVED


async def test_one_that_went_on_while_no_process_ran_ends_with_the_first_answer(
    world: World,
) -> None:
    world.clock.jump(MINUTE)
    await outages(world, Vendor(DOWN)).look()

    later, vendor = on(world.database, world.routes, world.clock), Vendor(UNKNOWN)
    looking = outages(later, vendor)
    await looking.look()
    before = (await later.alert()).status
    vendor.health = UP
    await looking.look()

    assert (before, (await later.alert()).status) == (AlertStatus.OPEN, AlertStatus.RESOLVED)


async def test_a_second_outage_is_told_again(world: World) -> None:
    vendor = Vendor(DOWN)
    looking = outages(world, vendor)
    for _ in range(2):
        vendor.health = replace(DOWN, since=world.clock.now())
        world.clock.jump(MINUTE)
        await looking.look()
        vendor.health = replace(UP, since=world.clock.now())
        await looking.look()
        world.clock.jump(HOUR)

    assert [one.status for one in await world.all()] == [AlertStatus.RESOLVED] * 2


async def test_an_outage_before_slack_knows_us_is_raised_when_it_does(world: World) -> None:
    looking = outages(world, Vendor(DOWN))
    world.router.team_id = lambda: None
    world.clock.jump(MINUTE)
    await looking.look()

    world.router.team_id = lambda: "T1"
    await looking.look()

    assert (await world.alert()).count == 1


@pytest.mark.parametrize("health", [UP, UNKNOWN, replace(DOWN, since=None)])
def test_a_vendor_nobody_found_silent_is_not_out(health: Health) -> None:
    lane = Lane("media@main", "main", ("merge", "transcode"), health)

    assert outage_of(lane, 3, NOW + HOUR) is None
    assert lane.api == "media"


async def test_who_looks_for_outages_goes_on_after_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    vendor = Vendor(DOWN, [StoreError("the disk is full")])
    looking = outages(world, vendor)
    looking.start()

    await world.clock.advance(60)
    await looking.close()

    assert caplog.text.count("outages_not_looked_for reason=the disk is full") == 1
    assert (await world.alert()).count == 1
