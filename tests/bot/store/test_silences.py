from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.models import NewDelivery, Priority
from bot.oncall import Silence
from bot.store.store import Store
from tests.bot.store.samples import NOW

HOUR = timedelta(hours=1)


def silence(**changed: Any) -> Silence:
    wanted = Silence(
        id=0,
        team_id="T1",
        target="record",
        created_by="U1",
        channel_id="C1",
        created_at=NOW,
        until=NOW + HOUR,
        because="a rehearsal",
    )
    return replace(wanted, **changed)


def notice(key: str) -> NewDelivery:
    return NewDelivery(key, "T1", "notice", "C1", Priority.ANSWER, NOW)


async def test_a_silence_comes_back_as_it_was_made_and_is_announced(store: Store) -> None:
    made = await store.silences.add(silence(), [notice("begun")])

    assert made == silence(id=made.id)
    assert await store.silences.find(made.id) == made
    assert await store.silences.find(made.id + 1) is None
    assert [one.key for one in await store.deliveries.waiting("C1", 10)] == ["begun"]


async def test_silences_hold_until_their_time_is_over(store: Store) -> None:
    longer = await store.silences.add(silence(until=NOW + 2 * HOUR))
    made = await store.silences.add(silence())
    theirs = await store.silences.add(silence(team_id="T2"))

    assert await store.silences.active("T1", NOW) == [made, longer]
    assert await store.silences.active(None, NOW) == [made, theirs, longer]
    assert await store.silences.active("T1", NOW + HOUR) == [longer]
    assert await store.silences.expired(NOW + HOUR) == [made, theirs]


async def test_a_silence_ends_once(store: Store) -> None:
    made = await store.silences.add(silence())

    ended = await store.silences.end(made.id, "U2", NOW, [notice("ended")])
    again = await store.silences.end(made.id, None, NOW, [notice("ended-again")])

    assert ended == replace(made, ended_at=NOW, ended_by="U2")
    assert again is None
    assert await store.silences.active("T1", NOW) == []
    assert await store.silences.expired(NOW + 9 * HOUR) == []
    assert [one.key for one in await store.deliveries.waiting("C1", 10)] == ["ended"]


async def test_what_a_silence_hides_is_counted_and_announced(store: Store) -> None:
    made = await store.silences.add(silence())

    await store.silences.count_hidden(made.id, 2, NOW, [notice("hides")])
    counted = await store.silences.count_hidden(made.id, 1, NOW, [notice("hides")])

    assert counted == replace(made, hidden=3)
    assert await store.silences.count_hidden(made.id + 1, 1, NOW) is None
    assert [one.key for one in await store.deliveries.waiting("C1", 10)] == ["hides"]
