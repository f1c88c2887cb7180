"""What a person did that the bot may answer: its trigger id, its response URL, its answers.

Slack docs, interactivity/handling-user-interaction, read 2026-11: a trigger id lasts three seconds
and opens one view; a response URL lasts 30 minutes and takes five messages.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.clock import Clock
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.errors import ApiError

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 1800.0
RESPONSE_URL_USES = 5


@dataclass(eq=False, slots=True)
class Interaction:
    """One command, click, shortcut or submission, and what came of it."""

    kind: str
    """``command``, ``action``, ``view_submission``, ``view_closed`` or ``shortcut``."""
    user: str
    channel: str | None
    """None where it happened in a modal, in Home, or from the search bar."""
    began_at: float
    """Seconds on the monotonic clock."""
    number: int
    text: str = ""
    message: Message | None = None
    """The message it was done to; for a command, the answer that a later one replaces."""
    view_id: str | None = None
    """The modal it was done in, for pushing another on top."""
    ack_seconds: float | None = None
    """How long the bot took to acknowledge; None while it has not."""
    error: str | None = None
    """What Slack told the person when the bot did not acknowledge."""
    answers: list[Message] = field(default_factory=list)
    """What came through the response URL, or with the acknowledgement."""
    answered_at: float | None = None
    """When the first of them came, on the monotonic clock."""
    trigger_is_used: bool = False
    uses: int = 0

    @property
    def trigger_id(self) -> str:
        """Name it for ``views.open``."""
        return f"{self.number}.900{self.number}.{self.number:032x}"

    @property
    def token(self) -> str:
        """Name it in its response URL."""
        return f"{self.number:024x}"

    @property
    def is_answered(self) -> bool:
        """Tell whether the person has got something to read, Slack's own error included."""
        return bool(self.answers) or self.error is not None


@dataclass(slots=True)
class Interactions:
    """The latest."""

    clock: Clock
    kept: int = 200_000
    """How many are remembered; an older one's ids are unknown again."""
    recent: deque[Interaction] = field(default_factory=deque)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _by_trigger: dict[str, Interaction] = field(default_factory=dict)
    _by_token: dict[str, Interaction] = field(default_factory=dict)

    def begin(self, kind: str, user: str, channel: str | None, *, text: str = "") -> Interaction:
        """Record that *user* does something now."""
        began_at = self.clock.monotonic()
        interaction = Interaction(kind, user, channel, began_at, next(self._numbers), text)
        self.recent.append(interaction)
        self._by_trigger[interaction.trigger_id] = interaction
        self._by_token[interaction.token] = interaction
        if len(self.recent) > self.kept:
            self._forget(self.recent.popleft())
        return interaction

    def _forget(self, interaction: Interaction) -> None:
        del self._by_trigger[interaction.trigger_id]
        del self._by_token[interaction.token]

    def use_trigger(self, trigger_id: str) -> Interaction:
        """Spend a trigger id.

        Raises:
            ApiError: nobody issued it, it is older than three seconds, or it was spent.
        """
        interaction = self._by_trigger.get(trigger_id)
        if interaction is None:
            raise ApiError("invalid_trigger_id")
        if interaction.trigger_is_used:
            raise ApiError("exchanged_trigger_id")
        if self._age(interaction) > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        interaction.trigger_is_used = True
        return interaction

    def use_response(self, token: str) -> Interaction:
        """Spend one use of a response URL; a refused message costs one too.

        Raises:
            ApiError: nobody issued it, it is older than 30 minutes, or was used five times.
        """
        interaction = self._by_token.get(token)
        if interaction is None or self._age(interaction) > RESPONSE_URL_SECONDS:
            raise ApiError("expired_url")
        if interaction.uses >= RESPONSE_URL_USES:
            raise ApiError("used_url")
        interaction.uses += 1
        return interaction

    def _age(self, interaction: Interaction) -> float:
        return self.clock.monotonic() - interaction.began_at
