"""The head of one lane's queue: the few tasks whose turn is next, handed out by the store."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.hazard import MIN_INTERVAL_S
from bot.models import FollowedTask
from bot.store.watches import WatchStore

FORGIVEN_FOR = timedelta(minutes=1)
"""After an outage, how long tasks that were left alone because of it are asked for at once."""
_LONGEST_BACKOFF = timedelta(minutes=10)
"""More than any task is left alone for."""


@dataclass(slots=True)
class Heads:
    """Tasks in the order of their tags, at most *most* of them. What is here is nobody else's."""

    watches: WatchStore
    lane: str
    most: int
    is_stale: bool = True
    """Whether the store may have somebody whose turn is earlier."""
    _tasks: deque[FollowedTask] = field(default_factory=deque)
    _withheld: list[FollowedTask] = field(default_factory=list)
    _recovered_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def first(self) -> FollowedTask | None:
        """Whose turn is next; None where nobody is here."""
        return self._tasks[0] if self._tasks else None

    def rest_s(self, now: datetime) -> float:
        """Tell for how many seconds the next one may not be asked for, however dear it is."""
        asked_at = self._tasks[0].polled_at
        since_s = (now - asked_at).total_seconds() if asked_at else MIN_INTERVAL_S
        return MIN_INTERVAL_S - since_s if 0 <= since_s < MIN_INTERVAL_S else 0.0

    async def look(self, now: datetime) -> None:
        """Read the queue's head anew.

        Raises:
            StoreError: it cannot be read; what was here is still in the queue.
        """
        self._give_back_all(now)
        self.is_stale = False
        until = now + _LONGEST_BACKOFF if self._forgives(now) else now
        for task in await self.watches.due(self.lane, self.most, now=until):
            mine = self._withheld if self._must_wait(task, now) else self._tasks
            mine.append(task)

    def take(self, count: int) -> list[FollowedTask]:
        """Take the next ones out, *count* or all there are."""
        return [self._tasks.popleft() for _ in range(min(count, len(self._tasks)))]

    def newcomers(self) -> list[FollowedTask]:
        """Name those who never had a turn; they stay where they are."""
        return [task for task in self._tasks if task.tag == 0]

    def put_back(self, task: FollowedTask) -> None:
        """Give one that was taken out its turn again."""
        self.watches.give_back(task.id)
        self.is_stale = True

    def line_up(self, task: FollowedTask, tag: float) -> None:
        """Give one of these, or one that was taken out, its next turn."""
        self._tasks = deque(other for other in self._tasks if other.id != task.id)
        self.watches.polled(task, tag)
        self.is_stale |= not self._tasks or tag < self._tasks[-1].tag

    def forgive(self, now: datetime) -> None:
        """Let nobody wait for the end of a pause that an outage, now over, brought about."""
        self._recovered_at = now
        self.is_stale = True

    def _forgives(self, now: datetime) -> bool:
        return self._recovered_at is not None and now - self._recovered_at < FORGIVEN_FOR

    def _must_wait(self, task: FollowedTask, now: datetime) -> bool:
        """Tell whether a task got its pause after the outage, on its own account."""
        if task.poll_after is None or task.poll_after <= now:
            return False
        asked_at, over_at = task.polled_at, self._recovered_at
        return asked_at is not None and over_at is not None and asked_at >= over_at

    def _give_back_all(self, now: datetime) -> None:
        if not self._forgives(now):
            self._tasks.extend(self._withheld)
            self._withheld.clear()
        for task in self._tasks:
            self.watches.give_back(task.id)
        self._tasks.clear()
