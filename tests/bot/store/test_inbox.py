import asyncio
from datetime import timedelta

from bot.oncall import NewCallback
from bot.store.inbox import Inbox
from bot.store.store import Store
from tests.bot.store.samples import NOW

SECOND = timedelta(seconds=1)


def pushed(key: str, seconds: float = 0, account: str = "main") -> NewCallback:
    return NewCallback(
        account=account,
        replay_key=key,
        received_at=NOW + seconds * SECOND,
        headers={"Content-Type": "application/json"},
        body=b'{"task_id": "\xff' + key.encode() + b'"}',
    )


async def test_what_is_pushed_is_kept_as_it_came(store: Store) -> None:
    accepted = await store.inbox.accept([pushed("a")])

    (kept,) = await store.inbox.open(10)
    assert accepted == [True]
    assert (kept.account, kept.replay_key, kept.received_at) == ("main", "a", NOW)
    assert kept.headers == {"Content-Type": "application/json"}
    assert kept.body == b'{"task_id": "\xffa"}'
    assert kept.taken_at is None


async def test_what_came_before_is_a_replay(store: Store) -> None:
    await store.inbox.accept([pushed("a")])

    accepted = await store.inbox.accept([pushed("b"), pushed("a", 5), pushed("c"), pushed("b")])

    assert accepted == [True, False, True, False]
    assert await store.inbox.count_open() == 3


async def test_the_same_key_of_another_account_is_no_replay(store: Store) -> None:
    accepted = await store.inbox.accept([pushed("a"), pushed("a", account="second")])

    assert accepted == [True, True]


async def test_nothing_is_accepted_of_nothing(store: Store) -> None:
    assert await store.inbox.accept([]) == []
    assert await store.inbox.open(10) == []
    assert await store.inbox.oldest_open() is None


async def test_what_is_open_is_told_in_the_order_it_came(store: Store) -> None:
    await store.inbox.accept([pushed("c", 1), pushed("b", 3), pushed("a", 2)])

    waiting = await store.inbox.open(2)

    assert [one.replay_key for one in waiting] == ["c", "a"]
    assert await store.inbox.oldest_open() == NOW + SECOND


async def test_what_was_dealt_with_is_open_no_more_and_still_known(store: Store) -> None:
    await store.inbox.accept([pushed("a"), pushed("b")])
    first, second = await store.inbox.open(10)

    await store.inbox.taken([first.id], NOW)
    await store.inbox.taken([], NOW)

    assert await store.inbox.open(10) == [second]
    assert await store.inbox.count_open() == 1
    assert await store.inbox.accept([pushed("a")]) == [False]


async def test_of_all_who_are_sent_the_same_one_accepts_it(store: Store) -> None:
    replicas = [Inbox(store._database) for _ in range(4)]  # noqa: SLF001  # a file is opened once only
    sent = [pushed(f"{number:02}") for number in range(30)]

    accepted = await asyncio.gather(
        *(one.accept(sent[turn:] + sent[:turn]) for turn, one in enumerate(replicas))
    )

    assert sum(map(sum, accepted)) == 30
    assert await store.inbox.count_open() == 30


async def test_a_callback_shows_nothing_it_carries() -> None:
    assert "task_id" not in repr(pushed("a"))
