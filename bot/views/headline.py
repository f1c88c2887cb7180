"""How a task is called and where it stands: in a sign, in words, and in one spoken line."""

from collections.abc import Iterator
from datetime import datetime

from bot.views.options import Options
from bot.views.text import bar, escape, percent, plain, size_text
from bot.views.words import Words
from providers.models import OutputType, Reason, TaskError, TaskState, TaskStatus

SIGNS: dict[TaskState | None, str] = {
    TaskState.QUEUED: ":hourglass_flowing_sand:",
    TaskState.RUNNING: ":arrow_forward:",
    TaskState.PAUSED: ":double_vertical_bar:",
    TaskState.REVIEW: ":eyes:",
    TaskState.SUCCEEDED: ":white_check_mark:",
    TaskState.PARTIAL: ":warning:",
    TaskState.EMPTY: ":card_file_box:",
    TaskState.FAILED: ":x:",
    TaskState.CANCELED: ":no_entry_sign:",
    TaskState.NOT_FOUND: ":mag:",
    TaskState.UNKNOWN: ":grey_question:",
    None: ":satellite_antenna:",
}
"""A sign never stands without the state in words beside it."""

_ID_ROOM = 256
_REASON_ROOM = 300
_LINE_ROOM = 2000


def title(status: TaskStatus, words: Words) -> str:
    """Call a task by the kind of its work."""
    return words(f"kind.{status.kind or 'none'}")


def state_words(status: TaskStatus, words: Words) -> str:
    """Say where a task stands."""
    return words(f"state.{status.state or 'none'}")


def place(status: TaskStatus, options: Options) -> str:
    """Say who was asked, and with which account unless it is the default one; escaped."""
    return place_of(status.provider, status.account, options)


def place_of(provider: str, account: str, options: Options) -> str:
    """Say a provider's name, and the account unless it is the default one; escaped."""
    words = options.words
    name = words.named("provider", provider) or escape(provider, 60)
    if options.default_accounts.get(provider) == account:
        return name
    return f"{name}, {words('account', account=escape(account, 60))}"


def spoken_line(status: TaskStatus, words: Words) -> str:
    """Say everything that matters in one line without markup."""
    line = words(
        "line",
        title=title(status, words),
        id=plain(status.task_id, _ID_ROOM),
        state=state_words(status, words),
    )
    facts = words.join(_spoken_facts(status, words))
    told = words("line.facts", line=line, facts=facts) if facts else line
    return escape(words.sentences((told, *_ending(status, words))), _LINE_ROOM)


def _spoken_facts(status: TaskStatus, words: Words) -> Iterator[str]:
    if status.progress is not None and is_under_way(status):
        yield percent(status.progress)
    yield from result_facts(status, words)


def result_facts(status: TaskStatus, words: Words) -> Iterator[str]:
    """Sum up what came out: how many files, how long, how large, how many thumbnails.

    A thumbnail that the vendor names as a file too counts once.
    """
    if files := len(status.outputs) - _named_twice(status):
        yield words.count("files", files)
    lengths = [output.duration_s for output in status.outputs if output.duration_s]
    if len(lengths) == 1:
        yield words.span(lengths[0])
    sizes = [output.size_bytes for output in status.outputs if output.size_bytes]
    if sizes:
        yield size_text(sum(sizes))
    if status.thumbnails:
        yield words.count("thumbnails", len(status.thumbnails))


def _named_twice(status: TaskStatus) -> int:
    links = frozenset(status.thumbnails)
    return sum(output.type is OutputType.IMAGE and output.url in links for output in status.outputs)


def _ending(status: TaskStatus, words: Words) -> Iterator[str]:
    if status.error is None:
        return
    yield plain(status.error.message, _REASON_ROOM) or reason_words(
        status.error, status.state, words
    )
    if status.error.hint:
        yield plain(status.error.hint, _REASON_ROOM)


def reason_words(error: TaskError, state: TaskState | None, words: Words) -> str:
    """Say what sort of trouble there is with a task in this state."""
    if error.reason is Reason.TASK_FAILED and state is TaskState.PARTIAL:
        return words("reason.part_failed")
    return words(f"reason.{error.reason}")


def time_gone(status: TaskStatus, now: datetime) -> float | None:
    """Tell for how many seconds a task that is under way has been; None where nobody can say."""
    begun = status.started_at or status.created_at
    if begun is None or begun > now or not is_under_way(status):
        return None
    return (now - begun).total_seconds()


def time_taken(status: TaskStatus) -> float | None:
    """Tell how many seconds a task took; None where it has no end, or ended before it began."""
    begun = status.started_at or status.created_at
    if begun is None or status.finished_at is None or status.finished_at < begun:
        return None
    return (status.finished_at - begun).total_seconds()


def pace(status: TaskStatus, now: datetime, words: Words) -> tuple[str, str] | None:
    """Say how far a task is, else for how long it has run, else what it took: a key and a value."""
    if is_under_way(status) and status.progress is not None:
        return "field.progress", bar(status.progress)
    if (gone := time_gone(status, now)) is not None:
        return "field.elapsed", words.span(gone)
    if not is_under_way(status) and (taken := time_taken(status)) is not None:
        return "field.took", words.span(taken)
    return None


def is_under_way(status: TaskStatus) -> bool:
    """Whether the task may still move by itself, as far as anybody knows."""
    if status.state is None or status.state is TaskState.NOT_FOUND:
        return False
    return not status.state.is_terminal
