"""What the relay itself has to tell people directly: that something cannot be told where it was to.

Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.models import NewDelivery, Priority

_PEOPLE = ("U", "W")
"""What people's ids begin with; an alert's message was begun by nobody."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What could not be told."""

    key: str
    """The delivery's, or the card's; each person is told once about each."""
    team_id: str
    channel_id: str
    happened_at: datetime
    refs: Sequence[str] = ()
    told: Sequence[Mapping[str, Any]] = ()
    """The facts of each delivery that could not be sent."""


def write_notices(
    subject: Subject, people: Iterable[str], *, notice: str, reason: str
) -> list[NewDelivery]:
    """Write to everybody concerned, in their conversation with the bot."""
    facts = {
        "notice": notice,
        "channel_id": subject.channel_id,
        "refs": list(subject.refs),
        "reason": reason,
        "told": [dict(facts) for facts in subject.told],
    }
    return [
        NewDelivery(
            key=f"{subject.key}:dm:{person}",
            team_id=subject.team_id,
            kind="notice",
            channel_id=person,
            priority=Priority.TERMINAL,
            happened_at=subject.happened_at,
            facts=facts,
        )
        for person in people
        if person.startswith(_PEOPLE)
    ]
