"""What is tried, part by part, and the tables that tell how it went."""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace

from tests.bench.processes import run as run_process
from tests.bench.report import Row, Table
from tests.reliability import crash_points, disk, network, random_moments, spells
from tests.reliability.random_moments import Course
from tests.reliability.verdict import Verdict
from tests.reliability.world import Plan, World, open_world

_KILLS = (("kill", 0.9), ("pause", 0.05), ("storm", 0.05))
_MIXED = (("kill", 0.72), ("pause", 0.1), ("storm", 0.08), ("database", 0.05))
_CUTS = ("cut", 0.05)
_REFUSED = 2
_BLIND_S = 100.0
_COLUMNS = (
    "faults",
    "tasks",
    "messages",
    "uncertain",
    "read back",
    "found",
    "twins deleted",
    "lost",
    "twice",
    "wrong",
    "too fast",
)
_SPELL_COLUMNS = ("tasks", "messages", "lost", "twice", "wrong", "settled after")
_NOTES = (
    "uncertain: sends without an answer, not counting those a killed process left behind.",
    "read back: how often one was looked for in Slack; found: how often it was there.",
    "wrong: told too early, sent and not there, there and not sent, dead, or a card behind.",
    "too fast: requests a vendor refused because they came too fast.",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is tried."""

    faults: int = 300
    seconds: float = 60.0
    """How long a spell lasts."""
    most_seconds: float = 3600.0
    """When a random run ends also with fewer faults."""
    seed: int = 1
    store: str | None = None
    """The one store to try at random moments; None: all."""
    replicas: int = 3
    """Of the largest set-up on PostgreSQL."""
    spells: tuple[str, ...] = ()
    """Words of the spells to try; empty: all."""


async def try_crash_points(size: Size) -> AsyncIterator[Table]:
    """Die at every named point, on each store."""
    rows = []
    for plan in _plans(size):
        async with open_world(plan) as world:
            verdict = await crash_points.run(world)
            rows.append(_row(_name(plan), world, verdict))
    points = ", ".join(dict.fromkeys(point for point, _ in crash_points.ORDERS))
    yield Table("Killed at every crash point", _COLUMNS, tuple(rows), (f"Points: {points}.",))


async def try_random_moments(size: Size) -> AsyncIterator[Table]:
    """Kill, pause and restart at random moments, on each store, on a bad day at Slack."""
    rows = [await _strike(plan, size) for plan in _plans(size)]
    notes = (*_NOTES, *_why_not(network.why_not(), "no network was cut"))
    yield Table("Killed at random moments, under load", _COLUMNS, tuple(rows), notes)


async def try_without_reading(size: Size) -> AsyncIterator[Table]:
    """Do the same where the bot may not read its messages back: the residue is stated."""
    rows = []
    for rule in ("repeat", "leave"):
        plan = Plan(seed=size.seed, read_back=False, uncertain_sends=rule)
        row = await _strike(plan, size)
        what = f'{row.what}, uncertain_sends = "{rule}"'
        rows.append(replace(row, what=what, aim="", is_met=None))
    yield Table("The same where nothing can be read back", _COLUMNS, tuple(rows))


async def try_spells(size: Size) -> AsyncIterator[Table]:
    """Let each trouble come over the bot for a while."""
    rows, notes = [], []
    for name, spell in spells.SPELLS.items():
        if size.spells and not any(word in name for word in size.spells):
            continue
        reason = disk.why_not() if spell.plan.disk_mib else None
        if reason is not None:
            notes.append(f"{name}: not tried, for {reason}")
            continue
        print(f"… {name}", file=sys.stderr, flush=True)
        async with open_world(replace(spell.plan, seed=size.seed)) as world:
            outcome = await spells.run(world, spell, size.seconds)
            rows.append(_spell_row(name, outcome))
            print(f"  {' '.join(rows[-1].figures)}", file=sys.stderr, flush=True)
    title = f"Troubles of {size.seconds:g} s without a kill, one process on SQLite"
    yield Table(title, _SPELL_COLUMNS, tuple(rows), tuple(notes))


async def try_second_process(size: Size) -> AsyncIterator[Table]:
    """Start a second process on a SQLite file that is in use."""
    async with open_world(Plan(seed=size.seed)) as world:
        await world.start()
        config = str(world.replicas[0].config)
        await run_process(["-m", "bot", "--config", config, "serve"], expected=_REFUSED)
        is_well = await world.replicas[0].is_ready(world.session)
    row = Row("a second process on the same file", ("refused",), "refused", is_well)
    yield Table("One process for one SQLite file", ("it is",), (row,))


PARTS: Mapping[str, Callable[[Size], AsyncIterator[Table]]] = {
    "crash-points": try_crash_points,
    "random": try_random_moments,
    "blind": try_without_reading,
    "spells": try_spells,
    "second": try_second_process,
}


def _plans(size: Size) -> list[Plan]:
    known = {
        "sqlite": [Plan(seed=size.seed)],
        "postgres": [
            Plan(
                store="postgres", seed=size.seed, replicas=number, cables=network.why_not() is None
            )
            for number in sorted({1, size.replicas})
        ],
    }
    return [plan for name, plans in known.items() if size.store in (None, name) for plan in plans]


async def _strike(plan: Plan, size: Size) -> Row:
    shares = _KILLS if plan.store == "sqlite" else (*_MIXED, *([_CUTS] if plan.cables else []))
    course = Course(size.faults, 1.5 / plan.replicas, shares, lasts_at_most_s=size.most_seconds)
    if not plan.read_back:  # what is lost never comes
        course = replace(course, drained_within_s=_BLIND_S)
    print(f"… {_name(plan)}", file=sys.stderr, flush=True)
    async with open_world(plan) as world:
        verdict = await random_moments.run(world, course)
        return _row(f"{_name(plan)}: {_list_faults(world)}", world, verdict)


def _name(plan: Plan) -> str:
    if plan.store == "sqlite":
        return "SQLite"
    return f"PostgreSQL, {plan.replicas} replica{'s' if plan.replicas > 1 else ''}"


def _list_faults(world: World) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in world.faults.most_common())


def _row(name: str, world: World, verdict: Verdict) -> Row:
    world.note_requests()
    told = world.events()
    figures = (
        f"{world.faults.total()}",
        f"{verdict.tasks}",
        f"{verdict.messages}",
        f"{told['uncertain']}",
        f"{told['read back']}",
        f"{told['found']}",
        f"{told['twins deleted']}",
        *_judgement(verdict),
        f"{world.refused}",
    )
    is_met = not verdict.wrong and world.refused == 0
    return Row(name, figures, "none lost, none twice", is_met)


def _spell_row(name: str, outcome: spells.Outcome) -> Row:
    verdict = outcome.verdict
    what = f"{name} ({outcome.directly} told directly)" if outcome.directly else name
    figures = (f"{verdict.tasks}", f"{verdict.messages}", *_judgement(verdict))
    settled = f"{outcome.settled_after_s:.0f} s"
    return Row(what, (*figures, settled), "none lost, none twice", not verdict.wrong)


def _judgement(verdict: Verdict) -> tuple[str, str, str]:
    lost = len({*verdict.lost, *verdict.lost_watches})
    twice = max(len(verdict.told_twice), len(verdict.duplicates))  # mostly the same ones
    counted = {"lost", "lost_watches", "told_twice", "duplicates"}
    other = {name: value for name, value in verdict.wrong.items() if name not in counted}
    wrong = ", ".join(f"{_count(value)} {name}" for name, value in other.items())
    return f"{lost}", f"{twice}", wrong or "0"


def _count(value: object) -> int:
    return value if isinstance(value, int) else len(value) if isinstance(value, list) else 1


def _why_not(reason: str | None, what: str) -> tuple[str, ...]:
    return () if reason is None else (f"{what}: {reason}",)
