"""Everything about one task in a modal: the vendor's fields, its raw answer, a support packet.

Secrets are masked before anything is drawn, for what stands here is made to be copied.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.views.headline import SIGNS, place, state_words, title
from bot.views.layout import Block, context, copyable, packed, section
from bot.views.modals import modal
from bot.views.options import Options
from bot.views.redaction import redact
from bot.views.support import support_packet
from bot.views.text import code, date_token, shorten
from bot.views.words import Words
from providers.models import TaskStatus

_MAX_FIELD_SECTIONS = 12
_ID_ROOM = 600
_NAME_ROOM = 200
_VALUE_ROOM = 400
_PIECE = 3000  # Slack's limit of one text; a block may hold several
_RAW_ROOM = 8 * _PIECE


def render_details(
    status: TaskStatus, *, now: datetime, options: Options | None = None
) -> dict[str, Any]:
    """Draw the details of one task, as a view to open."""
    options = options or Options()
    words = options.words
    answer = redact(status.raw)
    blocks = [
        section(_head(status, options)),
        *context(_asked(status, now, words)),
        copyable(words("details.support"), support_packet(status)),
        *(_fields(answer, words) if answer else [section(words("details.nothing"))]),
        *(_raw(answer, words) if answer else []),
    ]
    return modal(words("details.title"), blocks, words)


def _head(status: TaskStatus, options: Options) -> str:
    words = options.words
    name = f"*{title(status, words)} · {state_words(status, words)}*"
    where = f"{code(status.task_id, _ID_ROOM)} · {place(status, options)}"
    return f"{SIGNS[status.state]} {name}\n{where}"


def _asked(status: TaskStatus, now: datetime, words: Words) -> Iterator[str]:
    age = max(0.0, (now - status.queried_at).total_seconds())
    yield words("details.asked", when=date_token(status.queried_at), span=words.span(age))


def _fields(answer: Mapping[str, Any], words: Words) -> list[Block]:
    """List every field with its path; of very many, the first, and how many more there are."""
    leaves = list(_leaves(answer, ""))
    lines = (f"{code(path, _NAME_ROOM)} {_value(value)}" for path, value in leaves)
    listed = packed(lines, _MAX_FIELD_SECTIONS)
    more = len(leaves) - sum(block["text"]["text"].count("\n") + 1 for block in listed)
    return [
        section(words("details.fields")),
        *listed,
        *context([words.count("details.more_fields", more)] if more else []),
    ]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Go through everything that holds no more fields: ``RecordFiles.0.FileId``."""
    inner: Iterator[tuple[object, Any]] = iter(())
    if isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = iter(enumerate(value))
    empty = True
    for name, child in inner:
        empty = False
        yield from _leaves(child, f"{path}.{name}" if path else str(name))
    if empty:
        yield path, value


def _value(value: Any) -> str:
    return code(value if isinstance(value, str) else json.dumps(value), _VALUE_ROOM)


def _raw(answer: Mapping[str, Any], words: Words) -> list[Block]:
    """Show the answer as JSON; of a long one both ends, which it says."""
    text = _printable(json.dumps(answer, ensure_ascii=False, indent=1))
    key = "details.raw" if len(text) <= _RAW_ROOM else "details.raw_cut"
    shown = shorten(text, _RAW_ROOM)
    pieces = [shown[start : start + _PIECE] for start in range(0, len(shown), _PIECE)]
    code_block = {
        "type": "rich_text_preformatted",
        "elements": [{"type": "text", "text": piece} for piece in pieces],
    }
    caption = words(key, number=f"{len(text):,}")
    return [section(caption), {"type": "rich_text", "elements": [code_block]}]


def _printable(text: str) -> str:
    """Write what would move the reader's eye or the cursor as an escape, and keep the lines."""
    if text.replace("\n", "").isprintable():
        return text
    kept = (one if one.isprintable() or one == "\n" else f"\\u{ord(one):04x}" for one in text)
    return "".join(kept)
