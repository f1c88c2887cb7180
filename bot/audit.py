"""A log line for everything a person did: who, where, what, about which tasks, what verdict."""

import logging
from collections.abc import Iterable

from bot.asker import Asker

log = logging.getLogger("mediatask.audit")

_MOST_NAMED = 30


def note(action: str, asker: Asker, verdict: str, about: Iterable[str] = ()) -> None:
    """Write the line; *verdict* is ``allowed`` or ``denied``, *about* names tasks or settings."""
    named = ",".join(list(about)[:_MOST_NAMED])
    log.info(
        "audit action=%s verdict=%s team=%s user=%s channel=%s about=%s",
        action,
        verdict,
        asker.team_id,
        asker.user_id,
        asker.channel_id or "-",
        named or "-",
    )
