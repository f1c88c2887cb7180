"""What a button brings back when it is pressed, this month's and last month's.

A value is at most 2000 characters and is one of two things:

- a ref, ``provider@account:id``: for everything that is about one task;
- compact JSON for paging, ``{"k":"batch","p":1,"r":["record@main:1",":2"]}``, where a ref that
  starts with ``:`` has the account of the one before. Where it is too long it travels deflated,
  as ``~`` and URL-safe base 64. ``k`` is ``batch``, ``gallery`` or ``list``, ``p`` the page.

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


Value = TaskButton | BatchPage | GalleryPage | ListPage


def encode(value: Value) -> str | None:
    """Write what a button brings back; None where Slack's button cannot hold it."""
    if isinstance(value, TaskButton):
        fits = len(value.ref) <= MAX_BUTTON_VALUE and value.ref.isprintable()
        return value.ref if fits and value.ref else None
    text = json.dumps(_written(value), separators=(",", ":"), ensure_ascii=True)
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


def _written(value: BatchPage | GalleryPage | ListPage) -> Mapping[str, object]:
    if isinstance(value, BatchPage):
        return {"k": "batch", "p": value.page, "r": _abbreviate(value.refs)}
    if isinstance(value, GalleryPage):
        return {"k": "gallery", "p": value.page, "r": value.ref}
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


def _read_gallery(said: Mapping[str, Any]) -> GalleryPage:
    return GalleryPage(_page(said, 0), str(said["r"]))


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


_READERS: Mapping[object, Callable[[Mapping[str, Any]], Value | None]] = {
    "batch": _read_batch,
    "gallery": _read_gallery,
    "list": _read_list,
}
