"""The scenario file: the demo's own is whole, and a bad one is refused with a line per problem."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.sandbox.clouds import Scenario, Task, mpc_replies, tencent, zego_replies
from bot.sandbox.scenario import VOCABULARY, ProviderName, ScenarioError, Step, Word

SHAPES = {
    "tencent": r"\d{10}-\w+-[0-9a-f]{32}tt\d",
    "huawei": r"\d{9}",
    "record": r"[A-Za-z0-9_-]{16}",
    "mpc": r"\d{8}",
    "tiw": r"[0-9a-v]{20}",
}
NEVER_TRANSLATED = {Word.NOT_FOUND, Word.UNKNOWN, Word.REFUSED}


def test_every_id_has_the_documented_shape_of_its_vendor(scenario: Scenario) -> None:
    odd = [task.id for task in scenario.tasks if not re.fullmatch(SHAPES[task.provider], task.id)]

    assert odd == []


def test_the_stories_ask_about_tasks_that_are_told(scenario: Scenario) -> None:
    told = {(task.provider, task.id) for task in scenario.tasks}

    commands = (story.command.removeprefix("watch ") for story in scenario.stories)
    asked = [tuple(command.split()) for command in commands]

    assert len(asked) == len(set(asked)) == 8
    assert set(asked) - {("alerts",)} <= told


def test_the_demo_shows_every_word_but_those_of_wrong_setups(scenario: Scenario) -> None:
    said = {step.say for task in scenario.tasks for step in task.steps}

    assert set(Word) - said == {Word.NOT_FOUND, Word.REFUSED}


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("tencent", zego_replies.TENCENT_WORDS),
        ("huawei", zego_replies.HUAWEI_WORDS),
        ("record", zego_replies.RECORD_STATUS),
        ("mpc", mpc_replies.WORDS),
        ("tiw", {**tencent.WORDS, Word.FAILED: "FailedOperation"}),
    ],
)
def test_every_word_a_provider_may_say_is_translated(
    provider: ProviderName, words: dict[Word, str]
) -> None:
    assert words.keys() == VOCABULARY[provider] - NEVER_TRANSLATED


def test_every_provider_has_a_vocabulary() -> None:
    assert set(VOCABULARY) == set(get_args(ProviderName))


def test_secrets_are_in_no_repr(scenario: Scenario) -> None:
    shown = repr(scenario)

    keys = scenario.keys
    secrets = (keys.zego.server_secret, keys.huawei.sk, keys.tencent.secret_key)
    assert [secret for secret in secrets if secret in shown] == []


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[tasks]]\nprovider = 'tiw'\nid = 'a'\nsteps = []", "tasks.0.steps: Tuple should have"),
        ("keyz = 1", "keyz: Extra inputs are not permitted"),
        ("wildcard = 'perhaps'", "wildcard: Input should be a valid boolean"),
        ("[[tasks]]\nprovider = 'zoom'", "tasks.0.provider: Input should be 'tencent'"),
        (
            "[[tasks]]\nsteps = [{ say = 'runing' }]",
            "tasks.0.steps.0.say: Input should be 'queued'",
        ),
        ("= broken", "Invalid statement"),
    ],
)
def test_a_bad_file_is_refused_with_a_line_per_problem(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = write(tmp_path, text)

    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)

    lines = str(caught.value).splitlines()
    assert any(problem in line for line in lines)
    assert all(line.startswith(str(path)) for line in lines)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        Scenario.load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ((Step(at=5, say=Word.QUEUED), Step(at=1, say=Word.RUNNING)), "not in the order"),
        ((Step(say=Word.PAUSED),), "tiw has no word for paused"),
        ((Step(say=Word.UNKNOWN),), "needs the vendor's word"),
    ],
)
def test_a_task_that_cannot_be_played_is_refused(steps: tuple[Step, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Task(provider="tiw", id="t", steps=steps)


def test_a_task_told_twice_is_refused(scenario: Scenario) -> None:
    document = scenario.model_dump()
    document["tasks"] = (*document["tasks"], document["tasks"][0])

    with pytest.raises(ValueError, match="is told twice"):
        Scenario.model_validate(document)
