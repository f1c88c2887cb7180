"""The statements that read alerts, each with a name and a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from bot.models import Priority
from bot.oncall import AlertStatus
from bot.store.delivery_tables import deliveries
from bot.store.oncall_tables import alert_events, alert_tasks, alerts, timers
from bot.store.watch_tables import answers, tasks, transitions
from providers.models import TaskRef

_DEAD_DELIVERY: ColumnElement[int] = literal_column("3")
"""``DeliveryState.DEAD`` in its index's own word, or SQLite would not use that."""
_UNRESOLVED = alerts.c.resolved_at.is_(None)
_OPEN_TIMER = (timers.c.done_at.is_(None), timers.c.canceled_at.is_(None))


def select_unrouted(limit: int) -> Executable:
    """Read transitions nobody has dealt with, the oldest first, with their tasks and answers."""
    return (
        select(
            transitions,
            *(tasks.c[name].label(f"task_{name}") for name in _TASK),
            tasks.c.task_id.label("vendor_id"),
            answers.c.status,
        )
        .join(tasks, tasks.c.id == transitions.c.task_id)
        .outerjoin(answers, answers.c.task_id == tasks.c.id)
        .where(transitions.c.routed_at.is_(None))
        .order_by(transitions.c.seen_at, transitions.c.task_id, transitions.c.version)
        .limit(limit)
    )


_TASK = ("provider", "account", "kind", "lane", "born_at", "seen_at", "state")


def select_unresolved(cause: Mapping[str, str]) -> Executable:
    """Read the unresolved alert of a cause: one row or none."""
    theirs = (alerts.c[name] == value for name, value in cause.items())
    return select(alerts).where(*theirs, _UNRESOLVED)


def select_resolved_since(cause: Mapping[str, str], since: datetime) -> Executable:
    """Read the last alert of a cause that was resolved after *since*: one row or none."""
    theirs = (alerts.c[name] == value for name, value in cause.items())
    lately = select(alerts).where(*theirs, alerts.c.resolved_at >= since)
    return lately.order_by(alerts.c.resolved_at.desc()).limit(1)


def select_alert(alert_id: int) -> Executable:
    """Read one alert."""
    return select(alerts).where(alerts.c.id == alert_id)


def select_by_card(card_id: int) -> Executable:
    """Read the alert a card shows."""
    return select(alerts).where(alerts.c.card_id == card_id)


def select_alerts(
    team_id: str,
    statuses: Iterable[AlertStatus],
    *,
    channel_id: str | None = None,
    mine: str | None = None,
    limit: int,
    offset: int = 0,
) -> Executable:
    """Read a workspace's alerts, newest first; *mine*: those a user took or was given."""
    wanted = [alerts.c.team_id == team_id, alerts.c.status.in_(list(statuses))]
    if channel_id is not None:
        wanted.append(alerts.c.channel_id == channel_id)
    if mine is not None:
        wanted.append(or_(alerts.c.assigned_to == mine, alerts.c.acknowledged_by == mine))
    newest = select(alerts).where(*wanted).order_by(alerts.c.opened_at.desc(), alerts.c.id.desc())
    return newest.limit(limit).offset(offset)


def select_all_unresolved(limit: int) -> Executable:
    """Read unresolved alerts of every workspace, oldest first."""
    return select(alerts).where(_UNRESOLVED).order_by(alerts.c.id).limit(limit)


def select_lately(since: datetime) -> Executable:
    """Read alerts that were told, or acknowledged, after *since*, resolved ones too."""
    news = or_(alerts.c.told_at > since, alerts.c.acknowledged_at > since)
    return select(alerts).where(news).order_by(alerts.c.id)


def count_alerts() -> Executable:
    """Count unresolved alerts by status and route."""
    grouped = select(alerts.c.status, alerts.c.route, func.count().label("alerts"))
    return grouped.where(_UNRESOLVED).group_by(alerts.c.status, alerts.c.route)


def select_tasks(alert_id: int, limit: int, offset: int) -> Executable:
    """Read a page of the tasks an alert counts, those still in trouble first."""
    theirs = select(alert_tasks).where(alert_tasks.c.alert_id == alert_id)
    order = (alert_tasks.c.recovered_at.is_not(None), alert_tasks.c.joined_at)
    return theirs.order_by(*order, alert_tasks.c.trouble_key).limit(limit).offset(offset)


def select_events(alert_id: int) -> Executable:
    """Read the log of an alert, oldest first."""
    theirs = select(alert_events).where(alert_events.c.alert_id == alert_id)
    return theirs.order_by(alert_events.c.id)


def select_event(event_id: int) -> Executable:
    """Read one line of a log."""
    return select(alert_events).where(alert_events.c.id == event_id)


def select_struck(refs: Iterable[TaskRef]) -> Executable:
    """Read which troubles of tasks are not over, in alerts that are not resolved."""
    of_one = exists().where(alerts.c.id == alert_tasks.c.alert_id, _UNRESOLVED)
    lasts = (alert_tasks.c.recovered_at.is_(None), of_one)
    return select(alert_tasks).where(or_(False, *_are_among(refs)), *lasts)


def _are_among(refs: Iterable[TaskRef]) -> Iterator[ColumnElement[bool]]:
    """Choose tasks account by account, so that each is looked for in the index."""
    ids: dict[tuple[str, str], list[str]] = {}
    for ref in refs:
        ids.setdefault((ref.provider, ref.account), []).append(ref.task_id)
    for (provider, account), theirs in ids.items():
        place = (alert_tasks.c.provider == provider, alert_tasks.c.account == account)
        yield and_(*place, alert_tasks.c.task_id.in_(theirs))


def select_troubled(keys: Iterable[str]) -> Executable:
    """Read which alerts count troubles, by key, resolved ones too."""
    return select(alert_tasks).where(alert_tasks.c.trouble_key.in_(list(keys)))


def select_in_trouble(alert_id: int, since: datetime) -> Executable:
    """Read the keys of an alert's troubles that joined since an instant and are not over."""
    theirs = (alert_tasks.c.alert_id == alert_id, alert_tasks.c.joined_at >= since)
    return select(alert_tasks.c.trouble_key).where(*theirs, alert_tasks.c.recovered_at.is_(None))


def select_unheard(before: datetime) -> Sequence[Executable]:
    """Read unresolved alerts with something that calls people and waits since *before*, or is dead.

    Two statements, for an index serves each.
    """
    waits, is_dead = deliveries.c.state < literal_column("2"), deliveries.c.state == _DEAD_DELIVERY
    calls = (
        deliveries.c.card_id == alerts.c.card_id,
        deliveries.c.priority == int(Priority.PAGE),
        deliveries.c.created_at >= alerts.c.opened_at,
        deliveries.c.created_at <= before,
    )
    joined = select(alerts.c.id).select_from(deliveries.join(alerts, calls[0]))
    return [joined.where(*calls[1:], _UNRESOLVED, state) for state in (waits, is_dead)]


def select_due_timers(now: datetime, limit: int) -> Executable:
    """Read timers whose time has come, the longest overdue first."""
    due = select(timers).where(*_OPEN_TIMER, timers.c.due_at <= now)
    return due.order_by(timers.c.due_at, timers.c.id).limit(limit)


def select_timers(alert_id: int) -> Executable:
    """Read every timer that was ever set for an alert, the earliest first."""
    theirs = select(timers).where(timers.c.alert_id == alert_id)
    return theirs.order_by(timers.c.due_at, timers.c.id)


def select_due_asks(now: datetime, limit: int) -> Executable:
    """Read tasks of unresolved alerts that are to be asked again, the longest overdue first.

    Those of resolved ones have no time.
    """
    due = select(alert_tasks).where(alert_tasks.c.ask_at <= now)
    return due.order_by(alert_tasks.c.ask_at, alert_tasks.c.trouble_key).limit(limit)
