import pytest

from bot.sandbox.slack.blocks import validate_view
from bot.views.layout import View, section
from bot.views.modals import modal, render_in_modal
from bot.views.task import render_task
from bot.views.words import CHINESE, ENGLISH
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, STORIES


@pytest.mark.parametrize("story", STORIES)
def test_every_card_can_stand_in_a_modal_but_not_be_shared_from_there(story: str) -> None:
    card = render_task(STORIES[story], now=NOW)

    view = render_in_modal(card, CHINESE)

    shown = View(view["blocks"], "")
    assert prose(shown) == prose(card).replace("\nShare to channel", "")
    assert buttons(shown).keys() == buttons(card).keys() - {"share"}
    assert view["close"]["text"] == "关闭"
    assert validate_view(view) == []


def test_what_slack_has_no_room_for_is_cut() -> None:
    view = modal("x" * 50, [section("words")] * 120, ENGLISH)

    assert validate_view(view) == []
    assert len(view["blocks"]) == 100
