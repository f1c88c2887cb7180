"""How the grammar says no: what was understood, what is wrong, the nearest form, an example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.grammar_words import ENGLISH

Read = TypeVar("Read")

_SHOWN = 60


class UsageError(Exception):
    """What was typed is no command; everything in it is for the person who typed.

    The nearest form is *repair*, the words as they were probably meant, where those make a
    command, else *form*, which has ``<…>`` for what is missing.
    """

    def __init__(
        self, key: str, draft: "Draft", repair: Sequence[str] | None, **values: object
    ) -> None:
        super().__init__(key)
        self.key = key
        """The sentence in the tables of words, which names *values*."""
        self.values = values
        self.understood = " ".join(draft.understood)
        """The part that made sense, as one would type it; empty if none did."""
        self.repair = repair
        self.form = draft.form
        self.nearest = draft.form
        """Stands, like *example*, without its leading ``/mediatask``."""
        self.example = draft.example
        """A command that works here."""

    @property
    def problem(self) -> str:
        """What is wrong, as an English sentence; foreign words in it are not escaped."""
        return ENGLISH[self.key].format_map(self.values)


@dataclass(slots=True)
class Draft:
    """What has been understood of a command so far, for the refusal of the rest."""

    form: str
    """The form the whole command should have."""
    example: str
    understood: list[str] = field(default_factory=list)

    def refuse(
        self, key: str, *, repair: Sequence[str] | None = None, **values: object
    ) -> UsageError:
        """Make the refusal; *values* are those that the sentence *key* names."""
        return UsageError(key, self, repair, **values)


def settle(read: Callable[[Sequence[str]], Read], words: Sequence[str]) -> Read:
    """Read words; a repair is told as the nearest form only if it can be read too.

    Raises:
        UsageError: the words cannot be read.
    """
    try:
        return read(words)
    except UsageError as error:
        is_sound = error.repair and _can_read(read, error.repair)
        error.nearest = " ".join(error.repair or ()) if is_sound else error.form
        raise


def _can_read(read: Callable[[Sequence[str]], object], words: Sequence[str]) -> bool:
    try:
        read(words)
    except UsageError:
        return False
    return True


def show(word: str) -> str:
    """Put a typed word into a sentence: as a code span, both of its ends, nothing invisible."""
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in word)
    seen = seen.replace("`", "'")
    if len(seen) > _SHOWN:
        seen = f"{seen[: _SHOWN // 2]}…{seen[-_SHOWN // 4 :]}"
    return f"`{seen}`"


def enumerate_words(words: Sequence[str]) -> str:
    """Join words for a sentence."""
    return ", ".join(f"`{word}`" for word in words)
