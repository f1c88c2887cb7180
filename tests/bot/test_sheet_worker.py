"""The worker reads frames until there are no more, and answers with one."""

import io
import json
import subprocess
import sys
from typing import Any

from PIL import Image

from bot.drawing import WORKER
from bot.sheet_worker import make_sheet
from tests.fakes import bombs

RED = bombs.picture("PNG", (320, 180))
Head = dict[str, Any]


def frames(count: int, *pictures: tuple[Head, bytes]) -> bytes:
    heads = [({"count": count}, b""), *pictures]
    return b"".join(json.dumps(head).encode() + b"\n" + content for head, content in heads)


def fetched(place: int, content: bytes) -> tuple[Head, bytes]:
    return {"place": place, "caption": "0:10", "reason": "", "size": len(content)}, content


def lost(place: int) -> tuple[Head, bytes]:
    return {"place": place, "caption": "0:20", "reason": "HTTP 404", "size": 0}, b""


def read(answer: bytes) -> tuple[Head, bytes]:
    line, _, sheet = answer.partition(b"\n")
    return json.loads(line), sheet


def make(said: bytes) -> tuple[Head, bytes]:
    answer = io.BytesIO()
    make_sheet(io.BytesIO(said), answer)
    return read(answer.getvalue())


def test_pictures_may_come_in_any_order() -> None:
    head, sheet = make(frames(3, fetched(2, RED), lost(0), fetched(1, b"GIF89a, or not\n")))

    assert head == {"shown": 1, "reasons": ["HTTP 404", "not a picture"], "size": len(sheet)}
    assert Image.open(io.BytesIO(sheet)).size == (8 + 3 * 328, 8 + 216)


def test_where_no_picture_can_be_shown_nothing_is_drawn() -> None:
    assert make(frames(1, lost(0))) == ({"shown": 0, "reasons": ["HTTP 404"], "size": 0}, b"")


def test_a_picture_nobody_spoke_of_is_missing() -> None:
    head, _ = make(frames(2, fetched(0, RED)))

    assert (head["shown"], head["reasons"]) == (1, ["never came"])


def test_the_worker_starts_in_a_python_of_its_own() -> None:
    said = frames(1, fetched(0, RED))

    ended = subprocess.run(WORKER, input=said, capture_output=True, check=True, timeout=60)  # noqa: S603 - our own words

    head, sheet = read(ended.stdout)
    assert (head["shown"], ended.stderr) == (1, b"")
    assert sheet == make(said)[1]


def test_the_worker_runs_out_of_memory_before_the_machine_does() -> None:
    script = "from bot.sheet_worker import main; main(); bytes(1 << 30)"

    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script],
        input=frames(1, lost(0)),
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert b"MemoryError" in ended.stderr
