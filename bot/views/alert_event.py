"""A line of an alert's log, as its thread tells it; whoever it notifies stands in front."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.oncall import Alert, AlertEvent, What
from bot.views.facts import read_count, read_instant, read_text
from bot.views.layout import View, section
from bot.views.on_call import OnCall, call_targets
from bot.views.options import Options
from bot.views.text import code, date_token, mention
from bot.views.words import Words

_PAGER_ROOM = 60

_MOVES = frozenset(
    {
        *(What.REOPENED, What.ACKNOWLEDGED, What.ASSIGNED),
        *(What.SNOOZED, What.WOKEN, What.RESOLVED),
    }
)
"""What makes an older button too late."""


def render_alert_event(
    event: AlertEvent,
    alert: Alert,
    *,
    on_call: OnCall | None = None,
    options: Options | None = None,
) -> View:
    """Draw one line of the thread; *on_call* is for the ``rota:…`` among its mentions."""
    words = (options or Options()).words
    told = describe_event(event, alert, words)
    called = call_targets(event.mentions, on_call or {}, words)
    return View([*called, section(told)], told.replace("`", ""))


def last_move(events: Iterable[AlertEvent]) -> AlertEvent | None:
    """Tell what changed last where the alert stands; None where nothing has yet."""
    return next((one for one in reversed(list(events)) if one.what in _MOVES), None)


def describe_event(event: AlertEvent, alert: Alert, words: Words) -> str:
    """Say in a sentence what happened to an alert."""
    return _TOLD.get(event.what, _plainly)(event, alert, words)


def _plainly(event: AlertEvent, alert: Alert, words: Words) -> str:
    when = date_token(alert.counts_from)
    return words(f"event.{event.what}", who=_who(event, words), when=when)


def _counted(event: AlertEvent, _: Alert, words: Words) -> str:
    number, left = (read_count(event.facts.get(key)) for key in ("tasks", "left"))
    return words.count(f"event.{event.what}", number or 1, left=f"{left or 0:,}")


def _paged(event: AlertEvent, _: Alert, words: Words) -> str:
    pager = read_text(event.facts.get("pager"))
    named = code(pager, _PAGER_ROOM) if pager else words("event.the_pager")
    key = "event.paged_early" if event.facts.get("early") is True else "event.paged"
    return words(key, pager=named)


def _assigned(event: AlertEvent, _: Alert, words: Words) -> str:
    to, who = read_text(event.facts.get("to")), _who(event, words)
    if to is None:
        return words("event.unassigned", who=who)
    if to == event.by:
        return words("event.taken", who=who)
    return words("event.assigned", who=who, to=mention(to))


def _snoozed(event: AlertEvent, _: Alert, words: Words) -> str:
    until = read_instant(event.facts.get("until"))
    told = date_token(until) if until else words("event.later")
    return words("event.snoozed", who=_who(event, words), until=told)


def _resolved(event: AlertEvent, _: Alert, words: Words) -> str:
    if event.by is None:
        return words("event.resolved")
    return words("event.resolved_by", who=_who(event, words))


_TOLD: Mapping[What, Callable[[AlertEvent, Alert, Words], str]] = {
    What.REOPENED: _counted,
    What.JOINED: _counted,
    What.RECOVERED: _counted,
    What.PAGED: _paged,
    What.ASSIGNED: _assigned,
    What.SNOOZED: _snoozed,
    What.RESOLVED: _resolved,
}
"""What has more to tell than who did it."""


def _who(event: AlertEvent, words: Words) -> str:
    return mention(event.by) if event.by else words("event.somebody")


def name_events(events: Sequence[AlertEvent], alert: Alert, words: Words) -> list[str]:
    """Write the log, oldest first, on a line each with when it was."""
    return [f"{date_token(one.at)} · {describe_event(one, alert, words)}" for one in events]
