"""Draws a contact sheet: fetches the pictures, and has them put together by another process.

Another process because decoding other people's bytes takes processor, memory and trust: the event
loop goes on meanwhile, what goes wrong ends with the process, and it has nothing worth stealing. A
picture is handed over as soon as it is there, so that eight at most are held here.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from bot.fetch import MAX_AT_A_TIME, FetchRefusedError
from bot.settings.sources import environment

WORKER = (sys.executable, "-I", "-c", "from bot.sheet_worker import main; main()")
_INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All of the environment that a Python may need to start; the rest may be secret."""
_FETCHED_WITHIN_S = 30.0
_DRAWN_WITHIN_S = 45.0
_PIECE_BYTES = 1 << 16

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]
"""Gives a picture's bytes, or raises ``FetchRefusedError``."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One picture of a sheet, before it is fetched."""

    link: str = field(repr=False)
    caption: str
    """In Latin letters."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet, and how it turned out."""

    content: bytes = field(repr=False)
    """A JPEG; empty where no picture could be shown."""
    shown: int
    reasons: Counter[str]
    """Why the others are not shown, and how many for each reason."""
    is_final: bool
    """Whether another attempt would find the same; False where somebody did not answer in time."""


class DrawingError(Exception):
    """No sheet was made, and the pictures are not to blame; the text is safe to show."""


@dataclass(slots=True)
class Drawer:
    """Draws sheets; of all that are drawn at once, eight pictures are under way at a time."""

    fetch: Fetch
    worker: Sequence[str] = WORKER
    fetched_within_s: float = _FETCHED_WITHIN_S
    """After which the pictures that are not there yet count as too slow."""
    drawn_within_s: float = _DRAWN_WITHIN_S
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_AT_A_TIME))

    async def draw(self, thumbnails: Sequence[Thumbnail]) -> Drawing:
        """Draw one or more thumbnails, in their order.

        Raises:
            DrawingError: the other process failed, or all of it took too long.
        """
        try:
            async with asyncio.timeout(self.drawn_within_s), _started(self.worker) as pipes:
                return await self._converse(*pipes, thumbnails)
        except TimeoutError:
            raise DrawingError("the contact sheet took too long") from None
        except (OSError, EOFError, ValueError) as error:
            log.warning("sheet_worker_failed error=%s", type(error).__name__)
            raise DrawingError("the contact sheet could not be drawn") from None

    async def _converse(
        self,
        worker_in: asyncio.StreamWriter,
        worker_out: asyncio.StreamReader,
        thumbnails: Sequence[Thumbnail],
    ) -> Drawing:
        pipe = _FramePipe(worker_in)
        await pipe.send({"count": len(thumbnails)})
        deadline = asyncio.get_running_loop().time() + self.fetched_within_s
        are_final = await _gather(
            self._pass_on(pipe, place, thumbnail, deadline)
            for place, thumbnail in enumerate(thumbnails)
        )
        worker_in.close()
        head = json.loads(await worker_out.readline())
        content = await worker_out.readexactly(head["size"])
        return Drawing(content, head["shown"], Counter(head["reasons"]), all(are_final))

    async def _pass_on(
        self, pipe: "_FramePipe", place: int, thumbnail: Thumbnail, deadline: float
    ) -> bool:
        """Fetch a picture and hand it over, or why there is none; tell whether that is final."""
        async with self._turns:
            content, reason, is_final = b"", "", True
            try:
                async with asyncio.timeout_at(deadline):
                    content = await self.fetch(thumbnail.link)
            except TimeoutError:
                reason, is_final = "too slow", False
            except FetchRefusedError as refusal:
                reason, is_final = str(refusal), not refusal.is_passing
            head = {"place": place, "caption": thumbnail.caption, "reason": reason}
            await pipe.send(head | {"size": len(content)}, content)
        return is_final


@dataclass(frozen=True, slots=True)
class _FramePipe:
    """Sends frames one after another, in pieces: asyncio moves all that waits at every write."""

    worker_in: asyncio.StreamWriter
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, head: dict[str, Any], content: bytes = b"") -> None:
        whole = memoryview(content)
        frame: list[bytes | memoryview] = [json.dumps(head).encode() + b"\n"]
        frame += [whole[at : at + _PIECE_BYTES] for at in range(0, len(whole), _PIECE_BYTES)]
        async with self._turn:
            for piece in frame:
                if self.worker_in.is_closing():
                    raise BrokenPipeError
                self.worker_in.write(piece)
                await self.worker_in.drain()


async def _gather(works: Iterable[Coroutine[Any, Any, bool]]) -> list[bool]:
    """Do all at once; when one fails, the others end too."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _started(
    words: Sequence[str],
) -> AsyncIterator[tuple[asyncio.StreamWriter, asyncio.StreamReader]]:
    """Start the worker, and end it whatever happens."""
    kept = {name: text for name, text in environment().items() if name in _INHERITED}
    process = await asyncio.create_subprocess_exec(
        *words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=kept
    )
    try:
        yield (
            cast("asyncio.StreamWriter", process.stdin),
            cast("asyncio.StreamReader", process.stdout),
        )
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """End it, wherever it is, and take what it still says.

    ``Process.kill`` would look first whether it is there, and where it has just ended take its
    exit status away from asyncio's watcher, which then complains.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    await process.communicate()
