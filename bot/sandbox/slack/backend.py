"""The parts of the local Slack, put together once and handed to whoever serves or acts."""

from collections import deque
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.clock import Clock
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.deadlines import Deadlines
from bot.sandbox.slack.dispatch import Dispatch
from bot.sandbox.slack.envelopes import Ack
from bot.sandbox.slack.http_delivery import HttpDelivery
from bot.sandbox.slack.interactions import Interaction, Interactions
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.pictures import Pictures
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.troubles import Troubles
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import Workspace

_ACKS_KEPT = 1_000_000


@dataclass(slots=True)
class Backend:
    """Everything behind the routes."""

    clock: Clock
    session: aiohttp.ClientSession = field(repr=False)
    background: Background
    deadlines: Deadlines
    workspace: Workspace
    interactions: Interactions
    views: Views
    limits: Limits
    troubles: Troubles
    pictures: Pictures
    socket_mode: SocketMode
    dispatch: Dispatch
    acks: deque[tuple[str, float]] = field(default_factory=lambda: deque(maxlen=_ACKS_KEPT))
    """Kind and seconds of every acknowledgement that came in time."""
    base_url: str = ""
    """``http://127.0.0.1:port``, once it is known."""

    @classmethod
    def build(cls, clock: Clock, session: aiohttp.ClientSession) -> "Backend":
        """Put an untouched workspace together; *session* stays the caller's to close."""
        background, deadlines, workspace = Background(), Deadlines(clock), Workspace(clock)
        socket_mode = SocketMode(clock, deadlines, background, workspace.changes)
        return cls(
            clock=clock,
            session=session,
            background=background,
            deadlines=deadlines,
            workspace=workspace,
            interactions=Interactions(clock),
            views=Views(workspace),
            limits=Limits(clock),
            troubles=Troubles(),
            pictures=Pictures(deadlines, session),
            socket_mode=socket_mode,
            dispatch=Dispatch(clock, background, workspace.changes, socket_mode),
        )

    def deliver_to(self, url: str | None) -> None:
        """Send everything to *url* from now on; None goes back to Socket Mode."""
        if url is None:
            self.dispatch.courier = self.socket_mode
        else:
            self.dispatch.courier = HttpDelivery(self.clock, self.deadlines, self.session, url)

    def response_url(self, interaction: Interaction) -> str:
        """Tell where the bot may answer *interaction*."""
        kind = "commands" if interaction.kind == "command" else "actions"
        return f"{self.base_url}/{kind}/{interaction.token}"

    def record_ack(self, interaction: Interaction, ack: Ack) -> None:
        """Note how the bot acknowledged, and tell the page."""
        if ack.error is None:
            interaction.ack_seconds = ack.seconds
            self.acks.append((interaction.kind, ack.seconds))
        self.workspace.changes.announce(Change("ack", (interaction.kind, ack)))

    async def close(self) -> None:
        """End connections, background work and time limits."""
        await self.socket_mode.close()
        await self.background.close()
        await self.deadlines.close()
