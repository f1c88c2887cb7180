"""People who have tasks watched, and what they were promised.

A task begins at its vendor when its watch is first asked for, and ends seconds later. A command
that failed, as people see it, is typed again until the bot says that it watches the task, or that
there is nothing left to watch.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bot.sandbox.clouds import VendorClouds
from bot.sandbox.scenario import File, ProviderName, Step, Task, Word
from bot.sandbox.slack import seed
from bot.sandbox.slack.entities import Channel
from bot.sandbox.slack.server import LocalSlack
from providers.clock import SystemClock
from tests.fakes.person import prose

PEOPLE = ("U0ALICE", "U0BOB", "U0CHEN")
_ACCOUNTS = {"tencent": "main", "record": "main", "mpc": "transcode", "tiw": "whiteboard"}
_ENDS: Mapping[ProviderName, Sequence[Word]] = {
    "tencent": (Word.SUCCEEDED, Word.FAILED, Word.EMPTY),
    "record": (Word.SUCCEEDED, Word.PARTIAL, Word.FAILED),
    "mpc": (Word.SUCCEEDED, Word.PARTIAL, Word.CANCELED, Word.FAILED),
    "tiw": (Word.SUCCEEDED, Word.EMPTY),
}
_SHARES: Mapping[ProviderName, int] = {"tencent": 3, "record": 3, "mpc": 1, "tiw": 4}
"""MPC may be asked 100 times a minute, the others 20 times a second."""
_SHARED = (tuple(_SHARES), tuple(_SHARES.values()))
_WATCHED = ("Watching ", "watched here already", "正在关注", "已有人关注")
_OVER = ("nothing more is to come", "不会再有新的结果")
_ANSWER_WITHIN_S = 20.0
_AGAIN_AFTER_S = (1.0, 4.0)
_LOOK_EVERY_S = 0.1


@dataclass(slots=True)
class Promise:
    """One task somebody wanted watched in one channel."""

    channel: str
    provider: ProviderName
    task_id: str
    ends_at: datetime
    is_given: bool = False
    """Whether the bot said that it watches it."""
    commands: int = 0

    @property
    def ref(self) -> str:
        """Name the task as the bot does."""
        return f"{self.provider}@{_ACCOUNTS[self.provider]}:{self.task_id}"


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is asked for, and for how long tasks run."""

    command_every_s: float = 1.6
    most_tasks: int = 5
    """In one command; the bot's answer names no more."""
    most_typing: int = 15
    """Of those whose command was not taken yet."""
    shortest_s: float = 1.0
    longest_s: float = 10.0
    goes_backwards: bool = False
    """Whether vendors tell of a task that ended, and before, that it waits again."""


@dataclass(slots=True)
class Crowd:
    """Everybody who types, in some channels."""

    slack: LocalSlack
    clouds: VendorClouds
    lot: Random
    channels: Sequence[str]
    promises: list[Promise] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _typing: set["asyncio.Task[None]"] = field(default_factory=set)

    async def type_away(self, pace: Pace) -> None:
        """Have tasks watched until cancelled."""
        clock = SystemClock()
        while True:
            if len(self._typing) < pace.most_typing:
                self.begin(pace)
            await clock.sleep(self.lot.expovariate(1 / pace.command_every_s))

    def begin(self, pace: Pace) -> None:
        """Have some new tasks watched, by somebody who types until they are, or are over."""
        number = min(int(self.lot.expovariate(0.4)) + 1, pace.most_tasks)
        channel = self.lot.choice(self.channels)
        (provider,) = self.lot.choices(*_SHARED)
        asked = [self._create(channel, pace, provider) for _ in range(number)]
        self.promises += asked
        typing = asyncio.create_task(self._insist(self.lot.choice(PEOPLE), asked))
        self._typing.add(typing)
        typing.add_done_callback(self._typing.discard)

    async def finish(self) -> None:
        """Wait until nobody types any more."""
        await asyncio.gather(*self._typing)

    async def close(self) -> None:
        """Send everybody home."""
        for typing in self._typing:
            typing.cancel()
        await asyncio.gather(*self._typing, return_exceptions=True)

    def _create(self, channel: str, pace: Pace, name: ProviderName) -> Promise:
        """Let a task begin at its vendor."""
        task_id = _task_id(name, next(self._numbers))
        seconds = self.lot.uniform(pace.shortest_s, pace.longest_s)
        ends_at = SystemClock().now() + timedelta(seconds=seconds)
        story = _story(name, task_id, seconds, self.lot.choice(_ENDS[name]))
        self.clouds.put_task(_backwards(story, seconds) if pace.goes_backwards else story)
        return Promise(channel, name, task_id, ends_at)

    async def _insist(self, user: str, asked: Sequence[Promise]) -> None:
        """Type the command until each of its tasks is promised, or over."""
        clock, left = SystemClock(), list(asked)
        while left:
            text = await self._ask(user, left)
            for one in left:
                one.is_given = _is_told(one, text, _WATCHED)
            left = [one for one in left if not (one.is_given or _is_over(one, text))]
            if left:
                await clock.sleep(self.lot.uniform(*_AGAIN_AFTER_S))

    async def _ask(self, user: str, asked: Sequence[Promise]) -> str:
        """Type one command; give what the bot answered, nothing where it did not."""
        words = " ".join([asked[0].provider, *(one.task_id for one in asked)])
        for one in asked:
            one.commands += 1
        outcome = await self.slack.command(f"watch {words}", user=user, channel=asked[0].channel)
        interaction, clock = outcome.interaction, SystemClock()
        if outcome.error is not None or interaction is None:
            return ""
        give_up_at = clock.monotonic() + _ANSWER_WITHIN_S
        while not interaction.answers and clock.monotonic() < give_up_at:
            await clock.sleep(_LOOK_EVERY_S)
        return prose(interaction.answers[-1]) if interaction.answers else ""


def add_channels(slack: LocalSlack, number: int) -> list[str]:
    """Make channels with everybody and the bot in them; give their ids."""
    made = [Channel(f"C0ROOM{n:03}", f"room-{n}") for n in range(number)]
    for channel in made:
        channel.members.update({*PEOPLE, seed.BOT_USER})
        slack.backend.workspace.channels[channel.id] = channel
    return [channel.id for channel in made]


def _task_id(provider: ProviderName, number: int) -> str:
    shapes = {
        "tencent": f"1400341231-ComposeMedia-{number:032x}tt0",
        "record": f"Rec{number:013d}",
        "mpc": f"7{number:09d}",
        "tiw": f"0{number:019d}",
    }
    return shapes[provider]


def _story(provider: ProviderName, task_id: str, seconds: float, end: Word) -> Task:
    files = (File(name="take.mp4", user="host", stream="host"),)
    kept = files if end in {Word.SUCCEEDED, Word.PARTIAL, Word.FAILED} else ()
    begun = Step(at=0, say=Word.QUEUED if provider != "record" else Word.RUNNING)
    running = Step(at=min(0.5, seconds / 2), say=Word.RUNNING)
    return Task(
        provider=provider,
        id=task_id,
        steps=(begun, running, Step(at=seconds, say=end, files=kept)),
    )


def _backwards(story: Task, seconds: float) -> Task:
    """Let a task wait again while it runs, and run again when it has ended."""
    begun, running, ended = story.steps
    after = seconds + 0.3
    waits = (Step(at=seconds / 2 + 0.1, say=begun.say), Step(at=seconds - 0.1, say=running.say))
    again = (Step(at=after, say=running.say), ended.model_copy(update={"at": after + 1}))
    steps = sorted((begun, running, *waits, ended, *again), key=lambda step: step.at)
    return story.model_copy(update={"steps": tuple(steps)})


def _is_told(promise: Promise, text: str, signs: Sequence[str]) -> bool:
    lines = (line for line in text.splitlines() if any(sign in line for sign in signs))
    return any(promise.task_id in line for line in lines)


def _is_over(promise: Promise, text: str) -> bool:
    """Whether the bot says so, or shows a task that its vendor says has ended."""
    if _is_told(promise, text, _OVER):
        return True
    is_shown = promise.task_id in text and not any(sign in text for sign in (*_WATCHED, *_OVER))
    return is_shown and SystemClock().now() > promise.ends_at
