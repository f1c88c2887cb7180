"""What a cloud reads and what it answers, without any HTTP library in between."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.sandbox.scenario import Weather, WeatherKind

JSON = "application/json"
"""Without a charset: the vendors send none, and Tencent's own SDK compares the whole text."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was received; path and query are percent-encoded still."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    """Looked up without regard to case."""
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, and what the journal says about it."""

    body: bytes = field(repr=False)
    action: str = ""
    task_ids: tuple[str, ...] = ()
    verdict: str = "ok"
    """The vendor's code where it refused."""
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    weather: Weather | None = None
    """What the scenario does to answers about these very tasks."""


class Brain(Protocol):
    """A cloud behind its front."""

    @property
    def actions(self) -> Collection[str]:
        """What can be asked here."""
        ...

    async def answer(self, call: Call) -> Answer:
        """Check *call* as the vendor would, and answer it."""
        ...

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse in the vendor's words: ``RATE_LIMITED`` or ``SKEWED``."""
        ...
