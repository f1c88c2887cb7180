from bot.sandbox.slack.blocks import validate_message
from bot.views.notes import render_lines, render_note
from bot.views.words import CHINESE, ENGLISH
from tests.bot.views.reading import prose


def test_a_note_is_one_sentence() -> None:
    view = render_note(CHINESE, "looking")

    assert prose(view) == view.text == "正在查询…"
    assert validate_message(view.blocks, view.text) == []


def test_a_note_is_spoken_without_markup() -> None:
    view = render_note(ENGLISH, "settings_by_command")

    assert view.text == "Settings open from /mediatask settings."


def test_very_many_lines_are_spoken_as_far_as_there_is_breath() -> None:
    view = render_lines([f"`{number}` {'x' * 900}" for number in range(20)])

    assert view.text.startswith("0 xxx")
    assert "`" not in view.text
    assert len(view.text) < 3000
    assert len(view.blocks) == 7
