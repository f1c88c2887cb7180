"""What must be true at every step of the simulated week, written down beside what the bot does."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.models import ENDS, Happening, Watch
from providers.models import TaskRef, TaskState
from tests.fakes.lives import Life

LONGEST_LATENESS_S = 3 * 3600.0
"""No end waits longer to be noticed: a round of polls in the largest burst, and an outage."""
_PATIENCE_SHARE = 0.25
"""Or this share of a task's age, if that is more."""


class BrokenPromiseError(AssertionError):
    """The engine did what it must not, or failed to do what it must."""


@dataclass(slots=True)
class Entry:
    """One watch, as its people know it."""

    watch: Watch
    final: Happening | None = None
    is_unwatched: bool = False

    @property
    def is_over(self) -> bool:
        """Whether its people wait for nothing more."""
        return self.final is not None or self.is_unwatched


@dataclass(slots=True)
class Ledger:
    """Every watch that was started, and every message about it."""

    lives: Mapping[TaskRef, Life]
    entries: dict[int, Entry] = field(default_factory=dict)
    waiting: dict[int, Entry] = field(default_factory=dict)
    """Those that are not over."""
    latencies: dict[str, list[float]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    checks: int = 0

    def started(self, watches: Iterable[Watch]) -> None:
        """Write down new watches; each place hears of a task once at a time."""
        for watch in watches:
            places = {_place(one.watch) for one in self.waiting.values()}
            is_new = _place(watch) not in places
            self.require(is_new, f"{watch.ref} is watched twice in {watch.channel_id}")
            self.entries[watch.id] = self.waiting[watch.id] = Entry(watch)

    def unwatched(self, watch: Watch) -> None:
        """Write down that a person ended a watch."""
        self.waiting.pop(watch.id).is_unwatched = True

    def deliver(self, row: Row[Any], now: datetime, *, bots_now: datetime) -> None:
        """Read one message as the channel would, and judge it; *now* is the vendors' time."""
        if row.kind != "news":
            return
        happening = Happening(row.facts["happening"])
        self.told[happening] += 1
        entry = self.entries.get(int(row.key.split(":")[1]))
        if entry is None:
            raise BrokenPromiseError(f"{row.key} tells of a watch nobody started")
        self.require(entry.final is None, f"{row.key} was told after {entry.final}")
        if happening in ENDS:
            self.require(not entry.is_unwatched, f"{row.key} was told to nobody")
            entry.final = happening
            del self.waiting[entry.watch.id]
            self._judge(entry, happening, row, now, bots_now)

    def _judge(
        self, entry: Entry, happening: Happening, row: Row[Any], now: datetime, bots_now: datetime
    ) -> None:
        watch = entry.watch
        life = self.lives[watch.ref]
        state = life.state(now)
        if happening is Happening.FINISHED:
            self.require(row.facts["after"] == state, f"{row.key}: told {row.facts['after']}")
            self.require(state is not None and state.is_terminal, f"{row.key} was told too early")
            self._measure(watch, life, now)
        if happening is Happening.MISSING:
            self.require(bots_now >= watch.grace_until, f"{row.key}: its grace was not over")
            self.require(state is None, f"{row.key}: its vendor knows it")
        if happening is Happening.LIMIT_REACHED:
            self.require(bots_now >= watch.ends_at, f"{row.key}: its limit was not reached")

    def _measure(self, watch: Watch, life: Life, now: datetime) -> None:
        if life.ended_at is None or life.ended_at < watch.created_at:
            return
        late_s = (now - life.ended_at).total_seconds()
        self.latencies.setdefault(watch.ref.provider, []).append(late_s)
        self.require(late_s <= _patience_s(life), f"{watch.ref} was noticed {late_s:.0f} s late")

    def audit(self, open_tasks: set[int], open_watches: set[int], now: datetime) -> None:
        """Compare what is open in the store with what people wait for."""
        lost, made_up = self.waiting.keys() - open_watches, open_watches - self.waiting.keys()
        self.require(not lost, f"watches {lost} were lost")
        self.require(not made_up, f"watches {made_up} are over and still open")
        followed = {entry.watch.task_id for entry in self.waiting.values()}
        self.require(open_tasks == followed, f"tasks {open_tasks ^ followed} are not as watched")
        self._find_starving(now)

    def audit_all(self, watches: Sequence[Row[Any]]) -> None:
        """Compare every watch there ever was with what its people know."""
        rows = {row.id: row.ended_why for row in watches}
        self.require(rows.keys() == self.entries.keys(), "a watch was lost, or made up")
        for id_, entry in self.entries.items():
            expected = "unwatched" if entry.is_unwatched else entry.final
            self.require(rows[id_] == expected, f"watch {id_}: {rows[id_]}, not {expected}")

    def _find_starving(self, now: datetime) -> None:
        for entry in self.waiting.values():
            life = self.lives[entry.watch.ref]
            since = max(life.ended_at or now, entry.watch.created_at)
            late_s = (now - since).total_seconds()
            self.require(
                late_s <= _patience_s(life), f"{entry.watch.ref} ended {late_s:.0f} s ago, untold"
            )

    def require(self, is_so: bool, otherwise: str) -> None:  # noqa: FBT001  # as assert reads
        """Count a check.

        Raises:
            BrokenPromiseError: it failed.
        """
        self.checks += 1
        if not is_so:
            raise BrokenPromiseError(otherwise)


def judge_history(transitions: Sequence[Row[Any]], ledger: Ledger) -> None:
    """Look at how every task's state changed: once per version, and never for the worse.

    A task that has ended and is watched again begins anew.
    """
    last: dict[int, Row[Any]] = {}
    for row in transitions:
        before = last.get(row.task_id)
        if before is not None:
            ledger.require(row.version > before.version, f"task {row.task_id}: two at a version")
            goes_on = row.before == before.after or TaskState(before.after).is_terminal
            ledger.require(goes_on, f"task {row.task_id} skipped a state")
        absorbed = row.before in {TaskState.SUCCEEDED, TaskState.CANCELED}
        ledger.require(not absorbed, f"task {row.task_id} left {row.before}")
        last[row.task_id] = row


def _place(watch: Watch) -> tuple[str, str, TaskRef]:
    return watch.team_id, watch.channel_id, watch.ref


def _patience_s(life: Life) -> float:
    age_s = life.took_s if life.ended_at else 0.0
    return max(LONGEST_LATENESS_S, _PATIENCE_SHARE * age_s)
