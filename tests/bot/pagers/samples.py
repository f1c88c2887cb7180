"""Pages the tests begin with."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.oncall import Page

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FACTS = {
    "summary": "1 task failed at record@main (1001)",
    "source": "record@main",
    "cause": "failed",
    "opened_at": "2026-11-20T10:00:00Z",
    "link": "https://slack.com/app_redirect?channel=C0&team=T0",
    "tasks": [{"ref": "record@main:a", "room": "课堂 1"}],
}


def page(**changed: Any) -> Page:
    made = Page(
        id="9f0c",
        alert_id=1,
        pager="main",
        action="trigger",
        dedup_key="mediatask-T0-1",
        created_at=NOW,
        facts=FACTS,
    )
    return replace(made, **changed)
