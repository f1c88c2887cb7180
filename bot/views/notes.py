"""One sentence, where there is nothing else to show."""

from bot.views.layout import View, section
from bot.views.words import Words


def render_note(words: Words, name: str, **values: object) -> View:
    """Say ``note.<name>``; foreign *values* must come out of ``bot.views.text``."""
    line = words(f"note.{name}", **values)
    return View([section(line)], line.replace("`", ""))
