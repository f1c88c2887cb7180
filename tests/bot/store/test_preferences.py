from datetime import timedelta

import pytest

from bot.models import Broadcast, Preferences, Scope, Visibility
from bot.store.store import Store
from tests.bot.store.samples import NOW

CHOSEN = Preferences(visibility=Visibility.CHANNEL, links_in_channel=False, condensed=True)


async def test_who_never_chose_has_chosen_nothing(store: Store) -> None:
    assert await store.preferences("T1", Scope.CHANNEL, "C1") == Preferences()


@pytest.mark.parametrize(
    "chosen",
    [
        CHOSEN,
        Preferences(),
        Preferences(Visibility.ME, links_in_channel=True, thumbnails=True, condensed=False),
        Preferences(news=frozenset({"paused", "stalled"}), broadcast=Broadcast.FAILURES),
        Preferences(news=frozenset(), broadcast=Broadcast.NEVER),
    ],
)
async def test_a_choice_comes_back_as_it_was_made(store: Store, chosen: Preferences) -> None:
    await store.save_preferences("T1", Scope.CHANNEL, "C1", chosen, by="U1", at=NOW)

    assert await store.preferences("T1", Scope.CHANNEL, "C1") == chosen


async def test_a_later_choice_replaces_all_of_the_earlier_one(store: Store) -> None:
    later = Preferences(thumbnails=False)

    await store.save_preferences("T1", Scope.PERSON, "U1", CHOSEN, by="U1", at=NOW)
    await store.save_preferences(
        "T1", Scope.PERSON, "U1", later, by="U1", at=NOW + timedelta(seconds=1)
    )

    assert await store.preferences("T1", Scope.PERSON, "U1") == later


@pytest.mark.parametrize(
    "elsewhere",
    [("T2", Scope.CHANNEL, "C1"), ("T1", Scope.PERSON, "C1"), ("T1", Scope.CHANNEL, "C2")],
)
async def test_a_choice_holds_only_where_it_was_made(
    store: Store, elsewhere: tuple[str, Scope, str]
) -> None:
    await store.save_preferences("T1", Scope.CHANNEL, "C1", CHOSEN, by="U1", at=NOW)

    assert await store.preferences(*elsewhere) == Preferences()
