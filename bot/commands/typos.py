"""Which word a misspelt one was meant to be."""

from collections.abc import Iterable

from providers.ids import MAX_TYPO_EDITS, count_edits

_SHORT = 5


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Tell the nearest of the *known* words, in lower case; the earlier where two are as near.

    Two edits are forgiven, one in words of five letters or less, which are near to too many.
    """
    edits = {
        other: count_edits(word, other)
        for other in known
        if abs(len(other) - len(word)) <= MAX_TYPO_EDITS
    }
    near = [other for other in edits if edits[other] <= 1 + (len(other) > _SHORT)]
    return min(near, key=edits.__getitem__, default=None)
