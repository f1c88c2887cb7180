"""A bot that makes contact sheets and nothing else, and tells what the costliest of them took.

Its job's ``way`` says who decodes and draws: a ``process`` of its own, which is how the bot does
it, or a ``thread`` of this one, to be compared with.
"""

import asyncio
import gc
import io
import json
import resource
import selectors
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from PIL import Image
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public_or_private
from bot.contact_sheet import Tile, compose, layout, make_picture
from bot.drawing import Drawer, Drawing, Fetch, Thumbnail
from bot.fetch import open_fetcher
from bot.sheets import Draw, Sheets
from bot.uploads import upload_picture
from bot.vendors import open_session
from providers.clock import SystemClock
from providers.models import TaskRef

LARGE = "large"
"""Stands for a link to a 4K picture that needs no fetching."""
_TICK_S = 0.001
_KIB_IN_MIB = 1024


@dataclass(frozen=True, slots=True)
class Job:
    """What to do."""

    way: str
    links: list[str]
    rounds: int
    api_url: str
    bot_token: str


@dataclass(slots=True)
class Took:
    """What the costliest sheet took."""

    seconds: float = 0
    busy_s: float = 0
    """The longest the loop ran at a stretch; of a stretch the kernel broke into, its CPU time."""
    late_s: float = 0
    """The longest somebody waited for the loop, for whatever reason, other processes included."""
    more_mib: float = 0
    """By which this process grew, and the largest worker; a worker counts as large as this process
    at least, for it begins as its twin."""


class BusySelector(selectors.DefaultSelector):
    """Notes how long the event loop is away between two looks at its sockets."""

    def __init__(self, took: Took) -> None:
        super().__init__()
        self._took = took
        self._back_at: tuple[float, float, int] | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait as ever, outside of what is measured."""
        if self._back_at is not None:
            wall_s, cpu_s, breaks = (
                now - then for now, then in zip(_moment(), self._back_at, strict=True)
            )
            self._took.busy_s = max(self._took.busy_s, cpu_s if breaks else wall_s)
        events = super().select(timeout)
        self._back_at = _moment()
        return events


def _moment() -> tuple[float, float, int]:
    """Tell the time, this thread's CPU time, and how often the kernel broke into it."""
    breaks = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
    return time.perf_counter(), time.thread_time(), breaks


def _large_picture() -> bytes:
    buffer = io.BytesIO()
    frame = Image.effect_noise((3840, 2160), 12).convert("RGB")
    frame.save(buffer, "JPEG", quality=75, progressive=True)
    return buffer.getvalue()


def _in_thread(fetch: Fetch) -> Draw:
    async def draw(thumbnails: Sequence[Thumbnail]) -> Drawing:
        columns, edge = layout(len(thumbnails))
        contents = await asyncio.gather(*(fetch(thumbnail.link) for thumbnail in thumbnails))

        def work() -> bytes:
            pictures = [make_picture(content, edge) for content in contents]
            return compose([Tile("0:10", picture) for picture in pictures], columns)

        sheet = await asyncio.to_thread(work)
        return Drawing(sheet, len(thumbnails), Counter(), is_final=False)

    return draw


@asynccontextmanager
async def _sheets(job: Job) -> AsyncIterator[Sheets]:
    clock, large = SystemClock(), _large_picture() if LARGE in job.links else b""
    async with open_session() as session, open_fetcher(is_public_or_private) as fetcher:
        client = AsyncWebClient(
            job.bot_token, base_url=job.api_url, session=session, retry_handlers=[]
        )

        async def fetch(link: str) -> bytes:
            return large if link == LARGE else await fetcher.fetch_image(link)

        async def upload(picture: bytes, name: str) -> str:
            return await upload_picture(client, session, picture, name=name, clock=clock)

        draw = Drawer(fetch).draw if job.way == "process" else _in_thread(fetch)
        yield Sheets(draw, upload)


async def _watch(took: Took) -> None:
    """Ask for the loop's attention every millisecond."""
    clock = SystemClock()
    while True:
        asked = time.perf_counter()
        await clock.sleep(_TICK_S)
        took.late_s = max(took.late_s, time.perf_counter() - asked - _TICK_S)


async def _make(sheets: Sheets, job: Job, number: int) -> float:
    began = time.perf_counter()
    sheet = await sheets.sheet(TaskRef("tencent", "main", str(number)), job.links)
    if sheet.shown != len(job.links):
        raise SystemExit(f"only {sheet.shown} pictures of {len(job.links)} are on the sheet")
    return time.perf_counter() - began


def _largest_mib(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / _KIB_IN_MIB


async def _main(took: Took) -> None:
    job = Job(**json.loads(sys.argv[1]))
    async with _sheets(job) as sheets:
        before = _largest_mib(resource.RUSAGE_SELF)
        await _make(sheets, job, 0)
        gc.freeze()  # as ``mediatask serve`` does once it is up
        watching = asyncio.create_task(_watch(took))
        took.busy_s = 0
        took.seconds = max([await _make(sheets, job, number + 1) for number in range(job.rounds)])
        watching.cancel()
        grown = _largest_mib(resource.RUSAGE_SELF) - before
    took.more_mib = grown + _largest_mib(resource.RUSAGE_CHILDREN)


def main() -> None:
    """Do the job of the command line, and print what it took."""
    took = Took()
    with asyncio.Runner(
        loop_factory=lambda: asyncio.SelectorEventLoop(BusySelector(took))
    ) as runner:
        runner.run(_main(took))
    print(json.dumps(asdict(took)))


if __name__ == "__main__":
    main()
