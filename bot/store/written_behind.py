"""Turns between memory and tables: heads are read ahead, what polls change is written behind.

One poll more or less is nothing, a commit for each is much: so polls are written together, every
ten seconds. What a poll finds that matters is not written here, but recorded at once.
"""

import asyncio
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.models import FollowedTask
from bot.store import poll_statements as statements
from bot.store.database import Database
from bot.store.turns import END, Turns, Unwritten
from bot.store.watch_rows import read_task, write_poll
from bot.virtual_time import VirtualTime

_READ_AT_ONCE = 100
"""Tasks of a lane read ahead; a lane is read anew when they are polled, and after every flush."""
_UNWRITTEN = 1_000
"""Polls that may be unwritten before the next turn waits until they are written."""


class WrittenBehind:
    """Whose turn it is, kept in memory between two flushes."""

    def __init__(self, database: Database) -> None:
        self.turns = Turns()
        self._database = database
        self._lanes: dict[str, VirtualTime] = {}
        self._unwritten_lanes: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def due(self, lane: str, limit: int, now: datetime) -> list[FollowedTask]:
        """Do as ``WatchStore.due`` says."""
        if self.turns.unwritten >= _UNWRITTEN:
            await self.flush()
        taken = self.turns.take(lane, limit, now)
        while len(taken) < limit and self.turns.horizon(lane) != END:
            await self._read_on(lane, now)
            taken += self.turns.take(lane, limit - len(taken), now)
        return taken

    async def flush(self) -> None:
        """Do as ``WatchStore.flush`` says; other replicas' changes are seen from now on."""
        async with self._one_at_a_time:
            await self._write()
            self.turns.read_anew()

    def drop(self, lane: str) -> None:
        """Forget all about a lane."""
        self.turns.drop(lane)
        self._lanes.pop(lane, None)
        self._unwritten_lanes.discard(lane)

    async def lane(self, name: str) -> VirtualTime:
        """Do as ``WatchStore.lane`` says."""
        if (kept := self._lanes.get(name)) is not None:
            return kept
        rows = await self._database.fetch(statements.select_lane(name))
        return _virtual_time(rows[0]) if rows else VirtualTime()

    def keep_lane(self, name: str, time: VirtualTime) -> None:
        """Do as ``WatchStore.keep_lane`` says."""
        self._lanes[name] = time
        self._unwritten_lanes.add(name)

    async def _read_on(self, lane: str, now: datetime) -> None:
        """Read until somebody may be asked, from the beginning: turns are given anew all the time.

        What was polled is written first, or the table's order would not be the true one.
        """
        readings = self.turns.readings(lane)
        async with self._one_at_a_time:
            if self.turns.readings(lane) != readings:
                return  # somebody else did, meanwhile
            await self._write()
            self.turns.read_anew(lane)
            while not await self._read_page(lane, now) and self.turns.horizon(lane) != END:
                pass

    async def _read_page(self, lane: str, now: datetime) -> bool:
        after = self.turns.horizon(lane)
        rows = await self._database.fetch(statements.select_heads(lane, after, _READ_AT_ONCE))
        horizon = (rows[-1].tag, rows[-1].id) if len(rows) == _READ_AT_ONCE else END
        return self.turns.add(lane, map(read_task, rows), horizon, now)

    async def _write(self) -> None:
        polls = self.turns.to_write()
        lanes = {name: self._lanes[name] for name in sorted(self._unwritten_lanes)}
        insert = self._database.insert
        changes = [
            statements.save_polls([_poll(one) for one in polls]),
            statements.save_polled_answers(insert, [_answer(one) for one in polls if one.answer]),
            statements.save_lanes(insert, lanes),
        ]
        if wanted := [change for change in changes if change.rows]:
            await self._database.change(*wanted)
        self.turns.written(polls)
        told = {name for name, time in lanes.items() if self._lanes.get(name) is time}
        self._unwritten_lanes -= told


def _poll(polled: Unwritten) -> dict[str, Any]:
    task = polled.task
    known = {"task": task.id, "known": task.version, "wanted": task.check_at}
    return {**known, "tag": task.tag, **write_poll(task)}


def _answer(polled: Unwritten) -> dict[str, Any]:
    task = polled.task
    return {"task": task.id, "known": task.version, "status": polled.answer}


def _virtual_time(row: Row[Any]) -> VirtualTime:
    return VirtualTime(row.virtual_s, row.speed, row.price_s, row.log_interval)
