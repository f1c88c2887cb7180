"""The Workflow Builder step: answered at once, or when the task ends, whatever happens between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import run_bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.entities import Execution
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from tests.bot.surface.conftest import BotWith
from tests.bot.surface.deliveries import deliver_again
from tests.fakes.bot import settings_tree
from tests.fakes.clock import FakeClock
from tests.fakes.moving_clock import MovingClock

STEP = "look_up_media_task"
RECORD = {"provider": "record", "task_id": "X3CgNeE4I1qAAABN"}
MERGE = {
    "provider": "tencent",
    "task_id": "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0",
}


@pytest.fixture
def bot_clock(cloud_clock: MovingClock) -> FakeClock:
    return FakeClock(cloud_clock.now())


@pytest.fixture
def patient_bot(
    clouds: VendorClouds, slack: LocalSlack, bot_clock: FakeClock, tmp_path: Path
) -> Any:
    """Run a bot, on a clock moved by hand, that keeps its store in a file."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        tree = settings_tree(clouds, slack)
        tree["accounts"]["main"]["timeout"] = 60  # its clock runs ahead of the machine's
        tree["store"] = {"url": f"sqlite:///{tmp_path / 'bot.db'}"}
        async with run_bot(Settings.model_validate(tree), bot_clock) as bot:
            while not bot.link.up.is_set():
                await bot_clock.advance(1)
            await slack.wait_for(lambda: slack.connections)
            yield

    return run


async def end_of(execution: Execution, slack: LocalSlack) -> Execution:
    """Wait until a step has ended."""
    await slack.wait_for(lambda: slack.execution(execution.id).state != "running")
    return execution


async def pass_until_over(step: Execution, clock: FakeClock) -> None:
    """Let time pass until the step has ended."""
    async with asyncio.timeout(20):
        while step.state == "running":
            await clock.advance(1)


async def test_a_step_that_does_not_wait_is_answered_at_once(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    async with bot_with():
        step = await end_of(await slack.run_step(STEP, RECORD), slack)

    assert step.state == "completed"
    assert step.outputs is not None
    assert (step.outputs["state"], step.outputs["error"]) == ("succeeded", "")
    assert step.outputs["playback_url"].endswith("teacher.mp4")


async def test_a_step_waits_over_a_restart_until_its_task_ends(
    patient_bot: Any, slack: LocalSlack, cloud_clock: MovingClock, bot_clock: FakeClock
) -> None:
    async with patient_bot():
        step = await slack.run_step(STEP, {**MERGE, "wait_minutes": "30"})
    waiting = step.state
    cloud_clock.skip(60)
    async with patient_bot():
        await pass_until_over(step, bot_clock)

    assert waiting == "running"
    assert step.outputs is not None
    assert step.outputs["state"] == "succeeded"


async def test_an_end_that_slack_does_not_hear_is_told_again(
    patient_bot: Any, slack: LocalSlack, bot_clock: FakeClock
) -> None:
    slack.trouble("functions.completeSuccess", "no_answer")

    async with patient_bot():
        step = await slack.run_step(STEP, RECORD)
        await pass_until_over(step, bot_clock)

    assert step.state == "completed"


async def test_a_step_that_slack_delivers_again_is_answered_once(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_with():
        await end_of(await slack.run_step(STEP, RECORD), slack)
        await deliver_again(slack)

    assert [message for message in caplog.messages if "step" in message] == []


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "This step needs one provider and one id"),
        ({"provider": "record"}, "Which task at `record`? An id is missing. For example:"),
        ({"provider": "", "task_id": "22123973"}, "This step needs one provider and one id"),
        ({"provider": "record", "task_id": "a1 b2"}, "This step needs one provider and one id"),
        ({"provider": "mpc@gone", "task_id": "22123973"}, "For example: "),
    ],
)
async def test_inputs_that_are_no_question_fail_the_step_and_say_why(
    inputs: dict[str, str], problem: str, bot_with: BotWith, slack: LocalSlack
) -> None:
    async with bot_with():
        step = await end_of(await slack.run_step(STEP, inputs), slack)

    assert step.state == "failed"
    assert problem in str(step.error)


@pytest.mark.parametrize("minutes", ["nan", "-5", "soon", "inf", None])
async def test_a_wait_that_is_no_number_of_minutes_is_none(
    minutes: str | None, bot_with: BotWith, slack: LocalSlack
) -> None:
    inputs = {"provider": "record", "task_id": "LiveLessonAAAAA1", "wait_minutes": minutes}

    async with bot_with():
        step = await end_of(await slack.run_step(STEP, inputs), slack)

    assert step.outputs is not None
    assert step.outputs["state"] == "running"


async def test_a_workflow_may_not_do_what_the_policy_forbids_everybody(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rules = [
        {"who": "U0BOB", "allow": True},
        {"name": "No recordings", "provider": "record", "allow": False},
    ]
    async with bot_with(policy=rules):
        step = await end_of(await slack.run_step(STEP, RECORD), slack)

    assert (step.state, step.error) == ("failed", "The rule No recordings does not allow that.")


async def test_a_fault_of_ours_fails_the_step_with_a_reference(
    bot_with: BotWith,
    slack: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.listeners.workflow.read_targets", lambda *_: 1 // 0)

    async with bot_with():
        step = await end_of(await slack.run_step(STEP, RECORD), slack)

    assert step.state == "failed"
    assert "tell the operator this reference" in str(step.error)
    caplog.clear()
