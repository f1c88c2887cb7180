"""``silence`` and ``unsilence``: what nobody is to be notified of for a while."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.commands.asked import Accounts, Silence, Unsilence
from bot.commands.refusal import Draft, UsageError, show
from bot.commands.spans import SPAN, read_span
from bot.commands.targets import Words, names_provider, read_named, read_targets
from providers.ids import guess_providers, is_provider_typo, nearest_provider

LONGEST = timedelta(days=30)
"""How long a silence may be."""
ALL, ROOM = "all", "room"
_TARGET = "<provider|ref|room glob|all>"
_NUMBER = re.compile(r"#?([0-9]{1,6})")
"""Of a silence; the ids of tasks that are digits are longer."""
_IS_GLOB = re.compile(r"[*?\[]")
_EXAMPLE = "silence all for 2h"


@dataclass(frozen=True, slots=True)
class _Context:
    """What a target is read with: itself, what comes before and after it, and the draft."""

    verb: str
    target: Words
    rest: Words
    accounts: Accounts
    draft: Draft

    def refuse(self, key: str, *meant: str, **values: object) -> UsageError:
        """Make the refusal; *meant* is the target as it was probably meant, nothing if unknown."""
        repair = [self.verb, *meant, *self.rest] if meant else None
        return self.draft.refuse(key, repair=repair, **({"verb": self.verb} | values))


def read_silence(words: Words, accounts: Accounts) -> Silence:
    """Read a whole command whose first word is ``silence``, its words as they were typed.

    Raises:
        UsageError: nothing that can be silenced, or not for how long.
    """
    draft = Draft(f"silence {_TARGET} for <duration> [because …]", _EXAMPLE, ["silence"])
    place = _place_of("because", words)
    because = " ".join(words[place + 1 :]) or None
    at = _place_of("for", words[:place])
    if at == place and place > 1 and SPAN.fullmatch(words[place - 1]):
        repair = [*words[: place - 1], "for", *words[place - 1 :]]
        raise draft.refuse("usage.silence_for", repair=repair)
    context = _Context("silence", words[1:at], words[at:], accounts, draft)
    target = read_target(context)
    draft.understood.append(target)
    return Silence(target, _read_lasting(words[at + 1 : place], words[place:], context), because)


def _place_of(word: str, words: Words) -> int:
    """Tell where a word stands; behind all others where it does not."""
    lower = [other.lower() for other in words]
    return lower.index(word) if word in lower else len(words)


def _read_lasting(values: Words, after: Words, context: _Context) -> timedelta:
    lasting = read_span("".join(values))
    if lasting is None or lasting > LONGEST:
        key = "usage.silence_long" if lasting else "usage.silence_for"
        meant = f"{LONGEST.days}d" if lasting else "2h"
        repair = ["silence", *context.target, "for", meant, *after]
        raise context.draft.refuse(key, repair=repair, days=LONGEST.days)
    return lasting


def read_unsilence(words: Words, accounts: Accounts) -> Unsilence:
    """Read a whole command whose first word is ``unsilence``, its words as they were typed.

    Raises:
        UsageError: neither a number nor what was silenced.
    """
    draft = Draft("unsilence <target|number>", "unsilence all", ["unsilence"])
    number = _NUMBER.fullmatch(words[1]) if len(words[1:]) == 1 else None
    if number:
        return Unsilence(number=int(number[1]))
    return Unsilence(read_target(_Context("unsilence", words[1:], (), accounts, draft)))


def read_target(context: _Context) -> str:
    """Read what a silence is for: a provider, a ref, ``room`` and a glob, or ``all``."""
    target = context.target
    word = target[0] if target else ""
    if word.lower() == ROOM:
        return _read_room(context)
    if names_provider(word):
        return _read_provider(context)
    if len(target) != 1:
        key, repair = ("usage.silence_one", [word]) if target else ("usage.silence_what", [ALL])
        raise context.refuse(key, *repair)
    if word.lower() == ALL:
        return ALL
    return f"{ROOM} {word}" if _IS_GLOB.search(word) else _read_ref(context)


def _read_room(context: _Context) -> str:
    _, *patterns = context.target
    if len(patterns) != 1:
        raise context.refuse("usage.subscribe_room", *(context.target[:2] if patterns else ()))
    return f"{ROOM} {patterns[0]}"


def _read_provider(context: _Context) -> str:
    """Read a provider, or one task of it."""
    word = context.target[0]
    if context.target[1:]:
        return _read_task(context)
    provider, at, _ = word.lower().partition("@")
    if at:
        raise context.refuse("usage.silence_account", provider, word=show(word))
    try:
        read_named(word, context.target, context.accounts)
    except UsageError as error:
        raise context.refuse(error.key, **error.values) from None
    return provider


def _read_ref(context: _Context) -> str:
    """Read ``provider:id``; an id alone may be several providers' task, and a word a room."""
    word = context.target[0]
    if is_provider_typo(word):
        name = re.split("[@:]", word, maxsplit=1)[0]
        meant = f"{nearest_provider(name)}{word.removeprefix(name)}"
        raise context.refuse("usage.no_provider", meant, word=show(word))
    if names_provider(word.partition(":")[0]):
        return _read_task(context)
    here = [name for name in guess_providers(word) if context.accounts.get(name)]
    if here:
        raise context.refuse("usage.silence_id", f"{here[0]}:{word}", word=show(word))
    raise context.refuse("usage.silence_what", ROOM, word)


def _read_task(context: _Context) -> str:
    try:
        targets = read_targets(context.target, context.accounts)
    except UsageError as error:
        raise context.refuse(error.key, *(error.repair or ()), **error.values) from None
    first = targets[0]
    if targets[1:]:
        raise context.refuse(
            "usage.silence_one", f"{first.provider}@{first.account}:{first.task_id}"
        )
    return f"{first.provider}@{first.account}:{first.task_id}"
