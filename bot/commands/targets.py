"""The tasks a command names: ``<provider>[@account] <id> …``, ``<id> …``, refs among them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.commands.asked import MOST_IDS, Accounts, Target
from bot.commands.examples import example
from bot.commands.refusal import Draft, enumerate_words, settle, show
from providers.ids import (
    PROVIDERS,
    InvalidTaskIdError,
    count_edits,
    guess_providers,
    is_provider_typo,
    nearest_provider,
    parse_ref,
)

Words = Sequence[str]

_IDS = "<id> [<id> …]"


class Named(NamedTuple):
    """An account of a provider, as a word of the command names it."""

    provider: str
    account: str


def read_targets(words: Words, accounts: Accounts) -> tuple[Target, ...]:
    """Read ``<provider>[@account] <id> …`` or ``<id> …``; *words* is not empty.

    Raises:
        UsageError: no such provider or account here, no id, a bad id, or more than 30 ids.
    """
    return settle(lambda them: _read(them, accounts), words)


def _read(words: Words, accounts: Accounts) -> tuple[Target, ...]:
    named = read_named(words[0], words, accounts)
    draft = _draft(accounts, named)
    _refuse_typo(words, accounts)
    _refuse_another_provider(words, draft)
    ids = words[1:] if named else words
    if not ids:
        raise draft.refuse("usage.no_id", provider=words[0].lower())
    targets = dict.fromkeys(_read_target(word, named, words, accounts) for word in ids)
    if len(targets) > MOST_IDS:
        raise draft.refuse("usage.too_many_ids", number=len(targets), most=MOST_IDS)
    return tuple(targets)


def _draft(accounts: Accounts, named: Named | None = None) -> Draft:
    provider = named.provider if named else next(iter(accounts), None)
    understood = [spell(named, accounts)] if named else []
    form = f"{spell(named, accounts)} {_IDS}" if named else _IDS
    return Draft(form, example(accounts, provider), understood)


def spell(named: Named, accounts: Accounts) -> str:
    """Write an account as briefly as it can be typed: the default one is its provider."""
    provider, account = named
    return provider if account == accounts[provider][0] else f"{provider}@{account}"


def names_provider(word: str) -> bool:
    """Whether a word is ``provider`` or ``provider@account``, configured or not."""
    name, _, account = word.lower().partition("@")
    return name in PROVIDERS and ":" not in account


def read_named(word: str, words: Words, accounts: Accounts) -> Named | None:
    """Read *word* of the whole *words*; None where it names no provider.

    Raises:
        UsageError: nothing of that name is configured.
    """
    if not names_provider(word):
        return None
    name, at, account = word.lower().partition("@")
    told = account if at else None
    return _find_account(name, told, accounts, lambda meant: replace_word(words, word, meant))


def _find_account(
    provider: str, account: str | None, accounts: Accounts, repair: Callable[[str], Words]
) -> Named:
    """Find an account, the default where none is told; *repair* puts the right one in."""
    configured = accounts.get(provider, ())
    if not configured:
        draft = _draft(accounts)
        draft.understood = [provider]
        here = enumerate_words([name for name in accounts if accounts[name]])
        key = "usage.provider_not_here" if here else "usage.nothing_here"
        rest = repair("") if here else []
        others = rest if all(_may_be_here(word, accounts) for word in rest) else None
        raise draft.refuse(key, provider=provider, here=here, repair=others)
    if account is None:
        return Named(provider, configured[0])
    if account.lower() not in configured:
        nearest = min(configured, key=lambda one: count_edits(account.lower(), one))
        draft = _draft(accounts, Named(provider, configured[0]))
        here = enumerate_words(configured)
        raise draft.refuse(
            "usage.no_such_account",
            repair=repair(f"{provider}@{nearest}"),
            provider=provider,
            account=show(account),
            here=here,
        )
    return Named(provider, account.lower())


def _may_be_here(word: str, accounts: Accounts) -> bool:
    return any(accounts.get(provider) for provider in guess_providers(word))


def replace_word(words: Words, word: str, *meant: str) -> Words:
    """Put what was meant, which may be nothing, where *word* first stands."""
    place = list(words).index(word)
    return [*words[:place], *filter(None, meant), *words[place + 1 :]]


def _read_target(word: str, named: Named | None, words: Words, accounts: Accounts) -> Target:
    draft = _draft(accounts, named)
    if "://" in word:
        raise draft.refuse("usage.link_without_id", link=show(word.partition("?")[0]))
    try:
        provider, account, task_id = parse_ref(word)
    except InvalidTaskIdError as error:
        raise draft.refuse("usage.bad_id", word=show(word), why=str(error)) from None
    if provider is None:
        return Target(*named, task_id) if named else Target(None, None, task_id)

    def repair(meant: str) -> Words:
        return replace_word(words, word, f"{meant}:{task_id}" if meant else task_id)

    return Target(*_find_account(provider, account, accounts, repair), task_id)


def candidates(target: Target, accounts: Accounts) -> tuple[Target, ...]:
    """Tell who would be asked: every account of every provider whose id a bare one may be."""
    if target.provider:
        return (target,)
    fitting = [name for name in guess_providers(target.task_id) if name in accounts]
    return tuple(
        Target(provider, account, target.task_id)
        for provider in fitting or accounts
        for account in accounts[provider]
    )


def _refuse_typo(words: Words, accounts: Accounts) -> None:
    """A first word near a provider's, and no id by its shape, was meant as that provider."""
    head, mark, rest = _cut_head(words[0])
    if not is_provider_typo(words[0]):
        return
    meant = nearest_provider(head)
    understood = [word for word in words[1:] if guess_providers(word)]
    draft = Draft(f"{meant} {_IDS}", example(accounts, meant), understood)
    repair = [f"{meant}{mark}{rest}", *words[1:]]
    raise draft.refuse("usage.no_provider", word=show(words[0]), repair=repair)


def _cut_head(word: str) -> tuple[str, str, str]:
    """Cut ``provider@account`` and ``provider:id`` where the provider's word ends."""
    mark = next((letter for letter in word if letter in "@:"), "")
    head, _, rest = word.partition(mark) if mark else (word, "", "")
    return head, mark, rest


def _refuse_another_provider(words: Words, draft: Draft) -> None:
    """One provider to a command, and in front; further ones go with their ids, as refs."""
    later = next((place for place, word in enumerate(words) if place and names_provider(word)), 0)
    if not later:
        return
    leads = names_provider(words[0])
    draft.understood = list(words[:later]) if leads else [words[later].lower()]
    key = "usage.another_provider" if leads else "usage.provider_not_first"
    word = words[later] if leads else words[0]
    raise draft.refuse(key, word=show(word), repair=_gather(words))


def _gather(words: Words) -> Words:
    """Put the only provider in front, or write every id as a ref."""
    providers = [word for word in words if names_provider(word)]
    if len(providers) > 1:
        return _as_refs(words)
    first = words.index(providers[0])
    return [providers[0], *filter(guess_providers, words[:first]), *words[first + 1 :]]


def _as_refs(words: Words) -> Words:
    refs: list[str] = []
    provider = ""
    for word in words:
        if names_provider(word):
            provider = word.lower()
        elif provider:
            refs.append(word if ":" in word else f"{provider}:{word}")
    return refs
