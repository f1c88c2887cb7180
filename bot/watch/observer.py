"""Takes in what was seen of followed tasks: decides, and commits what follows from it.

Polls, people's questions and callbacks all come here. A decision is made on the task as it was
read and recorded only if it still is; else it is read again and decided again, so that of two who
see the same end one tells it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.models import ENDS, Change, FollowedTask, Happening, Learned, Observation, Source, Watch
from bot.store.errors import StoreError
from bot.store.store import Store
from bot.watch.causes import explain
from bot.watch.checking import credit, hush, is_answered, is_denial
from bot.watch.figures import WatchFigures
from bot.watch.histories import Histories
from bot.watch.policy import Decision, Reason, decide
from bot.watch.telling import deliveries_for
from bot.watch.telling_rules import telling_for
from providers.clock import Clock
from providers.models import TaskRef, TaskState, TaskStatus

_TRIES = 5
"""How often news is decided again because somebody else was first."""
_WORKED_OFF_AFTER_S = 1.0
"""Many people's answers are looked up together."""
_MOST_NOTED = 1_000
"""Answers to people that wait for a store in trouble; beyond, a poll will tell the same."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Observer:
    """Makes news of observations. *wake* is called when there is something to tell."""

    store: Store
    clock: Clock
    histories: Histories
    figures: WatchFigures
    wake: Callable[[], None]
    _noted: dict[TaskRef, TaskStatus] = field(default_factory=dict)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin to work off what people are told; returns at once."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Work off what is left."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._work_off()

    def note(self, statuses: Sequence[TaskStatus]) -> None:
        """Let the watches know, within a second, what vendors just told a person."""
        for status in statuses:
            if status.state not in _SAYS_NOTHING and len(self._noted) < _MOST_NOTED:
                self._noted[status.ref] = status
                self._bell.set()

    async def observe(self, observations: Sequence[Observation]) -> None:
        """Take in what was seen; of tasks that nobody follows nothing is kept.

        Raises:
            StoreError: something may not be recorded; observe it again.
        """
        tasks = await self.store.watches.followed({seen.ref for seen in observations})
        for observation in observations:
            if (task := tasks.get(observation.ref)) is not None:
                tasks[task.ref] = (await self.settle(task, observation)).after

    async def settle(self, task: FollowedTask, observation: Observation) -> Decision:
        """Decide what one observation makes of a task, and see it committed where it is news.

        What only says when the task was polled and seen is left to the caller, in ``after``.

        Raises:
            StoreError: nothing is recorded, or it is not known whether it is; observe it again.
        """
        ordered_at = task.check_at
        observation = await explain(observation, self.store.endings)
        for _ in range(_TRIES):
            decision = await self._decide(task, observation)
            if decision.poll_now:
                await self.store.watches.poll_now(task.id, observation.at)
            if await self._is_settled(decision, observation):
                self._learn_from(decision, observation)
                return decision
            task = (await self.store.watches.followed([task.ref])).get(task.ref, task)
            if observation.source is Source.POLL:
                # It was asked for what was known then; what is wanted since then is not answered.
                task = replace(task, check_at=ordered_at)
        log.warning("news_left_to_the_next_poll task=%s", task.ref)
        return Decision(before=task, after=task, reason=Reason.LATE)

    async def _decide(self, task: FollowedTask, observation: Observation) -> Decision:
        rules = await self.histories.rules_for(task)
        decision = credit(decide(task, observation, self.clock.now(), rules), observation)
        if is_denial(decision) and not await self._is_watched(task):
            return hush(decision)
        return decision

    async def _is_watched(self, task: FollowedTask) -> bool:
        return bool((await self.store.watches.watches_of([task.id]))[task.id])

    async def _is_settled(self, decision: Decision, observation: Observation) -> bool:
        """Commit what has to be; False where somebody was first."""
        checked = is_answered(decision.before, observation, self.clock.now())
        if decision.must_commit:
            return await self._record(decision, checked=checked)
        if checked:
            await self.store.watches.checked(decision.after)
        return True

    def _learn_from(self, decision: Decision, observation: Observation) -> None:
        """Learn that a task goes on, where it will be remembered up to when that is known."""
        before, after = decision.before, decision.after
        is_remembered = decision.must_commit or observation.source is Source.POLL
        if is_remembered and after.seen_at != before.seen_at and not _has_ended(after):
            self.histories.saw_alive(before, after)

    async def _record(self, decision: Decision, *, checked: bool) -> bool:
        """Commit a decision with all that follows from it; False where somebody was first."""
        change = replace(await self._change(decision), checked=checked)
        if not await self.store.watches.record(change):
            return False
        self._measure(decision)
        if change.deliveries or change.cards:
            self.wake()
        return True

    async def _change(self, decision: Decision) -> Change:
        task_id, happenings = decision.before.id, decision.happenings
        looks_back = Happening.IMPROVED in happenings
        watches = (await self.store.watches.watches_of([task_id], ended=looks_back))[task_id]
        tell = await telling_for(self.store, watches, happenings)
        return Change(
            before=decision.before,
            after=decision.after,
            transition=decision.transition,
            ended=_ended(watches, happenings),
            deliveries=deliveries_for(decision, watches, tell, self.clock.now()),
            cards=tuple({watch.card_id: None for watch in watches} if decision.redraw else ()),
            learned=self._learned(decision),
        )

    def _learned(self, decision: Decision) -> Learned | None:
        before = decision.before
        was_found_ended = before.check_source is not None and before.seen_at is None
        if Happening.FINISHED not in decision.happenings or was_found_ended:
            return None
        return self.histories.saw_end(decision.before, decision.after)

    def _measure(self, decision: Decision) -> None:
        transition = decision.transition
        if transition is not None and Happening.FINISHED in decision.happenings:
            late = transition.seen_at - transition.happened_at
            self.figures.observe_detection(transition.source, late.total_seconds())

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            await self.clock.sleep(_WORKED_OFF_AFTER_S)
            await self._work_off()

    async def _work_off(self) -> None:
        """Observe what was noted; what the store does not take now is left to the next poll."""
        noted, self._noted = self._noted, {}
        self._bell.clear()
        if not noted:
            return
        try:
            await self.observe(
                [
                    Observation(ref, status, status.queried_at, Source.QUESTION)
                    for ref, status in noted.items()
                ]
            )
        except StoreError as error:
            log.warning("answers_not_observed reason=%s", error)


_SAYS_NOTHING = frozenset({None, TaskState.NOT_FOUND})
"""What a question without an answer tells of a task; a poll will look for itself."""


def _has_ended(task: FollowedTask) -> bool:
    return task.state is not None and task.state.is_terminal


def _ended(
    watches: Sequence[Watch], happenings: Sequence[Happening]
) -> tuple[tuple[int, Happening], ...]:
    """Say which watches are over: an end ends every one that is open."""
    ends = [happening for happening in happenings if happening in ENDS]
    open_ids = (watch.id for watch in watches if watch.ended_at is None)
    return tuple((watch_id, ends[0]) for watch_id in open_ids) if ends else ()
