"""Everything about one alert in a modal: what is known, its tasks, and what happened so far."""

from collections.abc import Iterator
from typing import Any

from bot.oncall import AlertContents, Cause
from bot.views.alert import describe_cause, first_of
from bot.views.alert_event import name_events
from bot.views.alert_standing import describe_standing, head_of, title_of
from bot.views.alert_tasks import PAGE_ROWS, render_tasks, support_ids
from bot.views.layout import Block, context, packed, paragraph, section
from bot.views.modals import modal
from bot.views.options import Options
from bot.views.words import Words

_MOST_LOG_SECTIONS = 12
_MOST_LINES = 100


def render_alert_details(
    contents: AlertContents, *, page: int = 0, options: Options | None = None
) -> dict[str, Any]:
    """Draw an alert as a view to open; *contents* holds the ten tasks of the page, from 0."""
    options = options or Options()
    words, alert = options.words, contents.alert
    trouble, has_tasks = first_of(contents), alert.cause is not Cause.OUTAGE
    blocks = [
        section(head_of(alert, title_of(alert, trouble, options), options)),
        *context(describe_standing(alert, contents.events, words)),
        *paragraph("\n".join(describe_cause(alert, trouble, words))),
        *(render_tasks(alert, contents.tasks, page, words) if has_tasks else []),
        *support_ids(contents.tasks[:PAGE_ROWS], words),
        *_log(contents, words),
    ]
    return modal(words("alert_details.title"), blocks, words)


def _log(contents: AlertContents, words: Words) -> Iterator[Block]:
    """Write the latest hundred lines, and count those before."""
    shown = contents.events[-_MOST_LINES:]
    older = len(contents.events) - len(shown)
    yield section(words("alert_details.log"))
    yield from context([words.count("alert_details.log_cut", older)] if older else [])
    yield from packed(name_events(shown, contents.alert, words), _MOST_LOG_SECTIONS)
