"""What went wrong, in the vendor's words and ours, and what to do about it."""

from collections.abc import Iterator

from bot.views.headline import reason_words
from bot.views.text import code, escape
from bot.views.words import Words
from providers.models import TaskError, TaskState

_CODE_ROOM = 200
_MESSAGE_ROOM = 1500
_HINT_ROOM = 800


def describe_trouble(error: TaskError | None, state: TaskState | None, words: Words) -> str:
    """Say on a line each what happened, the vendor's message, and what to do; empty for None."""
    return "\n".join(_lines(error, state, words)) if error else ""


def _lines(error: TaskError, state: TaskState | None, words: Words) -> Iterator[str]:
    shown = words("error.code", code=code(error.code, _CODE_ROOM)) if error.code else ""
    yield words("error.head", reason=reason_words(error, state, words)) + shown
    if message := escape(error.message, _MESSAGE_ROOM):
        yield f"> {message}"
    if error.hint:
        yield words("error.hint", hint=escape(error.hint, _HINT_ROOM))
