"""What is said of a watched task wherever it stands: in a card, in a list, on Home."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.hazard import Expected
from bot.models import FollowedTask, Watch, Watcher
from bot.views.text import code, date_token, mention
from bot.views.words import Words
from providers.models import TaskState, TaskStatus

_SLOW = 0.75
"""From which share of its sort on it is worth saying that a task is slower."""
_UNKNOWN = frozenset({None, TaskState.NOT_FOUND})
"""Where nobody has told anything about the task itself."""
_MINUTE = 60
_MOST_NAMED = 20
_WORD_ROOM = 120


def describe_expected(task: FollowedTask, expected: Expected | None, words: Words) -> str:
    """Say how long its sort usually takes and when it should end; empty where nobody can tell."""
    if expected is None or task.state in _UNKNOWN:
        return ""
    by = task.born_at + timedelta(seconds=expected.likely_within_s)
    usual = _range(expected.low_s, expected.high_s, words)
    told = [words("watch.usual", usual=usual, when=date_token(by))]
    if expected.slower_than >= _SLOW:
        told.append(words("watch.slower", share=int(expected.slower_than * 100)))
    return words.join(told)


def _range(low_s: float, high_s: float, words: Words) -> str:
    """Say from how long to how long, to the minute, the unit once where it is the same."""
    low, high = (words.span(_coarse(seconds)) for seconds in (low_s, high_s))
    if low == high:
        return high
    (number, unit), (_, other) = low.split(" ", 1), high.split(" ", 1)
    is_plain = unit == other and " " not in unit
    return words("watch.range", low=number if is_plain else low, high=high)


def _coarse(seconds: float) -> float:
    return seconds if seconds < _MINUTE else round(seconds / _MINUTE) * _MINUTE


def describe_answer(task: FollowedTask, words: Words) -> str:
    """Say when the vendor last answered, and with which word of its own."""
    if task.seen_at is None:
        return words("watch.no_answer")
    word = task.status.vendor_status if task.status else None
    if word is None:
        return date_token(task.seen_at)
    return words("watch.answer", when=date_token(task.seen_at), word=code(word, _WORD_ROOM))


def describe_trouble_of(task: FollowedTask, grace_until: datetime, words: Words) -> Iterator[str]:
    """Say what keeps the bot from knowing more, or the task from ending."""
    if task.unreachable_since:
        yield words("watch.unreachable", when=date_token(task.unreachable_since))
    if task.stalled_at:
        yield words("watch.stalled", when=date_token(task.stalled_at))
    if task.state in _UNKNOWN:
        yield words("watch.unknown_yet", when=date_token(grace_until))


def describe_ended(watch: Watch, status: TaskStatus, words: Words) -> str:
    """Say why a watch is over, where the state of its task does not; else nothing."""
    if watch.ended_at is None or (status.state and status.state.is_terminal):
        return ""
    when = date_token(watch.ended_at)
    if watch.ended_by:
        return words("watch.ended_by", who=mention(watch.ended_by), when=when)
    key = f"watch.ended.{watch.ended_why}"
    return words(key if key in words.table else "watch.ended.other", when=when)


def name_watchers(watchers: Iterable[Watcher], words: Words) -> str:
    """Name whoever is told, each once, and who of them only of failures."""
    named: dict[str, Watcher] = {}
    for watcher in watchers:
        known = named.get(watcher.subject_id)
        if known is None or known.only_failures:
            named[watcher.subject_id] = watcher
    told = [_name(watcher, words) for watcher in list(named.values())[:_MOST_NAMED]]
    more = len(named) - len(told)
    return words.join([*told, *([words.count("watch.more", more)] if more else [])])


def _name(watcher: Watcher, words: Words) -> str:
    who = mention(watcher.subject_id)
    return words("watch.only_failures", who=who) if watcher.only_failures else who
