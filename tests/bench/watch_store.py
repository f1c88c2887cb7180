"""What a poll costs the store: claim, decide, commit; with few watches and with a million."""

import asyncio
import json
import resource
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import text

from bot.models import Change, FollowedTask, Observation, Source
from bot.store.location import Server, read_location
from bot.store.maintenance import migrate_store
from bot.store.postgres import connect_server
from bot.store.sqlite_file import connect_file
from bot.store.store import open_store
from bot.store.watches import WatchStore
from bot.watch.policy import Rules, decide
from providers.clock import SystemClock
from providers.models import Kind, TaskState, TaskStatus
from tests.bench.processes import run
from tests.bench.report import Row, Table
from tests.fakes.postgres import running_postgres

_LANE = "record@main"
ROWS = (1_000, 1_000_000)
_CYCLES = 2_000
_OPEN_S, _OPEN_MIB = 10.0, 400.0
_MUCH_SLOWER = 2.0
_OPENS = "from tests.bench.watch_store import tell_opening; tell_opening({url!r})"

_FILL = (
    """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO task (provider, account, task_id, lane, kind, state, is_open, tag, born_at,
    added_at, changed_at, seen_at, polled_at) SELECT 'record', 'main', 'X' || i, 'record@main',
    'recording', 'running', true, i * 0.001, :at, :at, :at, :at, :at FROM n""",
    "INSERT INTO task_answer (task_id, status) SELECT id, CAST(:status AS {json}) FROM task",
    """INSERT INTO card (team_id, kind, channel_id, ts, created_by, created_at, shown)
    SELECT 'T1', 'watch', 'C' || (id % 1000), '1.' || id, 'U1', :at, 1 FROM task""",
    """INSERT INTO watch (team_id, task_id, card_id, channel_id, created_by, created_at, ends_at,
    grace_until) SELECT 'T1', id, id, 'C' || (id % 1000), 'U' || (id % 5000), :at, :at + 604800,
    :at FROM task""",
    """INSERT INTO watcher (watch_id, team_id, subject_id, added_by, added_at, only_failures)
    SELECT id, 'T1', 'U' || (id % 5000), 'U1', :at, false FROM watch""",
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one store did, in a second."""

    commits: float
    behind: float


async def measure(*, rows: Sequence[int] = ROWS, cycles: int = _CYCLES) -> Table:
    """Fill a file and a server with so many open watches each, and poll *cycles* of them."""
    found: dict[int, _Found] = {}
    lines: list[Row] = []
    with TemporaryDirectory() as folder:
        for count in rows:
            url = f"sqlite:///{Path(folder, f'{count}.db')}"
            await _fill(url, count)
            lines += await _opening(url, count)
            found[count] = await _cycles(url, cycles)
    few, many = found[min(rows)], found[max(rows)]
    lines += [line for count in rows for line in _sqlite(count, found[count])]
    slower = max(few.commits / many.commits, few.behind / many.behind)
    lines.append(
        Row(
            f"a cycle at {max(rows):,} against one at {min(rows):,}",
            (f"x{slower:.2f}",),
            f"at most x{_MUCH_SLOWER:g}",
            slower <= _MUCH_SLOWER,
        )
    )
    lines += await _postgres(min(rows), cycles)
    notes = ("A cycle: claim a task, read it again, decide, commit; then its next turn.",)
    return Table("the store of watches, cycles a second", ("",), tuple(lines), notes)


def _sqlite(count: int, found: _Found) -> tuple[Row, Row]:
    return (
        _row(f"SQLite, {count:,} watches, a commit each", found.commits, 500),
        _row(f"SQLite, {count:,} watches, written behind", found.behind, 1_000),
    )


def _row(what: str, per_s: float, aim: int) -> Row:
    return Row(what, (f"{per_s:,.0f}",), f"at least {aim:,}", per_s >= aim)


async def _postgres(count: int, cycles: int) -> list[Row]:
    with running_postgres() as server:
        name = await server.databases.create()
        url = server.databases.url(name)
        await _fill(url, count)
        found = await _cycles(url, cycles)
    what = f"PostgreSQL, {count:,} watches,"
    return [
        _row(f"{what} a commit each", found.commits, 400),
        Row(f"{what} written behind", (f"{found.behind:,.0f}",)),
    ]


async def _opening(url: str, count: int) -> list[Row]:
    """Open the store in a process of its own, and claim the first task."""
    told: Mapping[str, float] = json.loads(await run(["-c", _OPENS.format(url=url)]))
    seconds, mib = told["seconds"], told["mib"]
    what = f"SQLite, {count:,} watches:"
    return [
        Row(f"{what} open to first claim, s", (f"{seconds:.2f}",), "< 10", seconds < _OPEN_S),
        Row(f"{what} resident memory, MiB", (f"{mib:.0f}",), "< 400", mib < _OPEN_MIB),
    ]


def tell_opening(url: str) -> None:
    """Open a store, claim its first task, and print how long it took and how big we are."""
    asyncio.run(_tell_opening(url))


async def _tell_opening(url: str) -> None:
    began = perf_counter()
    async with open_store(url, SystemClock()) as store:
        await store.watches.due(_LANE, 1, now=SystemClock().now())
        seconds = perf_counter() - began
    print(json.dumps({"seconds": seconds, "mib": _resident_mib()}))


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


async def _fill(url: str, rows: int) -> None:
    """Make a store that has long been in use: *rows* open watches, each of a task of its own."""
    await migrate_store(url)
    location = read_location(url)
    if isinstance(location, Server):
        database, json_type = connect_server(location, answer_s=None), "JSON"
    else:
        database, json_type = connect_file(location), "TEXT"
    at = SystemClock().now() - timedelta(hours=1)
    status = _answer("X1", TaskState.RUNNING, at).model_dump_json()
    values = {"rows": rows, "at": at.timestamp(), "status": status}
    try:
        for statement in _FILL:
            sql = statement.format(json=json_type)
            used = {name: value for name, value in values.items() if f":{name}" in sql}
            await database.change(text(sql).bindparams(**used))
    finally:
        await database.close()


def _answer(task_id: str, state: TaskState, at: datetime) -> TaskStatus:
    return TaskStatus(
        provider="record",
        account="main",
        task_id=task_id,
        kind=Kind.RECORDING,
        state=state,
        queried_at=at,
    )


async def _cycles(url: str, cycles: int) -> _Found:
    async with open_store(url, SystemClock()) as store:
        await _poll(store.watches, cycles // 10, _other)
        commits = await _poll(store.watches, cycles, _other)
        return _Found(commits, await _poll(store.watches, cycles, _same))


def _other(task: FollowedTask) -> TaskState:
    """Tell news of a task, so that there is something to commit."""
    return TaskState.RUNNING if task.state is TaskState.PAUSED else TaskState.PAUSED


def _same(task: FollowedTask) -> TaskState:
    return task.state or TaskState.RUNNING


async def _poll(
    watches: WatchStore, cycles: int, tell: Callable[[FollowedTask], TaskState]
) -> float:
    """Poll so many tasks, one after the other; give how many that is in a second."""
    rules = Rules()
    began = perf_counter()
    for _ in range(cycles):
        now = SystemClock().now()
        (claimed,) = await watches.due(_LANE, 1, now=now)
        seen = _answer(claimed.ref.task_id, tell(claimed), now)
        task = (await watches.followed([claimed.ref]))[claimed.ref]
        decision = decide(task, Observation(task.ref, seen, now, Source.POLL), now, rules)
        if decision.transition is not None:
            await watches.record(Change(task, decision.after, decision.transition))
        watches.polled(decision.after, claimed.tag + 1_000)
    await watches.flush()
    return cycles / (perf_counter() - began)
