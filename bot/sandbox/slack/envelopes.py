"""One thing Slack tells the app, and what the app said back; the same over both ways in."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.slack.entities import Json

Kind = Literal["slash_commands", "interactive", "events_api"]

ACK_SECONDS = 3.0
"""How long an app may take to acknowledge (Slack docs, using-socket-mode, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is delivered."""

    kind: Kind
    payload: Json
    accepts_response: bool = False
    """Whether the acknowledgement may carry an answer."""
    retry_num: int = 0
    """0 the first time; 1 to 3 when an event is delivered again."""
    retry_reason: str = ""
    """Why the last time did not count: ``http_timeout``, ``http_error``, ``connection_failed``."""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the delivery went."""

    seconds: float
    payload: Json | None = None
    """The immediate answer; None where the app only acknowledged."""
    error: str | None = None
    """What the person is told: ``dispatch_failed``, ``operation_timeout`` and their kind."""
    retry_reason: str = ""
    may_retry: bool = True
    """False where the app asked not to be told again."""


class Courier(Protocol):
    """A way to the app: its WebSockets, or its URL."""

    async def deliver(self, envelope: Envelope) -> Ack:
        """Hand *envelope* over, once, and wait for the acknowledgement; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that is over, for the record."""

    envelope: Envelope
    ack: Ack
    at: float = field(default=0.0)
    """Seconds on the monotonic clock."""
