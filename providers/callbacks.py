"""What a vendor's callback comes to, and the contract of what reads it.

A receiver is built from an account and decides without I/O. Two kinds of proof exist. ZEGO's and
TIW's signatures cover no payload, so what such a callback says is a hint: worth asking the vendor
now, and believed of itself only where nobody can be asked. An SMN message is signed as a whole.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from providers.errors import (
    MalformedCallbackError,
    StaleCallbackError,
    UnsupportedCallbackError,
)
from providers.ids import InvalidTaskIdError, check_task_id
from providers.models import Kind, TaskError, TaskRef, TaskStatus
from providers.reading import read_object, read_text

_MAX_EVENT = 80
_MAX_PARTS = 10_000
"""Objects and lists in a body: hundreds are genuine, and a megabyte of them would take long."""
_MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class CallbackNews:
    """What a callback says of one task."""

    ref: TaskRef
    queryable: bool = True
    """Whether the vendor can be asked about the task; if not, *status* is all there will be."""
    certain: bool = True
    """False where the callback does not tell whose task it is, and each candidate has its news:
    that a candidate is not found says nothing."""
    ask_in: timedelta = timedelta()
    """How long the vendor wants to be left alone before it is asked; mostly zero."""
    status: TaskStatus | None = None
    """What the callback says, reported by the vendor; None where only an answer counts."""
    complete: bool = False
    """Whether an answer would add nothing to *status*. A success that is not complete may turn
    out partial, and a failure that is not complete may turn out to have a code."""
    kind: Kind | None = None
    ended_ordinarily: bool | None = None
    """Of a recording's abnormal ending: whether it was an idle time-out or the time limit."""
    files: int | None = None
    """Of a recording's upload: how many files it names, pictures too; 0: nothing was recorded."""
    cause: TaskError | None = None
    """Why it failed, where the callback tells more than the vendor's answer will."""
    note: str = ""
    """In a few words, what happened."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How a subscription is confirmed: one GET, by a client that follows no redirect."""

    url: str = field(repr=False)
    """Works as a password; its host was checked."""
    topic: str


@dataclass(frozen=True, slots=True)
class Received:
    """A callback that is the vendor's own."""

    event: str
    """The vendor's word for it, verbatim; a metric label only where it is *documented*."""
    sent_at: datetime
    replay_key: str
    """64 characters, the same for the same content however often it is sent and signed."""
    stale_at: datetime
    """From when on it is refused anyway, so that its *replay_key* may be forgotten."""
    documented: bool = True
    """False: the vendor's documents do not list *event*."""
    news: tuple[CallbackNews, ...] = ()
    """Empty where it is about no task of a provider."""
    confirmed: bool = False
    """Whether the signature covers what it says; if not, it is a hint."""
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Unverified:
    """A callback that is believed only after a look at a certificate."""

    certificate_url: str
    """Its host was checked; fetched with redirects off, and kept, because it rarely changes."""
    verify: Callable[[bytes], Received] = field(repr=False)
    """Takes the certificate as PEM; raises SignatureError, CertificateError and the like."""


class CallbackReceiver(Protocol):
    """Reads the callbacks of one account's vendor."""

    def parse_callback(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> Received | Unverified:
        """Believe a callback, or say what is needed to; nothing is fetched or waited for.

        Raises:
            CallbackError: it is not believed; only its children are raised.
        """
        ...


def check_content_type(headers: Mapping[str, str], accepted: Collection[str]) -> None:
    """Let a request pass whose content type is absent, or *accepted*, which is in lower case.

    Raises:
        UnsupportedCallbackError: it is of another type.
    """
    told = header(headers, "Content-Type") or ""
    if told.split(";")[0].strip().lower() not in {"", *accepted}:
        raise UnsupportedCallbackError("the callback is of a content type that is not accepted")


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Look a header up without regard to case, whatever mapping holds it."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)


def read_document(body: bytes) -> dict[str, Any] | None:
    """Read a body that is a JSON object; None for every other thing.

    Raises:
        MalformedCallbackError: nobody's callback has so many parts.
    """
    if body.count(b"{") + body.count(b"[") > _MAX_PARTS:
        raise MalformedCallbackError("the callback has too many parts")
    return read_object(body)


def read_nested(value: object) -> dict[str, Any]:
    """Read an object, or the JSON text of one; {} for every other thing."""
    if isinstance(value, str):
        return read_object(value.encode(errors="replace")) or {}
    return value if isinstance(value, dict) else {}


def read_words(value: object) -> str | None:
    """Read text for people, in one printable line of at most 300 characters; None for none."""
    text = read_text(value)
    shown = "".join(letter if letter.isprintable() else " " for letter in (text or "")[:_MAX_WORDS])
    return " ".join(shown.split()) or None


def name_event(value: object) -> str:
    """Read the vendor's word for what happened, cut to 80 characters; ``none`` without one."""
    return (read_words(value) or "none")[:_MAX_EVENT]


def read_task_id(value: object) -> str:
    """Read the id of the task a callback is about.

    Raises:
        MalformedCallbackError: there is none, or it could not be asked for.
    """
    try:
        return check_task_id(read_text(value) or "")
    except InvalidTaskIdError as error:
        raise MalformedCallbackError(f"the callback is about no task: {error}") from None


def check_fresh(sent_at: datetime, now: datetime, window: timedelta) -> datetime:
    """Tell when a callback sent at an instant goes stale; *window* holds either side of *now*.

    Raises:
        StaleCallbackError: it has gone stale, or comes from too far ahead.
    """
    if abs(now - sent_at) > window:
        raise StaleCallbackError("the callback was signed too long ago, or ahead of our clock")
    return sent_at + window


def make_replay_key(account: str, content: object) -> str:
    """Sum up what a callback says, without what every sending changes.

    Raises:
        MalformedCallbackError: it is nested too deep.
    """
    try:
        text = json.dumps([account, content], sort_keys=True)
    except RecursionError:
        raise MalformedCallbackError("the callback is nested too deep") from None
    return sha256(text.encode()).hexdigest()
