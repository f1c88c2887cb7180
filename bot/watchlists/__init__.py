"""What people ask of watches: to begin, to end, to see them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.asker import Asker
from bot.commands import Unwatch, Watch, Watches
from bot.questions import Questions
from bot.replies import Answer
from bot.watch.forecasts import Forecasts
from bot.watchlists.dead_letters import DeadLetters
from bot.watchlists.listing import Listing
from bot.watchlists.unwatching import Unwatching
from bot.watchlists.watching import Terms, Watching

__all__ = ["Terms", "Watchlists"]


@dataclass(frozen=True, slots=True)
class Watchlists:
    """Answers about watches."""

    questions: Questions
    terms: Terms
    operators: frozenset[str]
    """Users who may end anybody's watch, and see what could not be sent."""
    forecasts: Forecasts
    wake: Callable[[], None]
    """Tells the relay that there is something to send."""

    @property
    def watching(self) -> Watching:
        """Who begins watches."""
        return Watching(self.questions, self.terms, self.wake)

    @property
    def unwatching(self) -> Unwatching:
        """Who ends watches."""
        return Unwatching(self.questions, self.operators, self.wake)

    @property
    def listing(self) -> Listing:
        """Who lists watches."""
        return Listing(self.questions, self.forecasts)

    @property
    def dead_letters(self) -> DeadLetters:
        """Who knows what could not be sent."""
        return DeadLetters(self.questions, self.operators, self.wake)

    async def answer(
        self, command: Watch | Unwatch | Watches, asker: Asker, thread_ts: str | None = None
    ) -> Answer:
        """Do what a command says; *thread_ts* is the thread it was said in, if any."""
        match command:
            case Watch():
                return await self.watching.watch(command, asker, thread_ts)
            case Unwatch():
                return await self.unwatching.unwatch(command, asker)
            case Watches():
                return await self.listing.watches(command, asker)
