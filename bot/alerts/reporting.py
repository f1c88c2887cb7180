"""Which subscribers hear of a transition, and by which facts. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from bot.models import Happening, NewDelivery, Priority, Source, Transition, Watch
from bot.oncall import Subscription
from bot.store.alerts import RoutedTransition
from providers.models import TaskState, TaskStatus, format_instant

FOUND_LATE_AFTER = timedelta(minutes=10)
"""What was found longer after it happened is told as found late."""
FOLDED_FROM = 5
"""So many reports at once to one channel become one message."""
MOST_LISTED = 100
"""A folded message has everything about so many, the worst first, and counts the others."""
_COUNTED_BY = ("ref", "before", "after", "happened_at", "confirmed", "mentions", "late")
_BAD_ENDS = frozenset({TaskState.FAILED, TaskState.PARTIAL, TaskState.EMPTY})


def reports_for(
    found: RoutedTransition,
    subscriptions: Iterable[Subscription],
    watches: Sequence[Watch],
    now: datetime,
) -> Iterator[NewDelivery]:
    """Tell every subscribed channel that wants it; not one whose own watch tells it."""
    told_by_watch = {
        (watch.team_id, watch.channel_id) for watch in watches if _tells(watch, found.transition)
    }
    for subscription in subscriptions:
        place = (subscription.team_id, subscription.channel_id)
        if place not in told_by_watch and wants(subscription, found):
            yield _report(subscription, found, now)


def fold_reports(reports: Iterable[NewDelivery]) -> Iterator[NewDelivery]:
    """Make one message of many reports to one subscription; a few stay as they are."""
    by_subscription: dict[object, list[NewDelivery]] = {}
    for report in reports:
        by_subscription.setdefault(report.facts["subscription"], []).append(report)
    for theirs in by_subscription.values():
        if len(theirs) < FOLDED_FROM:
            yield from theirs
        else:
            yield _fold(theirs)


def _fold(reports: Sequence[NewDelivery]) -> NewDelivery:
    """Tell them by the first one's key: they are committed together, so none is told alone."""
    first = reports[0]
    worst = sorted(reports, key=lambda report: report.facts["after"] not in _BAD_ENDS)
    several = [dict(report.facts) for report in worst[:MOST_LISTED]]
    several += [
        {name: report.facts[name] for name in _COUNTED_BY} for report in worst[MOST_LISTED:]
    ]
    mentions = dict.fromkeys(who for report in reports for who in report.facts["mentions"])
    facts = {
        "subscription": first.facts["subscription"],
        "mentions": list(mentions),
        "several": several,
    }
    return replace(
        first,
        key=f"{first.key}:{len(reports)}",
        priority=min(report.priority for report in reports),
        facts=facts,
    )


def reports_of_callback(
    status: TaskStatus,
    replay_key: str,
    subscriptions: Iterable[Subscription],
    *,
    sent_at: datetime,
    now: datetime,
) -> Iterator[NewDelivery]:
    """Tell what only a callback says, of a task that nobody can ask about.

    It is the vendor's word and not confirmed: it mentions nobody, and is no alert's business.
    """
    if status.state is None:
        return
    told_at = status.finished_at or sent_at
    transition = Transition(
        task_id=0,
        version=0,
        before=None,
        after=status.state,
        happened_at=min(told_at, sent_at),
        seen_at=now,
        source=Source.CALLBACK,
        confirmed=False,
    )
    kind = status.kind.value if status.kind else None
    found = RoutedTransition(transition, status.ref, kind, "", sent_at, status)
    for subscription in subscriptions:
        if wants(subscription, found):
            key = f"report:{subscription.id}:callback:{replay_key}"
            yield replace(_report(subscription, found, now), key=key)


def _tells(watch: Watch, transition: Transition) -> bool:
    """Tell whether a watch told of a transition: it was open, or ended with it or a poorer end."""
    was_open = watch.ended_at is None or watch.ended_at >= transition.seen_at
    return was_open or watch.ended_why == Happening.FINISHED


def wants(subscription: Subscription, found: RoutedTransition) -> bool:
    """Tell whether a subscription is for a transition; what happened before it began is not."""
    transition, ref = found.transition, found.ref
    if subscription.paused_at or subscription.ended_at:
        return False
    if subscription.provider not in {None, ref.provider}:
        return False
    if subscription.account not in {None, ref.account}:
        return False
    if transition.happened_at < subscription.created_at:
        return False
    return _fits_room(subscription, found) and _fits_state(subscription, transition.after)


def _fits_room(subscription: Subscription, found: RoutedTransition) -> bool:
    if subscription.room is None:
        return True
    room = found.status.room if found.status else None
    return room is not None and fnmatchcase(room, subscription.room)


def _fits_state(subscription: Subscription, state: TaskState) -> bool:
    match subscription.to:
        case "failures":
            return state in _BAD_ENDS
        case "finished":
            return state.is_terminal
        case _:
            return True


def _report(subscription: Subscription, found: RoutedTransition, now: datetime) -> NewDelivery:
    """Write a report; only a bad end mentions anybody, and only what the vendor confirmed."""
    transition, status = found.transition, found.status
    is_bad = transition.after in _BAD_ENDS and transition.confirmed
    mentions = [one.subject_id for one in subscription.watchers] if is_bad else []
    return NewDelivery(
        key=f"report:{subscription.id}:{transition.task_id}:{transition.version}",
        team_id=subscription.team_id,
        kind="report",
        channel_id=subscription.channel_id,
        priority=Priority.TERMINAL if transition.after.is_terminal else Priority.PROGRESS,
        happened_at=transition.happened_at,
        facts={
            "ref": str(found.ref),
            "subscription": subscription.id,
            "before": transition.before,
            "after": transition.after,
            "status": status.model_dump(mode="json", exclude={"details"}) if status else None,
            "happened_at": format_instant(transition.happened_at),
            "mentions": mentions,
            "confirmed": transition.confirmed,
            "source": transition.source,
            "late": now - transition.happened_at > FOUND_LATE_AFTER,
        },
    )
