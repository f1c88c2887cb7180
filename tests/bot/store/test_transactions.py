import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Executable, insert, select, text, update

from bot.store.database import Database, Transaction
from bot.store.errors import StoreError
from bot.store.opening import open_database
from bot.store.statements import Repeated, record_receipt
from bot.store.tables import heartbeats, receipts
from tests.bot.store.samples import NOW

KEYS = select(receipts.c.key).order_by(receipts.c.key)
BROKEN = text("INSERT INTO nowhere VALUES (1)")


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    async with open_database(store_url) as opened:
        yield opened.database


async def kept(database: Database) -> list[str]:
    return [row.key for row in await database.fetch(KEYS)]


def receive(database: Database, key: str) -> Executable:
    return record_receipt(database.insert, "T1", key, NOW)


async def test_what_follows_is_done_where_the_first_returned_a_row(database: Database) -> None:
    rows = await database.change_if(receive(database, "a"), receive(database, "b"))

    assert [row.key for row in rows] == ["a"]
    assert await kept(database) == ["a", "b"]


async def test_nothing_follows_where_the_first_returned_no_row(database: Database) -> None:
    await database.change(receive(database, "a"))

    rows = await database.change_if(receive(database, "a"), receive(database, "b"))

    assert list(rows) == []
    assert await kept(database) == ["a"]


async def test_of_many_who_move_a_version_on_exactly_one_does_and_what_follows_is_its(
    database: Database,
) -> None:
    await database.change(insert(heartbeats).values(id=1, written_at=NOW))
    unmoved = update(heartbeats).where(heartbeats.c.id == 1, heartbeats.c.written_at == NOW)
    moved = unmoved.values(written_at=NOW.replace(year=2027)).returning(heartbeats.c.id)

    answers = await asyncio.gather(
        *(database.change_if(moved, receive(database, f"{n}")) for n in range(10))
    )

    assert [len(rows) for rows in answers].count(1) == len(await kept(database)) == 1


async def test_a_later_change_may_depend_on_what_an_earlier_one_returned(
    database: Database,
) -> None:
    async def steps(transaction: Transaction) -> str:
        rows = await transaction.run(receive(database, "a"))
        await transaction.run(receive(database, rows[0].key * 2))
        nothing = await transaction.run(update(receipts).values(received_at=NOW))
        return f"{nothing}"

    assert await database.transact(steps) == "()"
    assert await kept(database) == ["a", "aa"]


async def test_steps_that_fail_have_changed_nothing(database: Database) -> None:
    async def steps(transaction: Transaction) -> None:
        await transaction.run(receive(database, "a"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(steps)

    assert await kept(database) == []


@pytest.mark.parametrize("count", [1, 2])
async def test_a_statement_that_fails_takes_those_before_it_back(
    database: Database, count: int
) -> None:
    changes = (receive(database, "a"), BROKEN)[-count:]

    with pytest.raises(StoreError):
        await database.change(*changes)

    assert await kept(database) == []


async def test_a_statement_repeated_for_many_rows_is_one_change(database: Database) -> None:
    rows = [{"team_id": "T1", "key": f"{n}", "received_at": NOW} for n in range(3)]

    await database.change(Repeated(insert(receipts), rows))
    with pytest.raises(StoreError):
        await database.change(Repeated(insert(receipts), [{**rows[0], "key": "3"}, rows[0]]))

    assert await kept(database) == ["0", "1", "2"]
