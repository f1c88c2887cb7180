"""What the poller keeps over a restart, a crash and a store in trouble, and what it counts."""

from sqlalchemy import text

from bot.store.delivery_tables import deliveries
from bot.store.watch_tables import tasks
from providers.models import TaskState
from tests.bot.watch.test_poller import finals, ref
from tests.fakes.engine import (
    Engine,
    endpoints_for,
    engine_over,
    jumping,
    running,
    running_engine,
)
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import Life, LivingVendor


@jumping
async def test_after_a_restart_only_what_happened_meanwhile_is_told(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 600), "2": Life(clock.now())})
    endpoints = endpoints_for(vendor, clock=clock)
    async with open_inline_database() as database:
        async with engine_over(database, endpoints, clock) as first, running(first):
            await first.watch(ref("1"), ref("2"))
            await clock.sleep(120)
        before = await first.rows(deliveries)
        await clock.sleep(3600)

        async with engine_over(database, endpoints, clock) as second, running(second):
            await clock.sleep(60)
            told = (await second.rows(deliveries))[len(before) :]

    assert [row.facts["happening"] for row in told] == ["finished"]
    assert told[0].facts["late"] is True


@jumping
async def test_a_crash_costs_polls_and_no_news(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 100)})
    endpoints = endpoints_for(vendor, clock=clock)
    async with (
        open_inline_database() as database,
        engine_over(database, endpoints, clock) as dying,
        engine_over(database, endpoints, clock) as second,
    ):
        await dying.watch(ref("1"))
        dying.poller.start()
        await clock.sleep(55)
        dying.leases.lost.add("poll:tiw@main")
        await clock.sleep(5)

        async with running(second):
            await clock.sleep(200)
        await dying.poller.close()

        assert len(await finals(second)) == 1


@jumping
async def test_a_store_that_cannot_be_written_delays_the_news_and_loses_none(
    clock: JumpingClock,
) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 60)})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        await set_readable_only(engine, on=True)
        await clock.sleep(120)
        assert await finals(engine) == []

        await set_readable_only(engine, on=False)
        await clock.sleep(30)

        assert len(await finals(engine)) == 1


@jumping
async def test_a_store_that_cannot_be_read_is_asked_again(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 60)})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        await engine.database.change(text("ALTER TABLE task RENAME TO gone"))
        await clock.sleep(100)

        await engine.database.change(text("ALTER TABLE gone RENAME TO task"))
        await clock.sleep(100)

        assert len(await finals(engine)) == 1


@jumping
async def test_what_polls_change_is_written_behind(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))

        await clock.sleep(600)

        row = (await engine.rows(tasks))[0]
        assert (row.state, row.polls > 0, row.tag > 0) == (TaskState.RUNNING, True, True)


@jumping
async def test_polls_and_lanes_are_counted(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 60), "2": Life(clock.now())})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"), ref("2"))

        await clock.sleep(300)

        lane = "tiw@main"
        polls = engine.figure("mediatask_watch_polls_total", lane=lane, outcome="answered")
        assert polls == len(vendor.asked)
        assert engine.figure("mediatask_watch_tasks", state="running") == 1
        assert engine.figure("mediatask_watch_price_seconds", lane=lane)
        assert engine.figure("mediatask_watch_pause_seconds", lane=lane)
        assert engine.figure("mediatask_watch_detection_seconds_count", source="poll") == 1


async def set_readable_only(engine: Engine, *, on: bool) -> None:
    """Let the disk be full, as far as anybody can tell."""
    async with engine.database.writer.connect() as connection:
        await connection.execute(text(f"PRAGMA query_only={int(on)}"))
