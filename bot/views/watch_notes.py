"""What one person is told who watches, joins, or stops to watch."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.models import Watch
from bot.views.help import COMMAND
from bot.views.layout import View, section
from bot.views.options import Options
from bot.views.text import code, date_token
from bot.views.words import Words
from providers.models import TaskRef

_REF_ROOM = 120
_LISTED = 5


def render_watching(
    started: Sequence[str],
    joined: Sequence[str],
    ended: Sequence[str],
    *,
    ends_at: datetime,
    options: Options | None = None,
) -> View:
    """Say what is watched from now on (*started*), was watched and is joined, and needs no watch.

    Each holds refs; at least one of them has any. *ends_at* is when the first of the watches ends.
    """
    words = (options or Options()).words
    lines = [
        *_counted("watching.started", started, words),
        *_counted("watching.joined", joined, words),
        *_counted("watching.ended", ended, words),
        *([words("watching.until", when=date_token(ends_at))] if started or joined else []),
    ]
    return _say(lines)


def render_unwatched(
    left: Sequence[Watch],
    ended: Sequence[Watch],
    kept: Sequence[Watch],
    *,
    options: Options | None = None,
) -> View:
    """Say which watches one is out of, which of other people's ended, and which are not one's own.

    Where there are none at all, there was nothing to unwatch.
    """
    words = (options or Options()).words
    lines = [
        line
        for key, watches in (("left", left), ("ended", ended), ("kept", kept))
        for line in _counted(f"unwatched.{key}", [str(watch.ref) for watch in watches], words)
    ]
    return _say(lines or [words("unwatched.nothing")])


def render_unclear(task_id: str, refs: Sequence[TaskRef], options: Options | None = None) -> View:
    """Say that an id may be several tasks, and how to name the one that is meant."""
    words = (options or Options()).words
    forms = [code(f"{COMMAND} watch {ref}", _REF_ROOM) for ref in refs[:_LISTED]]
    return _say([words("watching.unclear", id=code(task_id, _REF_ROOM)), *forms])


def _counted(key: str, refs: Sequence[str], words: Words) -> Iterator[str]:
    """Say how many and which; nothing where there are none."""
    if not refs:
        return
    named = words.join(code(ref, _REF_ROOM) for ref in refs[:_LISTED])
    more = len(refs) - _LISTED
    told = words("watching.more", named=named, number=more) if more > 0 else named
    yield words.count(key, len(refs), refs=told)


def _say(lines: Sequence[str]) -> View:
    return View([section("\n".join(lines))], " ".join(lines).replace("`", ""))
