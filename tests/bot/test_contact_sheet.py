"""Pictures become tiles, tiles become one picture, and no bytes whatever do harm."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.contact_sheet import (
    MAX_PIXELS,
    PictureRefusedError,
    Tile,
    compose,
    layout,
    make_picture,
)
from tests.fakes import bombs

RED, BLUE, GREY = (255, 0, 0), (0, 0, 255), (0x3A, 0x3D, 0x43)
Colour = tuple[int, ...]


def pixel(image: Image.Image, place: tuple[int, int]) -> Colour:
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return found


def is_about(found: Colour, wanted: Colour) -> bool:
    """JPEG changes a colour a little."""
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def middle(image: Image.Image) -> Colour:
    return pixel(image, (image.width // 2, image.height // 2))


def reason_of(content: bytes) -> str:
    with pytest.raises(PictureRefusedError) as refused:
        make_picture(content, 320)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((1280, 720), (320, 180)),
        ((720, 1280), (180, 320)),
        ((320, 180), (320, 180)),
        ((16, 9), (16, 9)),
        ((1, 1), (1, 1)),
        ((4000, 3), (320, 1)),
    ],
)
def test_a_picture_is_made_to_fit_and_never_larger(
    kind: str, size: tuple[int, int], fitted: tuple[int, int]
) -> None:
    image = make_picture(bombs.picture(kind, size), 320)

    assert (image.mode, image.size) == ("RGB", fitted)
    assert is_about(middle(image), RED)


@pytest.mark.parametrize(
    ("kind", "mode", "colour", "shown"),
    [
        ("PNG", "RGBA", (255, 0, 0, 255), RED),
        ("PNG", "RGBA", (255, 0, 0, 0), GREY),
        ("PNG", "LA", (255, 0), GREY),
        ("PNG", "P", 0, (0, 0, 0)),
        ("PNG", "1", 1, (255, 255, 255)),
        ("PNG", "I;16", 65535, (255, 255, 255)),
        ("WEBP", "RGBA", (0, 0, 0, 0), GREY),
        ("JPEG", "L", 255, (255, 255, 255)),
        ("JPEG", "CMYK", (0, 255, 255, 0), RED),
    ],
)
def test_every_sort_of_colour_is_shown(kind: str, mode: str, colour: object, shown: Colour) -> None:
    image = make_picture(bombs.picture(kind, (64, 64), mode, colour), 32)

    assert is_about(middle(image), shown)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_shown(kind: str) -> None:
    image = make_picture(bombs.animation(kind, "red", "blue", "lime"), 320)

    assert is_about(middle(image), RED)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not here</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x1f\x8b packed",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        bombs.picture("BMP", (8, 8)),
        bombs.picture("TIFF", (8, 8)),
        bombs.picture("ICO", (8, 8)),
    ],
    ids=["empty", "html", "svg", "gzip", "eps", "bmp", "tiff", "ico"],
)
def test_what_is_none_of_four_sorts_is_no_picture(content: bytes) -> None:
    assert reason_of(content) == "not a picture"


@pytest.mark.parametrize(
    "content",
    [
        bombs.png_that_claims(4097, 4096),
        bombs.png_that_claims(60_000, 60_000),
        bombs.png_that_claims(2**31 - 1, 1),
        bombs.png_that_keeps_its_word(20_000, 20_000),
        bombs.gif_that_claims(65_535, 65_535),
        bombs.picture("JPEG", (8000, 3000), "L", 0),
    ],
    ids=["just", "header", "row", "real", "gif", "jpeg"],
)
def test_a_bomb_is_known_by_its_header(content: bytes) -> None:
    assert len(content) < 300_000
    assert reason_of(content) == "too many pixels"


def test_the_largest_picture_allowed_is_shown() -> None:
    content = bombs.png_that_keeps_its_word(4096, MAX_PIXELS // 4096)

    assert make_picture(content, 320).size == (320, 320)


def test_a_webp_that_claims_a_wide_canvas_is_refused() -> None:
    assert reason_of(bombs.webp_that_claims(16_000, 16_000)) in {
        "too many pixels",
        "not a picture",
        "damaged",
    }


def test_a_comment_that_unpacks_without_end_is_refused() -> None:
    assert reason_of(bombs.png_with_a_long_text()) in {"not a picture", "damaged"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_breaks_off_is_refused(kind: str, share: float) -> None:
    noise = Image.effect_noise((200, 100), 90)
    buffer = io.BytesIO()
    noise.save(buffer, kind)
    whole = buffer.getvalue()

    assert reason_of(whole[: int(len(whole) * share)]) in {"damaged", "not a picture"}


@given(
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]),
    place=st.floats(min_value=0, max_value=0.99),
    put=st.binary(min_size=1, max_size=40),
)
def test_no_bytes_raise_anything_but_a_refusal(kind: str, place: float, put: bytes) -> None:
    good = bombs.picture(kind, (24, 16))
    start = int(place * len(good))
    spoilt = good[:start] + put + good[start + len(put) :]

    try:
        said, size = "", make_picture(spoilt, 16).size
    except PictureRefusedError as refusal:
        said, size = str(refusal), (1, 1)

    assert said in {"", "not a picture", "damaged", "too many pixels"}
    assert max(size) <= 16


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, (3, 400)),
        (9, (3, 400)),
        (10, (4, 360)),
        (30, (5, 320)),
        (36, (8, 240)),
        (200, (10, 200)),
    ],
)
def test_more_pictures_stand_closer(count: int, expected: tuple[int, int]) -> None:
    assert layout(count) == expected


def open_sheet(tiles: list[Tile], columns: int) -> Image.Image:
    sheet = Image.open(io.BytesIO(compose(tiles, columns)))
    assert sheet.format == "JPEG"
    return sheet


def tile(colour: str, size: tuple[int, int] = (320, 180)) -> Tile:
    return Tile("0:10", Image.new("RGB", size, colour))


@pytest.mark.parametrize(
    ("count", "columns", "cells"),
    [(1, 5, (1, 1)), (4, 5, (4, 1)), (5, 5, (5, 1)), (6, 5, (5, 2)), (30, 5, (5, 6))],
)
def test_a_sheet_is_as_large_as_its_pictures_need(
    count: int, columns: int, cells: tuple[int, int]
) -> None:
    sheet = open_sheet([tile("red")] * count, columns)

    assert sheet.size == (8 + cells[0] * (320 + 8), 8 + cells[1] * (180 + 28 + 8))


def test_pictures_stand_in_reading_order() -> None:
    sheet = open_sheet([tile("red"), tile("blue"), tile("blue"), tile("red")], 2)

    found = [pixel(sheet, (x, y)) for y in (98, 314) for x in (168, 496)]
    assert all(map(is_about, found, [RED, BLUE, BLUE, RED]))


def test_pictures_of_all_shapes_stand_in_the_middle_of_their_cells() -> None:
    sheet = open_sheet([tile("red", (320, 180)), tile("blue", (180, 320))], 2)

    assert sheet.size == (8 + 2 * 328, 8 + 320 + 28 + 8)
    assert is_about(pixel(sheet, (168, 168)), RED)
    assert is_about(pixel(sheet, (496, 168)), BLUE)
    assert not is_about(pixel(sheet, (168, 60)), RED)
    assert not is_about(pixel(sheet, (350, 168)), BLUE)


def test_a_missing_picture_is_grey_and_says_why() -> None:
    silent = open_sheet([tile("red"), Tile("0:20")], 2)
    telling = open_sheet([tile("red"), Tile("0:20", reason="HTTP 404")], 2)

    corner, words = (350, 20), (440, 80, 552, 116)
    assert is_about(pixel(silent, corner), GREY)
    assert silent.crop(words).getcolors() != telling.crop(words).getcolors()


def test_the_caption_stands_under_its_picture() -> None:
    one = open_sheet([Tile("0:10", tile("red").picture)], 1)
    other = open_sheet([Tile("0:11", tile("red").picture)], 1)

    above, below = (0, 0, 336, 180), (0, 188, 336, 224)
    assert one.crop(above).tobytes() == other.crop(above).tobytes()
    assert one.crop(below).tobytes() != other.crop(below).tobytes()


def test_tiny_pictures_leave_room_for_words() -> None:
    sheet = open_sheet([tile("red", (4, 4)), Tile("2", reason="too many redirects")], 2)

    assert sheet.size == (8 + 2 * 188, 8 + 101 + 36)
