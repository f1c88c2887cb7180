"""Calls of Slack's that put messages somewhere, look for them there, and take them away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cachetools import LRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.egress import POST, Egress
from bot.models import POSTS_CARD, Card, Delivery, Priority
from bot.relay.letters import Letter
from bot.relay.outcomes import Manner
from bot.slack_link import SlackRefusedError, SlackUnreachableError
from bot.views.layout import View

EDIT = "chat.update"
EVENT_TYPE = "mediatask"
_PEOPLE = ("U", "W")
_PEOPLE_KEPT = 10_000
_PAGE = 200
_MOST_PAGES = 20
_CLOCKS_DIFFER = timedelta(minutes=65)
"""Our clock and Slack's; ours may have been set by an hour."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes."""

    channel_id: str
    thread_ts: str | None = None


def thread_of(delivery: Delivery, card: Card | None, manner: Manner) -> str | None:
    """Say in whose thread a delivery stands; None: in the channel itself."""
    if card is None or manner is Manner.CHANNEL:
        return None
    is_rootless = delivery.kind in POSTS_CARD or card.lost_at is not None
    return card.thread_ts if is_rootless else card.root_ts


def metadata_of(delivery: Delivery, members: list[str], tasks: tuple[str, ...]) -> dict[str, Any]:
    """Write what a message is recognised by: ids only, for everybody there can read it."""
    payload: dict[str, Any] = {"delivery_id": delivery.id}
    if members:
        payload |= {"delivery_ids": members, "tasks": list(tasks)}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


@dataclass(slots=True)
class Poster:
    """Posts, edits, finds and deletes the bot's own messages, each at its turn."""

    client: AsyncWebClient
    egress: Egress
    _direct: LRUCache[str, str] = field(default_factory=lambda: LRUCache(_PEOPLE_KEPT))
    """The direct conversation with each person written to."""

    async def conversation(self, channel_id: str) -> str:
        """Give the conversation itself; a person's is opened, for posts to their id go astray."""
        if not channel_id.startswith(_PEOPLE):
            return channel_id
        if channel_id not in self._direct:
            self._direct[channel_id] = await self._open(channel_id)
        return self._direct[channel_id]

    async def _open(self, user_id: str) -> str:
        try:
            opened = await self.egress.call(
                "conversations.open",
                user_id,
                Priority.TERMINAL,
                lambda: self.client.conversations_open(users=user_id),
            )
        except SlackRefusedError as refusal:
            if str(refusal) != "missing_scope":
                raise
            # Without im:write a post to the person's id is the next best; it holds up nobody else.
            return user_id
        return str((opened.get("channel") or {}).get("id") or user_id)

    async def post(self, place: Place, letter: Letter, view: View, metadata: object) -> str:
        """Post with a turn taken before; give the message's ts."""
        message: dict[str, Any] = {"channel": place.channel_id, "metadata": metadata}
        message |= {"text": view.text, "unfurl_links": False, "unfurl_media": False}
        if view.blocks:
            message["blocks"] = view.blocks
        if place.thread_ts is not None:
            message |= {"thread_ts": place.thread_ts, "reply_broadcast": letter.broadcast}
        answer = await self.egress.send(POST, lambda: self.client.chat_postMessage(**message))
        return _ts(answer.get("ts"))

    async def edit(self, card: Card, view: View) -> None:
        """Make a card's message say *view*, with a turn taken before."""
        changed: dict[str, Any] = {"text": view.text, "blocks": view.blocks}
        changed |= {"channel": await self.conversation(card.channel_id), "ts": card.ts or ""}
        await self.egress.send(EDIT, lambda: self.client.chat_update(**changed))

    async def delete(self, channel_id: str, ts: str) -> None:
        """Take a message away."""
        await self.egress.call(
            "chat.delete",
            channel_id,
            Priority.PROGRESS,
            lambda: self.client.chat_delete(channel=channel_id, ts=ts),
        )

    async def find(self, place: Place, delivery: Delivery) -> list[str]:
        """Find the messages that bear a delivery's id, by their ts.

        A thread is read whole, a channel from an hour before the last attempt on.
        """
        begun = delivery.attempt_at or delivery.created_at
        oldest = f"{(begun - _CLOCKS_DIFFER).timestamp():.6f}"
        found: list[str] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(place, oldest, cursor)
            found += [
                _ts(one.get("ts")) for one in page.get("messages", []) if _bears(one, delivery.id)
            ]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if found or not cursor:
                return found
        raise SlackUnreachableError("too many messages to look through")

    async def _page(self, place: Place, oldest: str, cursor: str) -> Mapping[str, Any]:
        asked: dict[str, Any] = {"channel": place.channel_id, "limit": _PAGE}
        asked |= {"include_all_metadata": True} | ({"cursor": cursor} if cursor else {})
        if place.thread_ts is None:
            method, asked["oldest"] = "conversations.history", oldest
        else:
            method, asked["ts"] = "conversations.replies", place.thread_ts
        answer = await self.egress.call(
            method,
            place.channel_id,
            Priority.TERMINAL,
            lambda: self.client.api_call(method, http_verb="GET", params=asked),
        )
        return answer.data if isinstance(answer.data, dict) else {}


def _bears(message: Mapping[str, Any], delivery_id: str) -> bool:
    """Tell whether a message is a delivery; a deleted one has lost what it was known by."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("delivery_id") == delivery_id


def _ts(told: object) -> str:
    if not isinstance(told, str) or not told:
        raise SlackUnreachableError("the answer names no message")
    return told
