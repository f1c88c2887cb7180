"""The same alerts, whoever tells first."""

import asyncio
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Source
from bot.store.database import Database
from bot.store.oncall_tables import alert_tasks
from providers.models import TaskState
from tests.bot.alerts.samples import MINUTE, ROUTE
from tests.bot.alerts.test_life import wipe
from tests.bot.alerts.world import World, on
from tests.fakes.clock import FakeClock
from tests.fakes.inline_sqlite import open_inline_database

STATES = (TaskState.RUNNING, TaskState.FAILED, TaskState.PARTIAL, TaskState.SUCCEEDED)
SEEN = st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.sampled_from(("5", "6")))
TELLERS = ("poll", "sweep", "callback", "callback twice", "sweep and poll")


async def tell(world: World, teller: str, task_id: str, **seen: Any) -> None:
    """Let one source tell of a task; a callback is a hint, and the poll it makes confirms it."""
    if teller.startswith("callback"):
        await world.see(task_id, source=Source.CALLBACK, confirmed=False, **seen)
    if teller == "callback twice":
        await world.see(task_id, source=Source.CALLBACK, confirmed=False, **seen)
    if teller.startswith("sweep"):
        await world.see(task_id, source=Source.SWEEP, **seen)
    if teller != "sweep":
        await world.see(task_id, source=Source.POLL, **seen)
    await world.router.route_some()


async def live(
    database: Database, seen: list[tuple[int, TaskState, str]], tellers: list[str]
) -> list[tuple[object, ...]]:
    """Give the alerts that come of what is seen, minute by minute."""
    await wipe(database)
    world = on(database, (ROUTE,), FakeClock())
    for number, (task, state, code) in zip(count(), seen, strict=False):
        teller = tellers[number % len(tellers)]
        await tell(world, teller, f"t{task}", state=state, code=code)
        await world.run(MINUTE)
    tasks = [(row.task_id, row.recovered_at) for row in await world.rows(alert_tasks)]
    alerts = [
        (one.cause, one.code, one.status, one.count, one.recovered, one.openings, one.opened_at)
        for one in await world.all()
    ]
    called = [(who,) for who in await world.mentioned()]
    return [*alerts, *sorted(tasks, key=str), *called, *await world.rung()]


def test_callbacks_polls_and_sweeps_come_to_the_same_alerts() -> None:
    with asyncio.Runner() as runner:
        opening = open_inline_database()
        database = runner.run(opening.__aenter__())

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            seen=st.lists(SEEN, min_size=1, max_size=6),
            tellers=st.lists(st.sampled_from(TELLERS), min_size=1, max_size=4),
        )
        def same(seen: list[tuple[int, TaskState, str]], tellers: list[str]) -> None:
            polled = runner.run(live(database, seen, ["poll"]))
            told = runner.run(live(database, seen, tellers))

            assert told == polled

        try:
            same()
        finally:
            runner.run(opening.__aexit__(None, None, None))
