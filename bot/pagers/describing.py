"""What a pager is told of an alert, as it is when the page is sent. Pure."""

from typing import Any

from bot.oncall import AlertContents, Cause
from providers.models import format_instant

_MOST_TASKS = 10
_SUMMARIES = {
    Cause.FAILED: "{count} failed at {place}",
    Cause.PARTIAL: "{count} came out only in part at {place}",
    Cause.EMPTY: "{count} came out empty at {place}",
    Cause.STUCK: "{count} stuck at {place}",
    Cause.OUTAGE: "{place} does not answer",
}


def describe_alert(contents: AlertContents) -> dict[str, Any]:
    """Write an alert as JSON for somebody who is not in Slack; nothing in it is secret.

    ``summary`` is one line; ``tasks`` are the first ten, with their rooms and the vendor's words.
    """
    alert = contents.alert
    first = contents.tasks[0].facts if contents.tasks else {}
    return {
        "summary": _summary(contents),
        "source": f"{alert.provider}@{alert.account}",
        "cause": alert.cause.value,
        "status": alert.status.value,
        "code": alert.code or None,
        "message": first.get("message"),
        "hint": first.get("hint"),
        "count": alert.count,
        "recovered": alert.recovered,
        "opened_at": format_instant(alert.opened_at),
        "channel": alert.channel_id,
        # Slack docs, deep linking, read 2026-11: it opens the channel in whatever client there is.
        "link": f"https://slack.com/app_redirect?channel={alert.channel_id}&team={alert.team_id}",
        "tasks": [
            {"ref": str(task.ref), "room": task.room}
            for task in contents.tasks[:_MOST_TASKS]
            if task.ref
        ],
    }


def _summary(contents: AlertContents) -> str:
    alert = contents.alert
    count = "1 task" if alert.count == 1 else f"{alert.count} tasks"
    said = _SUMMARIES[alert.cause].format(count=count, place=f"{alert.provider}@{alert.account}")
    return f"{said} ({alert.code})" if alert.code else said
