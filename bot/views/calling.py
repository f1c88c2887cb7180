"""Who is called by a message: everybody once, in front."""

from collections.abc import Iterable

from bot.views.layout import Block, packed
from bot.views.text import mention

_MOST_SECTIONS = 4
_IN_A_LINE = 20


def call(subjects: Iterable[str]) -> list[Block]:
    """Mention users and user groups, each once; nobody gives no block."""
    named = list(dict.fromkeys(mention(subject) for subject in subjects))
    lines = (" ".join(named[at : at + _IN_A_LINE]) for at in range(0, len(named), _IN_A_LINE))
    return packed(lines, _MOST_SECTIONS)
