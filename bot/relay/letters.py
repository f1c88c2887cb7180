"""What the relay asks of whoever draws: a delivery's facts become a message when it is sent.

Deliveries of these kinds come to be drawn:

card    the first posting of the card ``card_id``; drawn by ``draw_card``
news    one happening; a reply in its card's thread
group   several finals of one card, its *members*; a reply in its card's thread
digest  many finals of one channel, its *members*; a message to the channel
notice  a message to one person. The relay itself writes them, with the facts ``notice``
        (``channel_archived``, ``bot_removed``, or ``card_deleted``: a second time), ``channel_id``,
        ``refs`` (the tasks it is about), ``reason`` (Slack's error code) and ``told`` (the facts of
        each delivery that could not be sent there, oldest first)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.models import Card, Delivery
from bot.views.layout import View

DRAWN_WITHIN_S = 20.0
"""Drawing that takes longer is given up, and tried again later."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, ready to be sent."""

    view: View
    plain: View | None = None
    """What is sent where Slack refuses *view* for its content; None: its text alone."""
    broadcast: bool = False
    """Whether a reply in a thread is shown to the channel as well."""
    tasks: tuple[str, ...] = ()
    """The task refs it tells of, as in ``provider@account/id``, for the message's metadata."""


class Letters(Protocol):
    """Draws. What cannot be read or drawn raises; the relay then tries again later."""

    async def draw(self, delivery: Delivery, members: Sequence[Delivery]) -> Letter | None:
        """Draw a delivery; None where there is nothing left to tell."""
        ...

    async def draw_card(self, card: Card) -> Letter | None:
        """Draw a card as it has to look now; None where there is nothing left to show."""
        ...
