"""News of tasks nobody watches, for the channels that subscribed to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.models import Happening
from bot.oncall import Subscription
from bot.views.facts import Facts
from bot.views.layout import MAX_BLOCKS, View, context
from bot.views.options import Options
from bot.views.results import render_results
from bot.views.subscription import describe_subscription
from bot.views.watch_news import render_news
from providers.models import TaskState

_ON_THE_WAY: Mapping[TaskState | None, Happening] = {
    TaskState.RUNNING: Happening.STARTED,
    TaskState.PAUSED: Happening.PAUSED,
    TaskState.REVIEW: Happening.REVIEW,
}


def as_report(facts: Facts) -> Facts:
    """Complete what a report's delivery says, which is what was seen and not what happened.

    What happened is worked out from the state, and what is late was found late: nobody watched.
    """
    state = facts.status.state
    ends = state is not None and state.is_terminal
    happening = Happening.FINISHED if ends else _ON_THE_WAY.get(state, "")
    late = facts.is_late or facts.is_found_late
    return replace(facts, happening=happening, is_late=False, is_found_late=late)


def render_reported(
    told: Sequence[Facts],
    subscription: Subscription | None = None,
    *,
    now: datetime,
    options: Options | None = None,
) -> View:
    """Draw one report whole, or several as a list, the worst first; *told* is not empty.

    What only a vendor's callback tells says that it is not confirmed, and what was found long
    after it happened says when. *subscription*, where it is known, says why the channel is told.
    """
    options = options or Options()
    words, reports = options.words, [as_report(one) for one in told]
    view = (
        render_news(reports[0], now=now, options=options)
        if len(reports) == 1
        else render_results(reports, now=now, options=options, family="reports")
    )
    if subscription is None:
        return view
    # A watcher named here would be called by it, by good ends too.
    silent = replace(subscription, watchers=())
    why = words("reported.why", what=describe_subscription(silent, words))
    return View([*view.blocks, *context([why])][:MAX_BLOCKS], view.text)
