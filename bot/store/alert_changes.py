"""The statements that change alerts; ``alert_statements`` has those that read them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.store.oncall_tables import alert_events, alert_tasks, alerts, timers
from bot.store.statements import InsertInto, Repeated
from bot.store.watch_tables import cards, transitions

_UNRESOLVED = alerts.c.resolved_at.is_(None)
_OPEN_TIMER = (timers.c.done_at.is_(None), timers.c.canceled_at.is_(None))


def add_alert(insert: InsertInto, values: Mapping[str, Any]) -> Executable:
    """Open an alert; gives its row only where its cause has none that is unresolved."""
    row = insert(alerts).values({name: value for name, value in values.items() if name != "id"})
    return row.on_conflict_do_nothing().returning(alerts)


def change_alert(alert_id: int, revision: int, values: Mapping[str, Any]) -> Executable:
    """Change an alert that is still at *revision*; gives its row only then."""
    is_it = (alerts.c.id == alert_id, alerts.c.revision == revision)
    told = {name: value for name, value in values.items() if name not in _NOT_A_CHANGE}
    return update(alerts).where(*is_it).values(told).returning(alerts)


_NOT_A_CHANGE = frozenset({"id", "card_id", "told_at"})
"""The first two never change; the last is noted without a revision, by ``tell_alert``."""


def discount_tasks(alert_id: int, count: int) -> Executable:
    """Count troubles once that were to be counted twice; gives the alert's row."""
    theirs = update(alerts).where(alerts.c.id == alert_id)
    return theirs.values(count=alerts.c.count - count).returning(alerts)


def add_tasks(insert: InsertInto, rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Let troubles be counted by an alert; gives a row for each it did not count already."""
    once = insert(alert_tasks).on_conflict_do_nothing()
    return Repeated(once.returning(alert_tasks.c.trouble_key), rows)


def recover_tasks(alert_id: int, keys: Iterable[str], at: datetime) -> Executable:
    """Note that troubles are over and asked for no more; gives a row for each that was not."""
    theirs = (alert_tasks.c.alert_id == alert_id, alert_tasks.c.trouble_key.in_(list(keys)))
    over = update(alert_tasks).where(*theirs, alert_tasks.c.recovered_at.is_(None))
    return over.values(recovered_at=at, ask_at=None).returning(alert_tasks.c.trouble_key)


def add_events(rows: Sequence[Mapping[str, Any]]) -> Executable:
    """Add lines to the log of an alert; gives their ids, in order."""
    return alert_events.insert().values(rows).returning(alert_events.c.id)


def set_timer(insert: InsertInto, values: Mapping[str, Any]) -> Executable:
    """Set a timer; one that was canceled is due again, one that has run stays so."""
    row = insert(timers).values(**values)
    return row.on_conflict_do_update(
        index_elements=[timers.c.alert_id, timers.c.kind, timers.c.number],
        set_={"due_at": row.excluded.due_at, "canceled_at": None},
        where=timers.c.done_at.is_(None),
    )


def cancel_timers(alert_id: int, at: datetime) -> Executable:
    """Cancel every timer of an alert that has not run."""
    return update(timers).where(timers.c.alert_id == alert_id, *_OPEN_TIMER).values(canceled_at=at)


def finish_timers(ids: Iterable[int], at: datetime) -> Executable:
    """Note that timers have run; gives a row for each that had not, and was not canceled."""
    run = update(timers).where(timers.c.id.in_(list(ids)), *_OPEN_TIMER)
    return run.values(done_at=at).returning(timers.c.id)


def move_timer(timer_id: int, due_at: datetime) -> Executable:
    """Let a timer be due later; gives a row if it has not run and was not canceled."""
    later = update(timers).where(timers.c.id == timer_id, *_OPEN_TIMER)
    return later.values(due_at=due_at).returning(timers.c.id)


_ROUTED = (
    update(transitions)
    .where(
        transitions.c.task_id == bindparam("task"),
        transitions.c.version == bindparam("to"),
        transitions.c.routed_at.is_(None),
    )
    .values(routed_at=bindparam("at", type_=transitions.c.routed_at.type))
)


def route_transitions(keys: Iterable[tuple[int, int]], at: datetime) -> Repeated:
    """Note that transitions, by task and version, were dealt with."""
    return Repeated(_ROUTED, [{"task": task, "to": to, "at": at} for task, to in sorted(keys)])


def stop_asking(alert_id: int) -> Executable:
    """Let the tasks of an alert be asked no more."""
    theirs = (alert_tasks.c.alert_id == alert_id, alert_tasks.c.ask_at.is_not(None))
    return update(alert_tasks).where(*theirs).values(ask_at=None)


def ask_again(alert_id: int, at: datetime) -> Executable:
    """Let the tasks of an alert that are still in trouble be asked at once, where anybody can."""
    can_be = or_(alert_tasks.c.ask_until.is_(None), alert_tasks.c.ask_until > at)
    theirs = (alert_tasks.c.alert_id == alert_id, alert_tasks.c.recovered_at.is_(None))
    asked = update(alert_tasks).where(*theirs, alert_tasks.c.task_id.is_not(None), can_be)
    return asked.values(ask_at=at)


_ASKED = (
    update(alert_tasks)
    .where(
        alert_tasks.c.alert_id == bindparam("alert"),
        alert_tasks.c.trouble_key == bindparam("key"),
        alert_tasks.c.ask_at.is_not(None),
    )
    .values(
        asked=bindparam("times"),
        ask_at=bindparam("again_at", type_=alert_tasks.c.ask_at.type),
    )
)


def set_asks(rows: Sequence[Mapping[str, Any]]) -> Repeated:
    """Say when tasks are asked again: rows of ``alert``, ``key``, ``times`` and ``again_at``."""
    return Repeated(_ASKED, rows)


def tell_alert(card_id: int, at: datetime) -> Executable:
    """Note that Slack has an alert's message; the first time counts."""
    untold = (alerts.c.card_id == card_id, alerts.c.told_at.is_(None))
    return update(alerts).where(*untold).values(told_at=at)


def tell_posted(at: datetime) -> Executable:
    """Note likewise of all alerts whose message is in Slack."""
    posted = select(cards.c.id).where(cards.c.id == alerts.c.card_id, cards.c.ts.is_not(None))
    untold = (_UNRESOLVED, alerts.c.told_at.is_(None), posted.exists())
    return update(alerts).where(*untold).values(told_at=at)


def forget_alerts(before: datetime, limit: int) -> Executable:
    """Delete some alerts resolved long ago, with all that is theirs; gives a row for each."""
    old = select(alerts.c.id).where(alerts.c.resolved_at < before).limit(limit)
    return delete(alerts).where(alerts.c.id.in_(old)).returning(alerts.c.id)
