"""A task's thumbnails as one picture in Slack, made once for all who ask.

A sheet is remembered by its task and the very links on it, so that a new link makes a new sheet;
one that lacks a picture because somebody did not answer in time is not remembered.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cachetools import LRUCache

from bot.captions import captions
from bot.drawing import Drawing, DrawingError, Thumbnail
from bot.uploads import UploadError
from providers.models import TaskRef

MAX_THUMBNAILS = 200
_MAX_REMEMBERED = 100
_MAX_DRAWN_AT_ONCE = 2

log = logging.getLogger(__name__)

Draw = Callable[[Sequence[Thumbnail]], Awaitable[Drawing]]
"""Draws a sheet, or raises ``DrawingError``."""
Upload = Callable[[bytes, str], Awaitable[str]]
"""Uploads a picture under a file name and gives its id, or raises ``UploadError``."""

_Key = tuple[TaskRef, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contact sheet that is in Slack."""

    file_id: str
    shown: int
    """How many thumbnails can be seen on it; the others are grey and say why."""


class Trouble(StrEnum):
    """Why there is no sheet; each has words of its own in every language."""

    NO_PICTURE = "no_picture"
    """Not one of the thumbnails could be fetched and decoded."""
    NOT_DRAWN = "not_drawn"
    NOT_UPLOADED = "not_uploaded"
    """Slack refused the picture: the bot may lack the scope files:write."""


class SheetError(Exception):
    """There is no sheet to show; the text says why in English and is safe to show."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble


@dataclass(slots=True)
class Sheets:
    """Makes contact sheets, two at a time, and remembers the last hundred."""

    draw: Draw
    upload: Upload
    _remembered: LRUCache[_Key, Sheet] = field(default_factory=lambda: LRUCache(_MAX_REMEMBERED))
    _flights: dict[_Key, asyncio.Task[Sheet | SheetError]] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MAX_DRAWN_AT_ONCE))

    async def sheet(self, ref: TaskRef, links: Sequence[str]) -> Sheet:
        """Give the sheet of a task's thumbnails; of more than 200, as many evenly spread.

        Raises:
            SheetError: no picture could be fetched, or there was trouble on the way.
        """
        key = (ref, tuple(links))
        if (known := self._remembered.get(key)) is not None:
            return known
        if (flight := self._flights.get(key)) is None:
            flight = self._flights[key] = asyncio.create_task(self._make(key))
            flight.add_done_callback(lambda _: self._flights.pop(key))
        await asyncio.wait({flight})
        if flight.cancelled():
            raise SheetError(Trouble.NOT_DRAWN, "the bot was stopped before the sheet was drawn")
        result = flight.result()
        if isinstance(result, SheetError):
            raise result.with_traceback(None)
        return result

    def forget(self, ref: TaskRef) -> None:
        """Make the next sheet of a task anew, as when Slack no longer has the file."""
        for key in [key for key in self._remembered if key[0] == ref]:
            del self._remembered[key]

    async def aclose(self) -> None:
        """End what is under way; whoever still waits is told so."""
        flights = tuple(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _make(self, key: _Key) -> Sheet | SheetError:
        """Make the sheet, or say why not, once for all who wait."""
        ref, links = key
        try:
            async with self._turns:
                drawing = await self.draw(_choose(ref, links))
            if not drawing.content:
                return SheetError(Trouble.NO_PICTURE, _tell(drawing.reasons))
            file_id = await self.upload(drawing.content, f"{ref.provider}-thumbnails.jpg")
        except DrawingError as error:
            return SheetError(Trouble.NOT_DRAWN, str(error))
        except UploadError as error:
            log.warning("sheet_not_uploaded task=%s reason=%s", ref, error)
            return SheetError(Trouble.NOT_UPLOADED, str(error))
        sheet = Sheet(file_id, drawing.shown)
        if drawing.is_final:
            self._remembered[key] = sheet
        return sheet


def _choose(ref: TaskRef, links: Sequence[str]) -> list[Thumbnail]:
    """Write a caption for each link, then choose at most 200, the first and last among them."""
    named = [Thumbnail(*pair) for pair in zip(links, captions(ref.provider, links), strict=True)]
    if len(named) <= MAX_THUMBNAILS:
        return named
    last = len(named) - 1
    return [named[last * step // (MAX_THUMBNAILS - 1)] for step in range(MAX_THUMBNAILS)]


def _tell(reasons: Counter[str]) -> str:
    """Say why there is no picture at all, the commonest reason first."""
    told = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))
    return f"no thumbnail could be shown: {told}"
