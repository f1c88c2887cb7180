import pytest

from bot.sandbox.slack.blocks import validate_message, validate_view
from bot.views.buttons import GalleryPage, decode
from bot.views.gallery import render_gallery, render_sheet
from bot.views.layout import View, without_images
from bot.views.modals import render_in_modal
from tests.bot.views.reading import buttons, elements, images, prose
from tests.bot.views.samples import PUBLIC, task

SHOTS = tuple(f"https://cdn.example/{index}.jpg" for index in range(23))


def titles(view: View) -> list[str]:
    return [card["title"]["text"] for card in elements(view) if card.get("type") == "card"]


@pytest.mark.parametrize(
    ("page", "first", "count", "turns"),
    [(0, 1, 10, {"page:1"}), (1, 11, 10, {"page:0", "page:2"}), (9, 21, 3, {"page:1"})],
)
def test_ten_thumbnails_stand_on_a_page(page: int, first: int, count: int, turns: set[str]) -> None:
    view = render_gallery(task(thumbnails=SHOTS), page=page)

    assert titles(view) == [f"Thumbnail {first + step} of 23" for step in range(count)]
    assert images(view) == list(SHOTS[first - 1 : first - 1 + count])
    assert {name for name in buttons(view) if name.startswith("page:")} == turns
    assert validate_message(view.blocks, view.text) == []


def test_a_page_is_turned_by_what_its_button_carries() -> None:
    view = render_gallery(task(thumbnails=SHOTS))

    assert decode(buttons(view)["page:1"]["value"]) == GalleryPage(1, str(task().ref))
    assert view.text == "Recording X3CgNeE4I1qAAABN: 23 thumbnails."


def test_each_thumbnail_can_be_opened() -> None:
    view = render_gallery(task(thumbnails=SHOTS[:2]))

    assert [button["url"] for button in buttons(view).values()] == list(SHOTS[:2])
    assert buttons(view)["open:1"]["text"]["text"] == "Open 2 of 2"


@pytest.mark.parametrize("link", ["http://cdn.example/a.jpg", "gopher://cdn.example/a"])
def test_a_thumbnail_slack_cannot_fetch_keeps_its_place(link: str) -> None:
    view = render_gallery(task(thumbnails=(link, SHOTS[0])))

    assert titles(view) == ["Thumbnail 1 of 2", "Thumbnail 2 of 2"]
    assert images(view) == [SHOTS[0]]
    assert "Slack cannot fetch this picture" in prose(view)
    assert ("open:0" in buttons(view)) == link.startswith("http")
    assert validate_message(view.blocks, view.text) == []


def test_a_task_without_thumbnails_says_so() -> None:
    view = render_gallery(task())

    assert "0 thumbnails" in view.text
    assert validate_message(view.blocks, view.text) == []


def test_private_thumbnails_are_counted_in_a_channel() -> None:
    signed = tuple(f"{link}?Expires=1795170600&Signature=abc" for link in SHOTS[:2])

    view = render_gallery(task(thumbnails=(*signed, SHOTS[5])), options=PUBLIC)

    assert images(view) == [SHOTS[5]]
    assert "2 links sign their reader in and are left out here." in prose(view)


def test_where_there_can_be_no_carousel_its_buttons_remain() -> None:
    view = render_gallery(task(thumbnails=SHOTS))

    bare = without_images(view)
    in_modal = render_in_modal(view)

    assert images(bare) == []
    assert buttons(bare) == buttons(view)
    assert validate_message(bare.blocks, bare.text) == []
    assert validate_view(in_modal) == []


def test_a_carousel_without_any_button_leaves_nothing_behind() -> None:
    view = render_gallery(task(thumbnails=("gopher://cdn.example/a",)))

    assert [block["type"] for block in without_images(view).blocks] == ["section", "context"]
    assert validate_view(render_in_modal(view)) == []


@pytest.mark.parametrize(
    ("count", "told"), [(23, "All 23 thumbnails"), (20, "20 of 23 thumbnails")]
)
def test_a_contact_sheet_says_how_many_are_on_it(count: int, told: str) -> None:
    view = render_sheet(task(thumbnails=SHOTS), "F0SHEET", count)

    (picture,) = [node for node in elements(view) if node.get("type") == "image"]
    assert picture["slack_file"] == {"id": "F0SHEET"}
    assert picture["title"]["text"] == told
    assert told in prose(view)
    assert told in view.text
    assert decode(buttons(view)["page:0"]["value"]) == GalleryPage(0, str(task().ref))
    assert validate_message(view.blocks, view.text) == []


def test_a_sheet_of_an_id_with_an_invisible_character_can_be_turned_all_the_same() -> None:
    view = render_sheet(task(task_id="a\u202eb"), "F0SHEET", 1)

    assert validate_message(view.blocks, view.text) == []
    assert list(buttons(view)) == ["page:0"]
