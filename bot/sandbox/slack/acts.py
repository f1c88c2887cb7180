"""What delivering a person's act has in common: the acknowledgement, noted and shown."""

from dataclasses import dataclass, field

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Channel, Json, User
from bot.sandbox.slack.envelopes import Ack, Envelope
from bot.sandbox.slack.errors import NotPossibleError
from bot.sandbox.slack.interactions import Interaction


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act went, as the person sees it."""

    ack_ms: float
    """How long the bot took to acknowledge."""
    error: str | None = None
    """What Slack tells the person: ``operation_timeout``, ``dispatch_failed`` and their kind."""
    response: Json | None = None
    """What came with the acknowledgement."""
    interaction: Interaction | None = None
    """The record, which fills as answers come; None where nothing was delivered."""


@dataclass(slots=True)
class Actor:
    """Somebody to act through; the parts below add the acts."""

    backend: Backend = field(repr=False)

    def user(self, user: str) -> User:
        """Look a person up.

        Raises:
            NotPossibleError: there is nobody of that id.
        """
        found = self.backend.workspace.users.get(user)
        if found is None:
            raise NotPossibleError(f"there is nobody called {user}")
        return found

    def channel(self, channel: str, user: str) -> Channel:
        """Look up a conversation that *user* can be in.

        Raises:
            NotPossibleError: there is none, or it is not theirs to see.
        """
        found = self.backend.workspace.channels.get(channel)
        if found is None or (found.is_private and user not in found.members):
            raise NotPossibleError(f"{user} sees no conversation {channel}")
        return found

    async def deliver(self, interaction: Interaction, envelope: Envelope) -> Ack:
        """Hand it to the bot and note the acknowledgement."""
        ack = await self.backend.dispatch.send(envelope)
        interaction.error = ack.error
        self.backend.record_ack(interaction, ack)
        return ack


def outcome(ack: Ack, interaction: Interaction) -> Outcome:
    """Put together what the caller is told."""
    return Outcome(ack.seconds * 1000, ack.error, ack.payload, interaction)


def is_bots(channel: Channel) -> bool:
    """Tell whether the bot is in *channel*."""
    return seed.BOT_USER in channel.members
