"""What follows from callbacks that were accepted."""

from datetime import timedelta

from bot.fetch import FetchRefusedError
from bot.store.delivery_tables import deliveries
from bot.store.watch_tables import answers, tasks
from providers.errors import UnavailableError
from providers.models import TaskState
from tests.bot.intake.world import HOUR, MPC, RECORD, Vendors, running_intake
from tests.fakes.engine import jumping
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import Life
from tests.providers.huawei_mpc import smn_signer
from tests.providers.tencent_tiw import callbacks as tiw
from tests.providers.zego import callbacks as zego


@jumping
async def test_a_hint_of_a_task_nobody_knows_makes_one_question_and_its_end_is_told(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives[RECORD.task_id] = Life(clock.now() - HOUR, 60, TaskState.FAILED)
    async with running_intake(vendors, clock) as intake:
        await intake.accept("zego", zego.recording(1))

        await intake.work_off()

        assert await intake.told() == [(None, "failed", "callback")]
        assert await intake.still_followed() == []
        assert vendors.record.asked == [RECORD.task_id]
        assert await intake.engine.store.inbox.count_open() == 0


@jumping
async def test_a_hint_alone_announces_nothing(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives[RECORD.task_id] = Life(clock.now() - HOUR)
    async with running_intake(vendors, clock) as intake:
        quit_reason = {"detail": {"quit_reason": 1003}}
        await intake.accept("zego", zego.recording(2, **quit_reason))

        await intake.work_off()

        assert await intake.told() == [(None, "running", "callback")]
        assert await intake.still_followed() == []


@jumping
async def test_a_hint_of_a_task_its_vendor_denies_says_nothing(clock: JumpingClock) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        await intake.accept("zego", zego.recording(1))

        await intake.work_off()

        assert await intake.told() == []
        assert await intake.still_followed() == []


@jumping
async def test_a_hint_of_a_watched_task_makes_its_next_poll_immediate(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives[RECORD.task_id] = Life(clock.now() - 10 * HOUR)
    async with running_intake(vendors, clock) as intake:
        await intake.engine.watch(RECORD)
        await clock.sleep(600)
        asked = len(vendors.record.asked)

        await intake.accept("zego", zego.recording(4))
        await intake.worker.work_off()
        await clock.sleep(1.5)

        assert len(vendors.record.asked) == asked + 1
        assert await intake.still_followed() == [RECORD.task_id]


@jumping
async def test_while_the_vendor_is_away_a_hint_waits_for_it(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives[RECORD.task_id] = Life(clock.now() - HOUR, 60, TaskState.FAILED)
    vendors.record.is_down = True
    async with running_intake(vendors, clock, look_s=20) as intake:
        await intake.accept("zego", zego.recording(1))
        await intake.work_off()
        await clock.sleep(1200)
        assert await intake.still_followed() == [RECORD.task_id]
        assert await intake.engine.store.watches.count_checks() == {"record@main": 1}

        vendors.record.is_down = False
        await clock.sleep(600)

        assert await intake.told() == [(None, "failed", "callback")]
        assert await intake.still_followed() == []


@jumping
async def test_a_task_its_vendor_can_never_tell_of_is_given_up(clock: JumpingClock) -> None:
    vendors = Vendors.at(clock)
    vendors.record.odd[RECORD.task_id] = UnavailableError("request failed", code="1000")
    async with running_intake(vendors, clock, look_s=20) as intake:
        await intake.accept("zego", zego.recording(1))
        await intake.work_off()
        await clock.sleep(30)
        assert await intake.still_followed() == [RECORD.task_id]

        await clock.sleep(3600)

        assert await intake.still_followed() == []
        assert await intake.told() == []


@jumping
async def test_a_message_of_smn_that_tells_all_is_believed_without_a_question(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    async with running_intake(vendors, clock) as intake:
        failed = {"error_code": "MPC.10052", "create_time": "20261120085900"}
        await intake.smn(smn_signer.transcoded("FAILED", **failed))

        await intake.work_off()

        assert await intake.told() == [(None, "failed", "callback")]
        assert await intake.still_followed() == []
        assert vendors.mpc.asked == []


@jumping
async def test_a_message_of_smn_that_leaves_something_open_is_asked_about(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.mpc.lives[MPC.task_id] = Life(clock.now() - HOUR, 60, TaskState.PARTIAL)
    async with running_intake(vendors, clock) as intake:
        await intake.smn(smn_signer.transcoded("SUCCEED"))

        await intake.work_off()

        assert await intake.told() == [(None, "partial", "callback")]
        assert vendors.mpc.asked == [MPC.task_id]


@jumping
async def test_what_nobody_can_be_asked_about_is_told_once_and_not_as_confirmed(
    clock: JumpingClock,
) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        await intake.subscribe()
        finished = tiw.event("OnlineRecordFinished", {"FinishReason": "EXCEPTION"})
        await intake.accept("tiw", finished)
        await intake.work_off()

        (report,) = await intake.engine.rows(deliveries)

        assert report.key == f"report:1:callback:{1:064}"
        assert (report.facts["confirmed"], report.facts["mentions"]) == (False, [])
        assert report.facts["after"] == "failed"
        assert await intake.engine.rows(tasks) == []
        assert intake.engine.woken


@jumping
async def test_a_hint_waits_as_long_as_its_vendor_wants_to_be_left_alone(
    clock: JumpingClock,
) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        await intake.accept("zego", zego.signed({"event": "compose", "task_id": zego.TENCENT_ID}))

        await intake.worker.work_off()

        (task,) = await intake.engine.rows(tasks)
        assert task.poll_after == clock.now() + timedelta(seconds=5)


@jumping
async def test_what_no_account_can_read_any_more_is_dropped_and_counted(
    clock: JumpingClock,
) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        await intake.accept("gone", {})
        await intake.accept("zego", {**zego.recording(1), "signature": "0" * 40})

        await intake.work_off()

        assert await intake.engine.store.inbox.count_open() == 0
        dropped = intake.registry.get_sample_value
        name = "mediatask_callbacks_dropped_total"
        assert dropped(name, {"reason": "no_receiver"}) == 1
        assert dropped(name, {"reason": "forged"}) == 1


@jumping
async def test_why_a_recording_broke_off_is_known_when_its_failure_is_confirmed(
    clock: JumpingClock,
) -> None:
    vendors = Vendors.at(clock)
    vendors.record.lives[RECORD.task_id] = Life(clock.now() - HOUR, 60, TaskState.FAILED)
    async with running_intake(vendors, clock) as intake:
        await intake.accept("zego", zego.recording(2, detail={"quit_reason": 1003}))

        await intake.work_off()

        (answer,) = await intake.engine.rows(answers)
        assert answer.status["error"]["code"] == "1003"
        assert "could not open its file" in answer.status["error"]["message"]


@jumping
async def test_an_ordinary_ending_is_remembered_for_whoever_asks_the_vendor(
    clock: JumpingClock,
) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        endings = intake.engine.store.endings
        assert not await endings.was_ordinary(RECORD)

        await intake.accept("zego", zego.recording(2, detail={"quit_reason": 3}))
        await intake.work_off()

        assert await endings.was_ordinary(RECORD)


@jumping
async def test_a_subscription_is_confirmed_and_tried_until_it_is(clock: JumpingClock) -> None:
    async with running_intake(Vendors.at(clock), clock) as intake:
        refusals = [FetchRefusedError("HTTP 500"), FetchRefusedError("no answer")]
        intake.fetcher.says.extend(refusals)
        await intake.smn(smn_signer.subscription())
        await intake.smn(smn_signer.transcoded("FAILED", error_code="MPC.10052"))

        await intake.work_off()
        assert await intake.engine.store.inbox.count_open() == 1
        assert len(await intake.told()) == 1
        for _ in range(3):
            await clock.sleep(15)
            await intake.work_off()

        assert await intake.engine.store.inbox.count_open() == 0
        assert intake.fetcher.asked == [smn_signer.SUBSCRIBE_URL] * 3
