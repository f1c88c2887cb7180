"""Words out of pasted text: links unwrapped, quotes, brackets and punctuation taken off."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from providers.ids import guess_providers, parse_ref

_LEAST_DIGITS = 6
_LEAST_HUMPS = 2

TOKEN = re.compile(r"<([^<>]*)>")
_CALLED = re.compile(r"<(?:@|!subteam\^|!)(?P<who>[A-Z0-9]+|here|channel|everyone)(?:\|[^<>]*)?>")
LINK = re.compile(r"https?://[^\s<>\"'`“”「」]+", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;，、；（）【】「」『』《》]+")
_WRAPPERS = "\"'`“”„‘’‚«»*~()[]{}<>•·▪‣\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_TRAILING = _WRAPPERS + ".,;:!?…。！？：；，、"
_AROUND = "\"'`“”„‘’‚«»,;，、；\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_PARTS = re.compile(r"[/?&#]")
_WITHIN_PART = re.compile(r"[\s,;，、；/|]+")
_HUMP = re.compile(r"[a-z][A-Z]")
_EXTENSION = re.compile(
    r"\.(?:mp4|m4a|m4s|mov|mkv|webm|flv|ts|m3u8|mpd|mp3|aac|wav|jpe?g|png|gif|webp|vtt|zip|json)$",
    re.IGNORECASE,
)
_RECORDING_FILE = re.compile(r"([A-Za-z0-9_-]{16})_.+_[A-Z]{1,3}_[0-9]{17}")
"""The name of a recorded file begins with its task (ZEGO docs, DescribeRecordStatus, 2026-11)."""
_ID_KEYS = frozenset({"id", "ids", "task", "tasks", "taskid", "taskids", "job", "jobid", "ref"})


def split_words(text: str, *, with_called: bool = False) -> list[str]:
    """Cut text, as Slack hands it on or as it was pasted, into bare words.

    A link becomes the ids in its label, else in its address; one without ids stays a word.
    Mentions and dates are left out; *with_called*, people and groups become ``@U…`` and ``@S…``,
    and everybody ``@here``.
    """
    if with_called:
        text = _CALLED.sub(r" @\1 ", text)
    plain = unescape_slack(TOKEN.sub(_unwrap, text))
    plain = LINK.sub(lambda link: f" {_name_link(link[0])} ", plain)
    words = filter(None, map(bare, _SEPARATORS.split(plain)))
    return [id_in_name(word) or word for word in words]


def split_typed(text: str, *, verbatim_after: str) -> list[str]:
    """Cut text into words as they were typed, so that ``lesson-*`` keeps its star.

    People and groups become ``@U…`` and ``@S…``, quotes and commas around words are taken off. The
    words behind *verbatim_after* keep theirs, and name people as Slack names them.
    """
    mark = re.search(rf"(?<!\S){verbatim_after}(?!\S)", text, re.IGNORECASE)
    place = mark.start() if mark else len(text)
    words = (word.strip(_AROUND) for word in _seen(_CALLED.sub(r" @\1 ", text[:place])).split())
    return [*filter(None, words), *_seen(text[place:]).split()]


def _seen(text: str) -> str:
    """Show links and mentions by their labels, and only what can be seen."""
    plain = unescape_slack(TOKEN.sub(_label, text))
    return "".join(letter if letter.isprintable() else " " for letter in plain)


def _label(token: re.Match[str]) -> str:
    """Write ``<@U0BOB|bob>`` as ``@bob``, ``<!here>`` as ``@here``, and a link as it was typed."""
    address, _, label = token[1].partition("|")
    shown = label or address
    if not is_mention(address):
        return shown
    sigil = "#" if address.startswith("#") else "@"
    return f"{sigil}{shown.lstrip('@#!')}"


def unescape_slack(text: str) -> str:
    """Undo the only three escapes Slack makes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unwrap(token: re.Match[str]) -> str:
    address, _, label = token[1].partition("|")
    if is_mention(address):
        return " "
    named = [word for word in map(bare, _SEPARATORS.split(label)) if is_telling(word)]
    as_typed = label if label in address else ""  # Slack makes links of typed numbers and names
    found = named or ids_in_link(unescape_slack(address))
    return f" {' '.join(found) or as_typed or address} "


def _name_link(address: str) -> str:
    return " ".join(ids_in_link(address)) or re.split("[,;]", address, maxsplit=1)[0]


def is_mention(address: str) -> bool:
    """Whether the address of a ``<…>`` is a person, a channel, a group, or one of Slack's dates."""
    return address.startswith(("@", "#", "!"))


def bare(word: str) -> str:
    """Take off what stands around a word; empty where nothing of a word is left."""
    inner = word.strip(_WRAPPERS).rstrip(_TRAILING)
    if not any(letter.isalnum() for letter in inner):
        return ""
    wrapped = inner[0] == "_" == inner[-1]
    fitting = (form for form in (inner, inner[1:-1] if wrapped else "", inner.strip("_")) if form)
    shaped = next((form for form in fitting if guess_providers(form)), None)
    return shaped or (inner.strip("_") if wrapped else inner)


def is_telling(word: str) -> bool:
    """Whether a word among others must be an id: more is asked than of one in its proper place.

    Six digits at least; of a recording's sixteen characters, and of a whiteboard video's twenty,
    those no word of a language has. A ref is always telling.
    """
    providers = guess_providers(word)
    if word.isascii() and word.isdigit():
        return len(word) >= _LEAST_DIGITS
    if providers == ("record",):
        return _is_mixed(word)
    if providers == ("tiw",):
        return any(letter.isdigit() for letter in word)
    return bool(providers) or (":" in word and _is_ref(word))


def _is_mixed(word: str) -> bool:
    """Tell a random id from ``MediaTask-Server`` and ``responsibilities``."""
    if not (any(map(str.isupper, word)) and any(map(str.islower, word))):
        return False
    return any(map(str.isdigit, word)) or len(_HUMP.findall(word)) >= _LEAST_HUMPS


def _is_ref(word: str) -> bool:
    try:
        return parse_ref(word).provider is not None
    except ValueError:
        return False


def ids_in_link(address: str) -> list[str]:
    """Find the ids in the path, the query and the fragment of an address, each once."""
    _, *parts = _PARTS.split(address.partition("://")[2])
    return list(dict.fromkeys(found for part in parts for found in _ids_in_part(part)))


def _ids_in_part(part: str) -> Iterator[str]:
    key, equals, value = part.partition("=")
    named = re.sub("[^a-z]", "", key.lower()) in _ID_KEYS
    for word in _WITHIN_PART.split(unquote(value if equals else part)):
        found = id_in_name(bare(word))
        # Signatures, dates and other people's ids in a query look like ids of ours.
        if found and (named or not equals or guess_providers(found) == ("tencent",)):
            yield found


def id_in_name(name: str) -> str | None:
    """Find the id in a word, or in a file's name: ``22123973.mp4``."""
    stem = _EXTENSION.sub("", name)
    recording = _RECORDING_FILE.fullmatch(stem)
    candidates = dict.fromkeys((recording[1] if recording else name, name, stem))
    return next(filter(is_telling, candidates), None)
