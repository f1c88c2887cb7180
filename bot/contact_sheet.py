"""One picture of many: decodes hostile bytes into small tiles, and lays them out.

What a picture is, its own first bytes say; how large it is, its header says, and that is judged
before a pixel is decoded. All of it is work and none of it waits, so it runs in a process of its
own (``bot.sheet_worker``).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

MAX_PIXELS = 4096 * 4096
"""Twice a 4K frame; decoded it takes 64 MB."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_LAYOUTS = ((9, 3, 400), (16, 4, 360), (35, 5, 320), (80, 8, 240))
"""Up to how many pictures, how many stand in a row, and into which square each must fit."""
_DENSEST = (10, 200)
_GAP = 8
_CAPTION_HEIGHT = 28
_CAPTION_SIZE = 19
_LEAST_CELL = (180, 101)
_QUALITY = 82
_GROUND, _GREY, _INK, _FAINT = "#1d1f23", "#3a3d43", "#e8e8e8", "#a9adb5"


class PictureRefusedError(Exception):
    """These bytes are no picture for the sheet; the text says why in a few plain words."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One place of the sheet."""

    caption: str
    picture: Image.Image | None = None
    reason: str = ""
    """Why there is no picture; both texts are drawn in a font that has Latin letters only."""


def layout(count: int) -> tuple[int, int]:
    """Choose how many of *count* pictures stand in a row, and the edge in pixels each fits into."""
    return next(((columns, edge) for most, columns, edge in _LAYOUTS if count <= most), _DENSEST)


def make_picture(content: bytes, edge: int) -> Image.Image:
    """Decode the first frame of a picture and make it fit into a square of *edge* pixels.

    Raises:
        PictureRefusedError: it is no JPEG, PNG, GIF or WebP, is too large, or is damaged.
    """
    try:
        return _decode(content, edge)
    except PictureRefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise whatever hostile bytes lead them to
        raise PictureRefusedError(_reason(error)) from None


def _decode(content: bytes, edge: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureRefusedError("too many pixels")
        # JPEG alone can be decoded smaller than it is, and then costs a fraction.
        opened.draft("RGB", (2 * edge, 2 * edge))
        image = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    image.thumbnail((edge, edge), Image.Resampling.BILINEAR)
    if image.mode == "RGB":
        return image
    solid = Image.new("RGB", image.size, _GREY)
    solid.paste(image, mask=image)
    return solid


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "not a picture"
    is_bomb = isinstance(
        error, (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)
    )
    return "too many pixels" if is_bomb else "damaged"


def compose(tiles: Sequence[Tile], columns: int) -> bytes:
    """Lay out one or more tiles in rows of *columns*, captions under them, as a JPEG.

    A cell is as large as the largest picture needs; a tile without one is grey and says why.
    """
    cell = _cell(tiles)
    columns = min(columns, len(tiles))
    rows = -(-len(tiles) // columns)
    step_x, step_y = cell[0] + _GAP, cell[1] + _CAPTION_HEIGHT + _GAP
    sheet = Image.new("RGB", (columns * step_x + _GAP, rows * step_y + _GAP), _GROUND)
    pen = _Pen(sheet, ImageDraw.Draw(sheet), ImageFont.load_default(_CAPTION_SIZE), cell)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        pen.draw_tile(tile, _GAP + column * step_x, _GAP + row * step_y)
    return _encode(sheet)


@dataclass(frozen=True, slots=True)
class _Pen:
    sheet: Image.Image
    draw: ImageDraw.ImageDraw
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    cell: tuple[int, int]

    def draw_tile(self, tile: Tile, left: int, top: int) -> None:
        width, height = self.cell
        centre = left + width // 2, top + height // 2
        if tile.picture is None:
            self.draw.rectangle((left, top, left + width - 1, top + height - 1), fill=_GREY)
            self._write(tile.reason, centre, _FAINT)
        else:
            corner = centre[0] - tile.picture.width // 2, centre[1] - tile.picture.height // 2
            self.sheet.paste(tile.picture, corner)
        self._write(tile.caption, (centre[0], top + height + _CAPTION_HEIGHT // 2), _INK)

    def _write(self, text: str, middle: tuple[int, int], colour: str) -> None:
        self.draw.text(middle, text, colour, self.font, anchor="mm")


def _cell(tiles: Sequence[Tile]) -> tuple[int, int]:
    """Find the smallest cell for all; one wide enough to say why where there is no picture."""
    pictures = [tile.picture for tile in tiles if tile.picture is not None]
    width = max([picture.width for picture in pictures], default=0)
    height = max([picture.height for picture in pictures], default=0)
    return max(width, _LEAST_CELL[0]), max(height, _LEAST_CELL[1])


def _encode(sheet: Image.Image) -> bytes:
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
