"""PagerDuty, Events API v2.

One event per page: ``trigger``, ``acknowledge``, ``resolve``; those of an alert share a dedup key,
so an event that arrives twice opens no second incident. PagerDuty developer documentation, "Send an
Alert Event" and "Events API v2 Overview", read 2026-11: 202 is success, 400 refuses the event for
good, 429 and 5xx are to be tried again.
"""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.oncall import Page
from bot.pagers.posting import post
from bot.settings.sections import PagerDutyPager

_MAX_SUMMARY = 1024
_MAX_DEDUP_KEY = 255
_SEVERITIES = {"failed": "critical", "outage": "critical", "partial": "error"}
"""By an alert's cause; whatever is not here is a warning."""
_NOT_DETAILS = frozenset({"summary", "source", "link", "opened_at"})
"""What stands elsewhere in the event."""


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """A service of PagerDuty's."""

    settings: PagerDutyPager
    session: aiohttp.ClientSession

    async def send(self, page: Page) -> None:
        """Make one attempt.

        Raises:
            PagerError: PagerDuty did not take the event.
        """
        event = render_event(page) | {"routing_key": self.settings.routing_key.get_secret_value()}
        await post(self.session, self.settings.url, json.dumps(event).encode(), {})


def render_event(page: Page) -> dict[str, Any]:
    """Write a page as an event, without the routing key; only a trigger has a payload."""
    event: dict[str, Any] = {
        "event_action": page.action,
        "dedup_key": page.dedup_key[:_MAX_DEDUP_KEY],
    }
    if page.action != "trigger":
        return event
    facts = page.facts
    cause = str(facts.get("cause", ""))
    payload = {
        "summary": str(facts.get("summary") or "A media task needs somebody")[:_MAX_SUMMARY],
        "source": str(facts.get("source") or "mediatask"),
        "severity": _SEVERITIES.get(cause, "warning"),
        "timestamp": facts.get("opened_at"),
        "class": cause or None,
        "custom_details": {name: facts[name] for name in sorted(facts) if name not in _NOT_DETAILS},
    }
    told = {name: value for name, value in payload.items() if value is not None}
    link = facts.get("link")
    links = [{"href": str(link), "text": "The channel in Slack"}] if link else []
    return event | {"payload": told, "client": "MediaTask", "links": links}
