"""``list <mpc|record>[@account] [state] [since 2h] [page 2]``, the options in any order."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.commands.asked import Accounts, List
from bot.commands.examples import example, list_example
from bot.commands.refusal import Draft, enumerate_words, show
from bot.commands.spans import SPAN, UNIT, read_span
from bot.commands.targets import Named, Words, names_provider, read_named, replace_word, spell
from bot.commands.typos import nearest_word
from providers.ids import guess_providers, is_provider_typo
from providers.models import TaskState

DEFAULT_SINCE = timedelta(hours=24)
LONGEST_SINCE: Mapping[str, timedelta] = {"mpc": timedelta(days=365), "record": timedelta(days=3)}
"""How far back a list may go: ZEGO lists three days (DescribeTasks, read 2026-11); for MPC, which
names no bound, this one is ours."""

LISTABLE: Mapping[str, tuple[TaskState, ...]] = {
    "mpc": (
        TaskState.QUEUED,
        TaskState.RUNNING,
        TaskState.SUCCEEDED,
        TaskState.FAILED,
        TaskState.CANCELED,
        TaskState.REVIEW,
    ),
    "record": (
        TaskState.RUNNING,
        TaskState.SUCCEEDED,
        TaskState.PARTIAL,
        TaskState.EMPTY,
        TaskState.FAILED,
    ),
}
"""The states each provider can list by; ``list_tasks`` of its adapter is where they come from."""

_ALSO: Mapping[str, TaskState] = {
    "waiting": TaskState.QUEUED,
    "processing": TaskState.RUNNING,
    "success": TaskState.SUCCEEDED,
    "done": TaskState.SUCCEEDED,
    "finished": TaskState.SUCCEEDED,
    "error": TaskState.FAILED,
    "failure": TaskState.FAILED,
    "cancelled": TaskState.CANCELED,
}
_STATES: Mapping[str, TaskState] = {**{str(state): state for state in TaskState}, **_ALSO}

_SPAN_IN_TWO = re.compile(rf"\b(since [0-9]+) ({UNIT})\b", re.IGNORECASE)
_PAGE = re.compile(r"[1-9][0-9]{0,3}")
_AMONG_SUCCEEDED = frozenset({TaskState.PARTIAL, TaskState.EMPTY})


@dataclass(frozen=True, slots=True)
class _Context:
    """What an option is read with: the whole command, whose list it is, and what made sense."""

    words: Words
    named: Named
    draft: Draft


def read_list(words: Words, accounts: Accounts) -> List:
    """Read a whole command whose first word is ``list``.

    Raises:
        UsageError: nothing that can be listed, or an option that is none.
    """
    words = _SPAN_IN_TWO.sub(r"\1\2", " ".join(words)).split()
    place, named = _find_account(words, accounts)
    context = _Context(words, named, _draft(accounts, named))
    listing = List(*named, state=None, since=DEFAULT_SINCE, page=1)
    seen: set[str] = set()
    for option, value in _pair([*words[1:place], *words[place + 1 :]]):
        if option in seen:
            raise context.draft.refuse("usage.list_twice", word=show(value))
        listing = replace(listing, **{option: _READERS[option](value, context)})
        seen.add(option)
        context.draft.understood.append(value if option == "state" else f"{option} {value}")
    return listing


def _pair(words: Words) -> Iterator[tuple[str, str]]:
    """Give each option with its value, empty where it has none; a word alone is a state."""
    rest = iter(words)
    for word in rest:
        option = word.lower()
        yield (option, next(rest, "")) if option in {"since", "page"} else ("state", word)


def _find_account(words: Words, accounts: Accounts) -> tuple[int, Named]:
    """Give the place of the word that says whose list is wanted, and whose that is."""
    draft = _draft(accounts)
    here = [name for name in accounts if name in LISTABLE and accounts[name]]
    places = [place for place, word in enumerate(words) if place and names_provider(word)]
    if not here:
        raise draft.refuse("usage.list_none_here")
    if not places:
        repair = _put_provider(words, here[0])
        raise draft.refuse("usage.list_no_provider", here=enumerate_words(here), repair=repair)
    if len(places) > 1:
        rest = [word for place, word in enumerate(words) if place not in places[1:]]
        raise draft.refuse("usage.list_one", word=show(words[places[1]]), repair=rest)
    word = words[places[0]]
    if word.lower().partition("@")[0] not in LISTABLE:
        repair = replace_word(words, word, here[0])
        values = {"word": show(word), "here": enumerate_words(here)}
        raise draft.refuse("usage.list_not_listable", repair=repair, **values)
    named = read_named(word, words, accounts)
    assert named is not None  # noqa: S101  # a word that names a provider names one or is refused
    return places[0], named


def _put_provider(words: Words, provider: str) -> Words:
    """Put a provider where a misspelt one stands, else after ``list``."""
    typo = next(filter(is_provider_typo, words[1:]), None)
    near = typo and nearest_word(typo.lower(), tuple(LISTABLE))
    return replace_word(words, typo, near) if typo and near else ["list", provider, *words[1:]]


def _draft(accounts: Accounts, named: Named | None = None) -> Draft:
    here = [name for name in accounts if name in LISTABLE and accounts[name]]
    provider = spell(named, accounts) if named else "|".join(here)
    form = f"list {provider} [state] [since 2h] [page 2]" if here else "<id> [<id> …]"
    sample = list_example(accounts, named.provider if named else None)
    understood = ["list", provider] if named else ["list"]
    return Draft(form, sample if here else example(accounts), understood)


def _read_state(word: str, context: _Context) -> TaskState:
    provider = context.named.provider
    state = _STATES.get(word.lower().replace("-", "_"))
    if state in LISTABLE[provider]:
        return state
    values = {
        "word": show(word),
        "provider": provider,
        "states": enumerate_words(LISTABLE[provider]),
    }
    if state is not None:
        meant = ["succeeded"] if state in _AMONG_SUCCEEDED else []
        repair = replace_word(context.words, word, *meant)
        raise context.draft.refuse("usage.list_state", repair=repair, **values)
    guess = _guess_meaning(word, context)
    raise context.draft.refuse("usage.list_word", repair=guess, **values)


def _guess_meaning(word: str, context: _Context) -> Words | None:
    """Tell what a word that is no state may have been for: a misspelling, a span, a page, an id."""
    states = tuple(map(str, LISTABLE[context.named.provider]))
    near = nearest_word(word.lower(), (*states, "since", "page"))
    if near:
        return replace_word(context.words, word, near)
    if SPAN.fullmatch(word):
        return replace_word(context.words, word, "since", word)
    if _PAGE.fullmatch(word):
        return replace_word(context.words, word, "page", word)
    return [context.words[1], word] if guess_providers(word) else None


def _read_since(text: str, context: _Context) -> timedelta:
    since = read_span(text)
    if since is None:
        repair = _with_value(context, "since", text, "2h")
        raise context.draft.refuse("usage.list_since", repair=repair)
    longest = LONGEST_SINCE[context.named.provider]
    if since > longest:
        repair = _with_value(context, "since", text, f"{longest.days}d")
        values = {"provider": context.named.provider, "days": longest.days}
        raise context.draft.refuse("usage.list_since_long", repair=repair, **values)
    return since


def _read_page(text: str, context: _Context) -> int:
    if not _PAGE.fullmatch(text):
        repair = _with_value(context, "page", text, "2")
        raise context.draft.refuse("usage.list_page", repair=repair)
    return int(text)


def _with_value(context: _Context, option: str, text: str, meant: str) -> Words:
    """Put a value that works after an option, in place of *text* or where there is none."""
    words = list(context.words)
    place = [word.lower() for word in words].index(option)
    return [*words[: place + 1], meant, *words[place + (2 if text else 1) :]]


_READERS: Mapping[str, Callable[[str, _Context], Any]] = {
    "state": _read_state,
    "since": _read_since,
    "page": _read_page,
}
