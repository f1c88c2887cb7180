"""Whether an alert is kept quiet now, as the store tells."""

from datetime import datetime

from bot.alerts.silencing import hides_tasks, hides_whole
from bot.oncall import Alert, Silence
from bot.store.store import Store

_MOST_TASKS = 1_000
"""An alert of more is too much to be kept quiet for its rooms; somebody has to hear of it."""


async def silence_of(store: Store, alert: Alert, now: datetime) -> Silence | None:
    """Find the silence that keeps an alert quiet at *now*; None: it is heard.

    A silence for a ref or for rooms keeps an alert quiet while it is for all its tasks in trouble.
    """
    silences = await store.silences.active(alert.team_id, now)
    whole = hides_whole(silences, alert)
    if whole is not None or not silences or alert.count - alert.recovered > _MOST_TASKS:
        return whole
    contents = await store.alerts.contents(alert.id, tasks=_MOST_TASKS)
    return hides_tasks(silences, alert, contents.tasks if contents else ())
