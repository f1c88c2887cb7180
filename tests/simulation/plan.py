"""What happens in the simulated week, drawn from one seed before it begins.

The mix of tasks is that of a busy media team: short transcodes, long ones, documents, recordings
of which many end with the hour, and some that take for ever. Half come in bursts.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from random import Random

from providers.models import Kind, TaskRef, TaskState
from tests.fakes.jumping_loop import START
from tests.fakes.lives import Life

DAY_S = 86_400.0
WEEK_DAYS = 7
_BURST = 30
_ON_ONE_CARD = 8
_ENDS = {
    TaskState.SUCCEEDED: 0.92,
    TaskState.FAILED: 0.04,
    TaskState.PARTIAL: 0.02,
    TaskState.EMPTY: 0.01,
    TaskState.CANCELED: 0.01,
}
_TASKS_A_WATCH = 1.035
"""Some have ended before anybody watches them, and some are watched twice."""
_NEVER_ENDS = 0.01
_NEVER_EXISTS = 0.01
_APPEARS_LATE = 0.03
_WATCHED_LATE = 0.1
_WATCHED_TWICE = 0.05
_UNWATCHED = 0.03
_ASKED_ABOUT = 0.02
_LIMITS = (timedelta(hours=3), timedelta(hours=8), timedelta(hours=16))
"""How long people watch at most; a week of what never ends would only make the week longer."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of task."""

    provider: str
    kind: Kind
    share: float
    median_s: float
    sigma: float
    spike_s: float = 0.0
    """Where three in ten end within a minute of this age."""


SORTS = (
    Sort("tencent", Kind.TRANSCODE, 0.40, 40, 0.8),
    Sort("mpc", Kind.TRANSCODE, 0.25, 300, 1.1),
    Sort("tiw", Kind.VIDEO_GENERATION, 0.12, 15, 0.7),
    Sort("record", Kind.RECORDING, 0.15, 2700, 0.5, spike_s=3600),
    Sort("huawei", Kind.MERGE, 0.08, 120, 1.3),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody watches some tasks."""

    at_s: float
    refs: tuple[TaskRef, ...]
    channel_id: str
    user_id: str
    lasts: timedelta
    was_told: bool
    """Whether the vendor was asked just before, as the command does where it can."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something else that happens."""

    at_s: float
    what: str
    """``unwatch``, ``ask``, ``crash``, ``restart``, ``down``, ``up``, ``on``, ``back``, ``lose``
    or ``regain``."""
    ref: TaskRef | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The week."""

    lives: dict[TaskRef, Life]
    arrivals: tuple[Arrival, ...]
    deeds: tuple[Deed, ...]


def draw_plan(count: int, seed: int, *, days: int = WEEK_DAYS) -> Plan:
    """Draw so many days of about *count* watches altogether."""
    return _Drawing(Random(seed), days).plan(count)  # noqa: S311  # a simulation, not a secret


@dataclass(slots=True)
class _Drawing:
    random: Random
    days: int

    def plan(self, count: int) -> Plan:
        first = round(count * _TASKS_A_WATCH)
        orders = list(chain.from_iterable(self._burst(size) for size in self._sizes(first)))
        lives = {ref: life for _, refs in orders for ref, life in refs.items()}
        arrivals = [self._arrival(at_s, tuple(refs)) for at_s, refs in orders]
        again = self.random.sample(arrivals, k=max(1, round(len(arrivals) * _WATCHED_TWICE)))
        arrivals += [
            self._arrival(one.at_s + self.random.uniform(0, 600), one.refs) for one in again
        ]
        arrivals.sort(key=lambda one: one.at_s)
        deeds = sorted([*self._people(arrivals), *self._troubles()], key=lambda one: one.at_s)
        return Plan(lives, tuple(arrivals), tuple(deeds))

    def _sizes(self, count: int) -> list[int]:
        """Half of the tasks come one by one, half in bursts."""
        sizes, left = [1] * (count // 2), count - count // 2
        while left > 0:
            size = min(left, self.random.randint(2, 2 * _BURST))
            sizes.append(size)
            left -= size
        return sizes

    def _burst(self, size: int) -> list[tuple[float, dict[TaskRef, Life]]]:
        at_s = self.random.uniform(0, self.days * DAY_S)
        sort = self.random.choices(SORTS, [one.share for one in SORTS])[0]
        pairs = [self._task(sort, at_s) for _ in range(size)]
        cards = (pairs[at : at + _ON_ONE_CARD] for at in range(0, size, _ON_ONE_CARD))
        return [(at_s + number, dict(card)) for number, card in enumerate(cards)]

    def _task(self, sort: Sort, at_s: float) -> tuple[TaskRef, Life]:
        ref = TaskRef(sort.provider, "main", f"{self.random.getrandbits(64):016x}")
        chance = self.random.random()
        if chance < _NEVER_EXISTS:
            return ref, Life(_at(365 * DAY_S))
        born_s = at_s - (self.random.uniform(0, 300) if self.random.random() < _WATCHED_LATE else 0)
        if chance < _NEVER_EXISTS + _APPEARS_LATE:
            born_s = at_s + self.random.uniform(5, 480)
        life = Life(
            _at(born_s),
            self._took_s(sort),
            self.random.choices(list(_ENDS), list(_ENDS.values()))[0],
            sort.kind,
            tells_times=self.random.random() < 0.8,
        )
        return ref, life

    def _took_s(self, sort: Sort) -> float:
        if self.random.random() < _NEVER_ENDS:
            return math.inf
        if sort.spike_s and self.random.random() < 0.3:
            return abs(self.random.gauss(sort.spike_s, 60))
        return self.random.lognormvariate(math.log(sort.median_s), sort.sigma)

    def _arrival(self, at_s: float, refs: tuple[TaskRef, ...]) -> Arrival:
        return Arrival(
            at_s,
            refs,
            channel_id=f"C{self.random.randrange(40)}",
            user_id=f"U{self.random.randrange(60)}",
            lasts=self.random.choice(_LIMITS),
            was_told=self.random.random() < 0.9,
        )

    def _people(self, arrivals: list[Arrival]) -> list[Deed]:
        deeds = []
        for what, share, within_s in (("unwatch", _UNWATCHED, 900.0), ("ask", _ASKED_ABOUT, 600.0)):
            for one in self.random.sample(arrivals, k=round(len(arrivals) * share)):
                at_s = one.at_s + self.random.uniform(1, within_s)
                deeds.append(Deed(at_s, what, self.random.choice(one.refs)))
        return deeds

    def _troubles(self) -> list[Deed]:
        """A crash and a restart each day, outages, a clock that jumps both ways, a lost lease."""
        deeds = [
            Deed((day + self.random.random()) * DAY_S, what)
            for day in range(self.days)
            for what in ("crash", "restart")
        ]
        for sort in SORTS:
            deeds += self._pair("down", "up", self.random.uniform(60, 1800), sort.provider)
        deeds += self._pair("on", "back", 600)
        deeds += self._pair("back", "on", 600)
        return [*deeds, *self._pair("lose", "regain", 120, "tiw")]

    def _pair(self, first: str, second: str, pause_s: float, provider: str = "") -> list[Deed]:
        at_s = self.random.uniform(0, self.days * DAY_S - 7200)
        return [
            Deed(at_s, first, provider=provider),
            Deed(at_s + pause_s, second, provider=provider),
        ]


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)
