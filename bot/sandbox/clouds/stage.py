"""Which step of its timeline each task is at; the clouds ask, and translate what they are told."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.scenario import File, ProviderName, Scenario, Step, Task, Word


@dataclass(slots=True)
class Scene:
    """One step of one task, with the instants a vendor would tell."""

    task: Task
    step: Step
    created_at: datetime
    started_at: datetime | None
    """When it left the queue; None while it waits."""
    ended_at: datetime | None
    _rendered: bytes | None = field(default=None, repr=False)

    def rendered(self, render: "Render") -> bytes:
        """Give the vendor's object as JSON, with the step's raw fields laid over; made once."""
        if self._rendered is None:
            self._rendered = encode({**render(self), **self.step.raw})
        return self._rendered


Render = Callable[[Scene], Mapping[str, Any]]


def encode(document: Mapping[str, Any]) -> bytes:
    """Write JSON as compactly as the vendors do."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


class _Play:
    """One task being played; its clock starts when it is made."""

    def __init__(self, task: Task, clock: Clock) -> None:
        self.task = task
        self._clock = clock
        self._zero = clock.monotonic()
        self._zero_at = clock.now()
        self._scenes: dict[int, Scene] = {}

    def scene(self) -> Scene | None:
        """Give the scene that is on now; None before the first."""
        elapsed = self._clock.monotonic() - self._zero
        number = sum(step.at <= elapsed for step in self.task.steps) - 1
        if number < 0:
            return None
        if number not in self._scenes:
            self._scenes[number] = self._make(number)
        return self._scenes[number]

    def _make(self, number: int) -> Scene:
        steps = self.task.steps[: number + 1]
        started = [self._instant(step) for step in steps if step.say is not Word.QUEUED]
        ended = [self._instant(step) for step in steps if step.say.is_end]
        return Scene(
            task=self.task,
            step=steps[-1],
            created_at=self._instant(steps[0]),
            started_at=next(iter(started), None),
            ended_at=next(iter(ended), None),
        )

    def _instant(self, step: Step) -> datetime:
        return self._zero_at + timedelta(seconds=step.at)


class Stage:
    """Every task of a scenario; tasks may be added while it plays."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self._clock = clock
        self._wildcard = scenario.wildcard
        self._waiting: dict[tuple[str, str], Task] = {}
        self._plays: dict[tuple[str, str], _Play] = {}
        for task in scenario.tasks:
            self.put(task)

    def put(self, task: Task) -> None:
        """Add a task, or begin the one with this id anew."""
        key = (task.provider, task.id)
        self._waiting.pop(key, None)
        self._plays.pop(key, None)
        if task.counts_from == "asked":
            self._waiting[key] = task
        else:
            self._plays[key] = _Play(task, self._clock)

    def scene(self, provider: ProviderName, task_id: str) -> Scene | None:
        """Tell how a task stands; None where the vendor would not know it."""
        play = self._plays.get((provider, task_id)) or self._begin(provider, task_id)
        scene = play.scene() if play else None
        return None if scene is None or _is_absent(scene.step) else scene

    def scenes(self, provider: ProviderName) -> Iterator[Scene]:
        """Go through all known tasks of a provider; being listed begins none that waits for it."""
        waiting = {key: _Play(task, self._clock) for key, task in self._waiting.items()}
        for (name, _), play in {**self._plays, **waiting}.items():
            scene = play.scene() if name == provider else None
            if scene is not None and not _is_absent(scene.step):
                yield scene

    def _begin(self, provider: ProviderName, task_id: str) -> _Play | None:
        task = self._waiting.pop((provider, task_id), None)
        if task is None and self._wildcard and task_id:
            task = _finished(provider, task_id)
        if task is None:
            return None
        play = self._plays[provider, task_id] = _Play(task, self._clock)
        return play


def _is_absent(step: Step) -> bool:
    return step.say is Word.NOT_FOUND and step.word is None and step.body is None


def _finished(provider: ProviderName, task_id: str) -> Task:
    step = Step(at=-60, say=Word.SUCCEEDED, files=(File(name="bench.mp4"),), pictures=1)
    return Task(provider=provider, id=task_id, steps=(step,))


@dataclass(frozen=True, slots=True)
class Site:
    """What every cloud is given: what plays, the time, and where the links of its replies lead."""

    stage: Stage
    clock: Clock
    limits: bool
    """Whether the documented rate limits are enforced."""
    media_url: str
