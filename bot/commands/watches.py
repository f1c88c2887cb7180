"""``watch``, ``unwatch`` and ``watches``: who follows which tasks, and who is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.commands.asked import Accounts, Target, Unwatch, Watch, Watches, Whose
from bot.commands.examples import example
from bot.commands.refusal import Draft, UsageError, enumerate_words, show
from bot.commands.targets import Words, read_targets
from bot.commands.typos import nearest_word
from providers.ids import guess_providers

MOST_NOTIFIED = 20
"""People and groups that one command may have called."""
_IDS = "<id> [<id> …]"
_OPTIONS = frozenset({"only", "notify"})
CALLED = re.compile(r"@[UWS][A-Z0-9]{1,30}")
"""Somebody Slack named; what people are called there has no capital letters."""
_FAILURES = frozenset({"failures", "failure", "failed", "failing", "errors"})
_SCOPES: Mapping[str, Whose] = {str(whose): whose for whose in Whose}


@dataclass(frozen=True, slots=True)
class _Parts:
    """A whole ``watch``, cut where its options begin, and what is said where it is refused."""

    ids: Words
    options: Words
    draft: Draft

    def without(self, word: str) -> Words:
        """Give the options less one word."""
        return [other for other in self.options if other != word]


def read_watch(words: Words, accounts: Accounts) -> Watch:
    """Read a whole command whose first word is ``watch``, its mentions as ``@U…`` and ``@S…``.

    Raises:
        UsageError: nothing that can be watched, or nobody that can be called.
    """
    form = f"watch {_IDS} [only failures] [notify @user|@group …]"
    draft = Draft(form, watch_example(accounts), ["watch"])
    places = (place for place, word in enumerate(words) if word.lower() in _OPTIONS)
    end = next(places, len(words))
    parts = _Parts(words[1:end], words[end:], draft)
    _refuse_early_option(parts)
    if not parts.ids:
        raise draft.refuse("usage.watch_no_id", verb="watch")
    notify = tuple(dict.fromkeys(_read_notify(parts)))
    if len(notify) > MOST_NOTIFIED:
        raise draft.refuse("usage.watch_many_called", number=len(notify), most=MOST_NOTIFIED)
    targets = _read_tasks("watch", parts.ids, parts.options, accounts)
    return Watch(targets, _read_only(parts), notify)


def read_unwatch(words: Words, accounts: Accounts) -> Unwatch:
    """Read a whole command whose first word is ``unwatch``.

    Raises:
        UsageError: neither tasks nor ``all``.
    """
    if not words[1:]:
        form = f"unwatch {_IDS} | all"
        draft = Draft(form, watch_example(accounts, "unwatch"), ["unwatch"])
        raise draft.refuse("usage.watch_no_id", verb="unwatch")
    if words[1].lower() == "all":
        _refuse_rest("unwatch all", words[2:])
        return Unwatch(None)
    return Unwatch(_read_tasks("unwatch", words[1:], (), accounts))


def read_watches(words: Words, _accounts: Accounts) -> Watches:
    """Read a whole command whose first word is ``watches``.

    Raises:
        UsageError: it is followed by something else than a scope.
    """
    if not words[1:]:
        return Watches()
    scope = _SCOPES.get(words[1].lower())
    if scope is None:
        near = nearest_word(words[1].lower(), _SCOPES)
        draft = Draft(f"watches [{'|'.join(_SCOPES)}]", "watches mine", ["watches"])
        values = {"word": show(words[1]), "scopes": enumerate_words(tuple(_SCOPES))}
        raise draft.refuse("usage.watches_scope", repair=["watches", near or "mine"], **values)
    _refuse_rest(f"watches {scope}", words[2:])
    return Watches(scope)


def watch_example(accounts: Accounts, verb: str = "watch") -> str:
    """Choose a task to watch, or not to, that can be here; where none can, another command."""
    known = example(accounts)
    return known if known == "help" else f"{verb} {known}"


def _refuse_rest(command: str, rest: Words) -> None:
    if rest:
        draft = Draft(command, command, [command])
        raise draft.refuse("usage.takes_nothing", verb=command, rest=show(" ".join(rest)))


def _read_tasks(verb: str, ids: Words, rest: Words, accounts: Accounts) -> tuple[Target, ...]:
    """Read the tasks; what is refused of them is told as a part of the whole command."""
    try:
        return read_targets(ids, accounts)
    except UsageError as error:
        sample = error.example if error.example == "help" else f"{verb} {error.example}"
        understood = [verb, *filter(None, [error.understood])]
        draft = Draft(f"{verb} {error.form}", sample, understood)
        repair = [verb, *error.repair, *rest] if error.repair else None
        raise draft.refuse(error.key, repair=repair, **error.values) from None


def _refuse_early_option(parts: _Parts) -> None:
    """A mention, or ``failures``, among the ids was meant as an option."""
    for word in parts.ids:
        ids = [other for other in parts.ids if other != word]
        if word.startswith("@"):
            repair = ["watch", *ids, *parts.options, "notify", word]
            raise parts.draft.refuse("usage.watch_called_early", word=show(word), repair=repair)
        if word.lower() in _FAILURES:
            repair = ["watch", *ids, "only", "failures", *parts.without("only")]
            raise parts.draft.refuse("usage.watch_only", repair=repair)


def _read_only(parts: _Parts) -> bool:
    """Tell whether only failures are asked for."""
    asked = [values for option, values in _group(parts.options) if option == "only"]
    for values in asked:
        if not values or values[0].lower() not in _FAILURES:
            repair = ["watch", *parts.ids, "only", "failures", *parts.without("only")]
            raise parts.draft.refuse("usage.watch_only", repair=repair)
        for word in values[1:]:
            _refuse_late(word, parts)
    return bool(asked)


def _read_notify(parts: _Parts) -> Iterator[str]:
    """Give the ids of all who are to be called."""
    for option, values in _group(parts.options):
        if option == "notify" and not values:
            raise parts.draft.refuse("usage.watch_nobody", repair=["watch", *parts.ids])
        for word in values if option == "notify" else ():
            if not CALLED.fullmatch(word):
                _refuse_late(word, parts)
            yield word[1:]


def _refuse_late(word: str, parts: _Parts) -> None:
    """Refuse a word among the options: a task that comes too late, or nobody Slack knows."""
    if guess_providers(word) or ":" in word:
        repair = ["watch", *parts.ids, word, *parts.without(word)]
        raise parts.draft.refuse("usage.watch_id_late", word=show(word), repair=repair)
    raise parts.draft.refuse("usage.watch_name", word=show(word))


def _group(options: Words) -> Iterator[tuple[str, Words]]:
    """Give each option with the words after it."""
    places = [place for place, word in enumerate(options) if word.lower() in _OPTIONS]
    for place, end in pairwise([*places, len(options)]):
        yield options[place].lower(), options[place + 1 : end]
