"""What an alert is called, how it is marked and where it stands, wherever it is named."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.oncall import Alert, AlertEvent, AlertStatus, Cause, What
from bot.views.alert_facts import TroubleFacts
from bot.views.headline import place_of
from bot.views.options import Options
from bot.views.text import code, date_token, escape, mention
from bot.views.words import Words

SIGNS = {
    AlertStatus.OPEN: ":rotating_light:",
    AlertStatus.ACKNOWLEDGED: ":eyes:",
    AlertStatus.SNOOZED: ":zzz:",
    AlertStatus.RESOLVED: ":white_check_mark:",
}
"""A sign never stands without the status in words beside it."""
_CODE_ROOM = 200
_NAME_ROOM = 60
_MOST_PAGERS = 10


def title_of(alert: Alert, trouble: TroubleFacts | None, options: Options) -> str:
    """Say what an alert is about; *trouble* is its first task's, None where that was not read."""
    words = options.words
    if alert.cause is not Cause.OUTAGE:
        kind = words.named("kind", trouble.kind if trouble else None) or words("kind.none")
        return words.count(f"alert.{alert.cause}", max(alert.count, 1), kind=kind)
    place = _vendor_of(alert, options)
    when = date_token(trouble.happened_at if trouble else alert.opened_at)
    if trouble and trouble.unseen:
        return words.count("alert.outage", trouble.unseen, place=place, when=when)
    return words("alert.outage_alone", place=place, when=when)


def _vendor_of(alert: Alert, options: Options) -> str:
    """Say whose API does not answer; one API may be that of several providers."""
    api = options.words.named("api", alert.provider)
    if api is None:
        return place_of(alert.provider, alert.account, options)
    if alert.account in options.default_accounts.values():
        return api
    account = escape(alert.account, _NAME_ROOM)
    return f"{api}, {options.words('account', account=account)}"


def where_of(alert: Alert, options: Options) -> str:
    """Say at which vendor, and with which code of its; an outage's title has said where already."""
    if alert.cause is Cause.OUTAGE:
        return ""
    is_theirs = alert.code and alert.cause is not Cause.STUCK
    shown = options.words("alert.code", code=code(alert.code, _CODE_ROOM)) if is_theirs else ""
    place = place_of(alert.provider, alert.account, options)
    return " · ".join(filter(None, (place, shown)))


def head_of(alert: Alert, title: str, options: Options) -> str:
    """Write an alert's sign, title and status, and on a second line where it happened."""
    status = options.words(f"alert.status.{alert.status}")
    first = f"{SIGNS[alert.status]} *{title}* · {status}"
    return "\n".join(filter(None, (first, where_of(alert, options))))


def describe_standing(alert: Alert, events: Sequence[AlertEvent], words: Words) -> Iterator[str]:
    """Say since when it is open, who has it, until when it is snoozed, who resolved it."""
    yield _STANDING[alert.status](alert, events, words)
    if alert.openings > 1:
        yield words.count("alert.openings", alert.openings)
    if alert.assigned_to:
        yield words("alert.assigned", who=mention(alert.assigned_to))
    if alert.paged:
        pagers = words.join(code(pager, _NAME_ROOM) for pager in alert.paged[:_MOST_PAGERS])
        yield words("alert.paged", pagers=pagers)
    if alert.status is AlertStatus.OPEN and alert.notified_at is None:
        yield words("alert.held" if alert.silence_id is None else "alert.silenced")


def _opened(alert: Alert, _: Sequence[AlertEvent], words: Words) -> str:
    return words("alert.opened", when=date_token(alert.opened_at))


def _acknowledged(alert: Alert, _: Sequence[AlertEvent], words: Words) -> str:
    when = date_token(alert.acknowledged_at or alert.changed_at)
    return words("alert.acknowledged", who=_name(alert.acknowledged_by, words), when=when)


def _snoozed(alert: Alert, events: Sequence[AlertEvent], words: Words) -> str:
    until = date_token(alert.snoozed_until or alert.changed_at)
    by = next((one.by for one in reversed(events) if one.what is What.SNOOZED), None)
    if by is None:
        return words("alert.snoozed", when=until)
    return words("alert.snoozed_by", who=mention(by), when=until)


def _resolved(alert: Alert, _: Sequence[AlertEvent], words: Words) -> str:
    when = date_token(alert.resolved_at or alert.changed_at)
    if alert.resolved_by is None:
        return words("alert.resolved", when=when)
    return words("alert.resolved_by", who=mention(alert.resolved_by), when=when)


_STANDING: Mapping[AlertStatus, Callable[[Alert, Sequence[AlertEvent], Words], str]] = {
    AlertStatus.OPEN: _opened,
    AlertStatus.ACKNOWLEDGED: _acknowledged,
    AlertStatus.SNOOZED: _snoozed,
    AlertStatus.RESOLVED: _resolved,
}


def _name(user: str | None, words: Words) -> str:
    return mention(user) if user else words("event.somebody")
