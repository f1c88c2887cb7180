"""The only way from foreign text into Slack: cleaned, cut to a budget, escaped.

Slack's mrkdwn gives meaning to ``& < >`` (links, mentions, dates) everywhere, to ``|`` inside
``<…>`` and to backticks; see docs.slack.dev, "Formatting message text", read 2026-11.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

_SPACES = re.compile(r" {2,}")
_LABEL_MARKS = str.maketrans("|<>", "   ")
_ENTITY = re.compile("&(?:amp|lt|gt);")
_LONGEST_ENTITY = len("&amp;")
_MARKER_ROOM = 24
_MARKED_FROM = 32
_MENTIONS = {
    re.compile("[UW][A-Z0-9]{1,30}"): "<@{}>",
    re.compile("S[A-Z0-9]{1,30}"): "<!subteam^{}>",
    re.compile("[CG][A-Z0-9]{1,30}"): "<#{}>",
}
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1000
_TWO_DIGITS = 10
_ROUNDING = 1e-9  # 0.29 * 100 is 28.999…
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def clean(text: str) -> str:
    """Put *text* on one line, without control, format, bidi, surrogate and private characters."""
    if not text.isprintable():
        text = "".join(_printable(character) for character in text)
    return (_SPACES.sub(" ", text) if "  " in text else text).strip()


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else ""


def shorten(text: str, limit: int) -> str:
    """Cut *text* to *limit* characters, keeping both ends and saying how much is gone."""
    return text if len(text) <= limit else _cut(len(text), limit, text, len)


def escape(text: str, limit: int = 2000) -> str:
    """Make *text* mean nothing to Slack; the result has at most *limit* characters."""
    if ends := _clean_ends(text, limit):
        return _cut(len(text), limit, _escape(ends), _unescaped_length)
    bare = clean(text)
    written = _escape(bare)
    return written if len(written) <= limit else _cut(len(bare), limit, written, _unescaped_length)


def code(text: str, limit: int = 2000) -> str:
    """Write *text* as a code span of at most *limit* (three or more) characters, to be copied."""
    bare = escape(text.replace("`", "'"), limit - 2)
    return f"`{bare or '-'}`"


def plain(text: str, limit: int) -> str:
    """Write *text* for a ``plain_text`` object or a picture's alt text, which need no escaping."""
    if ends := _clean_ends(text, limit):
        return _cut(len(text), limit, ends, len)
    return shorten(clean(text), limit)


def _clean_ends(text: str, limit: int) -> str:
    """Clean of a long text only as much of each end as can be kept; empty for a short one.

    Empty too where that much is not left of an end: then the whole must be looked at.
    """
    room = limit + _MARKER_ROOM
    if len(text) <= 2 * room:
        return ""
    head, tail = clean(text[:room]), clean(text[-room:])
    return head[:limit] + tail[-limit:] if min(len(head), len(tail)) >= limit else ""


def label(text: str, limit: int = 200) -> str:
    """Write *text* as the label of a ``<url|label>`` link."""
    return escape(text.translate(_LABEL_MARKS), limit)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped_length(text: str) -> int:
    return len(text) - 4 * text.count("&amp;") - 3 * (text.count("&lt;") + text.count("&gt;"))


def _cut(whole: int, limit: int, written: str, length: Callable[[str], int]) -> str:
    """Keep both ends of *written*, at most *limit* characters, and say how many are gone.

    *written* is a text of *whole* characters as Slack wants it, or its two ends; *length* counts
    the characters that a part of it stands for.
    """
    if limit < _MARKED_FROM:
        return _head(written, limit - 1) + "…" if limit > 0 else ""
    kept = limit - _MARKER_ROOM
    head, tail = _head(written, kept - kept // 3), _tail(written, kept // 3)
    gone = whole - length(head) - length(tail)
    return f"{head}… ({gone} more) …{tail}"


def _head(written: str, room: int) -> str:
    """Take the first *room* characters, less an entity that would be cut in two."""
    start = written.rfind("&", max(0, room - _LONGEST_ENTITY + 1), room)
    is_cut = start >= 0 and _ENTITY.match(written, start, room) is None
    return written[:start] if is_cut and _ENTITY.match(written, start) else written[:room]


def _tail(written: str, room: int) -> str:
    """Take the last *room* characters, less an entity that would be cut in two."""
    place = len(written) - room
    start = written.rfind("&", max(0, place - _LONGEST_ENTITY + 1), place)
    cut = _ENTITY.match(written, start) if start >= 0 else None
    return written[max(place, cut.end()) if cut else place :]


def mention(subject_id: str) -> str:
    """Name a person, a user group or a channel by its Slack id; what is no such id stays text."""
    for pattern, form in _MENTIONS.items():
        if pattern.fullmatch(subject_id):
            return form.format(subject_id)
    return code(subject_id, 60)


def date_token(instant: datetime, form: str = "{date_short_pretty} {time}") -> str:
    """Show an aware instant in the reader's own zone; clients that cannot show it in UTC."""
    return f"<!date^{int(instant.timestamp())}^{form}|{utc_text(instant)}>"


def utc_text(instant: datetime) -> str:
    """Write an aware instant in UTC, to the minute: ``2026-11-20 10:00 UTC``."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(sep=" ", timespec="minutes") + " UTC"


def size_text(size_bytes: int) -> str:
    """Write a size as people say it, in decimal units: ``433 MB``, ``2.2 kB``."""
    amount, units = float(size_bytes), iter(_UNITS)
    unit = next(units)
    for larger in units:
        if round(amount) < _THOUSAND:
            break
        amount, unit = amount / _THOUSAND, larger
    small = amount < _TWO_DIGITS and unit != "B"
    return f"{amount:.1f} {unit}" if small else f"{amount:.0f} {unit}"


def duration_text(seconds: float, units: Sequence[str] = ("s", "min", "h", "d")) -> str:
    """Write a length of time as people say it: ``33 s``, ``2 min 36 s``, ``1 h 02 min``, ``6 h``.

    *units* are the words for second, minute, hour and day.
    """
    whole = round(seconds)
    second, minute, hour, day = units
    steps = ((_DAY, day, _HOUR, hour), (_HOUR, hour, _MINUTE, minute), (_MINUTE, minute, 1, second))
    for size, unit, part, smaller in steps:
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {unit}" + (f" {rest:02d} {smaller}" if rest else "")
    return f"{whole} {second}"


def bar(share: float, cells: int = 10) -> str:
    """Draw a share of 0.0 to 1.0 as a bar, with its percentage."""
    full = int(share * cells + _ROUNDING)
    return f"{'█' * full}{'░' * (cells - full)} {percent(share)}"


def percent(share: float) -> str:
    """Write a share of 0.0 to 1.0 rounded down, so that 100 % means done."""
    return f"{int(share * 100 + _ROUNDING)} %"
