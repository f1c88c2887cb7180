"""The readers of an answer decide how it looks, and the stricter of two where it may hurt."""

import pytest

from bot.models import Broadcast, Preferences, Visibility
from bot.preferences import Effective, resolve

ME, CHANNEL = Visibility.ME, Visibility.CHANNEL
NOTHING = Preferences()


def test_where_nobody_chose_answers_are_private_whole_and_with_thumbnails() -> None:
    assert resolve(NOTHING, NOTHING) == Effective(
        ME, links_in_channel=False, thumbnails=True, condensed=False
    )


@pytest.mark.parametrize(
    ("channel", "person", "chosen"),
    [
        (None, CHANNEL, CHANNEL),
        (CHANNEL, None, CHANNEL),
        (CHANNEL, CHANNEL, CHANNEL),
        (CHANNEL, ME, ME),
        (ME, CHANNEL, ME),
        (ME, None, ME),
        (None, ME, ME),
    ],
)
def test_an_answer_is_public_only_where_nobody_wants_it_private(
    channel: Visibility | None, person: Visibility | None, chosen: Visibility
) -> None:
    effective = resolve(Preferences(visibility=channel), Preferences(visibility=person))

    assert effective.visibility is chosen


@pytest.mark.parametrize(
    ("channel", "person", "in_private", "in_public"),
    [
        (None, None, True, True),
        (None, False, False, False),
        (False, None, False, False),
        (False, True, True, False),
        (True, False, False, True),
    ],
)
def test_thumbnails_follow_the_person_in_private_and_the_channel_in_public(
    channel: bool | None,  # noqa: FBT001  # a table's column
    person: bool | None,  # noqa: FBT001  # a table's column
    in_private: bool,  # noqa: FBT001  # a table's column
    in_public: bool,  # noqa: FBT001  # a table's column
) -> None:
    two = Preferences(thumbnails=channel), Preferences(thumbnails=person)

    assert resolve(*two, shown=ME).thumbnails is in_private
    assert resolve(*two, shown=CHANNEL).thumbnails is in_public


def test_condensed_cards_follow_the_person_in_private_and_the_channel_in_public() -> None:
    two = Preferences(condensed=False), Preferences(condensed=True)

    assert resolve(*two).condensed is True
    assert resolve(*two, shown=CHANNEL).condensed is False


@pytest.mark.parametrize(
    ("channel", "person", "allowed"),
    [
        (None, None, False),
        (None, True, False),
        (False, True, False),
        (True, None, True),
        (True, True, True),
        (True, False, False),
    ],
)
def test_links_that_sign_in_are_public_only_where_the_channel_says_so(
    channel: bool | None,  # noqa: FBT001  # a table's column
    person: bool | None,  # noqa: FBT001  # a table's column
    allowed: bool,  # noqa: FBT001  # a table's column
) -> None:
    effective = resolve(Preferences(links_in_channel=channel), Preferences(links_in_channel=person))

    assert effective.links_in_channel is allowed


def test_a_shared_card_is_public_whatever_anybody_prefers() -> None:
    effective = resolve(NOTHING, Preferences(visibility=ME), shown=CHANNEL)

    assert effective.visibility is CHANNEL


def test_what_is_told_of_watches_is_the_channels_to_say() -> None:
    channel = Preferences(news=frozenset({"paused"}), broadcast=Broadcast.FAILURES)
    person = Preferences(news=frozenset({"started"}), broadcast=Broadcast.ALWAYS)

    chosen, unchosen = resolve(channel, person, shown=CHANNEL), resolve(NOTHING, person, shown=ME)

    assert (chosen.news, chosen.broadcast) == (frozenset({"paused"}), Broadcast.FAILURES)
    assert (unchosen.news, unchosen.broadcast) == (frozenset(), Broadcast.NEVER)
