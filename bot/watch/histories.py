"""How long tasks took, at hand: read from the store, learned from what is observed.

What a poll that found nothing teaches is kept in memory until a task of the same sort ends, and
is then stored in the same commit; a crash costs that much of what only makes polls better.
"""

from datetime import datetime

from bot.hazard import Durations, history_kind
from bot.models import FollowedTask, Learned
from bot.store.store import Store
from bot.watch.policy import Rules

_Sort = tuple[str, str]
"""A provider, and a kind or a class of one."""


class Histories:
    """The durations of every sort of task that was met."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._base = rules
        self._known: dict[_Sort, Durations] = {}
        self._rules: dict[_Sort, Rules] = {}
        self._learned: set[_Sort] = set()
        """Of which something was observed since the last refresh."""

    async def of(self, task: FollowedTask) -> Durations:
        """Give what is known of tasks like this one.

        Raises:
            StoreError: it was not met yet, and the store cannot be read.
        """
        sort = _sort(task)
        known = self._known.get(sort)
        if known is None:
            read = await self._store.watches.durations(*sort)
            known = self._known.setdefault(sort, read)
        return known

    async def rules_for(self, task: FollowedTask) -> Rules:
        """Give the rules with what was learned of tasks like this one, as of the last refresh.

        Raises:
            StoreError: as for ``of``.
        """
        durations, sort = await self.of(task), _sort(task)
        if sort not in self._rules:
            self._rules[sort] = self._base.learned(durations)
        return self._rules[sort]

    def saw_alive(self, before: FollowedTask, after: FollowedTask) -> None:
        """Learn that a task, last seen as *before*, had not ended when it was seen as *after*."""
        durations = self._known.get(_sort(before))
        if durations is not None and after.seen_at is not None:
            durations.observe_alive(_unseen_from_s(before, after), _age_s(after, after.seen_at))
            self._learned.add(_sort(before))

    def saw_end(self, before: FollowedTask, after: FollowedTask) -> Learned | None:
        """Learn when a task ended, and give all there is to store of its sort.

        None where it had ended before anybody watched: of such tasks only those that ended soon
        would be counted.
        """
        sort, from_s, took_s = _sort(before), _unseen_from_s(before, after), _took_s(after)
        is_selected = took_s is not None and took_s < from_s
        if sort not in self._known or after.seen_at is None or is_selected:
            return None
        durations = self._known[sort]
        durations.observe_end(from_s, _age_s(after, after.seen_at), took_s=took_s)
        self._learned.add(sort)
        return Learned(*sort, *durations.take_unsaved())

    async def refresh(self) -> None:
        """Let what was learned count, here and by other replicas; call it every 20 seconds.

        Raises:
            StoreError: the store cannot be read; what is known here stays.
        """
        for sort, durations in tuple(self._known.items()):
            if self._store.replicated:
                stored = await self._store.watches.durations(*sort)
                durations.reload(*stored.saved)
                self._rules.pop(sort, None)
            elif sort in self._learned:
                durations.relearn()
                self._rules.pop(sort, None)
        self._learned.clear()


def _sort(task: FollowedTask) -> _Sort:
    return task.ref.provider, task.kind or history_kind(task.status)


def _unseen_from_s(before: FollowedTask, after: FollowedTask) -> float:
    """Give the age from which on nobody had looked, counted from the birth known now."""
    return _age_s(after, before.seen_at or before.added_at)


def _took_s(after: FollowedTask) -> float | None:
    """Give how long its work took, where the vendor tells when it ended."""
    ended_at = after.status.finished_at if after.status else None
    return None if ended_at is None else _age_s(after, ended_at)


def _age_s(task: FollowedTask, at: datetime) -> float:
    return max((at - task.born_at).total_seconds(), 0.0)
