"""The files that came out of a task: a line and a button for each, many pictures summed up."""

from collections.abc import Iterator
from datetime import datetime

from bot.views.layout import Block, context, link_button, section
from bot.views.links import is_plain_http, web_host
from bot.views.options import Options
from bot.views.text import code, date_token, escape, plain, size_text
from bot.views.words import Words
from providers.models import Output, OutputType, TaskStatus

MAX_FILES = 12
MAX_PICTURES = 3
_MINUTE = 60
_NAME_ROOM = 200
_DETAIL_ROOM = 120


def render_files(status: TaskStatus, now: datetime, options: Options) -> list[Block]:
    """Draw the first twelve files, count the others, and sum up where pictures are many."""
    words = options.words
    pictures = [output for output in status.outputs if output.type is OutputType.IMAGE]
    files = [output for output in status.outputs if output.type is not OutputType.IMAGE]
    few = len(pictures) <= MAX_PICTURES
    listed = files + pictures if few else files
    drawn = [
        section(_describe(output, now, options), open_button(output, index, now, options))
        for index, output in enumerate(listed[:MAX_FILES])
    ]
    more = len(listed) - len(drawn)
    return [
        *drawn,
        *context([words.count("more_files", more)] if more else []),
        *([] if few else [section(_sum_up(pictures, words))]),
    ]


def _sum_up(pictures: list[Output], words: Words) -> str:
    first, last = (
        code(_name(picture, words), 2 * _NAME_ROOM) for picture in (pictures[0], pictures[-1])
    )
    return words.count("pictures", len(pictures), first=first, last=last)


def _name(output: Output, words: Words) -> str:
    return output.object or output.name or output.file_id or words(f"type.{output.type}")


def is_private(output: Output, options: Options) -> bool:
    """Whether a link must be left out here, because it signs in whoever opens it."""
    return output.signed and options.hides_links and output.url is not None


def _describe(output: Output, now: datetime, options: Options) -> str:
    facts = " · ".join((*_facts(output, options.words), *_link_facts(output, now, options)))
    name = output.name or _last_part(output.object) or output.file_id
    return f"{code(name, _NAME_ROOM)}\n{facts}" if name else facts


def _last_part(key: str | None) -> str | None:
    return key.rstrip("/").rpartition("/")[2] if key else None


def _facts(output: Output, words: Words) -> Iterator[str]:
    yield " ".join(filter(None, (words(f"type.{output.type}"), escape(output.format or "", 20))))
    if output.duration_s:
        yield words.span(output.duration_s)
    if output.width and output.height:
        yield f"{output.width}\N{MULTIPLICATION SIGN}{output.height}"
    if output.size_bytes:
        yield size_text(output.size_bytes)
    if output.status:
        yield words(f"file_status.{output.status}")
    if output.user_id:
        yield words("output.user", user=code(output.user_id, _DETAIL_ROOM))
    if output.stream_id and output.stream_id != output.user_id:
        yield words("output.stream", stream=code(output.stream_id, _DETAIL_ROOM))
    if output.file_id and (output.name or output.object):
        yield words("output.file_id", file_id=code(output.file_id, _NAME_ROOM))


def _link_facts(output: Output, now: datetime, options: Options) -> Iterator[str]:
    words = options.words
    if output.url is None:
        yield from _whereabouts(output, words)
    elif is_private(output, options):
        yield words("output.link_private")
    elif web_host(output.url) is None:
        yield words("output.link_unfit", length=f"{len(output.url):,}")
    if output.url and output.expires_at:
        yield describe_expiry(output.expires_at, now, words)


def is_expired(output: Output, now: datetime) -> bool:
    """Whether the link has stopped working, as far as it says."""
    return output.expires_at is not None and output.expires_at <= now


def describe_expiry(expires_at: datetime, now: datetime, words: Words) -> str:
    """Say how long a link still works, in whole minutes where there are any."""
    left = int((expires_at - now).total_seconds())
    if left <= 0:
        return words("output.expired")
    whole = left - left % _MINUTE if left >= _MINUTE else left
    return words("output.expires", span=words.span(whole), when=date_token(expires_at))


def _whereabouts(output: Output, words: Words) -> Iterator[str]:
    """Say where a file without a link is to be looked for."""
    if output.object:
        yield words("output.stored", key=code(output.object, 2 * _NAME_ROOM))
    else:
        yield words("output.no_link")


def open_button(output: Output, index: int, now: datetime, options: Options) -> Block | None:
    """Make the button that opens a file; None where it has no link, or none to show here."""
    if output.url is None or is_private(output, options):
        return None
    words = options.words
    label = words(f"open.{output.type}", format=plain(output.format or "", 20)).strip()
    if is_expired(output, now):
        label = words("open.expired", label=label)
    return opener(label, index, output.url, words)


def opener(label: str, index: int, url: str, words: Words) -> Block | None:
    """Make a button that says where it leads; None where Slack would refuse the link."""
    host = web_host(url)
    if host is None:
        return None
    shown = words("open.plain_http", label=label) if is_plain_http(url) else label
    return link_button(shown, f"open:{index}", url, words("open.where", label=label, host=host))
