import io
import re

import pytest
from PIL import Image

from tests.gallery.__main__ import (
    EVERYTHING,
    FOLDER,
    MAX_BYTES,
    THEMES,
    index,
    picture_path,
    shrink,
    take,
)
from tests.gallery.page import GalleryError, open_browser

PICTURES = [picture_path(name, theme) for name in EVERYTHING for theme in THEMES]


def test_everything_is_pictured_and_nothing_else() -> None:
    kept = {path.name for path in FOLDER.glob("*.png")}

    assert kept == {path.name for path in PICTURES}


def test_the_index_shows_every_picture() -> None:
    kept = (FOLDER / "README.md").read_text("utf-8")

    assert kept == index()
    assert set(re.findall(r"\(([^()]+\.png)\)", kept)) == {path.name for path in PICTURES}


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_picture_is_small_and_has_a_palette(name: str) -> None:
    for theme in THEMES:
        path = picture_path(name, theme)

        assert path.stat().st_size <= MAX_BYTES
        with Image.open(path) as image:
            assert (image.format, image.mode) == ("PNG", "P")


def test_a_picture_of_too_many_colours_gets_fewer() -> None:
    noise = Image.effect_noise((500, 200), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")

    assert len(shrink(buffer.getvalue())) <= MAX_BYTES


def test_a_picture_that_stays_too_large_is_refused() -> None:
    noise = Image.effect_noise((1500, 1500), 90)
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")

    with pytest.raises(GalleryError, match="over 80,000 bytes"):
        shrink(buffer.getvalue())


@pytest.mark.browser
@pytest.mark.parametrize("name", ["shared", "sheet", "modal_lookup", "home"])
async def test_the_page_shows_what_is_pictured(name: str) -> None:
    try:
        async with open_browser() as (browser, address):
            taken = await take(browser, address, "light", EVERYTHING[name])
    except GalleryError as error:
        pytest.skip(str(error))

    with Image.open(io.BytesIO(taken)) as image, Image.open(picture_path(name, "light")) as kept:
        assert abs(image.width - kept.width) <= 20
        assert abs(image.height - kept.height) <= 200


def test_the_pictures_are_named_as_what_they_show() -> None:
    assert all(re.fullmatch(r"[a-z-]+-(light|dark)\.png", path.name) for path in PICTURES)
