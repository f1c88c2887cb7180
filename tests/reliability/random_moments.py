"""The bot is killed at random moments, under load, on a bad day at Slack."""

import asyncio
import math
from dataclasses import dataclass, field

from bot.sandbox.clouds import Cloud, Weather, WeatherKind
from providers.clock import SystemClock
from tests.reliability.promises import Pace
from tests.reliability.replicas import Replica
from tests.reliability.verdict import Verdict
from tests.reliability.world import BAD_DAY, World

_STORMS = (
    WeatherKind.HANG,
    WeatherKind.REFUSE,
    WeatherKind.HTTP_500,
    WeatherKind.GARBAGE,
    WeatherKind.FLAPPING,
    WeatherKind.RATE_LIMITED,
)
_CLOUDS = (Cloud.RTC, Cloud.RECORD, Cloud.MPC, Cloud.TIW)
_LIVES_S = 2.5
_AT_WORK = 0.8
"""The share of faults that come over a process that is ready; the others may meet its start."""
_PAUSED_S = (2.0, 6.0)
_CUT_S = (3.0, 8.0)
_STORM_S = (1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Course:
    """How a run goes."""

    faults: int = 300
    every_s: float = 3.0
    """On average, between two faults."""
    shares: tuple[tuple[str, float], ...] = (("kill", 1.0),)
    """How likely each kind of fault is: ``kill``, ``pause``, ``storm``, ``database``, ``cut``."""
    pace: Pace = field(default_factory=Pace)
    lasts_at_most_s: float = math.inf
    """When it ends also with fewer faults."""
    drained_within_s: float = 900.0


async def run(world: World, course: Course) -> Verdict:
    """Strike until there were enough faults, then let everything come to rest."""
    await world.start()
    world.set_slack_weather(BAD_DAY)
    typing = asyncio.create_task(world.crowd.type_away(course.pace))
    clock = SystemClock()
    ends_at = clock.monotonic() + course.lasts_at_most_s
    try:
        while world.faults.total() < course.faults and clock.monotonic() < ends_at:
            await strike(world, course)
    finally:
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)
    world.set_slack_weather({})
    await world.crowd.finish()
    return await world.drain(course.drained_within_s)


async def kill_now(world: World) -> None:
    """Kill a replica at some moment of the next seconds, its start included."""
    replica = world.lot.choice(world.replicas)
    await SystemClock().sleep(world.lot.uniform(0, _LIVES_S))
    if replica.is_running:
        replica.kill()
        world.faults["kill"] += 1


async def strike(world: World, course: Course) -> None:
    """Let one fault happen; some last for seconds, and go on meanwhile."""
    names, weights = zip(*course.shares, strict=True)
    (name,) = world.lot.choices(names, weights)
    replica = world.lot.choice(world.replicas)
    if world.lot.random() < _AT_WORK and not await replica.is_ready(world.session):
        replica.check()
    await SystemClock().sleep(world.lot.expovariate(1 / course.every_s))
    if not replica.is_running:
        return
    world.faults[name] += 1
    match name:
        case "kill":
            replica.kill()
        case "pause":
            await _pause(replica, world.lot.uniform(*_PAUSED_S))
        case "storm":
            await _storm(world)
        case "cut" if world.network is not None:
            number = world.replicas.index(replica)
            await world.network.pull(number, world.lot.uniform(*_CUT_S))
        case "database" if world.postgres is not None:
            await asyncio.to_thread(world.postgres.restart, "immediate")
        case _:
            raise ValueError(name)


async def _pause(replica: Replica, seconds: float) -> None:
    replica.pause()
    await SystemClock().sleep(seconds)
    replica.resume()


async def _storm(world: World) -> None:
    cloud, kind = world.lot.choice(_CLOUDS), world.lot.choice(_STORMS)
    world.clouds.set_weather(cloud, Weather(kind=kind))
    await SystemClock().sleep(world.lot.uniform(*_STORM_S))
    world.clouds.set_weather(cloud, Weather())
