"""Who may do what, where, with whose tasks: the rules of ``[[policy]]``. Pure.

The first rule that fits decides. Where none fits, everything is allowed, changing a channel's
settings too. What cannot be found out about a person or a channel (Slack did not answer, or the
bot may not ask) never helps: a rule that hangs on it fits if it denies, and does not if it allows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from providers.account import Strict
from providers.ids import PROVIDERS

Action = Literal[
    "show",
    "list",
    "share",
    "details",
    "watch",
    "unwatch",
    "subscribe",
    "alert",
    "settings.channel",
    "settings.person",
]
ACTIONS: tuple[str, ...] = get_args(Action)

ANYTHING = "*"
DIRECT = "dm"
"""A direct message with the bot, its Home, and a shortcut outside of any channel."""
SHARED = "shared"
"""A channel shared with another organisation by Slack Connect."""


def _one_or_more(value: object) -> object:
    if value == []:
        raise ValueError("one at least, or no such key")
    return (value,) if isinstance(value, str) else value


def _check_provider(pattern: str) -> str:
    provider, at, account = pattern.partition("@")
    if not any(fnmatchcase(name, provider) for name in PROVIDERS) or (at and not account):
        known = ", ".join(PROVIDERS)
        raise ValueError(f"*, or one of {known}, also with an account: mpc@prod")
    return pattern


def _check_action(pattern: str) -> str:
    if not any(fnmatchcase(action, pattern) for action in ACTIONS):
        raise ValueError(f"*, settings.*, or one of {', '.join(ACTIONS)}")
    return pattern


def _checked(pattern: str, wanted: str) -> AfterValidator:
    """Check an id of Slack's; a name in its place would fit nobody, and nobody would notice."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(wanted)
        return text

    return AfterValidator(check)


_Who = Annotated[
    str, _checked(r"\*|[UWS][A-Z0-9]{2,}", "*, or the id of a user (U…) or of a user group (S…)")
]
_Where = Annotated[
    str, _checked(r"\*|dm|shared|[CGD][A-Z0-9]{2,}", "*, dm, shared, or the id of a channel (C…)")
]
_Ask = Annotated[
    str, _checked(r"[UWSCG][A-Z0-9]{2,}", "the id of a user (U…), a user group (S…) or a channel")
]


_SEVERAL = BeforeValidator(_one_or_more)


class Rule(Strict):
    """One ``[[policy]]`` table; what it does not name is everything."""

    allow: bool
    name: str | None = Field(default=None, min_length=1, max_length=80)
    """What a denial calls the rule; without one it is called by its place, ``#2``."""
    who: Annotated[tuple[_Who, ...], _SEVERAL] = (ANYTHING,)
    where: Annotated[tuple[_Where, ...], _SEVERAL] = (ANYTHING,)
    provider: Annotated[tuple[Annotated[str, AfterValidator(_check_provider)], ...], _SEVERAL] = (
        ANYTHING,
    )
    action: Annotated[tuple[Annotated[str, AfterValidator(_check_action)], ...], _SEVERAL] = (
        ANYTHING,
    )
    ask: _Ask | None = None
    """Whom a denied person may turn to."""


@dataclass(frozen=True, slots=True)
class Question:
    """May this person do that here?"""

    user_id: str
    channel_id: str | None
    """None outside of any channel, which counts as a direct message."""
    action: Action
    provider: str | None = None
    """None: not known yet, as for an id without its provider's word; of settings, none at all."""
    account: str | None = None
    groups: frozenset[str] | None = frozenset()
    """The user groups the person is in; None where that could not be found out."""
    is_shared: bool | None = False
    """Whether the channel is shared by Slack Connect; None where that could not be found out."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Which rule forbids it, and whom to ask."""

    rule: str
    """The rule's name, or its place from 1: ``#2``."""
    ask: str | None
    """The id of a user, a user group or a channel."""
    is_certain: bool = True
    """False where it might be allowed, had everything been found out."""


def decide(rules: Sequence[Rule], question: Question) -> Allowed | Denied:
    """Apply the first rule that fits."""
    is_certain = True
    for number, rule in enumerate(rules, 1):
        fits = _fits(rule, question)
        is_certain = is_certain and fits is not None
        if fits and rule.allow:
            return Allowed()
        if fits is not False and not rule.allow:
            return Denied(rule.name or f"#{number}", rule.ask, is_certain=is_certain)
    return Allowed()


def named_groups(rules: Sequence[Rule]) -> frozenset[str]:
    """Tell which user groups the rules speak of, so that Slack is asked about no others."""
    return frozenset(one for rule in rules for one in rule.who if one.startswith("S"))


def tells_shared_apart(rules: Sequence[Rule]) -> bool:
    """Whether some rule depends on a channel being shared, so that Slack must be asked."""
    return any(SHARED in rule.where for rule in rules)


def _fits(rule: Rule, question: Question) -> bool | None:
    """Tell whether a rule is about a question; None: it hangs on what is not known."""
    parts = [
        _any(one == ANYTHING or fits(one, question) for one in patterns)
        for patterns, fits in (
            (rule.who, _fits_who),
            (rule.where, _fits_where),
            (rule.provider, _fits_provider),
            (rule.action, _fits_action),
        )
    ]
    if False in parts:
        return False
    return None if None in parts else True


def _any(found: Iterable[bool | None]) -> bool | None:
    told = set(found)
    return True in told or (None if None in told else False)


def _fits_who(pattern: str, question: Question) -> bool | None:
    if not pattern.startswith("S"):
        return pattern == question.user_id
    return None if question.groups is None else pattern in question.groups


def _fits_where(pattern: str, question: Question) -> bool | None:
    channel = question.channel_id
    if pattern == DIRECT:
        return channel is None or channel.startswith("D")
    if pattern == SHARED:
        return False if channel is None else question.is_shared
    return pattern == channel


def _fits_provider(pattern: str, question: Question) -> bool | None:
    if question.provider is None:
        return False if question.action.startswith("settings.") else None
    provider, at, account = pattern.partition("@")
    if not fnmatchcase(question.provider, provider):
        return False
    if not at:
        return True
    return None if question.account is None else fnmatchcase(question.account, account)


def _fits_action(pattern: str, question: Question) -> bool:
    return fnmatchcase(question.action, pattern)
