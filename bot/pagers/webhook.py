"""A signed JSON webhook, for every pager that is not PagerDuty.

``X-Mediatask-Signature: sha256=<hex>`` is the HMAC-SHA256 of the body's very bytes with the shared
secret; ``X-Mediatask-Delivery`` is the page's id, the same on every attempt, so that whoever
receives it can drop the second one.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.oncall import Page
from bot.pagers.posting import post
from bot.settings.sections import WebhookPager
from providers.models import format_instant


@dataclass(frozen=True, slots=True)
class Webhook:
    """Somebody's endpoint."""

    settings: WebhookPager
    session: aiohttp.ClientSession

    async def send(self, page: Page) -> None:
        """Make one attempt.

        Raises:
            PagerError: the endpoint did not take it.
        """
        body = json.dumps(render_body(page), ensure_ascii=False).encode()
        headers = {
            "X-Mediatask-Signature": sign(body, self.settings.secret.get_secret_value()),
            "X-Mediatask-Delivery": page.id,
        }
        await post(self.session, self.settings.url, body, headers)


def sign(body: bytes, secret: str) -> str:
    """Sign the bytes that are sent."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def render_body(page: Page) -> dict[str, Any]:
    """Write a page as JSON; *action* is ``trigger``, ``acknowledge`` or ``resolve``."""
    return {
        "id": page.id,
        "action": page.action,
        "alert": page.dedup_key,
        "created_at": format_instant(page.created_at),
        "facts": dict(page.facts),
    }
