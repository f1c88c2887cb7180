"""The connection that visits its thread once for each statement."""

import sqlite3
from collections.abc import AsyncIterator

import pytest

from bot.store.one_visit import OneVisitConnection, connect


@pytest.fixture
async def connection() -> AsyncIterator[OneVisitConnection]:
    opened = connect(":memory:", isolation_level=None)
    assert await opened is opened
    yield opened
    await opened.close()


async def test_a_statement_has_all_its_rows_when_it_has_run(connection: OneVisitConnection) -> None:
    cursor = await connection.cursor().execute("SELECT 1 AS one, ? AS two", (2,))

    assert [column[0] for column in cursor.description] == ["one", "two"]
    assert await cursor.fetchall() == [(1, 2)]


async def test_a_change_tells_what_it_did(connection: OneVisitConnection) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, word TEXT)")

    await cursor.execute("INSERT INTO kept (word) VALUES ('a')")
    first = cursor.lastrowid
    await cursor.executemany("INSERT INTO kept (word) VALUES (?)", [("b",), ("c",)])

    assert (first, cursor.rowcount, cursor.description) == (1, 2, None)
    assert await cursor.fetchall() == []
    await cursor.close()


async def test_a_failure_is_the_statements_own(connection: OneVisitConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM nowhere")


async def test_what_was_begun_is_rolled_back(connection: OneVisitConnection) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE kept (id INTEGER)")
    await cursor.execute("BEGIN IMMEDIATE")
    await cursor.execute("INSERT INTO kept VALUES (1)")

    await connection.rollback()
    await connection.rollback()

    await cursor.execute("SELECT count(*) FROM kept")
    assert await cursor.fetchall() == [(0,)]
