"""``subscribe`` and ``unsubscribe``: which tasks a channel hears of without watching each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Never

from bot.commands.asked import Accounts, Subscribe, Unsubscribe, Wanted
from bot.commands.refusal import Draft, UsageError, enumerate_words, show
from bot.commands.targets import Words, names_provider, read_named, replace_word
from bot.commands.typos import nearest_word
from bot.commands.watches import CALLED, MOST_NOTIFIED
from providers.ids import count_edits, guess_providers, is_provider_typo, nearest_provider

ALL = "all"
_WHOSE = "<provider|all>[@account]"
_ALSO: Mapping[str, Wanted] = {
    "failure": Wanted.FAILURES,
    "failed": Wanted.FAILURES,
    "errors": Wanted.FAILURES,
    "ends": Wanted.FINISHED,
    "done": Wanted.FINISHED,
    "everything": Wanted.ALL,
}
_WANTED: Mapping[str, Wanted] = {**{str(wanted): wanted for wanted in Wanted}, **_ALSO}


@dataclass(frozen=True, slots=True)
class _Context:
    """What the parts of a command are read with."""

    words: Words
    accounts: Accounts
    draft: Draft

    def refuse(self, key: str, repair: Words | None = None, **values: object) -> UsageError:
        """Make the refusal."""
        return self.draft.refuse(key, repair=repair, **values)

    def instead(self, word: str, *meant: str) -> Words:
        """Give the command with what was meant in place of a word."""
        return replace_word(self.words, word, *meant)


def read_subscribe(words: Words, accounts: Accounts) -> Subscribe:
    """Read a whole command whose first word is ``subscribe``, its words as they were typed.

    Raises:
        UsageError: nothing one can subscribe to.
    """
    form = f"subscribe {_WHOSE} [to {'|'.join(Wanted)}] [room <glob>] [notify @user|@group …]"
    draft = Draft(form, subscription_example(accounts), ["subscribe"])
    context = _Context(words, accounts, draft)
    head, clauses = _cut(words[1:])
    provider, account = _read_whose(head, context)
    for word in head[1:]:
        _refuse_loose(word, context)
    draft.understood.append(head[0].lower())
    merged = _merge(clauses, context)
    told = {option: _READERS[option](values, context) for option, values in merged.items()}
    return Subscribe(provider, account, **told)


def read_unsubscribe(words: Words, accounts: Accounts) -> Unsubscribe:
    """Read a whole command whose first word is ``unsubscribe``, its words as they were typed.

    Raises:
        UsageError: it does not say from what.
    """
    form = f"unsubscribe [{_WHOSE}] [room <glob>] | {ALL}"
    draft = Draft(form, f"unsubscribe {ALL}", ["unsubscribe"])
    context = _Context(words, accounts, draft)
    if [word.lower() for word in words[1:]] == [ALL]:
        return Unsubscribe(everything=True)
    if not words[1:]:
        raise context.refuse("usage.unsubscribe_what", repair=["unsubscribe", ALL])
    head, clauses = _cut(words[1:])
    provider, account = _read_whose(head, context) if head else (None, None)
    for word in head[1:]:
        _refuse_loose(word, context)
    merged = _merge(clauses, context)
    for option in merged.keys() - {"room"}:
        repair = ["unsubscribe", *head, *(["room", *merged["room"]] if "room" in merged else [])]
        raise context.refuse("usage.unsubscribe_room", repair, word=show(option))
    told = {option: _READERS[option](values, context) for option, values in merged.items()}
    return Unsubscribe(provider, account, **told)


def subscription_example(accounts: Accounts) -> str:
    """Choose a subscription that can be made here."""
    here = next((name for name in accounts if accounts[name]), ALL)
    return f"subscribe {here} to {Wanted.FAILURES}"


def _cut(words: Words) -> tuple[Words, list[tuple[str, Words]]]:
    """Cut into what stands before the options, and each option with the words after it."""
    places = [place for place, word in enumerate(words) if word.lower() in _OPTIONS]
    ends = pairwise([*places, len(words)])
    clauses = [(words[place].lower(), words[place + 1 : end]) for place, end in ends]
    return words[: places[0]] if places else words, clauses


def _read_whose(head: Words, context: _Context) -> tuple[str | None, str | None]:
    """Read whose tasks are meant; None for every provider, and for every account."""
    if not head:
        raise _whose([context.words[0], ALL, *context.words[1:]], context)
    word = head[0]
    name, at, account = word.lower().partition("@")
    if name == ALL:
        return None, _read_any_account(word, account, context) if at else None
    if not names_provider(word):
        _refuse_no_provider(word, context)
    try:
        named = read_named(word, context.words, context.accounts)
    except UsageError as error:
        raise context.refuse(error.key, error.repair, **error.values) from None
    return name, named.account if named and at else None


def _read_any_account(word: str, account: str, context: _Context) -> str:
    """Read the account of ``all@account``: one that any provider has."""
    known = [name for accounts in context.accounts.values() for name in accounts]
    if account in known:
        return account
    nearest = min(known, key=lambda one: count_edits(account, one), default=None)
    repair = context.instead(word, f"{ALL}@{nearest}" if nearest else ALL)
    raise context.refuse("usage.subscribe_account", repair, account=show(account))


def _refuse_no_provider(word: str, context: _Context) -> Never:
    """A first word that is no provider may be a misspelt one, or a task."""
    if is_provider_typo(word):
        name, at, account = word.partition("@")
        meant = f"{nearest_provider(name)}{at}{account}"
        raise context.refuse("usage.no_provider", context.instead(word, meant), word=show(word))
    if guess_providers(word) or ":" in word:
        raise context.refuse("usage.subscribe_task", ["watch", word], word=show(word))
    raise _whose(context.instead(word, ALL, "room", word), context)


def _whose(repair: Words, context: _Context) -> UsageError:
    here = enumerate_words([name for name, accounts in context.accounts.items() if accounts])
    return context.refuse("usage.subscribe_whose", repair, here=here or f"`{ALL}`")


def _refuse_loose(word: str, context: _Context) -> Never:
    """A word after the provider lacks the word of its option, or is a second provider."""
    if CALLED.fullmatch(word):
        others = [other for other in context.words if other != word]
        repair: Words = [*others, *([] if "notify" in others else ["notify"]), word]
    elif names_provider(word):
        repair = context.instead(word)
    else:
        repair = context.instead(word, "to" if _want(word) else "room", word)
    raise context.refuse("usage.subscribe_loose", repair, word=show(word))


def _merge(clauses: Iterable[tuple[str, Words]], context: _Context) -> Mapping[str, Words]:
    """Give each option's words; only ``notify`` may stand twice."""
    merged: dict[str, Words] = {}
    for option, values in clauses:
        if option in merged and option != "notify":
            raise context.refuse("usage.list_twice", word=show(" ".join((option, *values))))
        merged[option] = [*merged.get(option, ()), *values]
    return merged


def _read_to(values: Words, context: _Context) -> Wanted:
    wanted = _want(values[0]) if len(values) == 1 else None
    if wanted is None:
        near = nearest_word(values[0].lower(), _WANTED) if values else None
        meant = [near or str(Wanted.FAILURES), *values[1:]][:1]
        repair = _with_values("to", values, meant, context)
        raise context.refuse("usage.subscribe_to", repair, wanted=enumerate_words(tuple(Wanted)))
    return wanted


def _want(word: str) -> Wanted | None:
    return _WANTED.get(word.lower())


def _read_room(values: Words, context: _Context) -> str:
    if len(values) != 1:
        repair = _with_values("room", values, values[:1], context) if values else None
        raise context.refuse("usage.subscribe_room", repair)
    return values[0]


def _read_called(values: Words, context: _Context) -> tuple[str, ...]:
    if not values:
        repair = [word for word in context.words if word.lower() != "notify"]
        raise context.refuse("usage.watch_nobody", repair)
    for word in values:
        if not CALLED.fullmatch(word):
            raise context.refuse("usage.watch_name", word=show(word))
    called = tuple(dict.fromkeys(word[1:] for word in values))
    if len(called) > MOST_NOTIFIED:
        key, number = "usage.watch_many_called", len(called)
        raise context.refuse(key, number=number, most=MOST_NOTIFIED)
    return called


def _with_values(option: str, values: Words, meant: Words, context: _Context) -> Words:
    """Give the command with other words after an option."""
    place = [word.lower() for word in context.words].index(option) + 1
    return [*context.words[:place], *meant, *context.words[place + len(values) :]]


_READERS: Mapping[str, Callable[[Words, _Context], Any]] = {
    "to": _read_to,
    "room": _read_room,
    "notify": _read_called,
}
_OPTIONS = frozenset(_READERS)
