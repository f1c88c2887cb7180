"""The bot dies at every named crash point, once or as often as is wished."""

import asyncio
from collections.abc import Sequence

from bot.crashpoint import CrashPoint
from tests.bench.processes import BenchError
from tests.reliability.books import grow_older
from tests.reliability.promises import Pace
from tests.reliability.random_moments import kill_now
from tests.reliability.verdict import Verdict
from tests.reliability.world import World

_REACHED_WITHIN_S = 40.0
_BRIEF = Pace(command_every_s=1.0, most_tasks=1, shortest_s=1.0, longest_s=1.5)
_SEND_LASTS_S = 40.0
_SENDS = (CrashPoint.AFTER_SENDING_COMMIT, CrashPoint.AFTER_OK)
Order = tuple[CrashPoint, int]
ORDERS: tuple[Order, ...] = (
    *((point, 1) for point in CrashPoint),
    *((point, 2) for point in _SENDS),
)
"""Each point, and which arrival there; a watch's first send is its card, its second its end."""


async def run(world: World, rounds: int = 1, *, drained_within_s: float = 300.0) -> Verdict:
    """Let the bot die at every point, under watches that lead there.

    Raises:
        BenchError: a point was not reached.
    """
    await _go_through(world, ORDERS * rounds)
    await world.crowd.finish()
    return await world.drain(drained_within_s)


async def run_briefly(world: World, kills: int) -> Verdict:
    """Do the same, then kill at random moments, in less than a minute on SQLite.

    What was begun and never settled is overdue 40 seconds later. Those are not waited for: they are
    taken out of the store while no bot runs.
    """
    await _go_through(world, ORDERS)
    for _ in range(kills):
        world.crowd.begin(_BRIEF)
        await kill_now(world)
    await world.crowd.finish()
    for replica in world.replicas:
        await replica.close()
    grow_older(world.store_path, _SEND_LASTS_S)
    await world.start()
    return await world.drain(_SEND_LASTS_S)


async def _go_through(world: World, orders: Sequence[Order]) -> None:
    """Have every replica die at every point, while people go on asking."""
    for replica in world.replicas:
        replica.crash_at(orders)
    await world.start()
    for number, (point, nth) in enumerate(orders, 1):
        asking = asyncio.create_task(world.crowd.type_away(_BRIEF))
        have = [one.has_crashed(number, _REACHED_WITHIN_S) for one in world.replicas]
        died = await asyncio.gather(*have)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        if not all(died):
            raise BenchError(f"{point} was not reached")
        world.faults[f"{point}:{nth}"] += len(died)
