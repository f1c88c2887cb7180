"""Subscriptions of a channel: what it hears of, and why it cannot hear of something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.oncall import Subscription
from bot.views.alert_verbs import unsubscribe_button
from bot.views.layout import MAX_BLOCKS, Block, View, context, section
from bot.views.notes import render_lines
from bot.views.options import Options
from bot.views.text import code, date_token, escape, mention
from bot.views.watched import name_watchers
from bot.views.words import Words

MAX_ROWS = 10
NEWS = ("started", "ended", "paused", "resumed")
"""What is announced of a subscription."""
_NAME_ROOM = 80
_ROOM_ROOM = 200
_MOST_DEAF = 8


@dataclass(frozen=True, slots=True)
class Deaf:
    """An account of which nothing is heard as it is configured, and what would change that."""

    provider: str
    account: str
    setting: str
    """The key to set: ``accounts.main.callback_secret``."""


def render_subscribed(
    subscription: Subscription,
    *,
    is_new: bool = True,
    deaf: Sequence[Deaf] = (),
    options: Options | None = None,
) -> View:
    """Say what this channel hears of from now on, or heard of already, and of what it cannot."""
    options = options or Options()
    words, shown = options.words, _named_to(subscription, options)
    key = "subscribed.new" if is_new else "subscribed.already"
    told = words(key, what=describe_subscription(shown, words))
    lines = [told, *([words("subscribed.but")] if deaf else []), *_deaf_lines(deaf, words)]
    return render_lines(lines)


def _named_to(subscription: Subscription, options: Options) -> Subscription:
    """Leave out whom it calls where everybody reads it, for naming them would call them."""
    return replace(subscription, watchers=()) if options.public else subscription


def render_not_subscribed(deaf: Sequence[Deaf], *, options: Options | None = None) -> View:
    """Refuse a subscription nothing would ever come of: why, and what would make it work."""
    words = (options or Options()).words
    return render_lines([words("subscribed.refused"), *_deaf_lines(deaf, words)])


def _deaf_lines(deaf: Sequence[Deaf], words: Words) -> Iterator[str]:
    for one in deaf[:_MOST_DEAF]:
        yield words(
            "subscribed.deaf",
            name=code(f"{one.provider}@{one.account}", _NAME_ROOM),
            setting=code(one.setting, _NAME_ROOM),
            path=code(f"/callbacks/{one.account}", _NAME_ROOM),
        )


def render_unsubscribed(
    ended: Sequence[Subscription],
    kept: Sequence[Subscription] = (),
    *,
    options: Options | None = None,
) -> View:
    """Say which subscriptions one has ended, and which only their creator or an operator may."""
    words = (options or Options()).words
    lines = [
        words(f"unsubscribed.{key}", what=describe_subscription(replace(one, watchers=()), words))
        for key, subscriptions in (("ended", ended), ("kept", kept))
        for one in subscriptions[:MAX_ROWS]
    ]
    return render_lines(lines or [words("unsubscribed.nothing")])


def render_subscription_news(
    happening: str,
    subscription: Subscription,
    *,
    options: Options | None = None,
) -> View:
    """Announce that a subscription was ``started``, ``ended``, ``paused`` or ``resumed``.

    It names whoever made or ended it, and nobody it calls.
    """
    words = (options or Options()).words
    silent = replace(subscription, watchers=())
    by = subscription.ended_by or subscription.created_by
    known = happening if happening in NEWS else "other"
    known = "ended_itself" if known == "ended" and not subscription.ended_by else known
    told = words(
        f"subscription.news.{known}",
        what=describe_subscription(silent, words),
        who=mention(by),
        where=mention(subscription.channel_id),
        why=_why_paused(subscription, words),
    )
    return render_lines([told])


def add_subscriptions(view: View, subscriptions: Sequence[Subscription], options: Options) -> View:
    """Put the subscriptions of a channel below the list of what is watched in it."""
    rows = subscription_rows(subscriptions, options)
    if not rows:
        return view
    head = options.words.count("subscriptions.head", len(subscriptions))
    room = MAX_BLOCKS - len(view.blocks)
    text = f"{view.text} {options.words.sentences([head])}"
    return View([*view.blocks, *rows[:room]], text)


def subscription_rows(subscriptions: Sequence[Subscription], options: Options) -> list[Block]:
    """Draw a heading, and a row for each of the first ten; none at all give no block."""
    words, more = options.words, len(subscriptions) - MAX_ROWS
    if not subscriptions:
        return []
    return [
        section(f"*{words.count('subscriptions.head', len(subscriptions))}*"),
        *(
            section(_row(one, words), unsubscribe_button(one.id, index, words))
            for index, one in enumerate(subscriptions[:MAX_ROWS])
        ),
        *context([words.count("subscriptions.more", more)] if more > 0 else []),
    ]


def _row(subscription: Subscription, words: Words) -> str:
    facts = (
        describe_subscription(subscription, words),
        words("watches.where", where=mention(subscription.channel_id)),
        words("subscriptions.by", who=mention(subscription.created_by)),
        _paused(subscription, words),
    )
    return " · ".join(filter(None, facts))


def _paused(subscription: Subscription, words: Words) -> str:
    if subscription.paused_at is None:
        return ""
    when = date_token(subscription.paused_at)
    return words("subscriptions.paused", when=when, why=_why_paused(subscription, words))


def _why_paused(subscription: Subscription, words: Words) -> str:
    return words.named("paused", subscription.paused_why) or words("paused.other")


def describe_subscription(subscription: Subscription, words: Words) -> str:
    """Say of which tasks a channel hears what, and who is called."""
    known = words.named("subscription.to", subscription.to)
    to = known or escape(subscription.to, _NAME_ROOM)
    room = subscription.room
    called = name_watchers(subscription.watchers, words)
    facts = (
        words("subscription.what", to=to, whose=_whose(subscription, words)),
        words("subscription.room", room=code(room, _ROOM_ROOM)) if room else "",
        words("subscription.calls", who=called) if called else "",
    )
    return words.join(filter(None, facts))


def _whose(subscription: Subscription, words: Words) -> str:
    provider, account = subscription.provider, subscription.account
    name = code(provider, _NAME_ROOM) if provider else words("subscription.everything")
    if account is None:
        return name
    return words("subscription.account", name=name, account=code(account, _NAME_ROOM))
