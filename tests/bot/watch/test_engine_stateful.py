"""Anything in any order: people, answers, crashes and clocks, against a model that is a dict."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Row

from bot.models import ENDS, FollowedTask, Observation, Source
from bot.store.delivery_tables import deliveries
from bot.store.watch_tables import tasks, transitions, watches
from providers.errors import (
    AuthError,
    ProviderError,
    RateLimitError,
    TaskNotFoundError,
    UnreachableError,
)
from providers.models import TaskRef, TaskState, TaskStatus
from tests.fakes.engine import Engine, endpoints_for, engine_over
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock, JumpingLoop, run_jumping
from tests.fakes.lives import Life, LivingVendor, tell

LANE = "tiw@main"
TASKS = [TaskRef("tiw", "main", name) for name in ("a", "b", "c")]
CHANNELS = ["C1", "C2"]
ERRORS = [UnreachableError, RateLimitError, AuthError, TaskNotFoundError]
ABSORBING = {TaskState.SUCCEEDED, TaskState.CANCELED}

_Result = TypeVar("_Result")
_news = st.one_of(st.sampled_from(list(TaskState)), st.sampled_from(ERRORS))


@cache
def _empty_store() -> bytes:
    """Make a file with the bot's tables, to be copied: migrations take longer than a story."""

    async def create(path: Path) -> None:
        async with open_inline_database(path):
            pass

    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        run_jumping(create(path))
        return path.read_bytes()


class Watching(RuleBasedStateMachine):
    """The store, the policy and the observer of one process after another, on one file."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=JumpingLoop)
        self.folder = TemporaryDirectory()
        self.clock = JumpingClock(loop=self.runner.get_loop())
        self.stack = AsyncExitStack()
        self.engine: Engine
        self.open: dict[int, TaskRef] = {}
        """Watches people wait for, by id."""
        self.unwatched: set[int] = set()
        self.stale: list[FollowedTask] = []
        """What was read at some time and may be out of date by now."""
        self.path = Path(self.folder.name) / "watches.db"
        self.path.write_bytes(_empty_store())
        self._do(self._open())

    def teardown(self) -> None:
        self._do(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    @rule(ref=st.sampled_from(TASKS), channel_id=st.sampled_from(CHANNELS))
    def watch(self, ref: TaskRef, channel_id: str) -> None:
        started = self._do(self.engine.watch(ref, channel_id=channel_id))
        self.open |= {watch.id: watch.ref for watch in started.watches}

        assert {watch.id for watch in started.joined} <= self.open.keys()

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def unwatch(self, data: st.DataObject) -> None:
        watch_id = data.draw(st.sampled_from(sorted(self.open)))
        ended = self._do(self.engine.store.watches.end(watch_id, by="U1", at=self.clock.now()))

        assert ended is not None
        self.unwatched.add(watch_id)
        del self.open[watch_id]

    @rule(
        ref=st.sampled_from(TASKS),
        news=_news,
        source=st.sampled_from([Source.POLL, Source.QUESTION, Source.SWEEP]),
        late=st.sampled_from([0, 0, 0, 30, 3600]),
        again=st.booleans(),
    )
    def observe(
        self,
        ref: TaskRef,
        news: TaskState | type[ProviderError],
        source: Source,
        late: int,
        again: bool,  # noqa: FBT001  # hypothesis calls it by name
    ) -> None:
        observation = self._observation(ref, news, source, late)
        before = self._task(ref)

        self._do(self.engine.observer.observe([observation] * (2 if again else 1)))

        is_end = isinstance(news, TaskState) and news.is_terminal
        if is_end and before and (before.seen_at is None or observation.at >= before.seen_at):
            self._expect_nobody_waits(ref)

    @rule(ref=st.sampled_from(TASKS), state=st.sampled_from(list(TaskState)))
    def hint(self, ref: TaskRef, state: TaskState) -> None:
        observation = self._observation(ref, state, Source.CALLBACK, 0)
        before = self._rows(deliveries)

        self._do(self.engine.observer.observe([replace(observation, confirmed=False)]))

        assert self._rows(deliveries) == before

    @rule()
    def read_for_later(self) -> None:
        self.stale += self._do(self.engine.store.watches.followed(TASKS)).values()

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), news=_news)
    def decide_on_what_was_read_before(
        self, data: st.DataObject, news: TaskState | type[ProviderError]
    ) -> None:
        task = data.draw(st.sampled_from(self.stale))
        observation = self._observation(task.ref, news, Source.POLL, 0)

        self._do(self.engine.observer.settle(task, observation))

    @rule(news=_news, count=st.integers(1, 3))
    def poll(self, news: TaskState | type[ProviderError], count: int) -> None:
        self._do(self._poll(news, count))

    @rule(seconds=st.sampled_from([1, 60, 700, 4000, 30_000]))
    def pass_time(self, seconds: float) -> None:
        self._do(self.clock.sleep(seconds))
        self._do(self.engine.timers.look())

    @rule(hours=st.sampled_from([-1, 1]))
    def jump(self, hours: int) -> None:
        self.clock.jump(timedelta(hours=hours))

    @rule()
    def flush(self) -> None:
        self._do(self.engine.store.watches.flush())

    @rule()
    def lose_the_lane(self) -> None:
        self.engine.store.watches.drop_claims(LANE)

    @rule()
    def crash(self) -> None:
        self._do(self._crash())

    @invariant()
    def every_watch_ends_as_it_was_told(self) -> None:
        finals: dict[int, list[str]] = {}
        for row in self._rows(deliveries):
            if row.kind == "news" and row.facts["happening"] in ENDS:
                finals.setdefault(int(row.key.split(":")[1]), []).append(row.facts["happening"])
        for row in self._rows(watches):
            told = finals.pop(row.id, [])
            if row.id in self.unwatched:
                assert (told, row.ended_why) == ([], "unwatched")
            elif row.ended_at is None:
                assert (told, row.id in self.open) == ([], True)
            else:
                assert told == [row.ended_why]
                self.open.pop(row.id, None)
        assert finals == {}

    @invariant()
    def none_is_lost(self) -> None:
        assert self.open.keys() <= {row.id for row in self._rows(watches) if not row.ended_at}

    @invariant()
    def a_task_is_open_as_long_as_it_is_watched(self) -> None:
        watched = {row.task_id for row in self._rows(watches) if row.ended_at is None}
        assert {row.id for row in self._rows(tasks) if row.is_open} == watched

    @invariant()
    def what_is_over_stays_so(self) -> None:
        assert not [row for row in self._rows(transitions) if row.before in ABSORBING]

    def _observation(
        self, ref: TaskRef, news: TaskState | type[ProviderError], source: Source, late: int
    ) -> Observation:
        at = self.clock.now() - timedelta(seconds=late)
        if isinstance(news, TaskState):
            return Observation(ref, self._status(ref, news), at, source)
        return Observation(ref, news("no"), at, source)

    def _status(self, ref: TaskRef, state: TaskState) -> TaskStatus:
        return tell(ref, Life(self.clock.now(), 0, tells_times=False), state, self.clock.now())

    def _expect_nobody_waits(self, ref: TaskRef) -> None:
        ids = {row.id for row in self._rows(watches) if row.ended_at is None}
        assert not [one for one in ids if self.open[one] == ref]

    def _task(self, ref: TaskRef) -> FollowedTask | None:
        return self._do(self.engine.store.watches.followed([ref])).get(ref)

    def _rows(self, table: Any) -> list[Row[Any]]:
        return list(self._do(self.engine.rows(table)))

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return self.runner.run(work)

    async def _open(self) -> None:
        database = await self.stack.enter_async_context(open_inline_database(self.path))
        endpoints = endpoints_for(LivingVendor("tiw", self.clock), clock=self.clock)
        opened = engine_over(database, endpoints, self.clock)
        self.engine = await self.stack.enter_async_context(opened)

    async def _crash(self) -> None:
        """Forget everything that is not in the file."""
        await self.stack.aclose()
        await self._open()

    async def _poll(self, news: TaskState | type[ProviderError], count: int) -> None:
        store = self.engine.store.watches
        for task in await store.due(LANE, count, now=self.clock.now()):
            observation = self._observation(task.ref, news, Source.POLL, 0)
            decision = await self.engine.observer.settle(task, observation)
            store.polled(decision.after, task.tag + 1)


TestWatching = Watching.TestCase
TestWatching.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
