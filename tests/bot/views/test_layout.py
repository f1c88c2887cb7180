from bot.views.layout import Block, View, field_grid, image, section, without_images

PICTURE: Block = {"type": "image", "image_url": "https://cdn.example/a.png", "alt_text": "a"}
WORDS: Block = {"type": "mrkdwn", "text": "words"}


def test_a_message_without_pictures_stays_as_it_is() -> None:
    view = View([section("words", {"type": "button"})], "words")

    assert without_images(view) is view


def test_pictures_are_taken_from_wherever_they_stand() -> None:
    view = View(
        [
            image("https://cdn.example/a.png", "a", "a"),
            section("words", PICTURE),
            {"type": "context", "elements": [PICTURE, WORDS]},
            {"type": "context", "elements": [PICTURE]},
        ],
        "words",
    )

    bare = without_images(view)

    assert bare.blocks[:-1] == [section("words"), {"type": "context", "elements": [WORDS]}]
    assert bare.blocks[-1]["elements"][0]["text"].startswith("Pictures are left out")


def test_taking_pictures_out_of_a_full_message_leaves_it_full_and_no_more() -> None:
    view = View([section("words", PICTURE)] * 50, "words")

    assert len(without_images(view).blocks) == 50


def test_no_fields_make_no_block() -> None:
    assert field_grid([]) == []
