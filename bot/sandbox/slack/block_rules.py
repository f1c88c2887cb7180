"""Small rules about JSON values, combined into the tables of ``block_elements`` and ``blocks``.

A rule takes a value and its place (a JSON pointer) and yields one sentence per problem. Rules
trust nothing: whatever JSON can hold may stand anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any, str], Iterator[str]]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def text(maximum: int, minimum: int = 1) -> Rule:
    """Take a string of *minimum* to *maximum* characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: must be a string"
        elif len(value) < minimum:
            yield f"{path}: must be at least {minimum} characters"
        elif len(value) > maximum:
            yield f"{path}: {len(value)} characters, at most {maximum}"

    return check


def matching(pattern: str, meaning: str) -> Rule:
    """Take a string that *pattern* matches as a whole."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield f"{path}: must be {meaning}"

    return check


def number(minimum: float, maximum: float = float("inf")) -> Rule:
    """Take a number between *minimum* and *maximum*, both included; a boolean is none."""

    def check(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{path}: must be a number"
        elif not minimum <= value <= maximum:
            yield f"{path}: must be between {minimum:g} and {maximum:g}"

    return check


def flag(value: Any, path: str) -> Iterator[str]:
    """Take a boolean."""
    if not isinstance(value, bool):
        yield f"{path}: must be true or false"


def one_of(*words: str) -> Rule:
    """Take one of *words*."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or value not in words:
            yield f"{path}: must be one of {', '.join(words)}"

    return check


def url(maximum: int = 3000) -> Rule:
    """Take an absolute URL; a web address also needs a host."""

    def check(value: Any, path: str) -> Iterator[str]:
        too_long = list(text(maximum)(value, path))
        yield from too_long
        if not too_long and not _is_url(value):
            yield f"{path}: must be a URL"

    return check


def _is_url(value: str) -> bool:
    if not _SCHEME.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme not in {"http", "https"} or bool(parts.hostname)


def array(rule: Rule, minimum: int, maximum: int) -> Rule:
    """Take a list of *minimum* to *maximum* items that all keep *rule*."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: must be a list"
            return
        if not minimum <= len(value) <= maximum:
            yield f"{path}: {len(value)} items, must be {minimum} to {maximum}"
        for index, item in enumerate(value):
            yield from rule(item, f"{path}/{index}")

    return check


def fields(
    required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule
) -> Rule:
    """Take an object with these keys and no other; *also* are rules about the object as a whole."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: must be an object"
            return
        yield from (f"{path}/{key}: is missing" for key in required if key not in value)
        yield from (f"{path}/{key}: is not a known key" for key in value if key not in known)
        for key, rule in known.items():
            if key in value:
                yield from rule(value[key], f"{path}/{key}")
        yield from chain.from_iterable(rule(value, path) for rule in also)

    return check


def tagged(kinds: Mapping[str, Rule]) -> Rule:
    """Take an object whose ``type`` chooses the rule for the rest of it."""

    def check(value: Any, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield f"{path}/type: must be one of {', '.join(kinds)}"
            return
        rest = {key: item for key, item in value.items() if key != "type"}
        yield from kinds[kind](rest, path)

    return check


def exactly_one(*keys: str) -> Rule:
    """Take an object that has one of *keys* and no second."""

    def check(value: Any, path: str) -> Iterator[str]:
        if sum(key in value for key in keys) != 1:
            yield f"{path}: must have exactly one of {', '.join(keys)}"

    return check


def at_most_one(*keys: str) -> Rule:
    """Take an object that has one of *keys* or none."""

    def check(value: Any, path: str) -> Iterator[str]:
        if sum(key in value for key in keys) > 1:
            yield f"{path}: must not have more than one of {', '.join(keys)}"

    return check


def at_least_one(*keys: str) -> Rule:
    """Take an object that has any of *keys*."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not any(key in value for key in keys):
            yield f"{path}: must have {' or '.join(keys)}"

    return check


def pick(kinds: Mapping[str, Rule], names: Iterable[str]) -> dict[str, Rule]:
    """Cut a table down to *names*."""
    return {name: kinds[name] for name in names}


def plain(maximum: int) -> Rule:
    """Take a ``plain_text`` object."""
    return tagged({"plain_text": fields({"text": text(maximum)}, {"emoji": flag})})


def mrkdwn(maximum: int) -> Rule:
    """Take a ``mrkdwn`` object."""
    return tagged({"mrkdwn": fields({"text": text(maximum)}, {"verbatim": flag})})


def mrkdwn_or_plain(maximum: int) -> Rule:
    """Take a text object of either kind."""
    return tagged(
        {
            "plain_text": fields({"text": text(maximum)}, {"emoji": flag}),
            "mrkdwn": fields({"text": text(maximum)}, {"verbatim": flag}),
        }
    )
