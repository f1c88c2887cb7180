"""The answer as a person reads it in a terminal: plain lines, nothing that moves the cursor."""

from collections.abc import Iterator

from bot.views.text import clean, percent, size_text
from bot.views.words import ENGLISH, Words
from providers.models import Output, TaskStatus, format_instant


def render_terminal(status: TaskStatus, words: Words = ENGLISH) -> str:
    """Write one task on several lines; what the vendor sent is cleaned of control characters."""
    return "\n".join((_head(status, words), *(f"  {line}" for line in _body(status, words))))


def _head(status: TaskStatus, words: Words) -> str:
    kind = words(f"kind.{status.kind or 'none'}")
    state = words(f"state.{status.state or 'none'}")
    said = f" ({clean(status.vendor_status)})" if status.vendor_status else ""
    return f"{kind} {status.ref.provider}@{status.account}:{clean(status.task_id)}: {state}{said}"


def _body(status: TaskStatus, words: Words) -> Iterator[str]:
    if status.progress is not None:
        yield f"{words('field.progress')}: {percent(status.progress)}"
    if status.room:
        yield f"{words('field.room')}: {clean(status.room)}"
    for key in ("created", "started", "finished"):
        if instant := getattr(status, f"{key}_at"):
            yield f"{words(f'field.{key}')}: {format_instant(instant)}"
    for output in status.outputs:
        yield _describe(output, words)
    for link in status.thumbnails:
        yield clean(link)
    yield from _trouble(status, words)


def _describe(output: Output, words: Words) -> str:
    size = size_text(output.size_bytes) if output.size_bytes else None
    duration = words.span(output.duration_s) if output.duration_s else None
    sides = f"{output.width}x{output.height}" if output.width and output.height else None
    fate = words(f"file_status.{output.status}") if output.status else None
    facts = (words(f"type.{output.type}"), output.format, duration, sides, size, fate)
    where = output.url or output.object or output.file_id or output.name
    return clean(f"{' '.join(filter(None, facts))}: {where or words('output.no_link')}")


def _trouble(status: TaskStatus, words: Words) -> Iterator[str]:
    """Say what went wrong, what to do, and what a support ticket needs."""
    if (error := status.error) is None:
        return
    code = f" [{clean(error.code)}]" if error.code else ""
    yield f"{words(f'reason.{error.reason}')}{code}: {clean(error.message)}"
    if error.hint:
        yield clean(error.hint)
    ids = (("request_id", status.request_id), ("vendor_request_id", status.vendor_request_id))
    told = [f"{name}={clean(value)}" for name, value in ids if value]
    if told:
        yield " ".join(told)
