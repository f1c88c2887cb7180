"""The statements with which watching begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, case, func, null, select

from bot.models import Card, CardOrder, Watcher, WatchOrder
from bot.store.statements import InsertInto, Repeated
from bot.store.watch_statements import are_among
from bot.store.watch_tables import cards, tasks, watchers, watches
from providers.models import TaskRef, TaskState

_NO_END = {state.value: null() for state in TaskState if state.is_terminal}


def lock_tasks(refs: Iterable[TaskRef]) -> Executable:
    """Take the rows of tasks that are known, always in the same order; give which are open."""
    known = select(tasks.c.id, tasks.c.is_open).where(are_among(refs)).order_by(tasks.c.id)
    return known.with_for_update()


@cache
def _add_tasks(insert: InsertInto) -> Executable:
    row = insert(tasks)
    now, new = tasks.c, row.excluded
    told = func.coalesce(new.state, case(_NO_END, value=now.state, else_=now.state))
    reopened = {
        "tag": new.tag,
        "state": told,
        "kind": func.coalesce(new.kind, now.kind),
        "changed_at": case(
            (now.state.is_distinct_from(told), new.changed_at), else_=now.changed_at
        ),
        "seen_at": func.coalesce(new.seen_at, now.seen_at),
        "errors": 0,
        "poll_after": null(),
        "unreachable_since": null(),
        "stalled_at": null(),
    }
    added = row.on_conflict_do_update(
        index_elements=[now.provider, now.account, now.task_id],
        set_={
            "lane": new.lane,
            "version": now.version + 1,
            "is_open": True,
            **{name: case((now.is_open, now[name]), else_=to) for name, to in reopened.items()},
        },
    )
    return added.returning(*now)


def add_tasks(insert: InsertInto, rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Add tasks, or open those known again; gives a row for each.

    One that is open keeps everything. One that nobody followed begins with what its vendor told
    just now; if nothing, with what was known, an end excepted: its new watchers have not heard it.
    """
    return Repeated(_add_tasks(insert), rows)


def add_card(order: CardOrder, at: datetime, kind: str = "watch") -> Executable:
    """Add a card that is not posted yet; gives its row."""
    return cards.insert().values(**asdict(order), kind=kind, created_at=at).returning(*cards.c)


def select_place(order: CardOrder, task_ids: Iterable[int]) -> Executable:
    """Read which of the tasks are watched in a channel; take their rows."""
    return select(watches.c.id, watches.c.task_id, watches.c.card_id).where(
        watches.c.team_id == order.team_id,
        watches.c.channel_id == order.channel_id,
        watches.c.task_id.in_(task_ids),
        watches.c.ended_at.is_(None),
    )


def add_watches(card: Card, wanted: Mapping[int, WatchOrder], at: datetime) -> Repeated:
    """Add watches to a card, by their tasks' ids; gives a row for each."""
    place = {
        "team_id": card.team_id,
        "card_id": card.id,
        "channel_id": card.channel_id,
        "created_by": card.created_by,
        "created_at": at,
    }
    return Repeated(
        watches.insert().returning(watches.c.id, watches.c.task_id, watches.c.card_id),
        [
            {**place, "task_id": id_, "ends_at": one.ends_at, "grace_until": one.grace_until}
            for id_, one in wanted.items()
        ],
    )


def add_watchers(
    insert: InsertInto, team_id: str, wanted: Mapping[int, Sequence[Watcher]], at: datetime
) -> Repeated:
    """Add watchers, by their watches' ids; who is there already says anew what they want."""
    row = insert(watchers)
    said = {"only_failures": row.excluded.only_failures}
    added = row.on_conflict_do_update(index_elements=watchers.primary_key, set_=said)
    each = {"team_id": team_id, "added_at": at}
    return Repeated(
        added,
        [
            {**each, "watch_id": watch_id, **asdict(watcher)}
            for watch_id, some in wanted.items()
            for watcher in some
        ],
    )
