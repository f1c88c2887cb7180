"""What a button brings back when it is pressed, this month's and last month's.

A value is at most 2000 characters and is one of three things:

- a ref, ``provider@account:id``: for everything that is about one task;
- compact JSON for paging, ``{"k":"batch","p":1,"r":["record@main:1",":2"]}``, where a ref that
  starts with ``:`` has the account of the one before. Where it is too long it travels deflated,
  as ``~`` and URL-safe base 64. ``k`` is ``batch``, ``gallery``, ``list``, ``watches``,
  ``digest``, ``alerts`` or ``alert_tasks``, ``p`` the page;
- compact JSON for one thing the store knows by a number or an id: ``watch`` (with its ref, which
  outlives the row), ``card``, ``delivery``, ``alert`` and ``snooze`` (with the
  alert's version), ``subscription`` or ``silence``.

A menu's options carry the same, in at most 150 characters. A menu of people carries nothing: the
block it stands in has its alert as its id.

Keys are added, never given another meaning; unknown ones are ignored, missing ones have defaults.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.views.layout import MAX_BUTTON_VALUE

_DEFLATED = "~"
_LONGEST = 200_000
"""Characters of a value once it is inflated again; ours have far less."""
_MAX_PAGE = 10_000
_UNREADABLE = (
    *(binascii.Error, zlib.error, KeyError, TypeError, ValueError),
    *(OverflowError, RecursionError),
)
_MAX_SINCE_S = 366 * 86_400
_LONGEST_SNOOZE_S = 7 * 86_400
_ROW_IDS = 1 << 63


@dataclass(frozen=True, slots=True)
class TaskButton:
    """Something about one task; which thing the ``action_id`` says."""

    ref: str
    """As people type it, not yet checked: it came back from outside."""


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Another page of the tasks that were asked for together."""

    page: int
    """From 0."""
    refs: tuple[str, ...]
    """All of them, in the order asked."""


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Another page of a task's thumbnails."""

    page: int
    """From 0."""
    ref: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of an account's tasks."""

    provider: str
    account: str
    state: str | None = None
    since: timedelta = timedelta(0)
    """How far back from the moment of asking; zero leaves it to the bot."""
    page: int = 1
    """From 1, as vendors count."""

    def at(self, page: int) -> "ListPage":
        """Turn to another page of the same list."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class WatchButton:
    """Something about one watch; the ref says what was watched where nobody knows it any more."""

    watch_id: int
    ref: str


@dataclass(frozen=True, slots=True)
class CardButton:
    """Something about all watches of a card."""

    card_id: int


@dataclass(frozen=True, slots=True)
class DeliveryButton:
    """Something about one message that was, or was not, sent."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class WatchesPage:
    """Another page of what is watched."""

    page: int
    """From 0."""
    scope: str
    """``here``, ``mine`` or ``all``; not yet checked."""

    def at(self, page: int) -> "WatchesPage":
        """Turn to another page of the same list."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class DigestPage:
    """Another page of a digest."""

    page: int
    """From 0."""
    digest_id: str
    """The delivery whose members it lists."""


@dataclass(frozen=True, slots=True)
class AlertButton:
    """Something about an alert as it was drawn."""

    alert_id: int
    version: int
    """The alert's own, then; a press that was made for an older one changes nothing."""


@dataclass(frozen=True, slots=True)
class SnoozeOption:
    """How long to snooze an alert as it was drawn."""

    alert_id: int
    version: int
    lasting: timedelta
    """A minute to a week, to the second."""


@dataclass(frozen=True, slots=True)
class SubscriptionButton:
    """Something about one subscription."""

    subscription_id: int


@dataclass(frozen=True, slots=True)
class SilenceButton:
    """Something about one silence."""

    silence_id: int


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """Another page of the alerts."""

    page: int
    """From 0."""
    scope: str
    """``open``, ``mine`` or ``all``; not yet checked."""

    def at(self, page: int) -> "AlertsPage":
        """Turn to another page of the same list."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class AlertTasksPage:
    """Another page of the tasks an alert counts, on its card or in its details."""

    page: int
    """From 0."""
    alert_id: int


TasksPage = BatchPage | GalleryPage | ListPage | WatchesPage | DigestPage
Page = TasksPage | AlertsPage | AlertTasksPage
AboutAlerts = AlertButton | SnoozeOption | SubscriptionButton | SilenceButton
Value = TaskButton | WatchButton | CardButton | DeliveryButton | AboutAlerts | Page


def encode(value: Value) -> str | None:
    """Write what a button brings back; None where Slack's button cannot hold it."""
    if isinstance(value, TaskButton):
        fits = len(value.ref) <= MAX_BUTTON_VALUE and value.ref.isprintable()
        return value.ref if fits and value.ref else None
    text = json.dumps(_WRITERS[type(value)](value), separators=(",", ":"), ensure_ascii=True)
    if len(text) > MAX_BUTTON_VALUE:
        text = _DEFLATED + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
    return text if len(text) <= MAX_BUTTON_VALUE else None


def decode(text: str) -> Value | None:
    """Read what a button brought back; None where nobody can say any more what it meant."""
    try:
        plain = _inflate(text) if text.startswith(_DEFLATED) else text
        if not plain.startswith("{"):
            return TaskButton(plain) if plain else None
        said = json.loads(plain)
        read = _READERS.get(said.get("k"))
        return read(said) if read else None
    except _UNREADABLE:
        return None


def _inflate(text: str) -> str:
    """Undo the deflating, up to a length that cannot hurt."""
    packed = base64.urlsafe_b64decode(text[len(_DEFLATED) :])
    return zlib.decompressobj().decompress(packed, _LONGEST).decode()


def _written_list(value: ListPage) -> Mapping[str, object]:
    since = int(value.since.total_seconds())
    told = {"a": value.account, "s": value.state, "t": since}
    kept = {key: said for key, said in told.items() if said}
    return {"k": "list", "p": value.page, "v": value.provider, **kept}


def _abbreviate(refs: Sequence[str]) -> list[str]:
    """Leave out the account where it is that of the ref before."""
    short, before = [], None
    for ref in refs:
        head, colon, task_id = ref.partition(":")
        short.append(f":{task_id}" if colon and head == before else ref)
        before = head
    return short


def _complete(short: Sequence[str]) -> tuple[str, ...]:
    refs, before = [], ""
    for ref in short:
        head, _, task_id = ref.partition(":")
        before = head or before
        refs.append(ref if head else f"{before}:{task_id}")
    return tuple(refs)


def _page(said: Mapping[str, Any], first: int) -> int:
    return min(max(int(said.get("p", first)), first), _MAX_PAGE)


def _read_batch(said: Mapping[str, Any]) -> BatchPage | None:
    refs = _complete([str(ref) for ref in said["r"]])
    return BatchPage(_page(said, 0), refs) if refs else None


def _read_list(said: Mapping[str, Any]) -> ListPage:
    since = min(max(int(said.get("t", 0)), 0), _MAX_SINCE_S)
    state = said.get("s")
    return ListPage(
        provider=str(said["v"]),
        account=str(said.get("a", "")),
        state=str(state) if state else None,
        since=timedelta(seconds=since),
        page=_page(said, 1),
    )


def _row_id(number: Any) -> int:
    """Read a row's number, of those a database can have."""
    row_id = int(number)
    if not 0 <= row_id < _ROW_IDS:
        raise ValueError(row_id)
    return row_id


def _read_snooze(said: Mapping[str, Any]) -> SnoozeOption:
    lasting = min(max(int(said["s"]), 60), _LONGEST_SNOOZE_S)
    return SnoozeOption(_row_id(said["a"]), _row_id(said["v"]), timedelta(seconds=lasting))


_WRITERS: Mapping[type[Value], Callable[[Any], Mapping[str, object]]] = {
    BatchPage: lambda page: {"k": "batch", "p": page.page, "r": _abbreviate(page.refs)},
    GalleryPage: lambda page: {"k": "gallery", "p": page.page, "r": page.ref},
    ListPage: _written_list,
    WatchesPage: lambda page: {"k": "watches", "p": page.page, "s": page.scope},
    DigestPage: lambda page: {"k": "digest", "p": page.page, "d": page.digest_id},
    WatchButton: lambda watch: {"k": "watch", "w": watch.watch_id, "r": watch.ref},
    CardButton: lambda card: {"k": "card", "c": card.card_id},
    DeliveryButton: lambda delivery: {"k": "delivery", "d": delivery.delivery_id},
    AlertButton: lambda alert: {"k": "alert", "a": alert.alert_id, "v": alert.version},
    SnoozeOption: lambda snooze: {
        "k": "snooze",
        "a": snooze.alert_id,
        "v": snooze.version,
        "s": int(snooze.lasting.total_seconds()),
    },
    SubscriptionButton: lambda one: {"k": "subscription", "n": one.subscription_id},
    SilenceButton: lambda one: {"k": "silence", "n": one.silence_id},
    AlertsPage: lambda page: {"k": "alerts", "p": page.page, "s": page.scope},
    AlertTasksPage: lambda page: {"k": "alert_tasks", "p": page.page, "a": page.alert_id},
}
_READERS: Mapping[object, Callable[[Mapping[str, Any]], Value | None]] = {
    "batch": _read_batch,
    "gallery": lambda said: GalleryPage(_page(said, 0), str(said["r"])),
    "list": _read_list,
    "watches": lambda said: WatchesPage(_page(said, 0), str(said.get("s", "here"))),
    "digest": lambda said: DigestPage(_page(said, 0), str(said["d"])),
    "watch": lambda said: WatchButton(_row_id(said["w"]), str(said["r"])),
    "card": lambda said: CardButton(_row_id(said["c"])),
    "delivery": lambda said: DeliveryButton(str(said["d"])),
    "alert": lambda said: AlertButton(_row_id(said["a"]), _row_id(said["v"])),
    "snooze": _read_snooze,
    "subscription": lambda said: SubscriptionButton(_row_id(said["n"])),
    "silence": lambda said: SilenceButton(_row_id(said["n"])),
    "alerts": lambda said: AlertsPage(_page(said, 0), str(said.get("s", "open"))),
    "alert_tasks": lambda said: AlertTasksPage(_page(said, 0), _row_id(said["a"])),
}
