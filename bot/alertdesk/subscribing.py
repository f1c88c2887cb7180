"""Subscriptions: begun, listed and ended by people; refused where nothing would ever be heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.asker import Asker
from bot.channels import Channels
from bot.commands import Accounts, Subscribe, Target, Unsubscribe
from bot.models import Watcher
from bot.oncall import Subscription
from bot.questions import Questions
from bot.replies import Answer
from bot.views.sharing import render_not_member
from bot.views.subscription import (
    Deaf,
    render_not_subscribed,
    render_subscribed,
    render_unsubscribed,
)

LISTED = frozenset({"mpc", "record"})
"""The providers whose tasks can be listed, so that nobody has to call us."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the bot hears of by itself, as it is configured."""

    accounts: Accounts
    callbacks: frozenset[str]
    """The accounts whose callbacks are believed."""
    settings: Mapping[str, str]
    """By account, the setting that would make its callbacks believed."""

    def deaf(self, provider: str | None, account: str | None) -> tuple[list[Deaf], bool]:
        """Tell of what a subscription would hear nothing, and whether it would hear anything."""
        wanted = [
            (name, one)
            for name, accounts in self.accounts.items()
            for one in accounts
            if provider in {None, name} and account in {None, one}
        ]
        mute = [(name, one) for name, one in wanted if not self._hears(name, one)]
        told = [Deaf(name, one, f"accounts.{one}.{self.settings[one]}") for name, one in mute]
        return told, len(mute) < len(wanted)

    def _hears(self, provider: str, account: str) -> bool:
        return provider in LISTED or account in self.callbacks


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Answers about subscriptions."""

    questions: Questions
    hearing: Hearing
    operators: frozenset[str]
    """Users who may end anybody's subscription."""

    @property
    def channels(self) -> Channels:
        """What is known of channels."""
        return self.questions.guard.channels

    async def subscribe(self, command: Subscribe, asker: Asker) -> Answer:
        """Let a channel hear of tasks; announced in it."""
        channel_id = asker.channel_id or asker.user_id
        targets = [Target(command.provider, command.account, "*")] if command.provider else []
        if denied := await self.questions.guard.refuse("subscribe", asker, targets):
            return await self.questions.deny(denied, asker)
        if await self.channels.bars(channel_id):
            options = await self.questions.audience.options(asker, public=False)
            words = options.words
            return Answer(render_not_member(channel_id, words), words=words, may_replace=False)
        deaf, hears = self.hearing.deaf(command.provider, command.account)
        options = await self.questions.audience.options(asker, public=hears)
        if not hears:
            return Answer(render_not_subscribed(deaf, options=options), words=options.words)
        there = await self._same(command, asker, channel_id)
        subscription = there or await self._add(command, asker, channel_id)
        view = render_subscribed(subscription, is_new=there is None, deaf=deaf, options=options)
        return Answer(view, public=True, words=options.words)

    async def _same(self, command: Subscribe, asker: Asker, channel_id: str) -> Subscription | None:
        """Find a subscription of the channel to the very same; a paused one goes on."""
        subscriptions = self.questions.store.subscriptions
        for one in await subscriptions.of_channel(asker.team_id, channel_id):
            theirs = (one.provider, one.account, one.to, one.room)
            if theirs == (command.provider, command.account, command.to, command.room):
                if one.paused_at is not None:
                    return await subscriptions.resume(one.id, self.questions.clock.now()) or one
                return one
        return None

    async def _add(self, command: Subscribe, asker: Asker, channel_id: str) -> Subscription:
        watchers = tuple(Watcher(subject, asker.user_id) for subject in command.notify)
        return await self.questions.store.subscriptions.add(
            Subscription(
                id=0,
                team_id=asker.team_id,
                channel_id=channel_id,
                created_by=asker.user_id,
                created_at=self.questions.clock.now(),
                provider=command.provider,
                account=command.account,
                to=command.to,
                room=command.room,
                watchers=watchers,
            )
        )

    async def unsubscribe(self, command: Unsubscribe, asker: Asker) -> Answer:
        """End subscriptions of the channel, as far as they are the asker's to end."""
        channel_id = asker.channel_id or asker.user_id
        there = await self.questions.store.subscriptions.of_channel(asker.team_id, channel_id)
        return await self._end([one for one in there if _is_named(one, command)], asker)

    async def end_one(self, subscription_id: int, asker: Asker) -> Answer:
        """End the subscription of a button."""
        found = await self.questions.store.subscriptions.find(subscription_id)
        is_theirs = found is not None and found.team_id == asker.team_id
        return await self._end([found] if found and is_theirs else [], asker)

    async def _end(self, named: Sequence[Subscription], asker: Asker) -> Answer:
        if denied := await self.questions.guard.refuse("subscribe", asker, done="unsubscribe"):
            return await self.questions.deny(denied, asker)
        mine = [one for one in named if self._may_end(one, asker)]
        now, store = self.questions.clock.now(), self.questions.store.subscriptions
        ended = [await store.end(one.id, asker.user_id, now) for one in mine]
        done = [one for one in ended if one is not None]
        kept = [one for one in named if one not in mine]
        options = await self.questions.audience.options(asker, public=bool(done))
        view = render_unsubscribed(done, kept, options=options)
        return Answer(view, public=bool(done), words=options.words)

    def _may_end(self, subscription: Subscription, asker: Asker) -> bool:
        return asker.user_id == subscription.created_by or asker.user_id in self.operators


def _is_named(subscription: Subscription, command: Unsubscribe) -> bool:
    if command.everything:
        return True
    return (
        command.provider == subscription.provider
        and command.account in {None, subscription.account}
        and command.room in {None, subscription.room}
    )
