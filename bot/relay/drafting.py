"""A claimed delivery becomes a message: its card and members are read, its letter is drawn."""

from dataclasses import dataclass

from bot.models import Card, Delivery
from bot.relay.letters import Letter, Letters
from bot.relay.outcomes import Manner, is_last_try, manner_of
from bot.relay.posting import metadata_of
from bot.store.deliveries import Deliveries
from bot.views.layout import View

_TELLS_MANY = frozenset({"group", "digest"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A claimed delivery, drawn."""

    delivery: Delivery
    letter: Letter
    card: Card | None
    members: tuple[Delivery, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether Slack refused it for its content before."""
        return manner_of(self.delivery) in {Manner.PLAIN, Manner.TEXT}

    @property
    def view(self) -> View:
        """What is sent, in the manner Slack left us."""
        text = View([], self.letter.view.text)
        drawn = {Manner.PLAIN: self.letter.plain or text, Manner.TEXT: text}
        return drawn.get(manner_of(self.delivery), self.letter.view)

    @property
    def is_last_try(self) -> bool:
        """Whether nothing is left to leave out where Slack refuses this, too."""
        return is_last_try(self.delivery) or (self.is_plain and not self.view.blocks)

    @property
    def metadata(self) -> dict[str, object]:
        """What the message is recognised by; refused before, as little as possible."""
        members = [] if self.is_plain else [member.id for member in self.members]
        return metadata_of(self.delivery, members, self.letter.tasks)


@dataclass(frozen=True, slots=True)
class Drafter:
    """Draws. Whatever reading or drawing raises goes to the caller."""

    deliveries: Deliveries
    letters: Letters

    async def draft(self, claimed: Delivery, card: Card | None) -> Draft | None:
        """Draw a delivery; None where there is nothing left to tell."""
        if claimed.kind == "card":
            letter = await self.letters.draw_card(card) if card is not None else None
            return Draft(claimed, letter, card) if letter is not None else None
        tells_many = claimed.kind in _TELLS_MANY
        members = tuple(await self.deliveries.members(claimed.id)) if tells_many else ()
        if tells_many and not members:
            return None
        letter = await self.letters.draw(claimed, members)
        return Draft(claimed, letter, card, members) if letter is not None else None
