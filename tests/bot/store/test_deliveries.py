"""The outbox, in every place it may be kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.models import Delivery, DeliveryState, NewDelivery, Priority
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.delivery_statements import delivery_id, forget_deliveries
from bot.store.opening import open_database
from bot.store.posted_cards import PostedCards
from bot.store.watch_tables import cards as card_table
from tests.bot.store.samples import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    async with open_database(store_url) as opened:
        yield opened.database


@pytest.fixture
def outbox(database: Database) -> Deliveries:
    return Deliveries(database)


@pytest.fixture
def cards(database: Database) -> PostedCards:
    return PostedCards(database)


def new(key: str = "news:1:1:finished", **more: Any) -> NewDelivery:
    values: dict[str, Any] = {
        "team_id": "T1",
        "kind": key.partition(":")[0],
        "channel_id": "C1",
        "priority": Priority.TERMINAL,
        "happened_at": NOW,
        "facts": {"happening": "finished", "words": "完了 \U0001f3ac"},
    }
    return NewDelivery(key=key, **values | more)


async def add_card(database: Database, **more: Any) -> int:
    row: dict[str, Any] = {"team_id": "T1", "kind": "watch", "channel_id": "C1"}
    row |= {"created_by": "U1", "created_at": NOW} | more
    added = insert(card_table).values(row)
    return int((await database.change(added.returning(card_table.c.id)))[0].id)


async def card_row(database: Database, card_id: int) -> Any:
    return (await database.fetch(select(card_table).where(card_table.c.id == card_id)))[0]


async def claimed(outbox: Deliveries, key: str = "news:1:1:finished", **more: Any) -> Delivery:
    """Add a delivery and claim it."""
    assert await outbox.add(new(key, **more), NOW)
    claim = await outbox.claim(delivery_id(key), fence="mine", now=NOW)
    assert claim is not None
    return claim


async def state(outbox: Deliveries, key: str = "news:1:1:finished") -> DeliveryState:
    found = await outbox.find(delivery_id(key))
    assert found is not None
    return found.state


async def test_what_was_added_is_read_back_as_it_was(outbox: Deliveries) -> None:
    wait = NOW + 10 * SECOND
    await outbox.add(new(not_before=wait, card_id=7), NOW)

    found = await outbox.find(delivery_id("news:1:1:finished"))

    assert found == Delivery(
        id=delivery_id("news:1:1:finished"),
        key="news:1:1:finished",
        team_id="T1",
        kind="news",
        channel_id="C1",
        priority=Priority.TERMINAL,
        happened_at=NOW,
        created_at=NOW,
        card_id=7,
        facts={"happening": "finished", "words": "完了 \U0001f3ac"},
        not_before=wait,
    )
    assert await outbox.find("nobody") is None


async def test_a_key_is_noted_once(outbox: Deliveries) -> None:
    added = await asyncio.gather(*(outbox.add(new(), NOW) for _ in range(4)))

    assert sorted(added) == [False, False, False, True]


async def test_one_of_many_claims_it(outbox: Deliveries) -> None:
    await outbox.add(new(), NOW)
    id_ = delivery_id("news:1:1:finished")

    claims = await asyncio.gather(*(outbox.claim(id_, fence=f"f{n}", now=NOW) for n in range(4)))

    (claim,) = [one for one in claims if one is not None]
    assert (claim.state, claim.attempts, claim.attempt_at) == (DeliveryState.SENDING, 1, NOW)
    assert claim.not_before == NOW + 40 * SECOND
    assert claim.fence in {"f0", "f1", "f2", "f3"}


async def test_what_waits_is_not_claimed_before_its_time(outbox: Deliveries) -> None:
    await outbox.add(new(not_before=NOW + SECOND), NOW)
    id_ = delivery_id("news:1:1:finished")

    assert await outbox.claim(id_, fence="f", now=NOW) is None
    assert await outbox.claim(id_, fence="f", now=NOW + SECOND) is not None


@pytest.mark.parametrize("method", ["sent", "drop", "release", "repeat", "bury", "renew", "note"])
async def test_only_whose_fence_is_on_it_reports(outbox: Deliveries, method: str) -> None:
    mine = await claimed(outbox)
    reports = {
        "sent": lambda one: outbox.sent(one, "1.1", NOW),
        "drop": lambda one: outbox.drop(one, NOW),
        "release": lambda one: outbox.release(one, error="no"),
        "repeat": lambda one: outbox.repeat(one, unverified=False),
        "bury": lambda one: outbox.bury(one, "no", NOW, [new("notice:1")]),
        "renew": lambda one: outbox.renew(one, NOW),
        "note": lambda one: outbox.note_trouble(one, "no", until=NOW),
    }

    assert not await reports[method](replace(mine, fence="another's"))
    assert await state(outbox) is DeliveryState.SENDING
    assert await outbox.find(delivery_id("notice:1")) is None
    assert await reports[method](mine)


async def test_what_is_overdue_is_taken_over_by_one_and_the_first_is_out(
    outbox: Deliveries,
) -> None:
    mine = await claimed(outbox)
    later = NOW + 40 * SECOND
    assert await outbox.overdue(later - SECOND, 10) == []
    (overdue,) = await outbox.overdue(later, 10)

    taken = await asyncio.gather(
        *(outbox.take_over(overdue.id, fence=f"f{n}", now=later) for n in range(3))
    )

    (theirs,) = [one for one in taken if one is not None]
    assert (theirs.attempts, theirs.attempt_at) == (1, NOW)
    assert theirs.not_before == later + 40 * SECOND
    assert not await outbox.sent(mine, "1.1", later)
    assert await outbox.sent(theirs, "1.1", later)


async def test_an_attempt_that_is_yet_to_come_is_looked_at_and_not_taken_over(
    outbox: Deliveries,
) -> None:
    mine = await claimed(outbox)
    hour_ago = NOW - timedelta(hours=1)

    (found,) = await outbox.overdue(hour_ago, 10)

    assert await outbox.take_over(found.id, fence="f", now=hour_ago) is None
    assert await outbox.renew(found, hour_ago)
    assert await outbox.overdue(hour_ago, 10) == []
    assert mine.id == found.id


async def test_what_was_not_posted_was_no_attempt_unless_it_counts(outbox: Deliveries) -> None:
    await outbox.release(await claimed(outbox), error="no connection", not_before=NOW + SECOND)
    released = await outbox.find(delivery_id("news:1:1:finished"))
    again = await outbox.claim(delivery_id("news:1:1:finished"), fence="f", now=NOW + SECOND)
    assert released is not None
    assert again is not None
    await outbox.release(again, error="not drawn", counts=True)
    counted = await outbox.find(again.id)

    assert (released.state, released.attempts, released.fence) == (DeliveryState.PENDING, 0, None)
    assert (released.error, released.not_before) == ("no connection", NOW + SECOND)
    assert counted is not None
    assert counted.attempts == 1


async def test_what_is_repeated_keeps_its_fence_and_that_nobody_could_look(
    outbox: Deliveries,
) -> None:
    await outbox.repeat(await claimed(outbox), unverified=True)
    again = await outbox.claim(delivery_id("news:1:1:finished"), fence="f", now=NOW)
    assert again is not None

    await outbox.sent(again, "1.1", NOW)

    sent = await outbox.find(again.id)
    assert sent is not None
    assert (sent.attempts, sent.unverified, sent.ts, sent.sent_at) == (2, True, "1.1", NOW)


async def test_channels_come_by_urgency_and_age_and_only_where_something_is_due(
    outbox: Deliveries,
) -> None:
    await outbox.add(new("news:1:1:stalled", channel_id="C1", priority=Priority.PROGRESS), NOW)
    await outbox.add(new("news:2:1:finished", channel_id="C2"), NOW)
    await outbox.add(new("news:3:1:finished", channel_id="C3"), NOW)
    await outbox.add(new("news:4:1:finished", channel_id="C1", not_before=NOW + SECOND), NOW)

    now = [(head.channel_id, head.priority) for head in await outbox.heads(NOW, 10)]
    later = [head.channel_id for head in await outbox.heads(NOW + SECOND, 10)]

    assert now == [("C2", Priority.TERMINAL), ("C3", Priority.TERMINAL), ("C1", Priority.PROGRESS)]
    assert later == ["C1", "C2", "C3"]
    assert len(await outbox.heads(NOW, 2)) == 2


@pytest.mark.parametrize(
    ("card", "goes"),
    [
        ({"ts": None}, False),
        ({"ts": None, "thread_ts": "1.0"}, False),
        ({"ts": "1.1"}, True),
        ({"ts": None, "lost_at": NOW}, True),
        (None, True),
    ],
)
async def test_news_wait_for_a_card_that_is_still_to_come(
    outbox: Deliveries, database: Database, card: dict[str, Any] | None, *, goes: bool
) -> None:
    card_id = await add_card(database, **card) if card is not None else 999
    await outbox.add(new("card:1", card_id=card_id, channel_id="C0"), NOW)
    await outbox.add(new(card_id=card_id), NOW)

    assert bool(await outbox.waiting("C1", 10)) is goes
    assert ("C1" in [head.channel_id for head in await outbox.heads(NOW, 10)]) is goes
    assert len(await outbox.waiting("C0", 10)) == 1


async def test_what_waits_comes_by_urgency_and_age_with_what_is_not_due(
    outbox: Deliveries,
) -> None:
    keys = ["news:1:1:stalled", "news:2:1:finished", "news:3:1:finished"]
    await outbox.add(new(keys[0], priority=Priority.PROGRESS), NOW)
    await outbox.add(new(keys[1], not_before=NOW + SECOND), NOW)
    await outbox.add(new(keys[2]), NOW)

    waiting = await outbox.waiting("C1", 10)

    assert [one.key for one in waiting] == [keys[1], keys[2], keys[0]]


async def test_members_are_folded_once_and_only_what_is_pending(outbox: Deliveries) -> None:
    await claimed(outbox, "news:0:1:finished")
    keys = [f"news:{n}:1:finished" for n in (1, 2)]
    for key in keys:
        await outbox.add(new(key), NOW)
    ids = [delivery_id(key) for key in ("news:0:1:finished", *keys)]

    digests = await asyncio.gather(*(outbox.fold(new("digest:x"), ids, NOW) for _ in range(3)))

    (digest,) = [one for one in digests if one is not None]
    assert [one.id for one in await outbox.members(digest)] == ids[1:]
    assert await state(outbox, keys[0]) is DeliveryState.MERGED
    assert await state(outbox, "news:0:1:finished") is DeliveryState.SENDING


async def test_only_what_is_pending_is_superseded(outbox: Deliveries) -> None:
    mine = await claimed(outbox)
    await outbox.add(new("news:2:1:stalled"), NOW)

    dropped = await outbox.supersede([mine.id, delivery_id("news:2:1:stalled")])

    assert dropped == 1
    assert await state(outbox, "news:2:1:stalled") is DeliveryState.SUPERSEDED


async def test_a_card_that_was_sent_knows_its_message_and_what_it_shows(
    outbox: Deliveries, cards: PostedCards, database: Database
) -> None:
    card_id = await add_card(database, wanted=3, lost_at=NOW)
    mine = await claimed(outbox, "card:1", card_id=card_id)

    await outbox.card_sent(mine, "1.1", NOW, shown=2, check_at=NOW + SECOND)

    card = await cards.card(card_id)
    assert card is not None
    assert (card.ts, card.shown, card.lost_at) == ("1.1", 2, None)
    assert [one.id for one in await outbox.to_check(NOW + SECOND, 10)] == [mine.id]


@pytest.mark.parametrize("end", ["bury", "drop"])
async def test_a_card_that_is_never_posted_is_lost_until_it_is_sent_again(
    outbox: Deliveries, database: Database, end: str
) -> None:
    card_id = await add_card(database)
    mine = await claimed(outbox, "card:1", card_id=card_id)
    await (outbox.drop(mine, NOW) if end == "drop" else outbox.bury(mine, "no", NOW))
    lost_at = (await card_row(database, card_id)).lost_at

    resent = await outbox.resend(mine.id)

    assert lost_at == NOW
    assert resent is (end == "bury")
    assert ((await card_row(database, card_id)).lost_at is None) is resent


async def test_the_dead_are_listed_newest_first_and_by_team(outbox: Deliveries) -> None:
    for number, team in enumerate(("T1", "T2", "T1")):
        mine = await claimed(outbox, f"news:{number}:1:finished", team_id=team)
        await outbox.bury(mine, "refused no", NOW)
    await outbox.add(new("news:8:1:finished"), NOW)

    assert _numbers(await outbox.dead("T1", 10)) == ["2", "0"]
    assert _numbers(await outbox.dead(None, 2)) == ["2", "1"]
    assert _numbers(await outbox.open_or_dead(10)) == ["8", "2", "1", "0"]


def _numbers(found: Sequence[Delivery]) -> list[str]:
    return [one.key.split(":")[1] for one in found]


async def test_only_the_dead_are_resent_and_only_to_their_team(outbox: Deliveries) -> None:
    mine = await claimed(outbox)

    assert not await outbox.resend(mine.id)
    await outbox.bury(mine, "refused no", NOW)
    assert not await outbox.resend(mine.id, team_id="T2")
    assert await outbox.resend(mine.id, team_id="T1")
    again = await outbox.find(mine.id)
    assert again is not None
    assert (again.state, again.error, again.attempts) == (DeliveryState.PENDING, None, 1)


async def test_notices_are_committed_with_what_is_buried(outbox: Deliveries) -> None:
    mine = await claimed(outbox)

    await outbox.bury(mine, "no", NOW, [new("notice:1"), new("notice:2")])

    assert await state(outbox, "notice:2") is DeliveryState.PENDING


async def test_the_backlog_counts_what_is_open(outbox: Deliveries) -> None:
    empty = await outbox.backlog()
    await outbox.bury(await claimed(outbox), "no", NOW)
    await outbox.add(new("news:2:1:finished"), NOW + SECOND)
    await claimed(outbox, "news:3:1:finished")

    backlog = await outbox.backlog()

    assert (empty.count, empty.oldest_at) == (0, None)
    assert (backlog.count, backlog.oldest_at) == (2, NOW)


async def test_trouble_is_written_beside_a_send_and_may_put_the_next_look_off(
    outbox: Deliveries,
) -> None:
    mine = await claimed(outbox)

    await outbox.note_trouble(mine, "no answer")
    first = await outbox.find(mine.id)
    await outbox.note_trouble(mine, "no answer", until=NOW + timedelta(hours=1))

    assert first is not None
    assert (first.error, first.not_before) == ("no answer", NOW + 40 * SECOND)
    assert await outbox.overdue(NOW + 60 * SECOND, 10) == []


async def test_a_check_can_be_planned_again_and_given_up(outbox: Deliveries) -> None:
    mine = await claimed(outbox)
    await outbox.sent(mine, "1.1", NOW, check_at=NOW + SECOND)
    await outbox.plan_check(mine.id, NOW + 2 * SECOND)
    later = NOW + 2 * SECOND

    before, after = await outbox.to_check(NOW + SECOND, 10), await outbox.to_check(later, 10)
    await outbox.plan_check(mine.id, None)

    assert (before, [one.id for one in after]) == ([], [mine.id])
    assert await outbox.to_check(later, 10) == []


async def test_what_is_open_or_dead_is_never_forgotten(
    outbox: Deliveries, database: Database
) -> None:
    await outbox.sent(await claimed(outbox, "news:1:1:finished"), "1.1", NOW)
    await outbox.bury(await claimed(outbox, "news:2:1:finished"), "no", NOW)
    await claimed(outbox, "news:3:1:finished")
    await outbox.add(new("news:4:1:finished"), NOW)

    forgotten = await database.change(forget_deliveries(NOW + SECOND, 10))

    assert len(forgotten) == 1
    assert _numbers(await outbox.open_or_dead(10)) == ["4", "3", "2"]
