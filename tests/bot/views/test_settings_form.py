from itertools import product
from typing import Any

import pytest

from bot.models import Broadcast, Preferences, Visibility
from bot.sandbox.slack.blocks import validate_view
from bot.views.layout import View
from bot.views.options import Options
from bot.views.settings_form import (
    NEWS,
    describe_preferences,
    read_settings,
    render_settings,
)
from bot.views.words import CHINESE, ENGLISH
from tests.bot.views.reading import elements, prose

NOTHING = Preferences()
ALL = [
    Preferences(visibility, links, thumbnails, condensed, news, broadcast)
    for visibility, links, thumbnails, condensed, news, broadcast in product(
        (None, *Visibility),
        *[(None, True, False)] * 3,
        (None, frozenset({"paused"}), frozenset(NEWS)),
        (None, *Broadcast),
    )
]


def submitted(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack would send if somebody pressed Save at once."""
    assert validate_view(view) == []
    state = {
        "static_select": lambda one: {"selected_option": one["initial_option"]},
        "checkboxes": lambda one: {"selected_options": one.get("initial_options", [])},
    }
    return {
        one["action_id"]: {one["action_id"]: state[one["type"]](one)}
        for one in elements(View(view["blocks"], ""))
        if one.get("type") in state
    }


@pytest.mark.parametrize("channel", ALL[::29])
def test_saved_as_it_was_drawn_nothing_changes(channel: Preferences) -> None:
    person = Preferences(channel.visibility, None, channel.thumbnails, channel.condensed)

    view = render_settings(channel, person, True)

    assert read_settings(submitted(view)) == (channel, person)


def test_who_may_not_change_the_channel_can_read_what_holds_there() -> None:
    channel = Preferences(
        visibility=Visibility.CHANNEL,
        links_in_channel=False,
        news=frozenset({"stalled", "paused", "hologram"}),
        broadcast=Broadcast.FAILURES,
    )

    view = render_settings(channel, NOTHING, False)

    told = prose(View(view["blocks"], ""))
    assert "Who sees answers: *The whole channel*" in told
    assert "Cards: *As usual: the whole card*" in told
    assert "News in the thread of a watch: *The vendor paused it, It takes far too long*" in told
    assert "Ends of watches in the channel too: *Those that did not go well*" in told
    assert "Only some people may change" in told
    assert read_settings(submitted(view)) == (None, NOTHING)


def test_where_there_is_no_channel_one_chooses_for_oneself_alone() -> None:
    view = render_settings(None, NOTHING, True, metadata="C0MEDIA")

    assert "This channel" not in prose(View(view["blocks"], ""))
    assert view["private_metadata"] == "C0MEDIA"
    assert read_settings(submitted(view)) == (None, NOTHING)


@pytest.mark.parametrize("option", [None, {}, {"value": "later"}])
def test_a_choice_nobody_knows_is_none(option: dict[str, Any] | None) -> None:
    values = {"channel.visibility": {"channel.visibility": {"selected_option": option}}}

    assert read_settings(values) == (NOTHING, NOTHING)


def test_a_channel_that_chose_no_news_hears_of_ends_alone() -> None:
    view = render_settings(NOTHING, NOTHING, False)

    assert "News in the thread of a watch: *Only ends*" in prose(View(view["blocks"], ""))


def test_what_is_ticked_that_nobody_knows_is_left_out() -> None:
    ticked = [{"value": "hologram"}, {"value": "review"}, {}]
    values = {"channel.news": {"channel.news": {"selected_options": ticked}}}

    channel, _ = read_settings(values)

    assert channel == Preferences(news=frozenset({"review"}))


def test_what_one_has_chosen_is_described() -> None:
    person = Preferences(thumbnails=False, condensed=True)

    assert describe_preferences(person, ENGLISH).splitlines() == [
        "Who sees answers: *As usual: whoever asked*",
        "Thumbnails on cards: *Only counted*",
        "Cards: *Two or three lines*",
    ]


def test_the_form_speaks_the_readers_language() -> None:
    view = render_settings(NOTHING, NOTHING, True, Options(words=CHINESE))

    assert validate_view(view) == []
    assert view["submit"]["text"] == "保存"
