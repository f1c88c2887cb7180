"""What somebody is told who pressed a button of an alert too late."""

from bot.oncall import AlertContents, What
from bot.views.alert_event import describe_event, last_move
from bot.views.alert_standing import describe_standing
from bot.views.layout import View
from bot.views.notes import render_lines
from bot.views.options import Options
from bot.views.text import date_token

_STANDING = frozenset({What.ACKNOWLEDGED, What.SNOOZED, What.RESOLVED})
"""What says by itself how the alert stands."""


def render_late_press(contents: AlertContents, *, options: Options | None = None) -> View:
    """Say that nothing was changed, who did what before and when, and how the alert stands."""
    words, alert = (options or Options()).words, contents.alert
    moved = last_move(contents.events)
    lines = [words("late.head")]
    if moved:
        told = describe_event(moved, alert, words)
        lines.append(words("late.told", told=told, when=date_token(moved.at)))
    if moved is None or moved.what not in _STANDING:
        lines.append(words.join(describe_standing(alert, contents.events, words)))
    return render_lines(lines)
