"""Vendors' loose JSON values, read strictly: what cannot be read is None, never an exception.

The same field arrives as a number here and as text there, and absent things come as ``""``, ``0``
or ``null``; every vendor's mapping reads them through this one module.
"""

import json
import math
import posixpath
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import urlsplit

from providers.models import OutputType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DIGITS = 20
"""Over any 64-bit number; longer text is no count, size or time."""
_TOO_GREAT = 10**_MAX_DIGITS
_COMPACT_DIGITS = 14


def read_object(body: bytes) -> dict[str, Any] | None:
    """Read a JSON object in UTF-8; None for every other thing, and where it is nested too deep.

    Half a character, which JSON can write and UTF-8 cannot, is replaced.
    """
    try:
        text = body.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_refuse_constant)
        return _without_lone_surrogates(document, text) if isinstance(document, dict) else None
    except (ValueError, RecursionError):
        return None


def _without_lone_surrogates(document: dict[str, Any], text: str) -> dict[str, Any]:
    if "\\ud" not in text.lower():
        return document
    written = json.dumps(document, ensure_ascii=False).encode(errors="replace").decode()
    replaced: dict[str, Any] = json.loads(written)
    return replaced


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def read_text(value: object) -> str | None:
    """Read text or a number as text; None for ``""``, blanks, null and anything nested.

    A number keeps every digit: 19-digit ids must never pass through a float.
    """
    if isinstance(value, str):
        return value if value.strip() else None
    if type(value) is int:
        return str(value)
    return json.dumps(value) if isinstance(value, int | float) else None


def read_number(value: object) -> int | None:
    """Read a whole number of zero or more, also written as text; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < _TOO_GREAT else None
    whole = isinstance(value, float) and value.is_integer()
    text = f"{value:.0f}" if whole else read_text(value)
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        return None
    return int(text)


def read_amount(value: object) -> float | None:
    """Read a number of zero or more, also written as text; None for anything else."""
    text = None if isinstance(value, bool) else read_text(value)
    try:
        amount = float(text or "nan")
    except ValueError:
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def read_compact_time(value: object) -> datetime | None:
    """Read ``yyyymmddhhmmss`` in UTC, as text or number; None if absent or no such date."""
    text = read_text(value) or ""
    if not (text.isascii() and text.isdigit() and len(text) == _COMPACT_DIGITS):
        return None
    try:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:]}+00:00").astimezone(UTC)
    except ValueError:
        return None


def read_epoch_ms(value: object) -> datetime | None:
    """Read milliseconds since 1970; None for absent, ``0`` ("not yet") and impossible."""
    return _since_epoch(value, timedelta(milliseconds=1))


def read_epoch_s(value: object) -> datetime | None:
    """Read seconds since 1970; None for absent, ``0`` ("not yet") and impossible."""
    return _since_epoch(value, timedelta(seconds=1))


def _since_epoch(value: object, unit: timedelta) -> datetime | None:
    count = read_number(value)
    if not count:
        return None
    try:
        return _EPOCH + count * unit
    except OverflowError:
        return None


def told_times(raw: Mapping[str, Any], times: Mapping[str, datetime | None]) -> frozenset[str]:
    """Tell which time fields of *raw* were read into *times* or say "not yet".

    The others hold an impossible date, which belongs into ``details`` as the vendor wrote it.
    """
    not_yet = ("", "0", 0, None)
    return frozenset(name for name, instant in times.items() if instant or raw.get(name) in not_yet)


def read_link(value: object) -> str | None:
    """Pass an ``http`` or ``https`` link on untouched; None for every other thing.

    A link with a blank or a control character in it is refused too: no client can follow it, and
    it could break out of the place it is shown in.
    """
    text = read_text(value)
    if text is None or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


_FORMATS = {"m3u8": "hls", "mpd": "dash"}
"""Extensions whose format has another name."""

_MAX_EXTENSION = 5

_TYPES: Mapping[OutputType, str] = {
    OutputType.VIDEO: "3gp asf avi f4v flv m4v mkv mov mp4 mpeg mpg mxf rm rmvb ts vob webm wmv",
    OutputType.AUDIO: "aac adts ape flac m4a mp3 oga ogg opus wav wma",
    OutputType.IMAGE: "apng bmp gif jpeg jpg png svg tiff webp",
    OutputType.PLAYLIST: "hls dash dash_hls",
    OutputType.PACKAGE: "zip tar 7z rar",
}

_TYPE_OF = {name: kind for kind, names in _TYPES.items() for name in names.split()}


def file_format(name_or_url: str) -> str | None:
    """Tell the format a name's extension stands for (``a.m3u8`` is ``hls``); None without one."""
    path = name_or_url
    if "://" in name_or_url:
        link = read_link(name_or_url)
        path = urlsplit(link).path if link else ""
    extension = posixpath.splitext(path)[1][1:].lower()
    if not (extension.isascii() and extension.isalnum() and len(extension) <= _MAX_EXTENSION):
        return None
    return _FORMATS.get(extension, extension)


def output_type(file_format: str | None) -> OutputType:
    """Tell what sort of thing a format (in any case) is; ``other`` for unlisted and None."""
    name = (file_format or "").lower()
    return _TYPE_OF.get(_FORMATS.get(name, name), OutputType.OTHER)


def leftovers(raw: Mapping[str, Any], told: Collection[str]) -> dict[str, Any]:
    """Keep the fields of *raw* not *told* elsewhere, without those that say nothing.

    Empty text, null and empty lists and objects say nothing; ``0`` and ``false`` do.
    """
    empty: tuple[object, ...] = ("", None, [], {})
    return {name: value for name, value in raw.items() if name not in told and value not in empty}


_MAX_NOTE = 80


def unlisted(field: str, word: str | None, known: Collection[str | None]) -> tuple[str, ...]:
    """Note a *word* the vendor's documents do not list as ``field=word``; () for known and None.

    The note is cut to 80 characters: it ends in a log line and a counter.
    """
    if word is None or word in known:
        return ()
    return (f"{field}={word}"[:_MAX_NOTE],)
