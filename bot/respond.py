"""Answers to people, through the ``response_url`` that came with their request.

It works where the bot is no member, five times within thirty minutes. An answer Slack refuses
because of a picture is sent again without pictures: a broken picture never costs the message.
"""

import asyncio
import logging
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.views.layout import View, without_images
from providers.clock import Clock
from providers.http import retry_after

_PAUSES_S = (0.5, 1.0)
"""Before each further attempt, where Slack names no time."""
_LONGEST_PAUSE_S = 30.0
_ATTEMPT_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of an answer; a metric label."""

    SENT = "sent"
    DEGRADED = "degraded"
    """Sent without its pictures."""
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Responder:
    """Sends answers over the process's one session."""

    session: aiohttp.ClientSession
    clock: Clock
    attempt_within_s: float = _ATTEMPT_WITHIN_S
    """After which an attempt counts as unanswered; the SDK sets no deadline on a shared session."""

    async def respond(
        self,
        response_url: str,
        view: View,
        *,
        replace: bool = False,
        public: bool = False,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Send *view* to the person alone or to the conversation, or in place of a message.

        *thread_ts* names the thread it belongs to, if any.

        A 429, a refused connection and a lost answer are tried again, up to three attempts in
        all: a person who hears twice is better off than one who hears nothing.
        """
        settings = _settings(replace=replace, public=public, thread_ts=thread_ts)
        status = await self._post(response_url, _content(view) | settings)
        if status == HTTPStatus.OK:
            return Outcome.SENT
        plain = without_images(view)
        if _is_refusal(status) and plain != view:
            status = await self._post(response_url, _content(plain) | settings)
            if status == HTTPStatus.OK:
                return Outcome.DEGRADED
        log.error("answer_lost status=%s", status)
        return Outcome.LOST

    async def _post(self, url: str, body: dict[str, Any]) -> int | None:
        """Post until Slack decides; None where its last word was none."""
        webhook = AsyncWebhookClient(url, session=self.session, retry_handlers=[])
        for pause in _PAUSES_S:
            status, asked_pause = await self._send(webhook, body)
            if status == HTTPStatus.OK or _is_refusal(status):
                return status
            await self.clock.sleep(min(asked_pause or pause, _LONGEST_PAUSE_S))
        status, _ = await self._send(webhook, body)
        return status

    async def _send(
        self, webhook: AsyncWebhookClient, body: dict[str, Any]
    ) -> tuple[int | None, float | None]:
        """Make one attempt; give the status (None: no answer) and the seconds Slack wants."""
        try:
            async with asyncio.timeout(self.attempt_within_s):
                reply = await webhook.send_dict(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("answer_not_sent error=%s", type(error).__name__)
            return None, None
        return reply.status_code, retry_after(reply.headers)


def _is_refusal(status: int | None) -> bool:
    """Tell whether Slack refuses the message itself, so that the same once more is no use."""
    return status in range(400, 500) and status != HTTPStatus.TOO_MANY_REQUESTS


def _content(view: View) -> dict[str, Any]:
    return {"text": view.text, "blocks": view.blocks, "unfurl_links": False, "unfurl_media": False}


def _settings(*, replace: bool, public: bool, thread_ts: str | None) -> dict[str, Any]:
    """Say where an answer goes; what takes a message's place is in its thread already."""
    place = {"thread_ts": thread_ts} if thread_ts and not replace else {}
    return place | {
        "response_type": "in_channel" if public else "ephemeral",
        "replace_original": replace,
    }
