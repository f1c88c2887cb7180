"""The poller over real tables and vendors that live by the clock; time jumps."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.store.delivery_tables import deliveries
from bot.store.errors import StoreError
from bot.store.watch_tables import watches
from bot.watch.lanes import lane_of, lanes_of
from providers.errors import InvalidRequestError, RateLimitError
from providers.limiter import Limit
from providers.lookup import Endpoint
from providers.models import TaskRef
from tests.fakes.engine import (
    Engine,
    gate_for,
    jumping,
    resting_engine,
    running,
    running_engine,
)
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import Life, LivingBatchVendor, LivingVendor


def ref(task_id: str, provider: str = "tiw") -> TaskRef:
    return TaskRef(provider, "main", task_id)


async def finals(engine: Engine) -> list[str]:
    """The tasks whose end is to be told, once for each telling."""
    rows = await engine.rows(deliveries)
    return [row.facts["ref"] for row in rows if row.facts.get("happening") == "finished"]


@jumping
async def test_a_watched_task_that_ends_is_told_once(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), took_s=60)})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))

        await clock.sleep(600)

        assert len(await finals(engine)) == 1
        assert [row.ended_why for row in await engine.rows(watches)] == ["finished"]
        assert engine.woken


@jumping
async def test_nobody_is_asked_for_once_it_has_ended(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), took_s=60)})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        await clock.sleep(600)
        asked = len(vendor.asked)

        await clock.sleep(300)

        assert len(vendor.asked) == asked


@jumping
async def test_the_first_poll_comes_within_a_second(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
    async with running_engine(vendor, clock=clock) as engine:
        await clock.sleep(100)
        began = clock.monotonic()
        await engine.watch(ref("1"))

        await clock.sleep(1)

        assert vendor.asked_at[0] - began < 1


@jumping
async def test_what_was_told_when_the_watch_began_is_not_asked_at_once(
    clock: JumpingClock,
) -> None:
    life = Life(clock.now() - timedelta(minutes=10))
    vendor = LivingVendor("tiw", clock, {"1": life})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"), told=[vendor.tell(ref("1"))])

        await clock.sleep(1)
        first = list(vendor.asked)
        await clock.sleep(120)

        assert (first, set(vendor.asked)) == ([], {"1"})


@jumping
async def test_the_documented_rate_holds_in_every_second_and_is_used(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock)
    ids = [str(number) for number in range(300)]
    vendor.lives = {task_id: Life(clock.now(), took_s=900) for task_id in ids}
    async with running_engine(vendor, clock=clock) as engine:
        for at in range(0, len(ids), 30):
            await engine.watch(*(ref(task_id) for task_id in ids[at : at + 30]))

        await clock.sleep(60)

    times = vendor.asked_at
    busiest = max(sum(since <= other < since + 1 for other in times) for since in times)
    assert (busiest <= 20, len(times) > 60 * 18) == (True, True)
    assert set(vendor.asked) == set(vendor.lives)


@jumping
async def test_ten_tasks_travel_in_one_request_where_the_vendor_takes_them(
    clock: JumpingClock,
) -> None:
    vendor = LivingBatchVendor("mpc", clock)
    vendor.lives = {str(number): Life(clock.now()) for number in range(30)}
    async with running_engine(vendor, clock=clock, limit=Limit(2, 1)) as engine:
        await engine.watch(*(ref(task_id, "mpc") for task_id in vendor.lives))

        await clock.sleep(2)

    assert len(vendor.asked_at) <= 5
    assert set(vendor.asked) == set(vendor.lives)


@jumping
async def test_a_vendor_that_hangs_holds_up_no_other(clock: JumpingClock) -> None:
    hanging = LivingVendor("tiw", clock, {"1": Life(clock.now())}, latency_s=3600)
    other = LivingVendor("mpc", clock, {"2": Life(clock.now(), took_s=60)})
    async with running_engine(hanging, other, clock=clock) as engine:
        await engine.watch(ref("1"), ref("2", "mpc"))

        await clock.sleep(120)

        assert len(await finals(engine)) == 1


@jumping
async def test_a_vendor_that_is_down_is_left_to_the_gates_probe(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock)
    vendor.lives = {str(number): Life(clock.now(), took_s=3000) for number in range(50)}
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(*(ref(task_id) for task_id in vendor.lives))
        await clock.sleep(60)
        vendor.is_down = True
        await clock.sleep(60)
        before = len(vendor.asked_at)

        await clock.sleep(300)

        assert len(vendor.asked_at) - before <= 300 / 45 + 2


@jumping
async def test_after_an_outage_nobody_waits_for_the_end_of_a_pause(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock)
    vendor.lives = {str(number): Life(clock.now(), took_s=600) for number in range(5)}
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(*(ref(task_id) for task_id in vendor.lives))
        await clock.sleep(60)
        vendor.is_down = True
        await clock.sleep(800)
        assert await finals(engine) == []

        vendor.is_down = False
        await clock.sleep(75)

        assert len(await finals(engine)) == 5


@jumping
async def test_a_task_the_vendor_chokes_on_starves_no_other(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"2": Life(clock.now(), took_s=60)})
    vendor.odd["1"] = InvalidRequestError("no")
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"), ref("2"))

        await clock.sleep(600)

        assert len(await finals(engine)) == 1
        assert vendor.asked.count("1") <= 4


@jumping
async def test_too_many_questions_cost_nobody_a_turn(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), took_s=60)})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        vendor.odd["1"] = RateLimitError("slower", retries=0)
        await clock.sleep(120)
        asked = len(vendor.asked)

        vendor.odd.clear()
        await clock.sleep(5)

        assert asked <= 120
        assert len(await finals(engine)) == 1


def test_a_fault_of_ours_costs_one_task_its_turn_and_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @jumping
    async def story(clock: JumpingClock) -> None:
        vendor = LivingVendor("tiw", clock, {"2": Life(clock.now(), took_s=60)})
        vendor.odd["1"] = ValueError("a bug")
        async with running_engine(vendor, clock=clock) as engine:
            await engine.watch(ref("1"), ref("2"))

            await clock.sleep(600)

            assert len(await finals(engine)) == 1
            assert vendor.asked.count("1") <= 4

    story()

    assert "poll_failed task=tiw@main:1" in caplog.text
    caplog.clear()


@jumping
async def test_whoever_loses_a_lease_stops_and_goes_on_where_it_comes_back(
    clock: JumpingClock,
) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        await clock.sleep(60)
        engine.leases.lost.add("poll:tiw@main")
        await clock.sleep(10)
        asked = len(vendor.asked)
        await clock.sleep(120)
        meanwhile = len(vendor.asked)

        engine.leases.lost.clear()
        await clock.sleep(120)

        assert meanwhile == asked
        assert len(vendor.asked) > asked


@jumping
async def test_a_lease_that_cannot_be_renewed_is_used_while_it_surely_lasts(
    clock: JumpingClock,
) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
    async with running_engine(vendor, clock=clock) as engine:
        await engine.watch(ref("1"))
        await clock.sleep(21)
        engine.leases.fault = StoreError("the connection is lost")
        await clock.sleep(5)
        soon = set(engine.poller.lanes_held)
        await clock.sleep(20)
        later = set(engine.poller.lanes_held)

        engine.leases.fault = None
        await clock.sleep(10)

        assert (soon, later) == ({"tiw@main"}, set())
        assert set(engine.poller.lanes_held) == {"tiw@main"}


@jumping
async def test_a_lane_whose_time_cannot_be_read_is_taken_later(clock: JumpingClock) -> None:
    vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
    async with resting_engine(clock, vendor) as engine:
        await engine.watch(ref("1"))
        await engine.database.change(text("ALTER TABLE lane RENAME TO gone"))
        async with running(engine):
            await clock.sleep(10)
            before = list(vendor.asked)

            await engine.database.change(text("ALTER TABLE gone RENAME TO lane"))
            await clock.sleep(10)

        assert (before, set(vendor.asked)) == ([], {"1"})


def test_a_fault_in_the_loop_stops_no_lane(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    @jumping
    async def story(clock: JumpingClock) -> None:
        vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
        async with resting_engine(clock, vendor) as engine:
            await engine.watch(ref("1"))

            async def fail(*_asked: object, **_more: object) -> None:
                raise RuntimeError("a bug")

            with monkeypatch.context() as patched:
                patched.setattr(engine.store.watches, "due", fail)
                engine.poller.start()
                await clock.sleep(10)
            before = list(vendor.asked)
            await clock.sleep(10)
            await engine.poller.close()

            assert (before, set(vendor.asked)) == ([], {"1"})

    story()

    assert "lane_failed lane=tiw@main" in caplog.text
    caplog.clear()


def test_providers_behind_one_gate_are_one_lane() -> None:
    clock = JumpingClock()
    gate = gate_for("media@main", Limit(20, 1), clock)
    tencent, huawei = LivingVendor("tencent", clock), LivingVendor("huawei", clock)
    mpc = Endpoint(LivingBatchVendor("mpc", clock), gate_for("mpc@main", Limit(100, 60), clock))
    endpoints = {
        ("tencent", "main"): Endpoint(tencent, gate),
        ("huawei", "main"): Endpoint(huawei, gate),
        ("mpc", "main"): mpc,
    }

    lanes = lanes_of(endpoints)

    assert [(lane.name, lane.batch) for lane in lanes] == [("media@main", 1), ("mpc@main", 10)]
    assert [round(lane.sustainable_per_s, 1) for lane in lanes] == [11.4, 9.5]
    assert {lane_of(endpoint) for endpoint in endpoints.values()} == {"media@main", "mpc@main"}
