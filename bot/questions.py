"""What people ask, and what they are shown: from a command to tasks to an answer."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot import audit
from bot.asker import Asker
from bot.audience import Audience
from bot.commands import (
    EXAMPLES,
    Accounts,
    Command,
    Help,
    List,
    Recent,
    Show,
    ShowProviders,
    Target,
    UsageError,
    parse_command,
)
from bot.guard import Guard
from bot.lists import Lists
from bot.metrics import Metrics
from bot.policy import Denied
from bot.recents import Recents
from bot.replies import Answer
from bot.store.store import Store
from bot.turns import Turns
from bot.vendors import ask_target
from bot.views.batch import render_batch
from bot.views.buttons import ListPage
from bot.views.health import AccountsHealth, render_health
from bot.views.help import render_help, render_usage_error
from bot.views.layout import View
from bot.views.listing import render_list, render_list_failure
from bot.views.recent import render_recent
from bot.views.sharing import render_denied
from bot.views.task import render_task
from bot.views.words import Words
from providers.answers import explain
from providers.clock import Clock
from providers.errors import ProviderError
from providers.lookup import Lookup
from providers.models import TaskStatus

_AUDITED: Mapping[type[Command], str] = {Recent: "recent", ShowProviders: "providers"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Questions:
    """Answers questions about tasks."""

    lookup: Lookup
    lists: Lists
    recents: Recents
    store: Store
    audience: Audience
    guard: Guard
    clock: Clock
    metrics: Metrics
    turns: Turns
    observe: Callable[[Sequence[TaskStatus]], None]
    """Shown every answer of a vendor's, for it may be news to whoever watches the task."""

    @property
    def accounts(self) -> Accounts:
        """Each provider's accounts, the default first."""
        return self.lookup.accounts

    @property
    def examples(self) -> list[str]:
        """A command that works for each configured provider."""
        return [EXAMPLES[name] for name in self.accounts]

    def health(self) -> AccountsHealth:
        """Tell how every account is doing."""
        return {key: endpoint.gate.health() for key, endpoint in self.lists.endpoints.items()}

    async def read(self, text: str, asker: Asker) -> Command | Answer:
        """Read what was typed after ``/mediatask``; what is no command is answered at once."""
        try:
            return parse_command(text, self.accounts)
        except UsageError as error:
            options = await self.audience.options(asker, public=False)
            return Answer(_explain(error, options.words), words=options.words)

    async def answer(self, command: Command, asker: Asker) -> Answer:
        """Answer a command, to whom the channel and the person chose."""
        match command:
            case Show(targets):
                return await self.show(targets, asker, public=await self.audience.is_public(asker))
            case List():
                return await self.list_tasks(command, asker)
            case _:
                return await self._tell(command, asker)

    async def show(
        self,
        targets: Sequence[Target],
        asker: Asker,
        *,
        public: bool = False,
        fresh: bool = False,
        page: int = 0,
    ) -> Answer:
        """Look tasks up, all at once, and draw one card, or a page of a batch."""
        done = "refresh" if fresh else "show"
        if denied := await self.guard.refuse("show", asker, targets, done=done):
            return await self.deny(denied, asker)
        statuses = await self.look_up(targets, asker, fresh=fresh)
        options = await self.audience.options(asker, public=public)
        await self.turns.wait()
        now = self.clock.now()
        if len(statuses) == 1:
            view = render_task(statuses[0], now=now, options=options)
        else:
            view = render_batch(statuses, now=now, options=options, page=page)
        return Answer(view, public, options.words)

    async def look_up(
        self, targets: Sequence[Target], asker: Asker, *, fresh: bool = False
    ) -> list[TaskStatus]:
        """Ask about every target in parallel, and remember that this person did."""
        answers = await asyncio.gather(
            *(ask_target(self.lookup, target, fresh=fresh) for target in targets)
        )
        statuses = [status for answer in answers for status in answer]
        for status in statuses:
            told = status.state or (status.error.reason if status.error else "unknown")
            self.metrics.count_question(status.provider, told)
        self.recents.note(asker, statuses)
        self.observe(statuses)
        return statuses

    async def list_tasks(self, query: List, asker: Asker) -> Answer:
        """Draw a page of an account's tasks, for the asker alone."""
        target = Target(query.provider, query.account, "*")
        if denied := await self.guard.refuse("list", asker, [target]):
            return await self.deny(denied, asker)
        options = await self.audience.options(asker, public=False)
        asked = ListPage(query.provider, query.account, query.state, query.since, query.page)
        now = self.clock.now()
        try:
            page = await self.lists.fetch(query)
        except ProviderError as error:
            view = render_list_failure(explain(error), options)
            return Answer(view, words=options.words, may_replace=False)
        return Answer(render_list(page, asked, now=now, options=options), words=options.words)

    async def deny(self, denied: Denied, asker: Asker) -> Answer:
        """Say which rule forbids it, and whom to ask."""
        options = await self.audience.options(asker, public=False)
        view = render_denied(denied.rule, denied.ask, options)
        return Answer(view, words=options.words, may_replace=False)

    async def _tell(self, command: Command, asker: Asker) -> Answer:
        """Draw what is for the asker alone and about no vendor's task."""
        audit.note(_AUDITED.get(type(command), "help"), asker, "allowed")
        options = await self.audience.options(asker, public=False)
        match command:
            case Recent():
                view = render_recent(await self.recents.of(asker), options=options)
            case ShowProviders():
                view = render_health(self.health(), options=options)
            case _:
                topic = command.topic if isinstance(command, Help) else None
                view = render_help(self.accounts, self.examples, options.words, topic)
        return Answer(view, words=options.words)


def _explain(error: UsageError, words: Words) -> View:
    """Say what was understood, what is wrong, the nearest form, and one that works."""
    problem = words(error.key, **error.values)
    if error.understood:
        problem += " " + words("usage.understood", understood=f"`{error.understood}`")
    return render_usage_error(problem, error.nearest, error.example, words)
