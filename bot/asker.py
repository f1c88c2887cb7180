"""Who asks, and from where; read from whatever Slack delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DIRECT = "D"
"""Ids of direct messages begin with it."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, in a workspace, in a conversation."""

    team_id: str
    user_id: str
    channel_id: str | None = None
    """None where there is no conversation: in App Home, in a global shortcut's modal."""
    is_shared: bool | None = None
    """Whether people of another company read there (Slack Connect); None where Slack does not
    tell, which it does with events and not with commands and buttons."""

    @property
    def is_direct(self) -> bool:
        """Whether only this person reads the answer anyway."""
        return self.channel_id is not None and self.channel_id.startswith(_DIRECT)


def read_asker(body: Mapping[str, Any]) -> Asker:
    """Read it from a slash command, an interaction or an event's envelope."""
    event = body.get("event") or {}
    # Where the app is installed for a whole organisation, an interaction names no team beside
    # its user's.
    users_team = user.get("team_id") if isinstance(user := body.get("user"), Mapping) else None
    return Asker(
        team_id=_first(body.get("team_id"), body.get("team"), event.get("team"), users_team),
        user_id=_first(body.get("user_id"), body.get("user"), event.get("user")),
        channel_id=_first(
            body.get("channel_id"),
            body.get("channel"),
            event.get("channel"),
            (body.get("container") or {}).get("channel_id"),
        )
        or None,
        is_shared=body.get("is_ext_shared_channel"),
    )


def _first(*told: object) -> str:
    """Take the first id there is; an interaction wraps its ids in objects."""
    for value in told:
        found = value.get("id") if isinstance(value, Mapping) else value
        if found:
            return str(found)
    return ""
