"""Timelines: which step is on, counted from the start or from the first question."""

import pytest

from bot.sandbox.clouds import Scenario, Task
from bot.sandbox.clouds.stage import Stage
from bot.sandbox.clouds.window import Window
from bot.sandbox.scenario import Step, Word
from tests.bot.sandbox.clouds.calls import NOW
from tests.fakes.clock import FakeClock

MERGE = "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def word(stage: Stage, task_id: str) -> Word | None:
    scene = stage.scene("tencent", task_id)
    return scene.step.say if scene else None


async def test_a_merge_finishes_twenty_seconds_after_the_first_question(
    scenario: Scenario, clock: FakeClock
) -> None:
    stage = Stage(scenario, clock)
    await clock.advance(3600)

    words = []
    for pause in (0, 4.9, 0.1, 14.9, 0.1, 9999):
        await clock.advance(pause)
        words.append(word(stage, MERGE))

    assert words == [
        Word.QUEUED,
        Word.QUEUED,
        Word.RUNNING,
        Word.RUNNING,
        Word.SUCCEEDED,
        Word.SUCCEEDED,
    ]


async def test_a_scene_tells_when_the_task_began_and_ended(
    scenario: Scenario, clock: FakeClock
) -> None:
    told = ((-9, Word.QUEUED), (-6, Word.RUNNING), (-3, Word.EMPTY))
    steps = tuple(Step(at=at, say=say) for at, say in told)
    stage = Stage(scenario, clock)
    stage.put(Task(provider="tencent", id="t", steps=steps))

    scene = stage.scene("tencent", "t")

    assert scene is not None
    moments = (scene.created_at, scene.started_at, scene.ended_at)
    assert [(NOW - moment).total_seconds() for moment in moments if moment] == [9, 6, 3]


async def test_a_task_is_unknown_before_its_first_step(
    scenario: Scenario, clock: FakeClock
) -> None:
    stage = Stage(scenario, clock)
    stage.put(Task(provider="tencent", id="t", steps=(Step(at=5, say=Word.RUNNING),)))

    before = word(stage, "t")
    await clock.advance(5)

    assert (before, word(stage, "t")) == (None, Word.RUNNING)


def test_a_task_that_is_put_again_begins_anew(scenario: Scenario, clock: FakeClock) -> None:
    stage = Stage(scenario, clock)
    stage.put(Task(provider="tencent", id="t", steps=(Step(say=Word.RUNNING),)))
    stage.put(Task(provider="tencent", id="t", steps=(Step(say=Word.FAILED),)))

    assert word(stage, "t") is Word.FAILED


def test_a_task_that_is_not_found_is_as_good_as_unknown(
    scenario: Scenario, clock: FakeClock
) -> None:
    stage = Stage(scenario, clock)
    stage.put(Task(provider="tencent", id="t", steps=(Step(say=Word.NOT_FOUND),)))

    assert word(stage, "t") is None
    assert "t" not in [scene.task.id for scene in stage.scenes("tencent")]


def test_with_a_wildcard_any_id_is_finished(scenario: Scenario, clock: FakeClock) -> None:
    stage = Stage(scenario.model_copy(update={"wildcard": True}), clock)

    assert (word(stage, "bench-1"), word(stage, "")) == (Word.SUCCEEDED, None)


def test_a_window_slides() -> None:
    window = Window(2, 1)

    admitted = [window.admits(now) for now in (0, 0.5, 0.9, 1.0, 1.4, 1.5)]

    assert admitted == [True, True, False, True, False, True]
