"""What has to be told to Slack, and how far it is, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """A message that is posted once and then kept true by editing it."""

    id: int
    team_id: str
    kind: str
    """What draws it: ``watch``, ``alert``; a later version's word is left alone."""
    channel_id: str
    thread_ts: str | None
    """The thread it was asked in; the card is a reply there, and so is its news."""
    ts: str | None
    """None until Slack has it."""
    created_by: str
    created_at: datetime
    wanted: int = 1
    """Counts the changes to show; the card is true when *shown* has caught up."""
    shown: int = 0
    lost_at: datetime | None = None
    """When its message or its channel was found gone."""

    @property
    def root_ts(self) -> str | None:
        """The message its news are replies to."""
        return self.thread_ts or self.ts


class Priority(IntEnum):
    """Who goes first where Slack is the bottleneck; smaller is more urgent."""

    PAGE = 0
    TERMINAL = 1
    ANSWER = 2
    PROGRESS = 3


class DeliveryState(IntEnum):
    """Where a delivery is; stored."""

    PENDING = 0
    SENDING = 1
    """Begun; whether Slack has it is not known until it says so, or is read back."""
    SENT = 2
    DEAD = 3
    """Slack will not take it; an operator may send it again."""
    MERGED = 4
    """Another delivery, ``digest_id``, tells it."""
    SUPERSEDED = 5
    """Something newer made it pointless before it was sent."""


POSTS_CARD = frozenset({"card", "alert"})
"""Kinds of deliveries that post their card; whatever else names one is said in its thread."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something that happened and has to be told; committed with what happened."""

    key: str
    """Unique for ever: what it tells, and to whom. A second one with the same key is none."""
    team_id: str
    kind: str
    """What draws it: ``card``, ``news``, ``group``, ``digest``, ``notice``, ``alert`` …"""
    channel_id: str
    """A conversation, or a user whom the bot then writes to directly."""
    priority: Priority
    happened_at: datetime
    card_id: int | None = None
    """For ``card`` and ``alert`` the card to post; else the one whose thread it belongs to."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What happened, as JSON; it is drawn when it is sent. Never a secret."""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to Slack: what it tells, and how far it is."""

    id: str
    """The ``delivery_id`` in the message's metadata, the same on every attempt."""
    key: str
    team_id: str
    kind: str
    channel_id: str
    priority: Priority
    happened_at: datetime
    created_at: datetime
    card_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    """While pending: wait until then. While sending: until then the attempt may still arrive."""
    attempt_at: datetime | None = None
    fence: str | None = None
    """Whose attempt it is; a process that slept finds another's here and does not send."""
    ts: str | None = None
    error: str | None = None
    sent_at: datetime | None = None
    digest_id: str | None = None
    unverified: bool = False
    """Sent again although nobody could find out whether it had arrived."""
