"""The short form of ``make reliability``: the bot dies at every point, and at some moments more."""

from tests.bench.report import render
from tests.reliability import crash_points
from tests.reliability.crash_points import ORDERS
from tests.reliability.parts import PARTS, Size
from tests.reliability.world import Plan, open_world

KILLS = 10


async def test_nothing_is_lost_or_told_twice_wherever_the_bot_dies() -> None:
    async with open_world(Plan(channels=4)) as world:
        verdict = await crash_points.run_briefly(world, KILLS)

        refused, faults = world.refused, world.faults

    assert verdict.wrong == {}
    assert (verdict.tasks > 0, verdict.messages > 0, refused) == (True, True, 0)
    assert {f"{point}:{nth}" for point, nth in ORDERS} <= set(faults)
    assert faults["kill"] > 0


async def test_a_second_process_on_the_same_file_is_refused() -> None:
    (table,) = [table async for table in PARTS["second"](Size())]

    assert [row.is_met for row in table.rows] == [True]
    assert "refused" in render(table)
