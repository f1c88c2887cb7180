"""Sentences, where there is nothing else to show."""

from collections.abc import Sequence

from bot.views.layout import View, packed, section
from bot.views.words import Words

_MOST_SECTIONS = 10
_TEXT_ROOM = 3000


def render_note(words: Words, name: str, **values: object) -> View:
    """Say ``note.<name>``; foreign *values* must come out of ``bot.views.text``."""
    line = words(f"note.{name}", **values)
    return View([section(line)], line.replace("`", ""))


def render_lines(lines: Sequence[str]) -> View:
    """Say one thing on each line, of at most 3000 characters; as many as one message takes."""
    spoken = lines[0]
    for line in lines[1:]:
        if len(spoken) + len(line) < _TEXT_ROOM:
            spoken = f"{spoken} {line}"
    return View(packed(lines, _MOST_SECTIONS), spoken.replace("`", ""))
