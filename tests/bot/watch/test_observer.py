"""What becomes of observations: news is recorded once, whoever brings it."""

from datetime import timedelta

from sqlalchemy import text

from bot.models import Observation, Source
from bot.store.delivery_tables import deliveries
from bot.store.watch_tables import durations, tasks, watches
from providers.errors import RateLimitError
from providers.models import TaskRef, TaskState
from tests.fakes.engine import Engine, endpoints_for, engine_over, jumping, resting_engine
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import Life, LivingVendor, older, tell

REF = TaskRef("tiw", "main", "1")
RUNNING = 3600.0


def seen(
    clock: JumpingClock,
    state: TaskState = TaskState.SUCCEEDED,
    *,
    source: Source = Source.POLL,
    confirmed: bool = True,
) -> Observation:
    """The task in some state, begun an hour ago and over, if it is, just now."""
    life = Life(clock.now() - timedelta(hours=1), RUNNING, state)
    return Observation(REF, tell(REF, life, state, clock.now()), clock.now(), source, confirmed)


async def told(engine: Engine) -> list[str]:
    rows = await engine.rows(deliveries)
    return [row.facts["happening"] for row in rows if row.kind == "news"]


@jumping
async def test_an_end_is_told_to_every_place_and_ends_every_watch(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        await engine.watch(REF, channel_id="C2")

        await engine.observer.observe([seen(clock)])

        assert await told(engine) == ["finished", "finished"]
        assert [row.ended_why for row in await engine.rows(watches)] == ["finished", "finished"]
        assert [row.is_open for row in await engine.rows(tasks)] == [False]
        assert len(engine.woken) == 1


@jumping
async def test_what_is_seen_twice_is_told_once(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)

        await engine.observer.observe([seen(clock), seen(clock)])
        await engine.observer.observe([seen(clock, source=Source.CALLBACK)])

        assert await told(engine) == ["finished"]


@jumping
async def test_of_two_processes_that_see_one_end_one_tells_it(clock: JumpingClock) -> None:
    endpoints = endpoints_for(LivingVendor("tiw", clock), clock=clock)
    async with (
        open_inline_database() as database,
        engine_over(database, endpoints, clock) as one,
        engine_over(database, endpoints, clock) as other,
    ):
        await one.watch(REF)
        stale = (await one.store.watches.followed([REF]))[REF]

        await other.observer.settle(stale, seen(clock))
        decision = await one.observer.settle(stale, seen(clock))

        assert await told(one) == ["finished"]
        assert decision.before.state is TaskState.SUCCEEDED


@jumping
async def test_whoever_began_to_watch_in_between_is_told_too(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        stale = (await engine.store.watches.followed([REF]))[REF]
        await engine.watch(REF, channel_id="C2")

        await engine.observer.settle(stale, seen(clock))

        assert [row.ended_why for row in await engine.rows(watches)] == ["finished", "finished"]
        assert {row.channel_id for row in await engine.rows(deliveries) if row.kind == "news"} == {
            "C1",
            "C2",
        }


@jumping
async def test_news_that_others_overtake_again_and_again_is_left_to_the_next_poll(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        task = (await engine.store.watches.followed([REF]))[REF]
        await engine.database.change(
            text(
                "CREATE TRIGGER rival BEFORE UPDATE OF version ON task"
                " BEGIN SELECT RAISE(IGNORE); END"
            )
        )

        decision = await engine.observer.settle(task, seen(clock))

        assert decision.after == decision.before
        assert await told(engine) == []


@jumping
async def test_a_task_nobody_ever_watched_is_nobodys_news(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.observer.observe([seen(clock)])

        assert await engine.rows(tasks) == []


@jumping
async def test_what_changes_nothing_costs_no_commit(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        vendor = LivingVendor("tiw", clock, {"1": Life(clock.now())})
        await engine.watch(REF, told=[vendor.tell(REF)])
        before = await engine.rows(tasks)
        await clock.sleep(10)

        for news in (vendor.tell(REF), RateLimitError("slower")):
            await engine.observer.observe([Observation(REF, news, clock.now(), Source.POLL)])

        assert await engine.rows(tasks) == before


@jumping
async def test_a_hint_makes_the_next_poll_immediate_and_tells_nothing(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        await engine.observer.observe([seen(clock, TaskState.RUNNING)])

        hint = seen(clock, source=Source.CALLBACK, confirmed=False)
        await engine.observer.observe([hint])

        due = await engine.store.watches.due("tiw@main", 1, now=clock.now())
        assert await told(engine) == []
        assert due[0].check_at == hint.at


@jumping
async def test_what_a_person_is_told_serves_the_watch_within_a_second(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        engine.observer.start()
        status = seen(clock).seen
        await clock.sleep(3)

        engine.observer.note([status])  # type: ignore[list-item]  # it is a status, as made above
        await clock.sleep(2)

        assert await told(engine) == ["finished"]
        assert engine.figure("mediatask_watch_detection_seconds_count", source="question") == 1
        await engine.observer.close()


@jumping
async def test_what_a_person_was_not_told_is_no_news(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        unknown = tell(REF, Life(clock.now()), TaskState.NOT_FOUND, clock.now())

        engine.observer.note([unknown])
        await engine.observer.close()

        assert [row.state for row in await engine.rows(tasks)] == [None]


@jumping
async def test_a_store_in_trouble_leaves_what_people_were_told_to_the_next_poll(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        status = tell(REF, Life(clock.now(), 0), TaskState.SUCCEEDED, clock.now())
        await engine.database.change(text("ALTER TABLE task RENAME TO gone"))

        engine.observer.note([status])
        await engine.observer.close()

        await engine.database.change(text("ALTER TABLE gone RENAME TO task"))
        assert await told(engine) == []


@jumping
async def test_people_who_ask_a_lot_do_not_fill_the_memory(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        await engine.watch(REF)
        life = Life(clock.now(), 0)
        others = (TaskRef("tiw", "main", f"x{number}") for number in range(1_000))

        engine.observer.note([tell(one, life, TaskState.SUCCEEDED, clock.now()) for one in others])
        engine.observer.note([tell(REF, life, TaskState.SUCCEEDED, clock.now())])
        await engine.observer.close()

        assert await told(engine) == []


@jumping
async def test_an_end_teaches_how_long_its_sort_takes(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 100)})
        await engine.watch(REF, told=[vendor.tell(REF)])
        await clock.sleep(50)
        await engine.observer.observe(
            [Observation(REF, vendor.tell(REF), clock.now(), Source.QUESTION)]
        )
        await clock.sleep(60)

        await engine.observer.observe(
            [Observation(REF, vendor.tell(REF), clock.now(), Source.POLL)]
        )

        rows = await engine.rows(durations)
        assert sum(row.events for row in rows) == 1
        assert abs(sum(row.exposure_s for row in rows) - 100) < 1
        assert {(row.provider, row.kind) for row in rows} == {("tiw", "transcode")}


@jumping
async def test_what_had_ended_before_anybody_watched_teaches_nothing(
    clock: JumpingClock,
) -> None:
    async with resting_engine(clock) as engine:
        life = older(Life(clock.now(), 100), 600)
        await engine.watch(REF)

        status = tell(REF, life, TaskState.SUCCEEDED, clock.now())
        await engine.observer.observe([Observation(REF, status, clock.now(), Source.POLL)])

        assert await told(engine) == ["finished"]
        assert await engine.rows(durations) == []


@jumping
async def test_what_was_learned_counts_after_the_next_refresh(clock: JumpingClock) -> None:
    async with resting_engine(clock) as engine:
        vendor = LivingVendor("tiw", clock, {"1": Life(clock.now(), 100)})
        await engine.watch(REF, told=[vendor.tell(REF)])
        task = (await engine.store.watches.followed([REF]))[REF]
        histories = engine.observer.histories
        before = (await histories.of(task)).interval(10, 1)
        await clock.sleep(90)
        await engine.observer.observe(
            [Observation(REF, vendor.tell(REF), clock.now(), Source.POLL)]
        )

        await histories.refresh()
        relearned = (await histories.of(task)).interval(10, 1)
        await histories.refresh()

        assert relearned > before
        assert (await histories.of(task)).interval(10, 1) == relearned


@jumping
async def test_replicas_learn_from_each_other(clock: JumpingClock) -> None:
    endpoints = endpoints_for(LivingVendor("tiw", clock), clock=clock)
    async with (
        open_inline_database() as database,
        engine_over(database, endpoints, clock) as one,
        engine_over(database, endpoints, clock) as other,
    ):
        other.store.replicated = True
        await one.watch(REF)
        task = (await one.store.watches.followed([REF]))[REF]
        before = (await other.observer.histories.of(task)).samples
        await clock.sleep(50)
        await one.observer.observe([seen(clock)])

        await other.observer.histories.refresh()

        assert (before, (await other.observer.histories.of(task)).samples) == (0, 1)
