"""Troubles without a kill: each lasts for a while, under load, and ends as suddenly as it came."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.app import run_bot
from bot.deliveries import resend_delivery
from bot.sandbox.clouds import Cloud, Weather, WeatherKind
from bot.sandbox.slack.troubles import Trouble
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import come_up
from tests.reliability.disk import filled
from tests.reliability.promises import Pace
from tests.reliability.shifted_clock import ShiftedClock
from tests.reliability.verdict import Verdict
from tests.reliability.world import Plan, World, settings_of

_CALM_S = 5.0
_CLOUDS = (Cloud.RTC, Cloud.RECORD, Cloud.MPC, Cloud.TIW)
_HOUR_S = 3600.0
_DRAINED_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Spell:
    """One trouble, and the world it comes over."""

    over: Callable[[World], AbstractAsyncContextManager[None]]
    plan: Plan = field(default_factory=Plan)
    pace: Pace = field(default_factory=Pace)
    is_mended_by_hand: bool = False
    """Whether its operator then sends again what Slack refused."""


@dataclass(slots=True)
class Outcome:
    """What came of a spell."""

    verdict: Verdict
    settled_after_s: float
    """From the spell's end, or from the last command, to when all was told."""
    directly: int = 0
    """Ends that could not be told in their channel, and so were told to a person."""


async def run(world: World, spell: Spell, seconds: float) -> Outcome:
    """Let a spell come over people at work, and wait until all has settled."""
    await world.start()
    clock = SystemClock()
    typing = asyncio.create_task(world.crowd.type_away(spell.pace))
    await clock.sleep(_CALM_S)
    async with spell.over(world):
        await clock.sleep(seconds)
    over_at = clock.monotonic()
    await clock.sleep(_CALM_S)
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)
    await world.crowd.finish()
    return await _settle(world, spell, over_at)


async def _settle(world: World, spell: Spell, over_at: float) -> Outcome:
    directly = 0
    if spell.is_mended_by_hand:
        verdict = await world.drain_to_dead_letters(_DRAINED_WITHIN_S)
        directly = len(verdict.told_directly)
        for delivery_id in verdict.dead:
            await resend_delivery(world.url, delivery_id)
    verdict = await world.drain(_DRAINED_WITHIN_S)
    return Outcome(verdict, SystemClock().monotonic() - over_at, directly)


@asynccontextmanager
async def _jumps(world: World, hours: float) -> AsyncIterator[None]:
    """Let a bot in this process, whose clock we hold, live through a jump and the way back."""
    for replica in world.replicas:
        await replica.close()
    clock = ShiftedClock()
    told = settings_of(world) | {"server": {"port": 0}, "store": {"url": world.url}}
    async with run_bot(Settings.model_validate(told), clock) as bot:
        await come_up(bot)
        clock.shift(hours * _HOUR_S)
        yield
        clock.shift(-hours * _HOUR_S)
        await clock.sleep(2 * _CALM_S)
    await world.start()


def _jumping(hours: float) -> Spell:
    return Spell(lambda world: _jumps(world, hours))


def _slack(trouble: Trouble, *, by_hand: bool = False) -> Spell:
    @asynccontextmanager
    async def over(world: World) -> AsyncIterator[None]:
        world.set_slack_weather({trouble: 1.0})
        yield
        world.set_slack_weather({})

    return Spell(over, is_mended_by_hand=by_hand)


def _vendors(kind: WeatherKind) -> Spell:
    @asynccontextmanager
    async def over(world: World) -> AsyncIterator[None]:
        for cloud in _CLOUDS:
            world.clouds.set_weather(cloud, Weather(kind=kind))
        yield
        for cloud in _CLOUDS:
            world.clouds.set_weather(cloud, Weather())

    return Spell(over)


@asynccontextmanager
async def _nothing(_world: World) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def _full_disk(world: World) -> AsyncIterator[None]:
    with filled(world.store_path.parent):
        yield


SPELLS: Mapping[str, Spell] = {
    "Slack: 429 to every post": _slack("rate_limited"),
    "Slack: 500 to every post": _slack("http_500"),
    "Slack: 500 after acting": _slack("done_http_500"),
    "Slack: reset after acting": _slack("lost_answer"),
    "Slack: invalid_blocks": _slack("invalid_blocks"),
    "Slack: channel_not_found": _slack("channel_not_found", by_hand=True),
    "vendors: hang": _vendors(WeatherKind.HANG),
    "vendors: flap": _vendors(WeatherKind.FLAPPING),
    "vendors: garbage": _vendors(WeatherKind.GARBAGE),
    "vendors: 500": _vendors(WeatherKind.HTTP_500),
    "vendors: go backwards": Spell(_nothing, pace=replace(Pace(), goes_backwards=True)),
    "the disk is full": Spell(_full_disk, plan=Plan(disk_mib=8)),
    "the clock goes an hour ahead, and back": _jumping(1),
    "the clock goes an hour back, and ahead": _jumping(-1),
}
