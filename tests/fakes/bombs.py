"""Pictures made to hurt whoever decodes them; all are made on the fly and small."""

import io
import struct
import zlib

from PIL import Image


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", colour: object = "red") -> bytes:
    """Save a plain picture of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind)  # type: ignore[arg-type]  # any colour of a mode
    return buffer.getvalue()


def animation(kind: str, *colours: str) -> bytes:
    """Save one frame of each colour."""
    first, *others = (Image.new("RGB", (40, 20), colour) for colour in colours)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others, duration=100)
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Write a PNG whose header is all there is of its size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b""))
        + (_chunk(b"IEND", b""))
    )


def png_that_keeps_its_word(width: int, height: int) -> bytes:
    """Write a PNG of one bit a pixel, a thousandth of what it decodes to."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + -(-width // 8))
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_with_a_long_text() -> bytes:
    """Write a PNG whose comment unpacks into a hundred megabytes."""
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    body = zlib.compress(bytes(8 * 25))
    chunks = _chunk(b"IHDR", head) + _chunk(b"zTXt", text) + _chunk(b"IDAT", body)
    return b"\x89PNG\r\n\x1a\n" + chunks + _chunk(b"IEND", b"")


def gif_that_claims(width: int, height: int) -> bytes:
    """Write a GIF with a wide screen, and a frame of one pixel."""
    good = picture("GIF", (1, 1), "P", 0)
    return good[:6] + struct.pack("<HH", width, height) + good[10:]


def webp_that_claims(width: int, height: int) -> bytes:
    """Write an animated WebP with a wide canvas."""
    good = bytearray(animation("WEBP", "red", "blue"))
    place = good.index(b"VP8X") + 12
    good[place : place + 3] = (width - 1).to_bytes(3, "little")
    good[place + 3 : place + 6] = (height - 1).to_bytes(3, "little")
    return bytes(good)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
