"""Alerts in a list, open, one's own or all, with the silences that hold now below them."""

from collections.abc import Iterator, Sequence

from bot.oncall import Alert, AlertStatus, Silence
from bot.views.alert_standing import SIGNS, describe_standing, title_of, where_of
from bot.views.alert_verbs import details_button
from bot.views.buttons import AlertsPage, encode
from bot.views.layout import Block, View, section
from bot.views.options import Options
from bot.views.silence import silence_rows
from bot.views.text import mention
from bot.views.verbs import render_pager
from bot.views.words import Words

PAGE_ROWS = 10


def render_alerts(
    alerts: Sequence[Alert],
    query: AlertsPage,
    *,
    has_more: bool,
    silences: Sequence[Silence] = (),
    options: Options | None = None,
) -> View:
    """Draw the page *query* asks for, at most ten of *alerts*; *has_more*: there are later pages.

    *silences* are those that hold now.
    """
    options = options or Options()
    words = options.words
    scope = query.scope if f"alerts.none.{query.scope}" in words.table else "open"
    head = words(f"alerts.{scope}" if alerts or query.page else f"alerts.none.{scope}")
    pages = query.page + 1 + has_more
    blocks = [
        section(f"*{head}*" if alerts else head),
        *alert_rows(alerts, options),
        *render_pager(query.page, pages, lambda to: encode(query.at(to)), words),
        *silence_rows(silences, options),
    ]
    return View(blocks, words.sentences([head, *_spoken(alerts, words)]))


def _spoken(alerts: Sequence[Alert], words: Words) -> Iterator[str]:
    """Count them by where they stand."""
    for status in AlertStatus:
        if number := sum(alert.status is status for alert in alerts):
            yield f"{words(f'alert.status.{status}')} {number}"


def alert_rows(alerts: Sequence[Alert], options: Options) -> list[Block]:
    """Draw a row for each of the first ten, with the button that shows it whole."""
    return [
        section(_row(alert, options), details_button(alert, index, options.words))
        for index, alert in enumerate(alerts[:PAGE_ROWS])
    ]


def _row(alert: Alert, options: Options) -> str:
    words = options.words
    status = words(f"alert.status.{alert.status}")
    where = (where_of(alert, options), words("alerts.where", where=mention(alert.channel_id)))
    return "\n".join(
        (
            f"{SIGNS[alert.status]} *{title_of(alert, None, options)}* · {status}",
            " · ".join(filter(None, where)),
            " · ".join(describe_standing(alert, (), words)),
        )
    )
