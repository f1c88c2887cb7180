"""Ending watches: one's own, and another person's by the watch's creator or an operator."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.asker import Asker
from bot.commands import Target, Unwatch, candidates
from bot.models import Watch, WatchedTask
from bot.questions import Questions
from bot.replies import Answer
from bot.store.errors import StoreError
from bot.views.notes import render_note
from bot.views.watch_notes import render_unwatched
from bot.watchlists.choosing import ref_of, target_of
from providers.models import TaskRef

_AT_A_TIME = 50

log = logging.getLogger(__name__)

Find = Callable[[], Awaitable[list[WatchedTask]]]
"""Finds the watches somebody wants to be out of."""


@dataclass(slots=True)
class Outcome:
    """What became of the watches somebody wanted to be out of."""

    left: list[Watch] = field(default_factory=list)
    """They are out of these, and with the last one the watch has ended."""
    ended: list[Watch] = field(default_factory=list)
    """Other people's, which they ended."""
    kept: list[Watch] = field(default_factory=list)
    """Other people's, which are not theirs to end."""


@dataclass(frozen=True, slots=True)
class Unwatching:
    """Ends watches, or takes one person out of them."""

    questions: Questions
    operators: frozenset[str]
    """Users who may end anybody's watch."""
    wake: Callable[[], None]
    """Tells the relay that there are cards to edit."""

    async def unwatch(self, command: Unwatch, asker: Asker) -> Answer:
        """Take the asker out of what they name, or of everything they watch anywhere."""
        targets = command.targets
        if targets is None:
            return await self._answer(asker, (), lambda: self._find_all(asker))
        return await self._answer(asker, targets, lambda: self._find_named(targets, asker))

    async def unwatch_one(self, watch_id: int, asker: Asker) -> Answer:
        """Do so with the one watch a button names."""

        async def find() -> list[WatchedTask]:
            watches = self.questions.store.watches
            watched = await watches.watch(watch_id, team_id=asker.team_id)
            return [watched] if watched else []

        return await self._answer(asker, (), find)

    async def unwatch_card(self, card_id: int, asker: Asker) -> Answer:
        """Do so with all the watches of one card."""

        async def find() -> list[WatchedTask]:
            contents = await self.questions.store.watches.card(card_id)
            is_theirs = contents is not None and contents.card.team_id == asker.team_id
            return list(contents.watches) if contents and is_theirs else []

        return await self._answer(asker, (), find)

    async def _answer(self, asker: Asker, named: Sequence[Target], find: Find) -> Answer:
        """Find the watches, end what may be ended, and say so."""
        questions = self.questions
        options = await questions.audience.options(asker, public=False)
        try:
            found = [one for one in await find() if one.watch.ended_at is None]
            targets = [target_of(one.watch.ref) for one in found] or named
            if denied := await questions.guard.refuse("unwatch", asker, targets):
                return await questions.deny(denied, asker)
            outcome = await self._leave(found, asker)
        except StoreError as error:
            log.warning("watch_not_ended reason=%s", error)
            return Answer(render_note(options.words, "watch_not_saved"), words=options.words)
        self.wake()
        view = render_unwatched(outcome.left, outcome.ended, outcome.kept, options=options)
        return Answer(view, words=options.words, may_replace=False)

    async def _find_all(self, asker: Asker) -> list[WatchedTask]:
        found: list[WatchedTask] = []
        while True:
            page = await self.questions.store.watches.open_watches(
                asker.team_id,
                subject_ids=(asker.user_id,),
                limit=_AT_A_TIME,
                offset=len(found),
            )
            found += page
            if len(page) < _AT_A_TIME:
                return found

    async def _find_named(self, targets: Sequence[Target], asker: Asker) -> list[WatchedTask]:
        """Find what is named here; where nothing of it is watched here, anywhere."""
        accounts = self.questions.accounts
        return [
            watched
            for target in targets
            for watched in await self._find(map(ref_of, candidates(target, accounts)), asker)
        ]

    async def _find(self, refs: Iterable[TaskRef], asker: Asker) -> list[WatchedTask]:
        found = [
            watched
            for ref in refs
            for watched in await self.questions.store.watches.open_watches(
                asker.team_id, ref=ref, limit=_AT_A_TIME
            )
        ]
        here = [one for one in found if one.watch.channel_id == asker.channel_id]
        return here or [one for one in found if _watches(one.watch, asker)]

    async def _leave(self, found: Iterable[WatchedTask], asker: Asker) -> Outcome:
        """Take the asker out; what they are not in, end, if they may."""
        outcome, watches = Outcome(), self.questions.store.watches
        now = self.questions.clock.now()
        for watch in (one.watch for one in found):
            if _watches(watch, asker):
                await watches.leave(watch.id, asker.user_id, now, team_id=watch.team_id)
                outcome.left.append(watch)
            elif asker.user_id == watch.created_by or asker.user_id in self.operators:
                await watches.end(watch.id, by=asker.user_id, at=now, team_id=watch.team_id)
                outcome.ended.append(watch)
            else:
                outcome.kept.append(watch)
        return outcome


def _watches(watch: Watch, asker: Asker) -> bool:
    return any(watcher.subject_id == asker.user_id for watcher in watch.watchers)
