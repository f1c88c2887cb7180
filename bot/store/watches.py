"""Watches in the store: who waits for which task, whose turn it is to be polled, what changed.

A task's ``version`` decides every race. Whoever adds or ends a watch makes a new one, so news that
was decided without knowing of it is not recorded, and is decided again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from sqlalchemy import Executable

from bot.crashpoint import CrashPoint, reach
from bot.hazard import Durations
from bot.models import (
    CardContents,
    CardOrder,
    Change,
    CheckOrder,
    FollowedTask,
    Started,
    Watch,
    WatchedTask,
    WatchOrder,
)
from bot.store import check_statements, watch_statements
from bot.store.checks import Checked, Checks, Hint, Hurried, in_portions
from bot.store.database import Database
from bot.store.poll_statements import count_lane, count_states, select_slow
from bot.store.statements import Repeated
from bot.store.watch_news import Farewell, News
from bot.store.watch_rows import read_card, read_task, read_watch, read_watchers
from bot.store.watch_starts import Start, each_once
from bot.store.watch_statements import Which
from bot.store.written_behind import WrittenBehind
from bot.virtual_time import VirtualTime
from providers.clock import Clock
from providers.models import TaskRef


class WatchStore:
    """What outlives a restart of watches. Methods raise ``StoreError`` where the database fails."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._behind = WrittenBehind(database)

    async def start(self, order: CardOrder, wanted: Sequence[WatchOrder], at: datetime) -> Started:
        """Watch tasks in one channel, in one commit; what is watched there already is joined.

        A card is made, and its delivery, only if at least one watch is new.
        """
        if not wanted:
            return Started(None, (), ())
        start = Start(order, each_once(wanted), at, self._database.insert)
        started = await self._database.transact(start.commit)
        reach(CrashPoint.AFTER_WATCH_COMMIT)
        self._behind.turns.read_anew(*{one.lane for one in wanted})
        return started

    async def end(
        self, watch_id: int, *, by: str, at: datetime, team_id: str | None = None
    ) -> Watch | None:
        """Let the user *by* end a watch; None where it had ended, or is another team's."""
        return await self._part(Farewell(watch_id, by, at, team_id))

    async def leave(
        self, watch_id: int, subject_id: str, at: datetime, *, team_id: str | None = None
    ) -> Watch | None:
        """Take one watcher off; the last one's leaving ends the watch. None where it had ended."""
        return await self._part(Farewell(watch_id, subject_id, at, team_id, subject_id))

    async def followed(self, refs: Iterable[TaskRef]) -> dict[TaskRef, FollowedTask]:
        """Read the tasks among *refs* that are or were watched, as they are now."""
        tasks = await self._tasks(watch_statements.select_tasks(set(refs)))
        return {task.ref: task for task in tasks.values()}

    async def watches_of(
        self, task_ids: Iterable[int], *, ended: bool = False
    ) -> dict[int, tuple[Watch, ...]]:
        """Read who watches tasks, in every workspace; *ended* watches too where asked for.

        Every task has its entry, an empty one where nobody does.
        """
        ids = set(task_ids)
        watches = await self._watches(watch_statements.select_watches_of(ids, ended=ended))
        return {id_: tuple(one for one in watches if one.task_id == id_) for id_ in ids}

    async def watch(self, watch_id: int, *, team_id: str | None = None) -> WatchedTask | None:
        """Read one watch, ended or not; None: there is none, or it is another team's."""
        found = await self._watched(watch_statements.select_watches([watch_id], team_id))
        return found[0] if found else None

    async def card(self, card_id: int) -> CardContents | None:
        """Read a card and all it shows; None: there is none.

        The card is read first: what it shows is never older than its ``wanted``.
        """
        rows = await self._database.fetch(watch_statements.select_card(card_id))
        if not rows:
            return None
        watches = await self._watched(watch_statements.select_watches_on(card_id))
        return CardContents(read_card(rows[0]), tuple(watches))

    async def open_watches(
        self, team_id: str, *, limit: int = 50, offset: int = 0, **which: Unpack[Which]
    ) -> list[WatchedTask]:
        """Read a workspace's open watches, the newest first; ``Which`` narrows them down."""
        page = watch_statements.select_open(team_id, which, limit, offset)
        return await self._watched(page)

    async def count_open(self, team_id: str, **which: Unpack[Which]) -> int:
        """Count the watches ``open_watches`` would read without a limit."""
        rows = await self._database.fetch(watch_statements.count_open(team_id, which))
        return int(rows[0][0])

    async def record(self, change: Change) -> bool:
        """Commit a piece of news and all that follows from it.

        False, and nothing is written, where the task's version is no longer that of
        ``change.before``: read it again and decide again.
        """
        news = News(change, self._clock.now(), self._database.insert)
        is_open = await self._database.transact(news.commit)
        if is_open is None:
            return False
        reach(CrashPoint.AFTER_FINISH_COMMIT)
        version = change.before.version + 1
        self._behind.turns.recorded(replace(change.after, version=version, is_open=is_open))
        return True

    async def check(self, orders: Iterable[CheckOrder], at: datetime) -> int:
        """Let tasks be asked once, at the head of their lanes, although nobody may watch them.

        Those that are followed are asked at once too. Give how many: what can bring no news, such
        as a success that is known, is left alone unless the order says *again*. A task is followed
        until ``checked`` or a ``Change`` says that it was asked.
        """
        hurried: list[Hurried] = []
        for portion in in_portions(orders):
            checks = Checks(portion, at, self._database.insert)
            hurried += await self._database.transact(checks.commit)
        self.hurried(hurried)
        return len(hurried)

    def hurried(self, tasks: Iterable[Hurried]) -> None:
        """Take note of tasks that were put at the head of their lanes just now."""
        lanes: set[str] = set()
        for task in tasks:
            self._behind.turns.hurry(task.task_id, task.at, task.ask_at)
            lanes.add(task.lane)
        if lanes:
            self._behind.turns.read_anew(*lanes)

    async def checked(self, task: FollowedTask) -> bool:
        """Note that a task was asked and that nothing came of it but *task*; tell if it is open.

        It is followed no more if nobody watches it. One that was wanted anew since it was handed
        out, or read, is asked once more; so hand in the task that the question was about.
        """
        checked = Checked(task, self._database.insert)
        is_open = await self._database.transact(checked.commit)
        if not is_open:
            self._behind.turns.close(task.id)
        return is_open

    async def poll_now(self, task_id: int, at: datetime, *, ask_at: datetime | None = None) -> bool:
        """Ask about a followed task at once, or at *ask_at*; False where nobody follows it."""
        hint = Hint(task_id, at, ask_at)
        hurried = await self._database.transact(hint.commit)
        self.hurried([hurried] if hurried else [])
        return hurried is not None

    async def count_checks(self) -> dict[str, int]:
        """Count by lane the tasks that are still to be asked once."""
        rows = await self._database.fetch(check_statements.count_checks())
        return {row.lane: row.tasks for row in rows}

    async def due(self, lane: str, limit: int, *, now: datetime) -> list[FollowedTask]:
        """Hand out the tasks of a lane whose turn is next, smallest ``tag`` first.

        Each is handed out once, until it is given to ``polled`` or ``give_back``. One whose
        ``poll_after`` is to come is passed over. A new task's tag is 0: its turn is at once, unless
        ``polled`` gives it another without having asked.
        """
        return await self._behind.due(lane, limit, now)

    def polled(self, task: FollowedTask, tag: float) -> None:
        """Take back a task that was handed out, with its next turn; written behind.

        Of *task*, what every poll changes is kept: ``polled_at``, ``seen_at``, ``polls``,
        ``errors``, ``poll_after`` and ``status``. A task that is not handed out is left alone.
        """
        self._behind.turns.polled(replace(task, tag=tag))

    def give_back(self, task_id: int) -> None:
        """Take back a task that was handed out and not polled; its turn is where it was."""
        self._behind.turns.give_back(task_id)

    async def flush(self) -> None:
        """Write what polls changed and the lanes' virtual times; to be called every 10 seconds.

        What other replicas added and ended since the last time is seen from now on.
        """
        await self._behind.flush()

    def drop_claims(self, lane: str) -> None:
        """Forget what is handed out of a lane and what is unwritten: another replica has it."""
        self._behind.drop(lane)

    async def due_timers(self, now: datetime, limit: int) -> list[WatchedTask]:
        """Read open watches whose time has come, at most *limit* of each sort.

        Those at their limit; those within ``LIMIT_NEAR`` of it that are untold and lasted long
        enough to be; those whose task was denied after their grace. Each comes again until its
        ``Change`` is recorded.
        """
        found: dict[int, WatchedTask] = {}
        for sort in watch_statements.select_due_timers(now, limit):
            found |= {one.watch.id: one for one in await self._watched(sort)}
        return list(found.values())

    async def lane(self, name: str) -> VirtualTime:
        """Read a lane's virtual time; the beginning of time where it was never saved."""
        return await self._behind.lane(name)

    def keep_lane(self, name: str, time: VirtualTime) -> None:
        """Note a lane's virtual time, to be written with the next ``flush``."""
        self._behind.keep_lane(name, time)

    async def durations(self, provider: str, kind: str) -> Durations:
        """Read how long tasks of a kind, or of a class of one, took so far."""
        rows = await self._database.fetch(watch_statements.select_durations(provider, kind))
        events = {row.bin: row.events for row in rows}
        return Durations(events, {row.bin: row.exposure_s for row in rows})

    async def slow(
        self, born: tuple[datetime, datetime], after: int, limit: int
    ) -> list[FollowedTask]:
        """Read followed tasks that were found slow, or were born between two instants.

        In the order of their ids, from behind the id *after* on.
        """
        return list((await self._tasks(select_slow(born, after, limit))).values())

    async def count_lane(self, lane: str) -> int:
        """Count the followed tasks of a lane."""
        rows = await self._database.fetch(count_lane(lane))
        return int(rows[0][0])

    async def count_by_state(self) -> Mapping[str, int]:
        """Count followed tasks by state, ``""`` where no vendor told one; for metrics."""
        rows = await self._database.fetch(count_states())
        return {row.state or "": row.tasks for row in rows}

    async def _part(self, farewell: Farewell) -> Watch | None:
        parted = await self._database.transact(farewell.commit)
        if parted is None:
            return None
        if not parted.is_task_open:
            self._behind.turns.close(parted.task_id)
        watches = await self._watches(watch_statements.select_watches([farewell.watch_id]))
        return watches[0]

    async def _tasks(self, select: Executable | Repeated) -> dict[int, FollowedTask]:
        rows = await self._database.fetch(select)
        return {row.id: self._behind.turns.newest(read_task(row)) for row in rows}

    async def _watches(self, select: Executable) -> list[Watch]:
        rows = await self._database.fetch(select)
        ids = [row.id for row in rows]
        watchers = await self._database.fetch(watch_statements.select_watchers(ids)) if ids else ()
        theirs = read_watchers(watchers)
        return [read_watch(row, theirs.get(row.id, ())) for row in rows]

    async def _watched(self, select: Executable) -> list[WatchedTask]:
        watches = await self._watches(select)
        if not watches:
            return []
        ids = {watch.task_id for watch in watches}
        tasks = await self._tasks(watch_statements.select_tasks_by_id(ids))
        return [WatchedTask(watch, tasks[watch.task_id]) for watch in watches]
