"""The ids in a message somebody wrote for people, not for us."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.commands.asked import MOST_IDS, Accounts, Target
from bot.commands.targets import names_provider
from bot.commands.text import LINK, TOKEN, bare, id_in_name, ids_in_link, is_mention, unescape_slack
from providers.ids import ParsedRef, guess_providers, parse_ref

_WORD = re.compile(r"[^\s,;，、；\"'`“”„‘’«»「」()（）\[\]{}<>|=&\\]+")
_TRANSPARENT = frozenset({"", "id", "ids", "task", "tasks", "taskid", "taskids"})
"""Words that may stand between a provider and its id."""
_OTHERS = frozenset({"appid", "requestid", "sdkappid", "seq", "sequence", "timestamp", "traceid"})
"""Names of values that look like ids of tasks and are none."""
_LEAST_LENGTH = len("mpc:1")
_NO_REF = ParsedRef(None, None, "")


def find_ids(text: str, accounts: Accounts) -> tuple[Target, ...]:
    """Find what may be a task in the text of a message, links included, each once; 30 at most.

    Only refs and words of a known shape count, if somebody configured here may know them. A
    provider's word in front of an id says whose it is, if the shape agrees.
    """
    found = dict.fromkeys(_find(_words(text), accounts))
    named = {target.task_id for target in found if target.provider}
    wanted = (target for target in found if target.provider or target.task_id not in named)
    return tuple(islice(wanted, MOST_IDS))


def _words(text: str) -> Iterator[str]:
    plain = unescape_slack(TOKEN.sub(_open_token, text))
    plain = LINK.sub(lambda link: f" {' '.join(ids_in_link(link[0]))} ", plain)
    for word in map(bare, _WORD.findall(plain)):
        yield from [word] if _read_ref(word).provider else filter(None, word.split(":"))


def _open_token(token: re.Match[str]) -> str:
    address, _, label = token[1].partition("|")
    return " " if is_mention(address) else f" {label} {address} "


def _read_ref(word: str) -> ParsedRef:
    try:
        return parse_ref(word)
    except ValueError:
        return _NO_REF


def _find(words: Iterable[str], accounts: Accounts) -> Iterator[Target]:
    hint, before = _NO_REF, ""
    for word in words:
        plain = re.sub("[^a-z]", "", word.lower())
        found = None if before in _OTHERS else _identify(word, hint, accounts)
        if found:
            yield found
        elif names_provider(word):
            hint = _read_ref(f"{word}:-")
        elif plain not in _TRANSPARENT:
            hint = _NO_REF
        before = plain


def _identify(word: str, hint: ParsedRef, accounts: Accounts) -> Target | None:
    if len(word) < _LEAST_LENGTH:
        return None
    ref = _read_ref(word)
    if ref.provider:
        return _as_target(ref, accounts) if re.search("[0-9]", ref.task_id) else None
    task_id = id_in_name(ref.task_id) or ""
    takers = [name for name in guess_providers(task_id) if accounts.get(name)]
    if not takers:
        return None
    return _as_target(
        (hint if hint.provider in takers else _NO_REF)._replace(task_id=task_id), accounts
    )


def _as_target(ref: ParsedRef, accounts: Accounts) -> Target:
    """Keep the provider only where its account is configured; else it is worked out."""
    configured = accounts.get(ref.provider or "", ())
    account = (ref.account or next(iter(configured), "")).lower()
    if account in configured:
        return Target(ref.provider, account, ref.task_id)
    return Target(None, None, ref.task_id)
