"""A sheet is drawn by another process, and whatever happens there is told in words."""

import asyncio
import io
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.drawing import Drawer, DrawingError, Thumbnail
from bot.fetch import MAX_AT_A_TIME, FetchRefusedError
from providers.clock import SystemClock
from tests.fakes import bombs

RED, BLUE = (bombs.picture("PNG", (320, 180), colour=colour) for colour in ("red", "blue"))
LOST = FetchRefusedError("HTTP 404")
BUSY = FetchRefusedError("HTTP 503", is_passing=True)


class Pictures:
    """What links lead to, a while after somebody asks."""

    def __init__(self, **found: bytes | FetchRefusedError) -> None:
        self._found = found
        self._under_way = 0
        self.most_at_once = 0

    async def fetch(self, link: str) -> bytes:
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await SystemClock().sleep(0)
        self._under_way -= 1
        found = self._found[link]
        if isinstance(found, FetchRefusedError):
            raise found
        return found


def name(links: Sequence[str]) -> list[Thumbnail]:
    return [Thumbnail(link, str(number)) for number, link in enumerate(links, 1)]


def speaking(script: str) -> tuple[str, ...]:
    """Be a worker that does what *script* says instead."""
    return (sys.executable, "-c", script)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pid_in(path: Path) -> int | None:
    """None: the worker has not written it yet."""
    text = path.read_text("utf-8") if path.exists() else ""
    return int(text) if text else None


async def pid_of_worker(path: Path) -> int:
    async with asyncio.timeout(10):
        while (pid := pid_in(path)) is None:
            await SystemClock().sleep(0.01)
    return pid


def staying(path: Path) -> tuple[str, ...]:
    """Be a worker that writes its id and then does nothing."""
    return speaking(f"""
import os, pathlib, signal
pathlib.Path({str(path)!r}).write_text(str(os.getpid()), "utf-8")
signal.pause()
""")


async def test_thumbnails_stand_in_their_order_whichever_comes_first() -> None:
    came_late = asyncio.Event()

    async def fetch(link: str) -> bytes:
        if link == "red":
            await came_late.wait()
            return RED
        came_late.set()
        return BLUE

    drawing = await Drawer(fetch).draw(name(["red", "blue"]))

    sheet = Image.open(io.BytesIO(drawing.content))
    left, right = (sheet.getpixel((x, 90)) for x in (168, 496))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[0] > 200, right[2] > 200) == (True, True)
    assert (drawing.shown, drawing.reasons, drawing.is_final) == (2, Counter(), True)


async def test_a_picture_that_cannot_be_shown_costs_no_other() -> None:
    pictures = Pictures(red=RED, lost=LOST, page=b"<html>", broken=RED[:100])

    drawing = await Drawer(pictures.fetch).draw(name(["lost", "red", "page", "lost", "broken"]))

    assert drawing.content
    assert (drawing.shown, drawing.is_final) == (1, True)
    assert drawing.reasons == {"HTTP 404": 2, "not a picture": 1, "damaged": 1}


async def test_a_sheet_that_may_turn_out_better_the_next_time_is_not_final() -> None:
    pictures = Pictures(red=RED, busy=BUSY)

    drawing = await Drawer(pictures.fetch).draw(name(["red", "busy"]))

    assert (drawing.shown, drawing.reasons, drawing.is_final) == (1, {"HTTP 503": 1}, False)


async def test_where_nothing_can_be_shown_there_is_no_sheet() -> None:
    pictures = Pictures(lost=LOST)

    drawing = await Drawer(pictures.fetch).draw(name(["lost", "lost"]))

    assert (drawing.content, drawing.shown, drawing.reasons) == (b"", 0, {"HTTP 404": 2})


async def test_bombs_are_left_to_the_worker_which_survives_them() -> None:
    pictures = Pictures(
        png=bombs.png_that_keeps_its_word(20_000, 20_000),
        webp=bombs.webp_that_claims(16_000, 16_000),
        text=bombs.png_with_a_long_text(),
        red=RED,
    )

    drawing = await Drawer(pictures.fetch).draw(name(["png", "webp", "text", "red"]))

    assert drawing.shown == 1


async def test_eight_pictures_are_under_way_at_a_time_over_all_sheets() -> None:
    pictures = Pictures(red=RED)
    drawer = Drawer(pictures.fetch)

    drawings = await asyncio.gather(*(drawer.draw(name(["red"] * 20)) for _ in range(2)))

    assert [drawing.shown for drawing in drawings] == [20, 20]
    assert pictures.most_at_once == MAX_AT_A_TIME


async def test_pictures_that_are_not_there_in_time_are_left_out() -> None:
    async def hang(_link: str) -> bytes:
        never: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        return await never

    drawing = await Drawer(hang, fetched_within_s=0.02).draw(name(["red"] * 20))

    assert (drawing.shown, drawing.reasons, drawing.is_final) == (0, {"too slow": 20}, False)


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(1)",
        "import os; os.abort()",
        "import sys; sys.stdin.buffer.read()",
        "import sys; sys.stdin.buffer.read(); print('no JSON')",
        """import sys; sys.stdin.buffer.read(); print('{"size": 9}'); print('less')""",
    ],
    ids=["ends", "dies", "silent", "nonsense", "short"],
)
@pytest.mark.parametrize("size", [1, 1_000_000])
async def test_a_worker_that_fails_is_told_of(
    script: str, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    pictures = Pictures(some=bytes(size))
    drawer = Drawer(pictures.fetch, worker=speaking(script))

    with pytest.raises(DrawingError, match="the contact sheet could not be drawn"):
        await drawer.draw(name(["some"] * 12))

    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_a_worker_that_cannot_be_started_is_told_of() -> None:
    drawer = Drawer(Pictures(red=RED).fetch, worker=("/nowhere/python",))

    with pytest.raises(DrawingError, match="the contact sheet could not be drawn"):
        await drawer.draw(name(["red"]))


async def test_a_worker_that_never_answers_is_ended(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    drawer = Drawer(Pictures(red=RED).fetch, worker=staying(told), drawn_within_s=0.5)

    with pytest.raises(DrawingError, match="the contact sheet took too long"):
        await drawer.draw(name(["red"]))

    pid = pid_in(told)
    assert pid is None or not is_running(pid)


async def test_a_sheet_nobody_waits_for_any_more_ends_its_worker(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    drawer = Drawer(Pictures(red=RED).fetch, worker=staying(told))
    drawing = asyncio.create_task(drawer.draw(name(["red"])))
    pid = await pid_of_worker(told)

    drawing.cancel()
    await asyncio.wait({drawing})

    assert drawing.cancelled()
    assert not is_running(pid)


async def test_the_worker_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    script = """
import json, os, sys
sys.stdin.buffer.read()
print(json.dumps({"size": 0, "shown": 0, "reasons": list(os.environ)}))
"""

    drawing = await Drawer(Pictures(red=RED).fetch, worker=speaking(script)).draw(name(["red"]))

    assert "LD_LIBRARY_PATH" in drawing.reasons
    assert set(drawing.reasons) <= {"LD_LIBRARY_PATH", "LC_CTYPE"}


def test_a_thumbnail_shows_no_link() -> None:
    assert "canary" not in repr(Thumbnail("https://cdn.example/?Signature=canary", "1"))
