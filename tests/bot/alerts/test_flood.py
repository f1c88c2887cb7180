"""The same as ``tests/bench/alert_flood.py``, with fewer failures and on a clock that jumps."""

from collections import Counter

from sqlalchemy import select

from bot.alerts.router import Router
from bot.store.watch_tables import cards
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.observer import Observer
from bot.watch.policy import Rules
from tests.bot.alerts.flood import CHANNELS, CODES, GROUPS, Flood, routes
from tests.bot.alerts.samples import TEAM
from tests.bot.relay.world import World, open_world
from tests.fakes.jumping_loop import run_jumping

COUNT = 900


def test_a_flood_of_failures_is_few_messages_and_calls_everybody_once() -> None:
    async def main() -> None:
        async with open_world() as world:
            router = Router(world.store, routes(), lambda: TEAM, world.clock, world.relay.wake)
            router.start()
            flood = Flood(COUNT, world.store, observer_of(world), world.clock)
            await flood.pour()
            await until_shown(world)
            await router.close()
            await check(world)

    run_jumping(main())


def observer_of(world: World) -> Observer:
    histories = Histories(world.store, Rules())
    figures = WatchFigures(world.registry)
    return Observer(world.store, world.clock, histories, figures, lambda: None)


async def until_shown(world: World) -> None:
    """Wait until every failure is counted and every message shows it."""
    alerts = world.store.alerts
    while sum(one.count for one in await alerts.all_unresolved()) < COUNT * len(CHANNELS):
        await world.clock.sleep(1)
    while await world.store.cards.count_stale():
        await world.clock.sleep(1)
    assert world.clock.monotonic() < 90
    assert {row.ts is not None for row in await world.database.fetch(select(cards))} == {True}


async def check(world: World) -> None:
    alerts = await world.store.alerts.all_unresolved()
    each = Counter((one.channel_id, one.code) for one in alerts)
    assert each == {(channel, code): 1 for channel in CHANNELS for code in CODES}
    assert {one.count for one in alerts} == {COUNT // len(CODES)}
    for alert in alerts:
        contents = await world.store.alerts.contents(alert.id, tasks=COUNT)
        assert contents is not None
        assert len({task.ref for task in contents.tasks}) == COUNT // len(CODES)
    called = Counter(who for one in await world.all() for who in one.facts["mentions"])
    assert called == dict.fromkeys(GROUPS, len(CODES))
    assert len(world.slack.times("chat.postMessage")) == len(CHANNELS) * len(CODES)
    assert len(world.slack.times("chat.update")) <= 60
