"""What happens to watches by the clock alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.store.delivery_tables import deliveries
from bot.store.errors import StoreError
from bot.store.watch_tables import tasks, watches
from providers.models import TaskRef
from tests.fakes.engine import Engine, jumping, resting_engine, running_engine
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import LivingVendor

REF = TaskRef("tiw", "main", "1")


async def told(engine: Engine) -> list[str]:
    rows = await engine.rows(deliveries)
    return [row.facts["happening"] for row in rows if row.kind == "news"]


@jumping
async def test_a_limit_is_announced_two_hours_before_and_then_reached(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF, lasts=timedelta(hours=10))
        engine.timers.every_s = 600
        engine.timers.start()

        await clock.sleep(8 * 3600 - 1)
        long_before = await told(engine)
        await clock.sleep(3600)
        before = await told(engine)
        await clock.sleep(3600 + 600)

        assert (long_before, before) == ([], ["limit_near"])
        assert await told(engine) == ["limit_near", "limit_reached"]
        assert [row.ended_why for row in await engine.rows(watches)] == ["limit_reached"]
        assert [row.is_open for row in await engine.rows(tasks)] == [False]
        await engine.timers.close()


@jumping
async def test_what_nobody_knows_is_missing_once_its_grace_is_over(clock: JumpingClock) -> None:
    async with running_engine(LivingVendor("tiw", clock), clock=clock) as engine:
        await engine.watch(REF)

        await clock.sleep(9 * 60)
        within_grace = await told(engine)
        await clock.sleep(6 * 60)

        assert (within_grace, await told(engine)) == ([], ["missing"])
        assert [row.ended_why for row in await engine.rows(watches)] == ["missing"]


@jumping
async def test_many_limits_at_once_are_worked_off_in_portions(clock: JumpingClock) -> None:
    refs = [TaskRef("tiw", "main", str(number)) for number in range(130)]
    async with resting_engine(clock) as engine:
        await engine.watch(*refs, lasts=timedelta(hours=1))
        await clock.sleep(3601)

        await engine.timers.look()

        assert await told(engine) == ["limit_reached"] * 130


@jumping
async def test_two_limits_of_one_task_are_told_in_one_look(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF, lasts=timedelta(hours=1))
        await engine.watch(REF, channel_id="C2", lasts=timedelta(hours=1))
        await clock.sleep(3601)

        await engine.timers.look()

        assert await told(engine) == ["limit_reached", "limit_reached"]


@jumping
async def test_only_the_holder_of_the_lease_looks(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF, lasts=timedelta(hours=1))
        await clock.sleep(3601)
        engine.leases.lost.add("timers")

        await engine.timers.look()

        assert await told(engine) == []


@jumping
async def test_a_store_in_trouble_is_looked_at_again(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF, lasts=timedelta(hours=1))
        await engine.database.change(text("ALTER TABLE watch RENAME TO gone"))
        engine.timers.start()
        await clock.sleep(3700)

        await engine.database.change(text("ALTER TABLE gone RENAME TO watch"))
        await clock.sleep(60)

        assert await told(engine) == ["limit_reached"]
        await engine.timers.close()


@jumping
async def test_what_somebody_else_recorded_first_is_left_alone(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF, lasts=timedelta(hours=1))
        await clock.sleep(3601)
        await engine.database.change(
            text(
                "CREATE TRIGGER rival BEFORE UPDATE OF version ON task"
                " BEGIN SELECT RAISE(IGNORE); END"
            )
        )

        await engine.timers.look()

        assert await told(engine) == []


@jumping
async def test_closing_leaves_the_lease_to_others(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.timers.close()
        engine.timers.start()
        await clock.sleep(1)

        await engine.timers.close()

        assert engine.leases.dropped == ["timers"]


@jumping
async def test_a_lease_that_cannot_be_left_ends_by_itself(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        engine.timers.start()
        await clock.sleep(1)
        engine.leases.fault = StoreError("the connection is lost")

        await engine.timers.close()

        assert engine.leases.dropped == []


def test_a_watch_whose_time_has_not_come_after_all_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @jumping
    async def story(clock: JumpingClock) -> None:
        async with resting_engine(clock) as engine:
            started = await engine.watch(REF)
            watched = await engine.store.watches.watch(started.watches[0].id)

            async def early(*_asked: object) -> list[object]:
                return [watched]

            monkeypatch.setattr(engine.store.watches, "due_timers", early)

            await engine.timers.look()

            assert await told(engine) == []

    story()


def test_a_fault_of_ours_stops_no_clock(caplog: pytest.LogCaptureFixture) -> None:
    @jumping
    async def story(clock: JumpingClock) -> None:
        async with resting_engine(clock) as engine:
            await engine.watch(REF, lasts=timedelta(hours=1))
            engine.leases.fault = RuntimeError("a bug")
            engine.timers.start()
            await clock.sleep(3700)

            engine.leases.fault = None
            await clock.sleep(60)

            assert await told(engine) == ["limit_reached"]
            await engine.timers.close()

    story()

    assert "timers_failed" in caplog.text
    caplog.clear()
