"""Failures are found that nobody watches and nobody calls back about, and nothing is told twice."""

from datetime import timedelta

import pytest

from bot.store.watch_tables import tasks
from providers.errors import RateLimitError, UnreachableError
from providers.models import TaskState
from tests.bot.intake.world import HOUR, Intake, Vendors, running_intake
from tests.fakes.engine import jumping
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import Life

MINUTE = timedelta(minutes=1)


async def pass_minutes(intake: Intake, minutes: int) -> None:
    """Sweep once a minute."""
    for _ in range(minutes):
        await intake.clock.sleep(55)
        await intake.sweep()


@jumping
async def test_a_recording_that_leaves_the_running_ones_is_asked_about_once(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives["A"] = Life(clock.now() - HOUR, 3600 + 90, TaskState.FAILED)
    async with running_intake(vendors, clock) as intake:
        await intake.sweep()
        assert vendors.record.asked == []

        await pass_minutes(intake, 5)

        assert await intake.told() == [(None, "failed", "sweep")]
        assert vendors.record.asked == ["A"]
        assert await intake.still_followed() == []


@jumping
async def test_a_recording_that_began_and_ended_between_two_sweeps_is_found(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock) as intake:
        await intake.sweep()
        vendors.record.lives["A"] = Life(clock.now() + MINUTE / 4, 20, TaskState.EMPTY)

        await pass_minutes(intake, 12)

        assert await intake.told() == [(None, "empty", "sweep")]
        assert vendors.record.asked == ["A"]


@jumping
async def test_nothing_is_told_of_what_ended_before_the_first_sweep_ever(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives["A"] = Life(clock.now() - 2 * MINUTE, 60, TaskState.FAILED)
    vendors.mpc.lives["1"] = Life(clock.now() - 2 * MINUTE, 60, TaskState.FAILED)
    async with running_intake(vendors, clock) as intake:
        await pass_minutes(intake, 5)

        assert await intake.told() == []
        assert await intake.engine.rows(tasks) == []


@jumping
async def test_what_ended_while_the_bot_was_away_is_found_late_with_its_own_time(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock, look_s=60) as intake:
        await intake.sweep()
        ended_at = clock.now() + HOUR + MINUTE
        vendors.record.lives["A"] = Life(ended_at - MINUTE, 60, TaskState.FAILED)
        vendors.mpc.lives["1"] = Life(ended_at - MINUTE, 60, TaskState.FAILED)
        await clock.sleep(2 * 3600)

        await intake.sweep()
        await clock.sleep(70)

        assert sorted(await intake.told()) == [(None, "failed", "sweep")] * 2
        rows = await intake.engine.rows(tasks)
        assert {row.changed_at for row in rows} == {ended_at}


@jumping
async def test_a_recording_that_uploads_is_asked_about_until_it_has_an_end(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    running = Life(clock.now() - HOUR)
    vendors.record.lives["A"] = running
    async with running_intake(vendors, clock, look_s=5) as intake:
        await intake.sweep()
        vendors.record.lives["A"] = Life(running.born_at, 3600 + 1800, TaskState.FAILED)
        vendors.record.unlisted.add("A")  # ended, and its files are on their way

        await pass_minutes(intake, 45)

        assert [told[1] for told in await intake.told()] == ["running", "failed"]
        assert 3 < len(vendors.record.asked) < 20
        assert await intake.engine.store.marks.running("record@main:unsettled") == set()


@jumping
async def test_a_transcodings_end_is_taken_from_the_list_without_a_question(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock) as intake:
        await intake.sweep()
        vendors.mpc.lives["1"] = Life(clock.now(), 30, TaskState.PARTIAL)

        await pass_minutes(intake, 12)

        assert await intake.told() == [(None, "partial", "sweep")]
        assert vendors.mpc.asked == []


@jumping
async def test_a_transcoding_that_outlives_its_place_in_the_list_is_asked_about(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.mpc.lives["1"] = Life(clock.now() - HOUR, 3600 + 1200, TaskState.FAILED)
    async with running_intake(vendors, clock, look_s=5) as intake:
        await pass_minutes(intake, 35)

        assert [told[1] for told in await intake.told()] == ["running", "failed"]
        assert 1 < len(vendors.mpc.asked) < 20
        assert await intake.still_followed() == []


@jumping
async def test_a_list_that_breaks_off_is_looked_through_again_from_where_it_was(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock, look_s=5) as intake:
        await intake.sweep()
        vendors.record.refuses = UnreachableError("no answer", retries=0)
        vendors.record.lives["A"] = Life(clock.now() + MINUTE, 60, TaskState.FAILED)
        with pytest.raises(UnreachableError):
            await pass_minutes(intake, 1)
        await clock.sleep(3600)

        vendors.record.refuses = None
        await intake.sweep()

        assert await intake.told() == [(None, "failed", "sweep")]


@jumping
async def test_a_long_list_is_read_page_by_page_behind_everybody_else(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock) as intake:
        for number in range(120):
            vendors.record.lives[f"R{number}"] = Life(clock.now() - HOUR)

        await intake.sweep()

        assert [query.page for query in vendors.record.listed] == [1, 2, 3]
        running = await intake.engine.store.marks.running("record@main")
        assert len(running) == 120


@jumping
async def test_a_page_the_pace_does_not_allow_is_asked_for_again(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock) as intake:
        vendors.record.refuses = RateLimitError("too fast", retries=0)

        with pytest.raises(RateLimitError):
            await intake.sweep()

        assert len(vendors.record.listed) == 5


@jumping
async def test_sweeping_tells_how_it_does_and_whose_it_is(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock, look_s=20) as intake:
        intake.sweeps.start()
        await clock.sleep(90)
        read = intake.registry.get_sample_value
        assert read("mediatask_sweeps_total", {"lane": "record@main", "outcome": "ok"}) == 2
        lag = read("mediatask_sweep_lag_seconds", {"lane": "record@main"})
        assert lag == pytest.approx(30, abs=1)

        vendors.record.refuses = UnreachableError("no answer", retries=0)
        await clock.sleep(120)
        refused = {"lane": "record@main", "outcome": "unreachable"}
        assert (read("mediatask_sweeps_total", refused) or 0) >= 2
        assert (read("mediatask_sweep_lag_seconds", {"lane": "record@main"}) or 0) > 120

        intake.engine.leases.lost.add("sweep:mpc@main")
        await clock.sleep(61)
        assert read("mediatask_sweep_lag_seconds", {"lane": "mpc@main"}) is None
        await intake.sweeps.close()
