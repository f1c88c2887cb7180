"""Whose choice counts where a channel and a person both have one. Pure.

The readers decide: a private answer follows the person, a public one the channel. Two choices are
stricter. Links that sign their reader in are posted in public only where the channel allows it and
the person does not mind; and nobody's answers become public where either side wants them private.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.models import Broadcast, Preferences, Visibility


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds for one answer."""

    visibility: Visibility
    links_in_channel: bool
    """Whether a public answer may carry links that sign their reader in."""
    thumbnails: bool
    condensed: bool
    news: frozenset[str] = frozenset()
    """Which happenings of watched tasks, beside their ends, are told in the thread."""
    broadcast: Broadcast = Broadcast.NEVER
    """Which ends of watched tasks stand in the channel too."""


def resolve(
    channel: Preferences, person: Preferences, *, shown: Visibility | None = None
) -> Effective:
    """Settle what holds for an answer; *shown* is where it stands, if that is settled already.

    A card being shared stands in the channel whatever anybody prefers, and an answer to a person
    who asked in a direct message never does.
    """
    visibility = shown or _choose_visibility(channel, person)
    first, second = (person, channel) if visibility is Visibility.ME else (channel, person)
    return Effective(
        visibility,
        links_in_channel=channel.links_in_channel is True and person.links_in_channel is not False,
        thumbnails=_choose((first.thumbnails, second.thumbnails), default=True),
        condensed=_choose((first.condensed, second.condensed), default=False),
        news=channel.news or frozenset(),
        broadcast=channel.broadcast or Broadcast.NEVER,
    )


def _choose_visibility(channel: Preferences, person: Preferences) -> Visibility:
    wishes = {channel.visibility, person.visibility}
    is_public = Visibility.CHANNEL in wishes and Visibility.ME not in wishes
    return Visibility.CHANNEL if is_public else Visibility.ME


def _choose(choices: Iterable[bool | None], *, default: bool) -> bool:
    return next((choice for choice in choices if choice is not None), default)
