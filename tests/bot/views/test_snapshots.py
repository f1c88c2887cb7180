import pytest

from tests.bot.views.conftest import Compare
from tests.bot.views.shown import HOME, MESSAGES, MODALS


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_drawn_as_it_was_agreed(name: str, matches_snapshot: Compare) -> None:
    matches_snapshot(MESSAGES[name], name)


@pytest.mark.parametrize("name", MODALS)
def test_a_modal_is_drawn_as_it_was_agreed(name: str, matches_snapshot: Compare) -> None:
    matches_snapshot(MODALS[name], name)


def test_home_is_drawn_as_it_was_agreed(matches_snapshot: Compare) -> None:
    matches_snapshot(HOME, "home")
