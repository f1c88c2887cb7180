"""What task ids look like, whose they may be, and how people write them. Pure.

The shapes were seen in the vendors' samples. They say whom to ask first and never refuse an id:
no vendor promises them.
"""

import re
import unicodedata
from typing import NamedTuple

PROVIDERS = ("tencent", "huawei", "record", "mpc", "tiw")
"""Every provider by the word people type."""

MAX_ID_LENGTH = 256
"""Characters."""

MAX_TYPO_EDITS = 2

_DIGITS = re.compile(r"[0-9]+")
_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"[0-9]+-[A-Za-z0-9]+-[0-9a-f]{32}tt[0-9]+"), ("tencent",)),
    (_DIGITS, ("huawei", "mpc", "tencent")),
    (re.compile(r"[A-Za-z0-9_-]{16}"), ("record",)),
    (re.compile(r"[0-9a-v]{20}"), ("tiw",)),
)
"""Most telling shape first, and in each the likeliest provider first."""

_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
"""Unicode's control, format and surrogate characters, and every kind of space."""


class InvalidTaskIdError(ValueError):
    """Text that is sent to no vendor; ``str(error)`` says why, without repeating the text."""


class ParsedRef(NamedTuple):
    """What a person wrote for one task; provider and account are None where left out."""

    provider: str | None
    account: str | None
    task_id: str


def check_task_id(text: str) -> str:
    """Pass a task id on unchanged if it may be sent to a vendor.

    Raises:
        InvalidTaskIdError: empty, over 256 characters, or with a space or an invisible character.
    """
    if not text:
        raise InvalidTaskIdError("the task id is empty")
    if len(text) > MAX_ID_LENGTH:
        raise InvalidTaskIdError(
            f"the task id has {len(text)} characters; at most {MAX_ID_LENGTH} are possible"
        )
    for place, character in enumerate(text, 1):
        if unicodedata.category(character) in _REFUSED_CATEGORIES:
            raise InvalidTaskIdError(
                f"the task id has a space or an invisible character (U+{ord(character):04X})"
                f" in place {place}"
            )
    return text


def guess_providers(task_id: str) -> tuple[str, ...]:
    """Tell whose an id may be by its shape, likeliest first; empty where every one must be asked.

    Shapes overlap: sixteen digits are a Huawei number and may be a recording too.
    """
    fitting = (providers for shape, providers in _SHAPES if shape.fullmatch(task_id))
    return tuple(dict.fromkeys(word for providers in fitting for word in providers))


def parse_ref(text: str) -> ParsedRef:
    """Read ``provider:id``, ``provider@account:id`` or a bare id.

    What stands before the first ``:`` counts only if it starts with a provider's word, in any
    case; otherwise the colon belongs to the id. Whether the account exists is not checked.

    Raises:
        InvalidTaskIdError: as for ``check_task_id``; or ``@`` without an account's name.
    """
    head, colon, task_id = text.partition(":")
    word, at, account = head.partition("@")
    provider = word.lower()
    if not colon or provider not in PROVIDERS:
        return ParsedRef(None, None, check_task_id(text))
    if at and not account:
        raise InvalidTaskIdError("an account's name is missing between @ and :")
    return ParsedRef(provider, account or None, check_task_id(task_id))


def nearest_provider(word: str) -> str | None:
    """Tell which provider's word is meant, in any case, if one is at most two edits away.

    The nearest wins, then the earlier in ``PROVIDERS``.
    """
    typed = word.lower()
    near = [known for known in PROVIDERS if abs(len(known) - len(typed)) <= MAX_TYPO_EDITS]
    best = min(near, key=lambda known: count_edits(typed, known), default=None)
    return best if best and count_edits(typed, best) <= MAX_TYPO_EDITS else None


def is_provider_typo(word: str) -> bool:
    """Whether a first word is a misspelt provider (also ``tencnet@prod``, ``tencnet:id``).

    A right word is none, nor is anything that has the shape of an id.
    """
    head = re.split("[@:]", word, maxsplit=1)[0]
    known = head.lower() in PROVIDERS
    return not known and not guess_providers(word) and nearest_provider(head) is not None


def count_edits(one: str, other: str) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours between two words.

    Optimal string alignment: no part is edited twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            swapped = i > 1 and j > 1 and one[i - 2 : i] == right + other[j - 2]
            row.append(min(cost, above[j - 2] + 1) if swapped else cost)
    return row[-1]
