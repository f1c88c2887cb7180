"""The process that decodes other people's pictures, started for one contact sheet.

It inherits no secret, opens nothing, and has little memory and time. It reads frames and writes
one. A frame is a line of JSON, and as many bytes as its ``size`` says. In comes ``{"count"}``, and
then, in any order, ``{"place", "caption", "reason", "size"}`` for each picture; one that could not
be fetched has a reason and no bytes. Out goes ``{"shown", "reasons", "size"}`` and the sheet; none
where no picture can be shown.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO

from bot.contact_sheet import PictureRefusedError, Tile, compose, layout, make_picture

_MEMORY_BYTES = 768 << 20
"""Of addresses, of which Python and Pillow take a part without using it."""
_NICE = 10
_LIMITS = (
    (resource.RLIMIT_CPU, 60),
    (resource.RLIMIT_CORE, 0),
    # macOS refuses a limit below what it has reserved by itself.
    *([(resource.RLIMIT_AS, _MEMORY_BYTES)] if sys.platform == "linux" else []),
)


def main() -> None:
    """Make the sheet asked for on standard input; a bomb nobody knew ends this process alone.

    On a busy machine the bot, and everybody else, goes first.
    """
    os.nice(_NICE)
    for kind, limit in _LIMITS:
        resource.setrlimit(kind, (limit, limit))
    make_sheet(sys.stdin.buffer, sys.stdout.buffer)


def make_sheet(source: BinaryIO, sink: BinaryIO) -> None:
    """Read pictures until *source* ends, and write the sheet; each is decoded as it comes."""
    count = json.loads(source.readline())["count"]
    columns, edge = layout(count)
    tiles = [Tile("", reason="never came")] * count
    while line := source.readline():
        head = json.loads(line)
        tiles[head["place"]] = _make_tile(head, source.read(head["size"]), edge)
    reasons = [tile.reason for tile in tiles if tile.picture is None]
    sheet = compose(tiles, columns) if len(reasons) < count else b""
    head = {"shown": count - len(reasons), "reasons": reasons, "size": len(sheet)}
    sink.write(json.dumps(head).encode() + b"\n" + sheet)
    sink.flush()


def _make_tile(head: dict[str, Any], content: bytes, edge: int) -> Tile:
    caption, reason = head["caption"], head["reason"]
    if not reason:
        try:
            return Tile(caption, make_picture(content, edge))
        except PictureRefusedError as refusal:
            reason = str(refusal)
    return Tile(caption, reason=reason)
